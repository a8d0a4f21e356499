"""Numbers of a stranger's record: each in the range that it can have, and what hangs together agrees.

Where there are answers, every number follows from them. Numbers alone rest on this.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel

from rest_bench.leaderboard.answers_file import SUBMISSION
from rest_bench.leaderboard.differing import show
from rest_bench.leaderboard.faults import Examination
from rest_bench.metrics.aggregation import overall_score
from rest_bench.schema import Estimate, LevelSummary, PlannedLevel, QuestionCounts, Record, Submission, TaskRecord

MOST_INTEGER = 2**53
"""What every reader of JSON takes without loss."""
MOST_NUMBER = 1e100
"""Honest runs have large numbers, such as a ratio to nearly no variance; a float ends at 1e308."""
MOST_LEVEL = 1000
"""Questions in one prompt."""
MOST_LEVELS = 100
"""Of a task, and tasks of a submission."""
ROUNDING = 1e-9


class Range(NamedTuple):
    """The least and the most that a number can be."""

    least: float
    most: float


SHARE = Range(0, 1)
DIFFERENCE = Range(-1, 1)
AMOUNT = Range(0, MOST_NUMBER)
COUNT = Range(0, 1e12)
ANY = Range(-MOST_NUMBER, MOST_NUMBER)
NAMED: dict[str, Range] = {
    **dict.fromkeys(
        (
            *("accuracy", "accuracy_strict", "accuracy_paper", "accuracy_extractor", "accuracy_trace", "single"),
            *("stress", "auc", "readings_differ", "completion", "conditional_accuracy", "all_correct"),
            *("position_accuracy", "loss", "gain", "outcomes", "found_by", "truncation_rate", "capped_rate"),
            *("unanswered_rate", "swap_rate", "segmentation_sure", "reach", "loop_rate", "summary_harmful"),
            *("budget_cut_accuracy", "budget_accuracy", "budget_position_accuracy", "budget_accuracy_at_end"),
            *("budget_position_accuracy_at_end", "drop_p_value", "drop_p_values_holm", "mcnemar_p_value", "p_value"),
            "chance",
        ),
        SHARE,
    ),
    **dict.fromkeys(
        (
            *("drop", "drop_by_outcome", "load_effect", "primacy", "recency", "forfeiture", "selection_drop"),
            *("budget_drop", "residual_drop", "budget_drop_at_end", "residual_drop_at_end", "drop_correlation"),
            *("error_propagation", "error_propagation_raw", "difference", "abandonment", "index_shift_gain"),
        ),
        DIFFERENCE,
    ),
    **dict.fromkeys(
        (
            *("n_packs", "n_slots", "n_questions", "repeats", "n_problems", "n_swap_eligible", "swap_lags"),
            *("prompt_tokens", "completion_tokens", "response_thinking_tokens", "thinking_tokens"),
            *("first_correct_tokens", "loop_onset_tokens", "marker_rate", "thought_switches", "thought_length"),
        ),
        COUNT,
    ),
    **dict.fromkeys(
        (
            *("post_solution_share", "outcome_efficiency", "process_efficiency", "underthinking", "auc_oaa"),
            *("effective_slots", "detectable_drop", "se", "half_stress_level", "wall_time_s", "first_share_ratio"),
        ),
        AMOUNT,
    ),
}
"""Of the fields that have a narrower range than `ANY`; what stands inside one, such as an estimate, has it too."""
BY_POSITION = (
    "position_accuracy",
    "thinking_tokens",
    "reach",
    "budget_position_accuracy",
    "budget_position_accuracy_at_end",
)
"""Metrics with a number for each position of a pack."""
FREE = frozenset({"seed", "created"})
"""Integers that only have to be read again."""


def check_bounds(exam: Examination, file: str, record: Record) -> None:
    """Note every number of a record that cannot be, and every interval that does not end above its beginning.

    Raises:
        StoppedError: there is a fault.
    """
    for field, expected, found in _out_of_bounds(record, "", ANY):
        exam.fault(file, field, expected, show(found))
    exam.stop_at_faults()


def _out_of_bounds(value: object, field: str, bounds: Range) -> Iterator[tuple[str, str, object]]:
    if isinstance(value, Estimate) and value.ci is not None:
        if value.ci[0] > value.ci[1]:
            yield f"{field}.ci", "an interval from its lower end to its upper end", value.ci
        bounds_of_ci = Range(bounds.least - 1, bounds.most + 1)  # half of one may lie where no value can
        yield from _out_of_bounds(value.ci, f"{field}.ci", bounds_of_ci)
        yield from _out_of_bounds(value.model_copy(update={"ci": None}), field, bounds)
    elif isinstance(value, BaseModel | Mapping):
        for name, part in dict(value).items():
            yield from _out_of_bounds(part, f"{field}.{name[:80]}" if field else name, NAMED.get(name, bounds))
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for place, part in enumerate(value):
            yield from _out_of_bounds(part, f"{field}.{place}", bounds)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number_out_of_bounds(value, field, bounds)


def _number_out_of_bounds(value: float, field: str, bounds: Range) -> Iterator[tuple[str, str, object]]:
    if isinstance(value, int) and bounds in (ANY, AMOUNT, COUNT):
        bounds = Range(bounds.least and -MOST_INTEGER, MOST_INTEGER)
    if field.rpartition(".")[2] in FREE:
        bounds = Range(-(2**64), 2**64)
    if not bounds.least - ROUNDING <= value <= bounds.most + ROUNDING:
        yield field, f"a number from {bounds.least:g} to {bounds.most:g}", value


# --- what hangs together ----------------------------------------------------------------------------------------------


def check_counts(exam: Examination, submission: Submission) -> None:
    """Make sure that the numbers of a submission are about its plan, and agree with each other."""
    results, manifest = submission.results, submission.manifest
    exam.compare(SUBMISSION, submission.model, results.model, "results.model")
    exam.compare(SUBMISSION, manifest.engine.engine, results.engine, "results.engine")
    for name in ("design", "seed", "sampling", "dressing"):
        exam.compare(SUBMISSION, getattr(manifest, name), getattr(results.config, name), f"results.config.{name}")
    exam.compare(SUBMISSION, submission.partial, results.config.partial or submission.partial, "partial")
    records = {record.name: record for record in manifest.tasks}
    for place, names in (("results.tasks", results.tasks), ("questions", submission.questions)):
        if not set(names) <= set(records) or not names:
            exam.fault(SUBMISSION, place, f"tasks of the manifest ({', '.join(records)[:80]})", show(list(names)))
    exam.stop_at_faults()
    for name in results.tasks:
        _check_task(exam, submission, records[name])
    tasks = results.tasks.values()
    for name in ("single", "stress", "drop"):
        mean = overall_score([getattr(task, name).value for task in tasks])
        exam.compare(SUBMISSION, mean, getattr(results.overall, name), f"results.overall.{name}")


def _check_task(exam: Examination, submission: Submission, record: TaskRecord) -> None:
    found, field = submission.results.tasks[record.name], f"results.tasks.{record.name}"
    planned = {str(level.level): level for level in record.levels}
    wanted = 1 if submission.partial else len(planned)
    if not set(found.levels) <= set(planned) or len(found.levels) < wanted:
        expected = f"those of the manifest ({', '.join(planned)[:80]})"
        exam.fault(SUBMISSION, f"{field}.levels", expected, show(list(found.levels)))
    exam.stop_at_faults()
    for level, numbers in found.levels.items():
        counts = submission.questions.get(record.name, {}).get(level)
        if counts is None or not sum(counts.slots) or len(counts.right) != len(counts.slots):
            exam.fault(SUBMISSION, f"questions.{record.name}.{level}", "right and slots of each question", show(counts))
            continue
        _check_level(exam, f"{field}.levels.{level}", numbers, counts, planned[level], record.n_problems)
    values = {int(level): numbers.accuracy.value for level, numbers in found.levels.items()}
    stressed = tuple(sorted(level for level in values if level > 1))
    exam.compare(SUBMISSION, stressed, found.stress_levels, f"{field}.stress_levels")
    exam.compare(SUBMISSION, values.get(1), found.single.value, f"{field}.single.value")
    mean = overall_score([values[level] for level in stressed]) if stressed else None
    exam.compare(SUBMISSION, mean, found.stress.value, f"{field}.stress.value")


def _check_level(
    exam: Examination, field: str, found: LevelSummary, counts: QuestionCounts, planned: PlannedLevel, n_problems: int
) -> None:
    if any(right > slots for right, slots in zip(counts.right, counts.slots, strict=True)):
        exam.fault(SUBMISSION, f"{field}: questions", "no more right answers than slots", show(counts.right))
    exam.compare(SUBMISSION, sum(counts.right) / sum(counts.slots), found.accuracy.value, f"{field}.accuracy.value")
    exam.compare(SUBMISSION, n_problems, len(counts.slots), f"{field}: questions")
    exam.compare(SUBMISSION, sum(counts.slots), found.n_slots, f"{field}.n_slots")
    exam.compare(SUBMISSION, found.n_packs * planned.level, found.n_slots, f"{field}.n_slots")
    exam.compare(SUBMISSION, sum(slots > 0 for slots in counts.slots), found.n_questions, f"{field}.n_questions")
    if found.n_packs > planned.n_packs:
        exam.fault(SUBMISSION, f"{field}.n_packs", f"at most {planned.n_packs}", str(found.n_packs))
    for name in BY_POSITION:
        if (numbers := getattr(found, name)) is not None:
            exam.compare(SUBMISSION, planned.level, len(numbers), f"{field}.{name}: positions")
