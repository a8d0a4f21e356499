"""The bootstrap over questions: intervals of any function of means, and bands over several means (metrics.md 8.3, 8.8).

A question that is drawn brings all its slots, of every level, position and repeat, so that what they share stays
shared; to draw slots or prompts alone is invalid. Slots are summed per question once and never touched again: a draw is
how often each question comes up, times a table of questions.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from rest_bench.metrics.arrays import Numbers, as_codes, as_numbers, same_length
from rest_bench.metrics.intervals import CONFIDENCE, Interval
from rest_bench.schema import Estimate

if TYPE_CHECKING:
    import numpy.typing

DRAWS = 10_000
CHUNK = 2_000_000
"""Questions drawn at once: some 32 MB."""
MOST_UNDEFINED = 0.01
"""Share of draws without the number, a ratio to 0, beyond which it has no interval."""

Method: TypeAlias = Literal["percentile", "bca"]
Statistic: TypeAlias = Callable[[Numbers], Numbers]
"""Means of the groups, one row per draw, to the number of each draw: `lambda m: m[:, 1] / m[:, 0]`."""


class QuestionSums(NamedTuple):
    """Slots summed by question and group: all that the bootstrap looks at."""

    sums: Numbers
    """One row per question, one column per group."""
    counts: Numbers
    """Slots, likewise; a question may lack a group."""


class Bands(NamedTuple):
    """Several numbers whose intervals hold all together."""

    estimates: tuple[Estimate, ...]
    quantile: float | None
    """Standard errors from the middle to the edge of each band."""


def question_sums(
    values: "numpy.typing.ArrayLike",
    question: "numpy.typing.ArrayLike",
    group: "numpy.typing.ArrayLike | None" = None,
) -> QuestionSums:
    """Sum slots by question and group, questions in order of appearance, groups ascending.

    Args:
        values: y of each slot, or tokens, or anything whose means are of interest.
        question: of each slot.
        group: the level of each slot, its position, or whatever the means are to be of; one group if None.
    """
    import numpy

    numbers = as_numbers(values)
    questions, n_questions = as_codes(question)
    groups, n_groups = as_codes(numpy.zeros(len(numbers), dtype=int) if group is None else group, ascending=True)
    same_length(numbers, questions, groups)
    cells, n_cells = questions * n_groups + groups, n_questions * n_groups
    shape = (n_questions, n_groups)
    return QuestionSums(
        numpy.bincount(cells, weights=numbers, minlength=n_cells).astype(numpy.float64).reshape(shape),
        numpy.bincount(cells, minlength=n_cells).astype(numpy.float64).reshape(shape),
    )


def first_mean(means: Numbers) -> Numbers:
    """Return the mean of the first group: the accuracy, if there is only one."""
    first: Numbers = means[:, 0]
    return first


def drop(means: Numbers) -> Numbers:
    """Return the mean of the first group minus the mean of the others: D, if the first level is 1 (metrics.md 5.2)."""
    differences: Numbers = means[:, 0] - means[:, 1:].mean(axis=1)
    return differences


def retention(means: Numbers) -> Numbers:
    """Return the mean of the other groups over that of the first, NaN for a first of 0 (metrics.md 5.2)."""
    import numpy

    first = means[:, 0]
    ratios: Numbers = means[:, 1:].mean(axis=1) / numpy.where(first == 0, numpy.nan, first)
    return ratios


def bootstrap(
    table: QuestionSums,
    statistic: Statistic = first_mean,
    *,
    seed: int,
    draws: int = DRAWS,
    method: Method = "percentile",
) -> Estimate:
    """Return a number with its standard error and 95 % interval over other questions like these (metrics.md 8.3).

    The value is that of the questions at hand, the standard error the SD of the draws. `bca` corrects the percentiles
    for bias and skewness, which small numbers of questions and ratios have. SRC Efron and Tibshirani 1993.

    Args:
        table: of questions (`question_sums`).
        statistic: what the number is of the means of the groups: `first_mean`, `drop`, `retention` or a function.
        seed: of the draws; the same one gives the same interval.
        draws: how often as many questions are drawn as there are.
        method: of the interval.

    Returns:
        No standard error and no interval for one question, and where more than 1 % of the draws have no value; fewer
        are left out. No value where the questions at hand give none.
    """
    import numpy

    if not len(table.sums):
        return Estimate(value=None, se=None, ci=None)
    value = float(statistic(_means(table.sums.sum(axis=0), table.counts.sum(axis=0)))[0])
    if not numpy.isfinite(value):
        return Estimate(value=None, se=None, ci=None)
    if len(table.sums) == 1:
        return Estimate(value=value, se=None, ci=None)
    drawn = numpy.concatenate([statistic(means) for means in _draw(table, draws, seed)])
    known = drawn[numpy.isfinite(drawn)]
    if len(known) < (1 - MOST_UNDEFINED) * draws:
        return Estimate(value=value, se=None, ci=None)
    tails: tuple[float, float] | None = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
    if method == "bca":
        tails = _corrected_tails(known, value, statistic(_left_out(table)))
    ci = None if tails is None else _quantiles(known, tails)
    return Estimate(value=value, se=float(known.std(ddof=1)), ci=ci)


def bands(
    table: QuestionSums, statistic: Statistic | None = None, *, seed: int, draws: int = DRAWS, confidence: float = 0.95
) -> Bands:
    """Return the means of all groups with intervals that hold together: max-|t| bands (metrics.md 8.8).

    Each is value -+ c SE, SE the SD of its draws, c the quantile over the draws of the largest |draw - value| / SE of
    any group. The curve over levels or positions lies inside all of them with the given confidence. c is between the
    quantile of one interval and that of Bonferroni; lower is better.

    Args:
        table: of questions (`question_sums`), with the level or the position as the group.
        statistic: means of the groups to the numbers wanted, one column each; the means themselves if None.
        seed: of the draws.
        draws: how often as many questions are drawn as there are.
        confidence: that all intervals hold at once.

    Returns:
        No intervals for one question. A number that no draw changes, or that a draw lacks, has none either.
    """
    import numpy

    def numbers(means: Numbers) -> Numbers:
        return means if statistic is None else statistic(means)

    if not len(table.sums):
        return Bands((), None)
    values = numbers(_means(table.sums.sum(axis=0), table.counts.sum(axis=0)))[0]
    if len(table.sums) == 1:
        return Bands(tuple(_estimate(value, None, None) for value in values), None)
    drawn = numpy.concatenate([numbers(means) for means in _draw(table, draws, seed)])
    ses = drawn.std(axis=0, ddof=1)
    varied = numpy.isfinite(ses) & (ses > 1e-12)
    if not varied.any():
        return Bands(tuple(_estimate(value, None, None) for value in values), None)
    furthest = (numpy.abs(drawn[:, varied] - values[varied]) / ses[varied]).max(axis=1)
    quantile = float(numpy.quantile(furthest, confidence))
    return Bands(
        tuple(
            _estimate(value, float(se), quantile) if is_varied else _estimate(value, None, None)
            for value, se, is_varied in zip(values, ses, varied, strict=True)
        ),
        quantile,
    )


def question_draws(n_questions: int, draws: int, seed: int | Sequence[int]) -> Iterator[Numbers]:
    """Yield how often each question comes up in each draw, some draws at a time: rows that sum to n_questions.

    Args:
        n_questions: as many are drawn, with replacement.
        draws: rows in total.
        seed: the same one gives the same rows.
    """
    import numpy

    generator = numpy.random.default_rng(seed)
    done = 0
    while done < draws:
        size = min(draws - done, max(1, CHUNK // n_questions))
        picked = generator.integers(0, n_questions, size=(size, n_questions))
        picked += numpy.arange(size)[:, None] * n_questions
        times = numpy.bincount(picked.ravel(), minlength=size * n_questions).reshape(size, n_questions)
        yield times.astype(numpy.float64)
        done += size


def _draw(table: QuestionSums, draws: int, seed: int) -> Iterator[Numbers]:
    for times in question_draws(len(table.sums), draws, seed):
        yield _means(times @ table.sums, times @ table.counts)


def _means(sums: Numbers, counts: Numbers) -> Numbers:
    """Return the means, one row per draw; NaN where no question of a draw has the group."""
    import numpy

    sums, counts = numpy.atleast_2d(sums), numpy.atleast_2d(counts)
    means: Numbers = sums / numpy.where(counts == 0, numpy.nan, counts)
    return means


def _left_out(table: QuestionSums) -> Numbers:
    """Return the means without each question in turn."""
    return _means(table.sums.sum(axis=0) - table.sums, table.counts.sum(axis=0) - table.counts)


def _corrected_tails(drawn: Numbers, value: float, left_out: Numbers) -> tuple[float, float] | None:
    """Return which shares of the draws bound the BCa interval; None where all of them are on one side of the value."""
    import numpy
    from scipy.special import ndtr, ndtri

    below = float((drawn < value).mean() + (drawn == value).mean() / 2)
    known = left_out[numpy.isfinite(left_out)]
    deviations = known.mean() - known
    squares = float((deviations**2).sum())
    if not 0 < below < 1 or squares == 0:
        return None
    acceleration = float((deviations**3).sum()) / (6 * squares**1.5)
    bias = float(ndtri(below))
    tails = []
    for tail in ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2):
        shifted = bias + float(ndtri(tail))
        tails.append(float(ndtr(bias + shifted / (1 - acceleration * shifted))))
    return tails[0], tails[1]


def _quantiles(drawn: Numbers, tails: tuple[float, float]) -> Interval:
    import numpy

    low, high = numpy.quantile(drawn, tails)
    return float(low), float(high)


def _estimate(value: float, se: float | None, quantile: float | None) -> Estimate:
    if value != value:  # NaN: no question has the group
        return Estimate(value=None, se=None, ci=None)
    if se is None or quantile is None:
        return Estimate(value=float(value), se=None, ci=None)
    return Estimate(value=float(value), se=se, ci=(float(value - quantile * se), float(value + quantile * se)))
