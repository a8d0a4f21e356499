"""The stored answers judged again: what a new version of the scorer moves, and the submissions rewritten by it."""

from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError
from pydantic_core import from_json

import rest_bench
from rest_bench.errors import StoreError
from rest_bench.leaderboard.answers_file import ANSWERS, REPRODUCED_ANSWERS, REPRODUCTION, SUBMISSION, write_answers
from rest_bench.leaderboard.deriving import Derived, derive, judged
from rest_bench.leaderboard.faults import Examination, StoppedError
from rest_bench.leaderboard.opening import Opened, check_files, check_head, open_submitted_answers
from rest_bench.leaderboard.publishing import record_text
from rest_bench.schema import Submission, SubmissionHead
from rest_bench.scoring import SCORER_VERSION, Judge
from rest_bench.store import write_text


class Moved(NamedTuple):
    """What judging again changes at one level of a submission."""

    task: str
    level: int
    n_slots: int
    n_now_right: int
    """Slots that were wrong."""
    n_now_wrong: int
    """Slots that were right."""
    before: float
    """Accuracy."""
    after: float


class Rescored(NamedTuple):
    """One submission judged again."""

    folder: Path
    scorer_version: str
    """That it was judged by before."""
    moved: tuple[Moved, ...]
    """Of every level, also where nothing changes."""
    submission: Submission
    """As it is now."""


def rescore(folder: Path, judge: Judge, data_dir: Path | None = None, *, write: bool = False) -> Rescored | None:
    """Judge the answers of a submission again; None for numbers alone.

    The packs must be those of the plan; what the numbers were before does not matter.

    Args:
        folder: of the submission.
        judge: gives the verdicts.
        data_dir: where the data files of tasks lie.
        write: put the new verdicts and numbers in place of the old ones. A second run beside them is taken away, as
            it was compared with the old ones: `rest-bench leaderboard reproduce` adds it again.

    Raises:
        StoreError: the submission is faulty.
        TaskError: a task's data are not at hand.
    """
    exam = Examination(folder)
    try:
        check_files(exam)
        head = _read_head(folder)
        check_head(exam, head)
        if head.answers is None:
            return None
        opened = open_submitted_answers(exam, head, head.answers, data_dir)
    except StoppedError as error:
        raise StoreError(f"{exam.faults[0]}; it cannot be scored again") from error
    manifest = head.manifest.model_copy(update={"scorer_version": SCORER_VERSION})
    derived = derive(opened.submitted(), manifest, opened.tasks, judge)
    submission = Submission(
        **{
            **dict(head),
            "manifest": manifest,
            "partial": derived.is_partial,
            "questions": derived.questions,
            "results": derived.results,
            "rest_bench_version": rest_bench.__version__,
        }
    )
    if write:
        submission = _write(folder, submission, opened, derived)
    return Rescored(folder, head.manifest.scorer_version, _moved(opened, derived), submission)


def _read_head(folder: Path) -> SubmissionHead:
    path = folder / SUBMISSION
    try:
        content = from_json(path.read_bytes())
        content.pop("results")
        return SubmissionHead.model_validate(content)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        fault = error.errors()[0]["msg"] if isinstance(error, ValidationError) else f"{type(error).__name__}: {error}"
        raise StoreError(f"{path}: no submission ({fault}); it cannot be scored again") from error


def _write(folder: Path, submission: Submission, opened: Opened, derived: Derived) -> Submission:
    answers = write_answers(folder / ANSWERS, judged(opened.samples, derived))
    written = submission.model_copy(update={"answers": answers})
    write_text(folder / SUBMISSION, record_text(written))
    for name in (REPRODUCTION, REPRODUCED_ANSWERS):
        (folder / name).unlink(missing_ok=True)
    return written


def _moved(opened: Opened, derived: Derived) -> tuple[Moved, ...]:
    counts: dict[tuple[str, int], list[int]] = {}
    for (pack, sample), after in zip(opened.submitted(), derived.correct, strict=True):
        count = counts.setdefault((pack.task, pack.level), [0, 0, 0, 0])
        count[0] += len(after)
        count[1] += sum(now and not was for was, now in zip(sample.correct, after, strict=True))
        count[2] += sum(was and not now for was, now in zip(sample.correct, after, strict=True))
        count[3] += sum(sample.correct)
    return tuple(
        Moved(task, level, n_slots, right, wrong, was / n_slots, (was + right - wrong) / n_slots)
        for (task, level), (n_slots, right, wrong, was) in counts.items()
    )
