"""Do two series of answers to the same questions differ (metrics.md 5.6, 8.3)?

Level 1 against a higher one, or one model against another: the difference is taken question by question, so that what
makes a question hard for both does not count as noise. SRC Miller arXiv 2411.00640 section 4.2.
"""

from typing import TYPE_CHECKING, NamedTuple

from rest_bench.metrics.arrays import Numbers, as_numbers, same_length
from rest_bench.metrics.intervals import t_quantile
from rest_bench.schema import Estimate

if TYPE_CHECKING:
    import numpy.typing

MOST_FOR_EXACT = 20
"""Questions with a difference up to which all ways to flip their signs are tried."""
FEWEST_FOR_CORRELATION = 3
"""Through two points there is always a line."""
TOLERANCE = 1e-9
"""Of a sum of differences, relative to the largest: sums that are equal may be added up in another order."""
CHUNK = 2_000_000
"""Signs drawn at once: some 16 MB."""


class PairedDifference(NamedTuple):
    """How far two series differ over the same questions."""

    estimate: Estimate
    """Mean of d_q = first - second, with sd(d) / sqrt(N) and its t interval."""
    p_value: float | None
    """Of t against no difference; null where every question differs by the same amount."""
    correlation: float | None
    """Of the two series over questions: the higher, the more the pairing gains."""
    n_questions: int


def paired_difference(first: "numpy.typing.ArrayLike", second: "numpy.typing.ArrayLike") -> PairedDifference:
    """Return the mean difference of two series of question means with its paired standard error (metrics.md 8.3).

    In [-1, 1] for shares; near 0 is no difference. Null without questions; no standard error for one.

    Args:
        first: mean of each question, x_q.
        second: mean of each question, m_q, in the same order.
    """
    import numpy

    left, right = as_numbers(first), as_numbers(second)
    same_length(left, right)
    differences = left - right
    n_questions = len(differences)
    if not n_questions:
        return PairedDifference(Estimate(value=None, se=None, ci=None), None, None, 0)
    value = float(differences.mean())
    if n_questions == 1:
        return PairedDifference(Estimate(value=value, se=None, ci=None), None, None, 1)
    se = float(differences.std(ddof=1) / numpy.sqrt(n_questions))
    half_width = t_quantile(n_questions) * se
    estimate = Estimate(value=value, se=se, ci=(value - half_width, value + half_width))
    return PairedDifference(estimate, p_value(estimate, n_questions), correlation(left, right), n_questions)


def p_value(estimate: Estimate, n_clusters: int) -> float | None:
    """Return the two-sided p-value of an estimate against 0, of t with n_clusters - 1 degrees of freedom, in [0, 1].

    None without a standard error. With one of 0: 1 where the estimate is 0 too, else None, as the questions then say
    nothing of how much others would differ.

    Args:
        estimate: a mean or a difference with its question-clustered standard error.
        n_clusters: the questions.
    """
    from scipy.special import stdtr

    if estimate.value is None or estimate.se is None:
        return None
    if estimate.se == 0:
        return 1.0 if estimate.value == 0 else None
    return min(1.0, 2 * float(stdtr(n_clusters - 1, -abs(estimate.value) / estimate.se)))


def sign_flip_p_value(differences: "numpy.typing.ArrayLike", *, seed: int, draws: int = 10_000) -> float | None:
    """Return the p-value of the sign-flip permutation test, two-sided, in (0, 1]; for few questions (metrics.md 8.3).

    If the two series did not differ, each d_q could as well have had the other sign: p is the share of all sign
    patterns whose sum is at least as far from 0 as the observed one. Up to 20 questions that differ, all patterns are
    tried; beyond, p = (1 + patterns as far) / (1 + draws). None without questions, 1 where none differs.

    Args:
        differences: d_q of each question.
        seed: of the drawn patterns; it does nothing where all are tried.
        draws: patterns drawn.
    """
    import numpy

    numbers = as_numbers(differences)
    if not len(numbers):
        return None
    numbers = numbers[numbers != 0]  # turning the sign of 0 changes nothing
    if not len(numbers):
        return 1.0
    observed = abs(float(numbers.sum())) - TOLERANCE * float(numpy.abs(numbers).max()) * len(numbers)
    if len(numbers) <= MOST_FOR_EXACT:
        return float((numpy.abs(_all_sums(numbers)) >= observed).mean())
    generator = numpy.random.default_rng(seed)
    as_far = done = 0
    while done < draws:
        size = min(draws - done, max(1, CHUNK // len(numbers)))
        signs = generator.integers(0, 2, size=(size, len(numbers)), dtype=numpy.int8)
        sums = 2 * (signs @ numbers) - numbers.sum()
        as_far += int((numpy.abs(sums) >= observed).sum())
        done += size
    return (1 + as_far) / (1 + draws)


def correlation(first: "numpy.typing.ArrayLike", second: "numpy.typing.ArrayLike") -> float | None:
    """Return Pearson's correlation of two series over questions, in [-1, 1]; higher makes pairing worth more.

    None for fewer than three questions and where a series is constant.

    Args:
        first: mean of each question.
        second: mean of each question, in the same order.
    """
    import numpy

    left, right = as_numbers(first), as_numbers(second)
    same_length(left, right)
    if len(left) < FEWEST_FOR_CORRELATION or numpy.ptp(left) == 0 or numpy.ptp(right) == 0:
        return None
    return float(numpy.clip(numpy.corrcoef(left, right)[0, 1], -1, 1))


def mcnemar(lost: int, gained: int) -> float:
    """Return the exact p-value of McNemar's test, two-sided, in (0, 1] (metrics.md 5.6).

    2 P(Bin(b + c, 1/2) <= min(b, c)), at most 1; 1 for b + c = 0. For one repeat and one slot per question only: with
    more, the pairs of one question are not independent (`paired_difference`). SRC McNemar 1947.

    Args:
        lost: b, questions that are right in the first series and wrong in the second.
        gained: c, the other way round.

    Raises:
        ValueError: a number is negative.
    """
    from scipy.special import bdtr

    if min(lost, gained) < 0:
        raise ValueError(f"negative numbers of questions: {lost}, {gained}")
    if lost + gained == 0:
        return 1.0
    return min(1.0, 2 * float(bdtr(min(lost, gained), lost + gained, 0.5)))


def flip_counts(first: "numpy.typing.ArrayLike", second: "numpy.typing.ArrayLike") -> tuple[int, int]:
    """Return what `mcnemar` asks for: questions that only the first series has right, and only the second.

    Args:
        first: 0 or 1 for each question.
        second: 0 or 1 for each question, in the same order.

    Raises:
        ValueError: a value is neither 0 nor 1: the mean of several slots.
    """
    import numpy

    left, right = as_numbers(first), as_numbers(second)
    same_length(left, right)
    if not (numpy.isin(left, (0, 1)).all() and numpy.isin(right, (0, 1)).all()):
        raise ValueError("McNemar's test is for one answer per question, each right or wrong")
    return int(((left == 1) & (right == 0)).sum()), int(((left == 0) & (right == 1)).sum())


def _all_sums(numbers: Numbers) -> Numbers:
    """Return the sums of all sign patterns; the first sign stays, as turning all of them gives the same distance."""
    import numpy

    sums = numbers[:1]
    for number in numbers[1:]:
        sums = numpy.concatenate([sums + number, sums - number])
    return sums
