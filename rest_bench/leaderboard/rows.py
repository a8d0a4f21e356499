"""Submissions and published scores -> rows of a board: one model on one task, whatever its source."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from rest_bench.leaderboard.equal_replies import Equal
from rest_bench.leaderboard.published import CHANCE, N_QUESTIONS, SOURCE, published_scores
from rest_bench.schema import (
    Estimate,
    QuestionCounts,
    Reproduction,
    Submission,
    TaskRecord,
    TaskSummary,
    Tier,
)
from rest_bench.settings import marks

if TYPE_CHECKING:
    import numpy

UNKNOWN = Estimate(value=None, se=None, ci=None)


class SubmittedEntry(NamedTuple):
    """A submission with what checking it came to."""

    submission: Submission
    tier: Tier
    reproduction: Reproduction | None = None
    equal: tuple[Equal, ...] = ()
    """Submissions under other names that hold the same replies."""
    added_on: str | None = None
    """The day on which it came to the board; null where that is not known."""


class Conditions(NamedTuple):
    """What two rows must share to be compared."""

    levels: tuple[int, ...]
    data_sha256: str | None
    """Null for published scores, which are taken to be on the data that others have."""
    template_sha256: str | None
    design: str
    limit: int | None


class Row(NamedTuple):
    """One model on one task."""

    task: str
    model: str
    entry_id: str
    """Of the submission, or of the model's published scores: one page each."""
    tier: Tier
    partial: bool
    conditions: Conditions
    single: Estimate
    stress: Estimate
    drop: Estimate
    retention: Estimate
    """Above chance, where the task has options."""
    levels: Mapping[int, Estimate]
    n_questions: int
    truncation_rate: float | None
    """Share of the responses above level 1 that hit the token limit."""
    question_tokens: float | None
    """Completion tokens by question above level 1, mean."""
    max_tokens: int | None
    temperature: float | None
    date: str | None
    """On which it came to the board, or, where that is not known, on which it says it was submitted."""
    submitter: str
    notes: tuple[str, ...]
    question_means: "numpy.ndarray | None"
    """Of each question, its mean over the levels above 1 of its accuracy there; null for published scores."""
    equal_replies: tuple[str, ...] = ()
    """Submissions under other names that hold the same replies."""
    variant: str = ""
    """What tells it from the same model asked plainly, such as `fp8 weights`."""

    @property
    def page(self) -> tuple[str, str]:
        """What its page goes by: an id alone could be claimed under another name."""
        return self.model, self.entry_id

    @property
    def name(self) -> str:
        """The model, and behind it what tells it from the same model asked plainly."""
        return full_name(self.model, self.variant)


def full_name(model: str, variant: str) -> str:
    """Return a model's name, and behind it what tells it from the same model asked plainly."""
    return f"{model} ({variant})" if variant else model


def all_rows(entries: Iterable[SubmittedEntry]) -> list[Row]:
    """Return the rows of submissions and of the paper's table."""
    return [*(row for entry in entries for row in submitted_rows(entry)), *published_rows()]


def submitted_rows(entry: SubmittedEntry) -> Iterator[Row]:
    """Yield a row for each task of a submission that has a level above 1."""
    submission = entry.submission
    for record in submission.manifest.tasks:
        found = submission.results.tasks.get(record.name)
        if found is not None and found.stress.value is not None:
            yield _submitted_row(entry, record, found)


def published_rows() -> Iterator[Row]:
    """Yield a row for each model and task of the paper's table."""
    for score in published_scores():
        n_questions, chance = N_QUESTIONS[score.task], CHANCE.get(score.task, 0.0)
        above = score.single - chance
        yield Row(
            task=score.task,
            model=score.model,
            entry_id=f"published:{score.model}",
            tier="published",
            partial=False,
            conditions=Conditions(tuple(score.levels), None, None, "cyclic", None),
            single=_number(score.single),
            stress=_number(score.stress),
            drop=_number(score.single - score.stress),
            retention=_number((score.stress - chance) / above) if above > 0 else UNKNOWN,
            levels={level: _number(accuracy) for level, accuracy in score.levels.items()},
            n_questions=n_questions,
            truncation_rate=None,
            question_tokens=None,
            max_tokens=None,
            temperature=None,
            date=None,
            submitter=SOURCE,
            notes=score.notes,
            question_means=None,
        )


def _submitted_row(entry: SubmittedEntry, record: TaskRecord, found: TaskSummary) -> Row:
    submission = entry.submission
    sampling = submission.manifest.sampling
    stressed = {level: found.levels[str(level)] for level in found.stress_levels}
    n_responses = sum(summary.n_packs for summary in stressed.values())
    truncated = [summary.truncation_rate for summary in stressed.values()]
    tokens = [(summary.completion_tokens, level) for level, summary in stressed.items()]
    limits = {level.limit for level in record.levels}
    questions = submission.questions.get(record.name, {})
    return Row(
        task=record.name,
        model=submission.model,
        entry_id=submission.submission_id,
        tier=entry.tier,
        partial=submission.partial,
        conditions=Conditions(
            levels=tuple(level.level for level in record.levels),
            data_sha256=record.data_sha256,
            template_sha256=record.template_sha256,
            design=submission.manifest.design,
            limit=next(iter(limits)) if len(limits) == 1 else 0,
        ),
        single=found.single,
        stress=found.stress,
        drop=found.drop,
        retention=found.retention_above_chance,
        levels={int(level): summary.accuracy for level, summary in found.levels.items()},
        n_questions=max(summary.n_questions for summary in found.levels.values()),
        truncation_rate=None
        if None in truncated
        else sum(float(s.truncation_rate or 0) * s.n_packs for s in stressed.values()) / n_responses,
        question_tokens=None
        if any(mean is None for mean, _ in tokens)
        else sum(float(mean or 0) / level for mean, level in tokens) / len(tokens),
        max_tokens=sampling.max_tokens,
        temperature=sampling.temperature,
        date=entry.added_on or submission.submitted_on,
        submitter=submission.submitter.name,
        notes=(submission.notes,) if submission.notes else (),
        equal_replies=tuple(f"{each.model} ({each.submission_id})" for each in entry.equal),
        question_means=question_means(questions, found.stress_levels),
        variant=", ".join(marks(submission.manifest)),
    )


def question_means(questions: Mapping[str, QuestionCounts], levels: Iterable[int]) -> "numpy.ndarray | None":
    """Return of each question its mean over levels of right over slots; null where a level lacks a question."""
    import numpy

    tables = [questions.get(str(level)) for level in levels]
    if not tables or any(table is None or len(table.right) != len(table.slots) for table in tables):
        return None
    right = numpy.array([table.right for table in tables if table is not None], dtype=float)
    slots = numpy.array([table.slots for table in tables if table is not None], dtype=float)
    asked = (slots > 0).any(axis=0)
    if not asked.any() or (slots[:, asked] == 0).any():
        return None
    means: numpy.ndarray = (right[:, asked] / slots[:, asked]).mean(axis=0)
    return means


def _number(value: float) -> Estimate:
    return Estimate(value=value, se=None, ci=None)
