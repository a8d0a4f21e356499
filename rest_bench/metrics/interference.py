"""What one question does to another that follows it in a pack (metrics.md 5.9)."""

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy

from rest_bench.metrics.responses import Responses, sums_by_question

if TYPE_CHECKING:
    import pandas

FEWEST_PROMPTS = 4
"""With the predecessor, and without it, for a pair to count."""


class Pairs(NamedTuple):
    """Ordered pairs of questions, each with how often the second stands before the first."""

    question: numpy.ndarray
    predecessor: numpy.ndarray
    n_with: numpy.ndarray
    """Slots of the question that the predecessor stands before."""
    n_without: numpy.ndarray
    difference: numpy.ndarray
    """Accuracy of these slots minus that of the others."""
    variance: numpy.ndarray
    """Of the difference by chance alone, if any slots were the ones with the predecessor."""


def interference_matrix(responses: Responses, fewest: int = FEWEST_PROMPTS) -> "pandas.DataFrame":
    """Return I[i <- j] = accuracy of i where j stands before it - where it does not, for all pairs with enough prompts.

    In [-1, 1]; below 0, j harms i. In a design whose neighbours follow from the position, a pair shows nothing but two
    positions: use it on `shuffled` runs.

    Args:
        responses: of one level.
        fewest: prompts with j, and without it, that a pair needs.

    Returns:
        Columns problem_id (i), predecessor_id (j), interference, n_with, n_without.
    """
    import pandas

    pairs = find_pairs(responses, fewest)
    return pandas.DataFrame(
        {
            "problem_id": responses.names[pairs.question],
            "predecessor_id": responses.names[pairs.predecessor],
            "interference": pairs.difference,
            "n_with": pairs.n_with,
            "n_without": pairs.n_without,
        }
    )


def spread_beyond_chance(pairs: Pairs) -> float | None:
    """Return the SD of the pairs' differences after taking off their variance by chance; None for fewer than two.

    sqrt(max(0, variance of the differences - mean of their variances by chance)), the moment estimator of DerSimonian
    and Laird with equal weights: weights by precision would give most to the questions that are nearly always right. In
    [0, 1], lower is better.
    """
    if len(pairs.difference) < 2:
        return None
    return math.sqrt(max(0.0, float(pairs.difference.var(ddof=1)) - float(pairs.variance.mean())))


def find_pairs(responses: Responses, fewest: int = FEWEST_PROMPTS) -> Pairs:
    """Return the pairs of question and predecessor that stand together and apart in enough prompts."""
    n_questions = len(responses.names)
    key, n_with, right_with = _count(responses)
    question, predecessor = numpy.divmod(key, n_questions)
    n = sums_by_question(numpy.ones(responses.question.shape), responses.question, n_questions)[question]
    right = sums_by_question(responses.right.astype(float), responses.question, n_questions)[question]
    n_without = n - n_with
    enough = (n_with >= fewest) & (n_without >= fewest)
    question, predecessor, n, right = question[enough], predecessor[enough], n[enough], right[enough]
    n_with, n_without, right_with = n_with[enough], n_without[enough], right_with[enough]
    return Pairs(
        question=question,
        predecessor=predecessor,
        n_with=n_with,
        n_without=n_without.astype(int),
        difference=right_with / n_with - (right - right_with) / n_without,
        variance=right * (n - right) / (n * numpy.maximum(n - 1, 1)) * (1 / n_with + 1 / n_without),
    )


def _count(responses: Responses) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """Return each pair that occurs (question * number of questions + predecessor), how often, and how often right."""
    level = responses.question.shape[1]
    later, earlier = numpy.tril_indices(level, -1)
    key = responses.question[:, later].astype(numpy.int64) * len(responses.names) + responses.question[:, earlier]
    packed = numpy.sort((2 * key + responses.right[:, later]).ravel())  # one sort instead of one with its inverse
    starts = numpy.flatnonzero(numpy.diff(packed >> 1, prepend=-1))
    counts = numpy.diff(numpy.append(starts, len(packed)))
    return packed[starts] >> 1, counts, numpy.add.reduceat(packed & 1, starts)
