"""Question-clustered standard errors and intervals (metrics.md section 8).

The questions are the sampling unit. Slots of one question, over all positions, packs, repeats and levels, are one
cluster: counting them as independent covers 45 % where it promises 95 %.
"""

import math
from typing import TYPE_CHECKING

from rest_bench.metrics.intervals import t_quantile, wilson_interval
from rest_bench.schema import Estimate

if TYPE_CHECKING:
    import pandas

ROUNDING = 1e-12
"""Below it a standard error is what adding up in another order leaves of 0."""
UNDEFINED = Estimate(value=None, se=None, ci=None)


def cluster_effects(correct: "pandas.Series", question: "pandas.Series") -> "pandas.Series":
    """Return what each question adds to the error of the mean: the sum of its residuals over the number of slots.

    The cluster-robust standard error is the root of their summed squares times G / (G - 1). Effects of several means
    over the same questions may be added and subtracted, which is how paired differences and averages over levels keep
    the covariance between levels.

    Args:
        correct: 0 or 1 for each slot.
        question: the cluster of each slot, aligned with `correct`.

    Returns:
        One number per question, summing to 0.
    """
    effects: pandas.Series = (correct - correct.mean()).groupby(question, observed=True).sum() / len(correct)
    return effects


def cluster_se(effects: "pandas.Series") -> float | None:
    """Return sqrt(G / (G - 1) * sum of squared effects), G questions; None for fewer than two (metrics.md 8.2)."""
    n_questions = len(effects)
    if n_questions < 2:
        return None
    return math.sqrt(n_questions / (n_questions - 1) * float((effects**2).sum()))


def proportion(correct: "pandas.Series", question: "pandas.Series") -> Estimate:
    """Return a share of slots with its question-clustered standard error and 95 % interval.

    The interval is Wilson's, with t for z (G - 1 degrees of freedom) and the effective number of slots
    n = p (1 - p) / se^2 for n: it stays inside [0, 1] and does not collapse at 0 and 1, where the questions themselves
    are taken for n (metrics.md 8.2, 8.4; Bowyer arXiv 2503.01747).
    """
    if correct.empty:
        return UNDEFINED
    value = float(correct.mean())
    effects = cluster_effects(correct, question)
    se = cluster_se(effects)
    if se is None:
        return Estimate(value=value, se=None, ci=None)
    if value in (0.0, 1.0):
        effective_n = float(len(effects))
    else:
        effective_n = min(float(len(correct)), value * (1 - value) / se**2) if se > 0 else float(len(correct))
    return Estimate(value=value, se=se, ci=wilson_interval(value, effective_n, t_quantile(len(effects))))


def mean_of_known(numbers: "pandas.Series") -> float | None:
    """Return the mean of those that are there; None without any."""
    known = numbers.dropna()
    return None if known.empty else float(known.astype(float).mean())


def median_of_known(numbers: "pandas.Series") -> float | None:
    """Return the median of those that are there; None without any."""
    known = numbers.dropna()
    return None if known.empty else float(known.astype(float).median())


def clustered_mean(values: "pandas.Series", question: "pandas.Series") -> Estimate:
    """Return the mean of what slots or responses count, with its question-clustered standard error and t interval.

    Undefined without any.

    Args:
        values: of each slot; a missing one is left out.
        question: the cluster of each slot, aligned with `values`.
    """
    known = values.dropna().astype(float)
    if known.empty:
        return UNDEFINED
    return difference(float(known.mean()), cluster_effects(known, question.loc[known.index]))


def difference(value: float, effects: "pandas.Series") -> Estimate:
    """Return a difference or a mean of several shares with the standard error of its summed effects and a t interval.

    No interval where no question differs from another: an error of 0 says nothing of other questions.

    Args:
        value: the number itself.
        effects: what each question adds to its error (sums or differences of `cluster_effects`).
    """
    se = cluster_se(effects)
    if se is None or se < ROUNDING:
        return Estimate(value=value, se=None if se is None else 0.0, ci=None)
    half_width = t_quantile(len(effects)) * se
    return Estimate(value=value, se=se, ci=(value - half_width, value + half_width))
