"""Between which ranks a model may be (metrics.md 8.9).

A rank is a statement about all pairs at once, so the bounds are simultaneous. Given the answers, all models are
compared on the same drawn questions (`bootstrapped_ranks`); of published means there is only what their variance can be
at most (`ranks_of_means`), and its label says so. SRC arXiv 2606.08679.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from rest_bench.metrics.arrays import Numbers, as_numbers
from rest_bench.metrics.bootstrap import DRAWS, question_draws
from rest_bench.metrics.intervals import CONFIDENCE, normal_quantile

if TYPE_CHECKING:
    import numpy
    import numpy.typing


class RankInterval(NamedTuple):
    """The ranks that the questions leave open to a model; 1 is the best."""

    best: int
    worst: int


class Ranking(NamedTuple):
    """The models' scores and ranks, in the order given."""

    scores: tuple[float, ...]
    """Mean over the benchmarks, equal weights."""
    intervals: tuple[RankInterval, ...] | None
    """Null where a benchmark has only one question."""
    source: Literal["bootstrap", "upper-bound SE"]
    """What the widths come from."""


def rank_intervals(
    differences: "numpy.typing.ArrayLike", half_widths: "numpy.typing.ArrayLike"
) -> tuple[RankInterval, ...]:
    """Return the ranks of each model that no pair contradicts; the narrower, the better.

    best = 1 + #{k: lower bound of (k - m) > 0}, worst = M - #{k: lower bound of (m - k) > 0}.

    Args:
        differences: M x M, row minus column.
        half_widths: of their intervals, simultaneous over pairs.

    Raises:
        ValueError: the tables are not both square and of one size.
    """
    values, widths = as_numbers(differences), as_numbers(half_widths)
    if values.ndim != 2 or values.shape[0] != values.shape[1] or values.shape != widths.shape:
        raise ValueError(f"differences are {values.shape}, half-widths {widths.shape}; both must be M x M")
    surely_above = values - widths > 0
    above, below = surely_above.sum(axis=0), surely_above.sum(axis=1)
    return tuple(
        RankInterval(1 + int(n_above), len(values) - int(n_below))
        for n_above, n_below in zip(above, below, strict=True)
    )


def bootstrapped_ranks(
    benchmarks: "Sequence[numpy.typing.ArrayLike]", *, seed: int, draws: int = DRAWS, confidence: float = CONFIDENCE
) -> Ranking:
    """Return the ranks of models by their mean over benchmarks, from one bootstrap of all of them.

    In each benchmark questions are drawn with replacement, the same ones for every model. A pair's half-width is c SE,
    SE the SD of its drawn differences and c the quantile over the draws of the largest deviation of any pair in SEs.

    Args:
        benchmarks: of each, the score of every question (row) and model (column): for Stress, the mean over levels of
            the question's means.
        seed: of the draws.
        draws: how often.
        confidence: that the intervals of all models hold at once.

    Raises:
        ValueError: no benchmark, or benchmarks of different models.
    """
    import numpy

    tables = [as_numbers(benchmark) for benchmark in benchmarks]
    if not tables or len({table.shape[1] for table in tables}) > 1 or min(len(table) for table in tables) == 0:
        raise ValueError("ranks want at least one benchmark with questions, and the same models in each")
    scores = numpy.mean([table.mean(axis=0) for table in tables], axis=0)
    if min(len(table) for table in tables) == 1:
        return Ranking(tuple(map(float, scores)), None, "bootstrap")
    drawn = numpy.zeros((draws, len(scores)))
    for number, table in enumerate(tables):
        means = [times @ table / len(table) for times in question_draws(len(table), draws, (seed, number))]
        drawn += numpy.concatenate(means) / len(tables)
    half_widths = _simultaneous_half_widths(drawn, scores, confidence)
    intervals = rank_intervals(scores[:, None] - scores[None, :], half_widths)
    return Ranking(tuple(map(float, scores)), intervals, "bootstrap")


def ranks_of_means(
    accuracy: "numpy.typing.ArrayLike", n_questions: Sequence[int], confidence: float = CONFIDENCE
) -> Ranking:
    """Return the ranks of models of which only the accuracies are known, with the variance they have at most.

    SE^2 <= a (1 - a) / N per benchmark, whatever the slots per question; a pair's is the sum of both, as if it were not
    paired, and the bounds hold for all pairs at once by Bonferroni. Wider than the truth wherever models fail on the
    same questions, and named so: `source` is "upper-bound SE".

    Args:
        accuracy: of each model (row) and benchmark (column), in [0, 1].
        n_questions: N of each benchmark.
        confidence: that the intervals of all models hold at once.

    Raises:
        ValueError: an accuracy is not in [0, 1].
    """
    import numpy

    table = as_numbers(accuracy)
    ses = numpy.sqrt((upper_bound_se(table, n_questions) ** 2).sum(axis=1)) / table.shape[1]
    scores = table.mean(axis=1)
    n_pairs = max(1, len(scores) * (len(scores) - 1) // 2)
    quantile = normal_quantile(1 - (1 - confidence) / n_pairs)
    half_widths = quantile * numpy.hypot(ses[:, None], ses[None, :])
    intervals = rank_intervals(scores[:, None] - scores[None, :], half_widths)
    return Ranking(tuple(map(float, scores)), intervals, "upper-bound SE")


def upper_bound_se(accuracy: "numpy.typing.ArrayLike", n_questions: "numpy.typing.ArrayLike") -> Numbers:
    """Return sqrt(a (1 - a) / N), the largest standard error that a mean of N questions can have (metrics.md 8.9).

    A mean of slots in [0, 1] varies no more over questions than one slot does.

    Args:
        accuracy: a, in [0, 1].
        n_questions: N, of the same shape or one that broadcasts to it.

    Raises:
        ValueError: an accuracy is not in [0, 1], or a benchmark has no question.
    """
    import numpy

    share, n = as_numbers(accuracy), as_numbers(n_questions)
    if (share < 0).any() or (share > 1).any() or (n < 1).any():
        raise ValueError("accuracies must be in [0, 1] and benchmarks have questions")
    bound: Numbers = numpy.sqrt(share * (1 - share) / n)
    return bound


def _simultaneous_half_widths(drawn: Numbers, scores: Numbers, confidence: float) -> Numbers:
    """Return c SE for each pair of columns, one column after another: all pairs at once would not fit."""
    import numpy

    deviations = drawn - scores
    covariance = numpy.atleast_2d(numpy.cov(drawn, rowvar=False))
    variances = numpy.diag(covariance)
    ses = numpy.sqrt(numpy.maximum(0.0, variances[:, None] + variances[None, :] - 2 * covariance))
    safe = numpy.where(ses > 1e-9, ses, math.inf)  # two models alike on every question never differ
    furthest = numpy.zeros(len(drawn))
    for model in range(len(scores) - 1):
        apart = numpy.abs(deviations[:, model : model + 1] - deviations[:, model + 1 :]) / safe[model, model + 1 :]
        numpy.maximum(furthest, apart.max(axis=1), out=furthest)
    return float(numpy.quantile(furthest, confidence)) * ses
