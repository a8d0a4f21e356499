"""Rows of a task -> a board: which rows can be compared, between which ranks each is, and which are ties."""

from collections import Counter
from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from rest_bench.leaderboard.names import person_key
from rest_bench.leaderboard.published import N_QUESTIONS, published_levels
from rest_bench.leaderboard.rows import Conditions, Row, full_name
from rest_bench.metrics import holm, rank_intervals, upper_bound_se
from rest_bench.metrics.intervals import CONFIDENCE, normal_quantile

if TYPE_CHECKING:
    import numpy

SIGNIFICANT = 0.05


class Ranked(NamedTuple):
    """A row at its place."""

    row: Row
    best: int
    """The ranks that the questions leave open."""
    worst: int
    group: int
    """Rows of one group cannot be told from its first row; counted from 1."""


class Apart(NamedTuple):
    """A row that is not ranked, and why."""

    row: Row
    why: str


class Board(NamedTuple):
    """The rows of one task, or of all of them together."""

    name: str
    ranked: tuple[Ranked, ...]
    """By Stress score, the best first."""
    apart: tuple[Apart, ...]
    conditions: Conditions | None
    """Of the ranked rows; null for all tasks together."""


def make_board(task: str, rows: Sequence[Row]) -> Board:
    """Return the board of a task.

    Rows that were not asked what most were asked (data, levels, design, all problems) stand apart, and so do partial
    runs and mere words (`self-reported`).
    """
    common = common_conditions(task, rows)
    compared: list[Row] = []
    apart: list[Apart] = []
    for row in rows:
        why = _why_apart(row, common)
        if why is None:
            compared.append(row)
        else:
            apart.append(Apart(row, why))
    apart.sort(key=lambda each: (each.why, each.row.model, each.row.entry_id))
    return Board(task, rank(compared), tuple(apart), common)


def common_conditions(task: str, rows: Sequence[Row]) -> Conditions | None:
    """Return what rows of a task are compared under: the paper's levels, or what most rows have; whole data."""
    candidates = Counter(
        row.conditions
        for row in rows
        if row.conditions.limit is None
        and row.conditions.design == "cyclic"
        and row.conditions.data_sha256 is not None
        and row.conditions.levels == (published_levels(task) or row.conditions.levels)
    )
    if not candidates:
        known = published_levels(task)
        return Conditions(known, None, None, "cyclic", None) if known else None
    most = max(candidates.values())
    # Of several that are as common, the one with most levels, and then any that is always the same.
    return max(
        (found for found, count in candidates.items() if count == most),
        key=lambda found: (len(found.levels), str(found)),
    )


def _why_apart(row: Row, common: Conditions | None) -> str | None:
    if row.tier == "self-reported":
        return "numbers alone, or not checked here"
    if row.partial or row.conditions.limit is not None:
        return "only a part of the problems or samples"
    if row.tier == "published" or common is None:
        return None
    own = row.conditions
    if own.levels != common.levels:
        return f"other levels ({', '.join(map(str, own.levels))})"
    if own.design != common.design:
        return f"another design ({own.design})"
    if (own.data_sha256, own.template_sha256) != (common.data_sha256, common.template_sha256):
        return "other data or another template"
    return None


def rank(rows: Sequence[Row]) -> tuple[Ranked, ...]:
    """Return rows by their Stress score, with rank intervals (metrics.md 8.9) and groups of ties.

    A pair's error is that of its difference question by question; where one of both has no answers, the errors of both
    are taken as if they were not paired, for published scores the largest that they can have. The bounds hold for all
    pairs at once, by Bonferroni.
    """
    import numpy

    ordered = sorted(rows, key=lambda row: (-(row.stress.value or 0.0), row.model, row.entry_id))
    if not ordered:
        return ()
    scores = numpy.array([row.stress.value for row in ordered])
    errors = pair_errors(ordered)
    n_pairs = max(1, len(ordered) * (len(ordered) - 1) // 2)
    quantile = normal_quantile(1 - (1 - CONFIDENCE) / n_pairs)
    intervals = rank_intervals(scores[:, None] - scores[None, :], quantile * errors)
    groups = tie_groups(scores, errors)
    return tuple(
        Ranked(row, interval.best, interval.worst, group)
        for row, interval, group in zip(ordered, intervals, groups, strict=True)
    )


def pair_errors(rows: Sequence[Row]) -> "numpy.ndarray":
    """Return the standard error of the difference of each pair of rows, M x M."""
    import numpy

    own = numpy.array([_own_error(row) for row in rows])
    errors: numpy.ndarray = numpy.hypot(own[:, None], own[None, :])
    by_conditions: dict[Conditions, list[int]] = {}
    for place, row in enumerate(rows):
        if row.question_means is not None and len(row.question_means) > 1:
            by_conditions.setdefault(row.conditions, []).append(place)
    for places in by_conditions.values():
        if len({len(rows[place].question_means) for place in places}) > 1:  # type: ignore[arg-type]
            continue
        means = numpy.array([rows[place].question_means for place in places])
        covariance = numpy.atleast_2d(numpy.cov(means)) / means.shape[1]
        variances = numpy.diag(covariance)
        paired = numpy.sqrt(numpy.maximum(0.0, variances[:, None] + variances[None, :] - 2 * covariance))
        errors[numpy.ix_(places, places)] = paired
    numpy.fill_diagonal(errors, 0.0)
    return errors


def tie_groups(scores: "numpy.ndarray", errors: "numpy.ndarray") -> list[int]:
    """Return the group of each row, the best first: a group ends before the first row that is surely worse.

    Surely worse than the first row of the group: significant at 5 %, two-sided, after Holm's adjustment for the number
    of rows behind it.

    Args:
        scores: descending.
        errors: of the differences of each pair.
    """
    groups: list[int] = []
    first = 0
    while first < len(scores):
        adjusted = holm([_p_value(scores[first] - scores[k], errors[first, k]) for k in range(first + 1, len(scores))])
        worse = next((k for k, p in enumerate(adjusted, start=first + 1) if p is not None and p < SIGNIFICANT), None)
        end = len(scores) if worse is None else worse
        groups += [groups[-1] + 1 if groups else 1] * (end - first)
        first = end
    return groups


def _p_value(difference: float, error: float) -> float:
    from scipy.special import erfc

    if error == 0:
        return 1.0 if difference == 0 else 0.0
    return float(erfc(abs(difference) / error / 2**0.5))


def _own_error(row: Row) -> float:
    if row.stress.se is not None:
        return row.stress.se
    value = min(1.0, max(0.0, row.stress.value or 0.0))
    return float(upper_bound_se(value, row.n_questions))


# --- all tasks together -----------------------------------------------------------------------------------------------


class OverallRow(NamedTuple):
    """One model over all tasks of the paper."""

    model: str
    entry_ids: tuple[str, ...]
    tier: str
    single: float
    stress: float
    drop: float
    by_task: dict[str, Row]
    best: int
    worst: int
    variant: str = ""
    """As that of its rows."""
    submitter: str = ""
    """Of all of its rows."""
    n_further: int = 0
    """Submissions of the same model, by anybody and under any settings, that none of its rows is of."""

    @property
    def name(self) -> str:
        """The model, and behind it what tells it from the same model asked plainly."""
        return full_name(self.model, self.variant)


def overall(boards: Sequence[Board]) -> tuple[OverallRow, ...]:
    """Return the models that have every task of the paper, by the unweighted mean of their Stress scores.

    A mean over a part of the tasks is never shown (metrics.md 5.1). Nobody's rows take the place of another's: each
    submitter of a model has a row. Of several of their rows on a task, the best trusted one counts, then the latest;
    how many submissions are left over is said. A quantized model, or one asked with additions, is a model of its own.
    A model's rank interval is from the largest errors that its means can have.
    """
    import numpy

    by_model: dict[tuple[str, str, str], dict[str, Row]] = {}
    for board in boards:
        if board.name in N_QUESTIONS:
            for row in sorted((each.row for each in board.ranked), key=_precedence):
                by_model.setdefault((row.model, row.variant, person_key(row.submitter)), {})[board.name] = row
    whole = {model: tasks for model, tasks in by_model.items() if len(tasks) == len(N_QUESTIONS)}
    if not whole:
        return ()
    stress = {model: fmean([float(row.stress.value or 0) for row in tasks.values()]) for model, tasks in whole.items()}
    models = sorted(whole, key=lambda model: (-stress[model], model))
    errors = numpy.array(
        [sum(_own_error(row) ** 2 for row in whole[model].values()) ** 0.5 / len(N_QUESTIONS) for model in models]
    )
    scores = numpy.array([stress[model] for model in models])
    quantile = normal_quantile(1 - (1 - CONFIDENCE) / max(1, len(models) * (len(models) - 1) // 2))
    intervals = rank_intervals(
        scores[:, None] - scores[None, :], quantile * numpy.hypot(errors[:, None], errors[None, :])
    )
    submissions = _submissions(boards)
    rows = (_overall_row(whole[model], stress[model], *each) for model, each in zip(models, intervals, strict=True))
    return tuple(row._replace(n_further=len(submissions[row.model] - set(row.entry_ids))) for row in rows)


def _precedence(row: Row) -> tuple[int, str, str]:
    return _TRUST.index(row.tier), row.date or "", row.entry_id


def _submissions(boards: Sequence[Board]) -> dict[str, set[str]]:
    """Return the submissions of each model, ranked or apart."""
    found: dict[str, set[str]] = {}
    for board in boards:
        for row in (*(each.row for each in board.ranked), *(each.row for each in board.apart)):
            found.setdefault(row.model, set()).add(row.entry_id)
    return found


_TRUST: tuple[str, ...] = ("self-reported", "published", "re-scored", "reproduced")
"""Ascending."""


def _overall_row(tasks: dict[str, Row], stress: float, best: int, worst: int) -> OverallRow:
    single = fmean([float(row.single.value or 0) for row in tasks.values()])
    any_row = next(iter(tasks.values()))
    return OverallRow(
        model=any_row.model,
        entry_ids=tuple(dict.fromkeys(row.entry_id for row in tasks.values())),
        tier=min((row.tier for row in tasks.values()), key=_TRUST.index),
        single=single,
        stress=stress,
        drop=single - stress,
        by_task={task: tasks[task] for task in N_QUESTIONS},
        best=best,
        worst=worst,
        variant=any_row.variant,
        submitter=any_row.submitter,
    )
