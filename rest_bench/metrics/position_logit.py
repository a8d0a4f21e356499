"""The effect of position on the odds of a right answer, question by question (metrics.md 5.5)."""

from typing import TYPE_CHECKING

import numpy

from rest_bench.metrics.conditional_logit import Fit, Strata, exact_information, fit
from rest_bench.metrics.responses import factorize
from rest_bench.metrics.statistics import UNDEFINED, difference
from rest_bench.schema import Estimate, PositionEffect

if TYPE_CHECKING:
    import pandas

ONE_POSITION = "at level 1 there is one position"
NO_QUESTION_VARIES = "no question is right at one position and wrong at another"
SEPARATED = "no wrong answer stands before a right one to the same question, or none after: the effect is infinite"


def position_effect(scores: "pandas.DataFrame") -> PositionEffect:
    """Return beta of logit P(right) = alpha of the question + beta (p - 1) / (s - 1), by conditional likelihood.

    In log odds from the first position to the last; 0 is no effect, below 0 later is worse. The strata are the
    questions: all positions, packs and repeats of one. Its standard error is robust against what the slots of a
    question share (the sandwich, clustered by question), and the interval is by t with one degree of freedom less than
    questions that count.

    Args:
        scores: slots of one level.
    """
    level = int(scores["level"].iloc[0])
    if level == 1:
        return PositionEffect.all_undefined(ONE_POSITION)
    question, _ = factorize(scores["problem_id"])
    place = scores["position"].to_numpy() - 1
    n_questions = int(question.max()) + 1
    right = scores["correct"].to_numpy(dtype=float)
    slots = numpy.bincount(question * level + place, minlength=n_questions * level).reshape(n_questions, level)
    n_right = numpy.bincount(question, weights=right, minlength=n_questions).astype(int)
    total = numpy.bincount(question, weights=right * place / (level - 1), minlength=n_questions)
    varies = (n_right > 0) & (n_right < slots.sum(axis=1))
    used = varies & ((slots > 0).sum(axis=1) > 1)
    estimate, why = _estimate(slots[used], n_right[used], total[used])
    return PositionEffect.explained(
        {"position_logit": why},
        position_logit=estimate,
        position_logit_questions=int(used.sum()),
        position_logit_dropped=int((~varies).sum()),
    )


def _estimate(slots: numpy.ndarray, n_right: numpy.ndarray, total: numpy.ndarray) -> tuple[Estimate, str]:
    if len(slots) == 0:
        return UNDEFINED, NO_QUESTION_VARIES
    if _is_separated(slots, n_right, total):
        return UNDEFINED, SEPARATED
    strata, stratum = _strata(slots, n_right)
    found = fit(strata, numpy.array([total.sum()]))
    if found is None:
        return UNDEFINED, SEPARATED
    return _with_error(strata, found, total - found.expected[stratum, 0]), ""


def _with_error(strata: Strata, found: Fit, residual: numpy.ndarray) -> Estimate:
    import pandas

    information = exact_information(strata, found.effects)[0, 0]
    return difference(float(found.effects[0]), pandas.Series(residual / information))


def _strata(slots: numpy.ndarray, n_right: numpy.ndarray) -> tuple[Strata, numpy.ndarray]:
    """Return one stratum for all questions with equal slots by position and equally many right, and each one's."""
    kinds, stratum, weight = numpy.unique(
        numpy.column_stack((slots, n_right)), axis=0, return_inverse=True, return_counts=True
    )
    counts = kinds[:, :-1]
    sizes, level = counts.sum(axis=1), counts.shape[1]
    member = numpy.arange(sizes.max()) < sizes[:, None]
    place = numpy.zeros(member.shape)
    place[member] = numpy.repeat(numpy.tile(numpy.arange(level), len(counts)), counts.ravel()) / (level - 1)
    return Strata(place[:, :, None], None, member, kinds[:, -1], weight.astype(float)), stratum.ravel()


def _is_separated(slots: numpy.ndarray, n_right: numpy.ndarray, total: numpy.ndarray) -> bool:
    """Return whether every question is right at its first positions only, or every one at its last only."""
    level = slots.shape[1]
    place = numpy.arange(level) / (level - 1)
    return any(
        numpy.allclose(_extreme(slots[:, ::direction], n_right, place[::direction]), total) for direction in (1, -1)
    )


def _extreme(slots: numpy.ndarray, n_right: numpy.ndarray, place: numpy.ndarray) -> numpy.ndarray:
    """Return what the places of each question's right slots add up to if its first ones are the right ones."""
    until = numpy.minimum(slots.cumsum(axis=1), n_right[:, None])
    extreme: numpy.ndarray = numpy.diff(until, axis=1, prepend=0) @ place
    return extreme
