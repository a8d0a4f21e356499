"""Several answers to one question: on average, in the best case, and every time (metrics.md 8.5).

All are in [0, 1], higher is better, and take the number of answers n and of right ones c of each unit. A unit is what
was asked again and again under equal conditions: a question at level 1, and above it a question at one position of one
prompt. Slots of a question at other positions are not draws of the same. The headline is `average`.
"""

import math
from typing import TYPE_CHECKING, NamedTuple

from rest_bench.metrics.arrays import Numbers, as_codes, as_numbers, crossed, same_length

if TYPE_CHECKING:
    import numpy.typing


class Counts(NamedTuple):
    """Answers of each unit."""

    answers: Numbers
    """n."""
    right: Numbers
    """c."""


def count_answers(correct: "numpy.typing.ArrayLike", *labels: "numpy.typing.ArrayLike") -> Counts:
    """Return the counts of every unit, in order of appearance.

    Args:
        correct: y, 0 or 1 for each slot.
        labels: what makes a unit: the question of each slot and, above level 1, its position.
    """
    import numpy

    numbers = as_numbers(correct)
    units, n_units = as_codes(labels[0])
    same_length(numbers, units)
    for label in labels[1:]:
        further, _ = as_codes(label)
        same_length(units, further)
        units, n_units = crossed(units, further)
    answers = numpy.bincount(units, minlength=n_units).astype(numpy.float64)
    right = numpy.bincount(units, weights=numbers, minlength=n_units).astype(numpy.float64)
    return Counts(answers, right)


def average(counts: Counts) -> float | None:
    """Return avg@R, the mean over units of c / n; None without units.

    Args:
        counts: of each unit, n >= 1.
    """
    answers, right = _checked(counts)
    return float((right / answers).mean()) if len(answers) else None


def pass_at_k(counts: Counts, k: int) -> float | None:
    """Return pass@k, the chance that any of k answers is right: the mean of 1 - C(n - c, k) / C(n, k).

    None without units and where a unit has fewer than k answers: it is unknown for that one, and a mean of the others
    would be of other questions. SRC Chen et al. arXiv 2107.03374.

    Args:
        counts: of each unit.
        k: answers, at least 1.
    """
    return _at_least(counts, k, 1)


def pass_hat_k(counts: Counts, k: int) -> float | None:
    """Return pass^k, the chance that all of k answers are right: the mean of C(c, k) / C(n, k); None as `pass_at_k`.

    Args:
        counts: of each unit.
        k: answers, at least 1.
    """
    return _at_least(counts, k, k)


def g_pass_at_k(counts: Counts, k: int, tau: float) -> float | None:
    """Return G-Pass@k_tau, the chance that at least tau k of k answers are right; None as `pass_at_k`.

    The mean of sum_{j >= max(1, ceil(tau k))} C(c, j) C(n - c, k - j) / C(n, k): pass@k for a tau near 0, pass^k for 1.
    SRC arXiv 2412.13147.

    Args:
        counts: of each unit.
        k: answers, at least 1.
        tau: the share that must be right, in [0, 1].

    Raises:
        ValueError: tau is not in [0, 1], or k is below 1.
    """
    if not 0 <= tau <= 1:
        raise ValueError(f"tau is {tau}, not in [0, 1]")
    return _at_least(counts, k, max(1, math.ceil(tau * k - 1e-9)))


def _at_least(counts: Counts, k: int, fewest: int) -> float | None:
    """Return the mean chance that at least `fewest` of k answers, drawn without replacement, are right."""
    import numpy

    answers, right = _checked(counts)
    if k < 1:
        raise ValueError(f"k is {k}; it must be at least 1")
    if not len(answers) or answers.min() < k:
        return None
    total = numpy.zeros(len(answers))
    if fewest == 1:
        return float(1 - numpy.exp(_log_choose(answers - right, k) - _log_choose(answers, k)).mean())
    for n_right in range(fewest, k + 1):
        total += numpy.exp(
            _log_choose(right, n_right) + _log_choose(answers - right, k - n_right) - _log_choose(answers, k)
        )
    return min(1.0, float(total.mean()))


def _log_choose(n: Numbers, k: int) -> Numbers:
    """Return log C(n, k), -inf where k > n."""
    import numpy
    from scipy.special import gammaln

    enough = n >= k
    top = numpy.where(enough, n, k)
    logs = gammaln(top + 1) - gammaln(k + 1) - gammaln(top - k + 1)
    return numpy.where(enough, logs, -numpy.inf)


def _checked(counts: Counts) -> Counts:
    answers, right = as_numbers(counts.answers), as_numbers(counts.right)
    same_length(answers, right)
    if (answers < 1).any() or (right < 0).any() or (right > answers).any():
        raise ValueError("a unit has no answer, or more right ones than answers")
    return Counts(answers, right)
