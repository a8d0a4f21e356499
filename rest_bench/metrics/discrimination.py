"""How well a benchmark tells models apart, alone and under stress (metrics.md 9.1 to 9.4).

Spread alone is no evidence: it grows with the scale. State it per benchmark and level, beside the noise.
"""

import math
from typing import TYPE_CHECKING, NamedTuple

from rest_bench.metrics.arrays import Numbers, as_numbers, same_length
from rest_bench.metrics.intervals import CONFIDENCE, normal_quantile

if TYPE_CHECKING:
    import numpy.typing

FEWEST_MODELS = 2
SPLITS = 1_000


class Separable(NamedTuple):
    """Pairs of models that differ by more than their noise."""

    n_pairs: int
    n_separable: int

    @property
    def share(self) -> float | None:
        """In [0, 1], higher is better; null for fewer than two models."""
        return self.n_separable / self.n_pairs if self.n_pairs else None


def spread(scores: "numpy.typing.ArrayLike") -> float | None:
    """Return the standard deviation over models, n - 1 below; [0, inf); None for fewer than two models (9.1).

    Args:
        scores: of each model.
    """
    numbers = as_numbers(scores)
    return float(numbers.std(ddof=1)) if len(numbers) >= FEWEST_MODELS else None


def interquartile_range(scores: "numpy.typing.ArrayLike") -> float | None:
    """Return the distance of the quartiles over models, which outliers do not move; None for fewer than two (9.1).

    Args:
        scores: of each model.
    """
    import numpy

    numbers = as_numbers(scores)
    if len(numbers) < FEWEST_MODELS:
        return None
    low, high = numpy.quantile(numbers, (0.25, 0.75))
    return float(high - low)


def reliability(scores: "numpy.typing.ArrayLike", ses: "numpy.typing.ArrayLike") -> float | None:
    """Return the share of the variance over models that is not noise, in [0, 1], higher is better (metrics.md 9.2).

    Rel = max(0, (Var - mean SE^2) / Var). None for fewer than two models and where all score the same.

    Args:
        scores: of each model.
        ses: their standard errors.
    """
    numbers, noise = as_numbers(scores), as_numbers(ses)
    same_length(numbers, noise)
    deviation = spread(numbers)
    if not deviation:
        return None
    return max(0.0, 1 - float((noise**2).mean()) / deviation**2)


def signal_to_noise(scores: "numpy.typing.ArrayLike", ses: "numpy.typing.ArrayLike") -> float | None:
    """Return SNR, the standard deviation over models over their mean SE; [0, inf), higher is better (metrics.md 9.2).

    None for fewer than two models and without noise. SRC arXiv 2508.13144, who divide relative dispersions.

    Args:
        scores: of each model.
        ses: their standard errors.
    """
    numbers, noise = as_numbers(scores), as_numbers(ses)
    same_length(numbers, noise)
    deviation = spread(numbers)
    if deviation is None or noise.mean() == 0:
        return None
    return deviation / float(noise.mean())


def separable_pairs(
    scores: "numpy.typing.ArrayLike",
    ses: "numpy.typing.ArrayLike | None" = None,
    pair_ses: "numpy.typing.ArrayLike | None" = None,
) -> Separable:
    """Count the pairs of models that differ by more than 1.96 standard errors of the pair (metrics.md 9.3).

    Args:
        scores: of each model.
        ses: their standard errors, if the pairs' are unknown: sqrt(SE_a^2 + SE_b^2) is too large for models that fail
            on the same questions.
        pair_ses: M x M, paired by question (`paired.paired_difference`); rather give these.

    Raises:
        ValueError: neither or both kinds of standard errors are given.
    """
    import numpy

    numbers = as_numbers(scores)
    if (ses is None) == (pair_ses is None):
        raise ValueError("give the standard errors of the models or those of the pairs")
    if pair_ses is None:
        noise = as_numbers(ses)  # type: ignore[arg-type]
        same_length(numbers, noise)
        noise = numpy.hypot(noise[:, None], noise[None, :])
    else:
        noise = as_numbers(pair_ses)
    upper = numpy.triu_indices(len(numbers), k=1)
    gaps = numpy.abs(numbers[:, None] - numbers[None, :])
    separable = gaps[upper] > normal_quantile(CONFIDENCE) * noise[upper]
    return Separable(len(separable), int(separable.sum()))


def rank_agreement(first: "numpy.typing.ArrayLike", second: "numpy.typing.ArrayLike") -> float | None:
    """Return Kendall's tau_b of two rankings of the same models, in [-1, 1]; 1 is the same order (metrics.md 9.4).

    (C - D) / sqrt((n0 - n1) (n0 - n2)). A low one says that the two measure something else, or that one of them is
    noise: `disattenuated_tau`. None for fewer than two models and where one ranks none before another.

    Args:
        first: score of each model.
        second: score of each model, in the same order.
    """
    import numpy
    from scipy.stats import kendalltau

    left, right = as_numbers(first), as_numbers(second)
    same_length(left, right)
    if len(left) < FEWEST_MODELS or numpy.ptp(left) == 0 or numpy.ptp(right) == 0:
        return None
    return float(kendalltau(left, right).statistic)


def split_half_reliability(questions: "numpy.typing.ArrayLike", *, seed: int, splits: int = SPLITS) -> float | None:
    """Return how well a benchmark agrees with itself, at most 1, higher is better (metrics.md 9.4).

    Questions are cut into halves at random; r is the mean correlation over models of the two halves, and 2 r / (1 + r)
    (Spearman and Brown) that of two benchmarks of the full length. 0 where r is below 0.

    Args:
        questions: the mean of every question (row) for every model (column).
        seed: of the splits.
        splits: how many; those of which a half cannot be correlated are left out.

    Returns:
        None for fewer than two questions or three models, and where no split can be correlated.
    """
    import numpy

    table = as_numbers(questions)
    if table.ndim != 2 or table.shape[0] < 2 or table.shape[1] <= FEWEST_MODELS:
        return None
    generator = numpy.random.default_rng(seed)
    order = numpy.argsort(generator.random((splits, len(table))), axis=1)
    in_first = (order < len(table) // 2).astype(numpy.float64)
    correlations = _row_correlations(in_first @ table, (1 - in_first) @ table)
    known = correlations[numpy.isfinite(correlations)]
    if not len(known):
        return None
    r = max(0.0, float(known.mean()))
    return 2 * r / (1 + r)


def disattenuated(correlation: float, first: float | None, second: float | None) -> float | None:
    """Return what a correlation would be without noise: r / sqrt(Rel_1 Rel_2), in [-1, 1] (metrics.md 9.4).

    None where a reliability is unknown or 0. SRC Spearman 1904.

    Args:
        correlation: of the two scores over models.
        first: reliability of the first.
        second: reliability of the second.
    """
    if not first or not second or min(first, second) <= 0:
        return None
    return max(-1.0, min(1.0, correlation / math.sqrt(first * second)))


def disattenuated_tau(tau: float, first: float | None, second: float | None) -> float | None:
    """Return the same for Kendall's tau, which is (2 / pi) asin r where scores are normal over models.

    Args:
        tau: `rank_agreement`.
        first: reliability of the first.
        second: reliability of the second.
    """
    r = disattenuated(math.sin(math.pi * tau / 2), first, second)
    return None if r is None else 2 / math.pi * math.asin(r)


def _row_correlations(first: Numbers, second: Numbers) -> Numbers:
    """Return the correlation of each pair of rows; NaN where one is constant."""
    import numpy

    left, right = (rows - rows.mean(axis=1, keepdims=True) for rows in (first, second))
    scale = numpy.sqrt((left**2).sum(axis=1) * (right**2).sum(axis=1))
    correlations: Numbers = (left * right).sum(axis=1) / numpy.where(scale > 1e-12, scale, numpy.nan)
    return correlations
