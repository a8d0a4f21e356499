"""Submissions for tests of the board: of any model, with any counts, around the numbers of one real run."""

from collections.abc import Sequence
from pathlib import Path

from rest_bench.leaderboard.answers_file import SUBMISSION
from rest_bench.leaderboard.rows import Conditions, Row, SubmittedEntry
from rest_bench.schema import Estimate, Submission, Tier

HOSTILE = "<img src=x onerror=alert(1)></script>\"'&{{ 7*7 }}"


def read_submission(folder: Path) -> Submission:
    return Submission.model_validate_json((folder / SUBMISSION).read_bytes())


def entry(submission: Submission, number: int, tier: Tier = "re-scored", **changes: object) -> SubmittedEntry:
    """Return a whole submission under another id and name."""
    named = {"submission_id": f"{number:016x}", "model": f"org/model-{number}", "partial": False}
    return SubmittedEntry(whole(submission).model_copy(update={**named, **changes}), tier)


def whole(submission: Submission) -> Submission:
    """Return a submission as if all problems of its task had been asked."""
    (task,) = submission.manifest.tasks
    levels = tuple(level.model_copy(update={"limit": None}) for level in task.levels)
    manifest = submission.manifest.model_copy(update={"tasks": (task.model_copy(update={"levels": levels}),)})
    return submission.model_copy(update={"manifest": manifest})


def row(model: str, stress: float, means: Sequence[float] | None = None, **changes: object) -> Row:
    """Return a row with a Stress score, and the means of its questions if it has answers."""
    import numpy

    conditions = Conditions((1, 3), "data" if means else None, "template" if means else None, "cyclic", None)
    fields: dict[str, object] = {
        "task": "toy",
        "model": model,
        "entry_id": f"id-{model}",
        "tier": "re-scored" if means else "published",
        "partial": False,
        "conditions": conditions,
        "single": Estimate(value=min(1.0, stress + 0.1), se=None, ci=None),
        "stress": Estimate(value=stress, se=None, ci=None),
        "drop": Estimate(value=0.1, se=None, ci=None),
        "retention": Estimate(value=0.9, se=None, ci=None),
        "levels": {1: Estimate(value=1.0, se=None, ci=None), 3: Estimate(value=stress, se=None, ci=None)},
        "n_questions": len(means) if means else 100,
        "truncation_rate": None,
        "question_tokens": None,
        "max_tokens": None,
        "temperature": None,
        "date": None,
        "submitter": "somebody",
        "notes": (),
        "question_means": None if means is None else numpy.array(means),
    }
    return Row(**{**fields, **changes})  # type: ignore[arg-type]
