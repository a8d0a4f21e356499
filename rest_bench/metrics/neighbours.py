"""What the other questions of a pack do to a question: by how hard they are, by how they were answered (5.9, 5.10).

Accuracy by neighbours is confounded in most designs: in the cyclic ones a question's neighbours follow from its
position. Only `shuffled` blends them, with a new order for each repeat, and `mixed` at least across tasks.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy

from rest_bench.metrics.conditional_logit import Strata, fit, influence
from rest_bench.metrics.interference import find_pairs, spread_beyond_chance
from rest_bench.metrics.responses import Responses, as_floats, factorize, sums_by_question
from rest_bench.metrics.statistics import UNDEFINED, difference
from rest_bench.metrics.within import within_slope
from rest_bench.schema import DesignName, Estimate, Neighbours

if TYPE_CHECKING:
    import pandas

BLENDING: tuple[DesignName, ...] = ("shuffled", "mixed")
LONGEST_STRATUM, MOST_WORK = 100, 30_000_000
"""Slots of a question that are compared with each other; fewer in large runs, by slots times length."""
TOKENS_UNIT = 1000

ONE_POSITION = "at level 1 there is one position"
INCOMPLETE = "a response lacks slots"
CONFOUNDED = "in this design a question's neighbours follow from its position; use the design shuffled"
NOT_SHUFFLED = "only the design shuffled has neighbours by chance"
NO_SINGLE = "level 1 is missing, which tells how hard the neighbours are"
NO_SINGLE_REPLY = "no response has only questions that level 1 has, too"
NOT_COUNTED = "no response has thinking tokens for all of its questions"
NO_ESTIMATE = "the effect is infinite or cannot be told from others: too few questions are right here and wrong there"
NO_REPEATED_PLACE = "no question stands at one position twice after questions that are not equally hard"
NO_OTHER_ANSWER = "no question stands both after a wrong answer and after a right one"
ONE_SORT = "no answer stands after a wrong one, or none after a right one"
FEW_PAIRS = "fewer than two pairs of questions stand together in four prompts and apart in four"


class Effects(NamedTuple):
    """Log odds for one unit more of a burden."""

    predecessors: Estimate
    successors: Estimate


def neighbours(
    scores: "pandas.DataFrame", single: "pandas.DataFrame | None", responses: Responses | None, design: DesignName
) -> Neighbours:
    """Return the effects of a question's neighbours on its answer.

    - `predecessor_effect` gamma, `successor_effect` delta: logit P(right) = alpha of the question + beta of the
      position + gamma Dpre + delta Dpost, with the mean difficulty 1 - x of the questions before and after it (0 where
      there are none, which beta takes up), by conditional likelihood. x is the accuracy at level 1: other responses
      than the ones explained, as the same ones would make their own errors look like effects. Few single replies make
      difficulties imprecise, which would draw the effects towards 0: see `expected_difficulty`.
    - `predecessor_slope`: change of accuracy with Dpre, by least squares within question and position.
    - `predecessor_tokens_effect`: gamma with the predecessors' mean thinking tokens (in thousands) for difficulty.
    - `error_propagation` = accuracy after a wrong answer - after a right one, within questions; `error_propagation_raw`
      over all. Good and bad responses, and later positions, make it fall below 0 without any error that spreads.
    - `interference_sd`: see `interference.spread_beyond_chance`.

    For effects and slopes 0 is none and below 0 harms. Their errors are clustered by question.

    Args:
        scores: slots of one level.
        single: slots of level 1, or None where there is none.
        responses: the slots of this level as arrays, or None where a response lacks slots.
        design: of the run.
    """
    if int(scores["level"].iloc[0]) == 1:
        return Neighbours.all_undefined(ONE_POSITION)
    if responses is None:
        return Neighbours.all_undefined(INCOMPLETE)
    metrics, why = _error_propagation(responses)
    for part in (_by_difficulty(single, responses, design), _by_tokens(scores, responses, design)):
        metrics, why = {**metrics, **part[0]}, {**why, **part[1]}
    pairs = find_pairs(responses) if design == "shuffled" else None
    spread = None if pairs is None else spread_beyond_chance(pairs)
    too_few = NOT_SHUFFLED if pairs is None else FEW_PAIRS
    return Neighbours.explained(
        {**why, "interference_sd": too_few, "interference_pairs": too_few},
        **metrics,
        interference_sd=spread,
        interference_pairs=None if pairs is None else len(pairs.question),
    )


Metrics = tuple[dict[str, Estimate | float | None], dict[str, str]]
"""Metrics by name, and why those of them that are null are so."""


def _by_difficulty(single: "pandas.DataFrame | None", responses: Responses, design: DesignName) -> Metrics:
    names = ("predecessor_effect", "successor_effect", "predecessor_slope")
    if design not in BLENDING:
        return _nothing(names, CONFOUNDED)
    if single is None:
        return _nothing(names, NO_SINGLE)
    burden = expected_difficulty(single, responses.names)[responses.question]
    known = ~numpy.isnan(burden).any(axis=1)
    if not known.any():
        return _nothing(names, NO_SINGLE_REPLY)
    whole = responses._replace(question=responses.question[known], right=responses.right[known])
    effects = neighbour_effects(whole, burden[known])
    slope = predecessor_slope(whole, burden[known])
    metrics: dict[str, Estimate | float | None] = dict(zip(names, (*effects, slope), strict=True))
    return metrics, dict(zip(names, (NO_ESTIMATE, NO_ESTIMATE, NO_REPEATED_PLACE), strict=True))


def _by_tokens(scores: "pandas.DataFrame", responses: Responses, design: DesignName) -> Metrics:
    names = ("predecessor_tokens_effect",)
    if design not in BLENDING:
        return _nothing(names, CONFOUNDED)
    burden = as_floats(scores["segment_tokens"])[responses.row] / TOKENS_UNIT
    known = ~numpy.isnan(burden).any(axis=1)
    if not known.any():
        return _nothing(names, NOT_COUNTED)
    whole = responses._replace(question=responses.question[known], right=responses.right[known])
    effects = neighbour_effects(whole, burden[known])
    return {names[0]: effects.predecessors}, {names[0]: NO_ESTIMATE}


def _error_propagation(responses: Responses) -> Metrics:
    question, right = responses.question[:, 1:].ravel(), responses.right[:, 1:].ravel()
    after_wrong = ~responses.right[:, :-1].ravel()
    metrics: dict[str, Estimate | float | None] = {
        "error_propagation": within_slope(right, after_wrong.astype(float), question, question),
        "error_propagation_raw": None,
    }
    if after_wrong.any() and not after_wrong.all():
        metrics["error_propagation_raw"] = float(right[after_wrong].mean() - right[~after_wrong].mean())
    return metrics, {"error_propagation": NO_OTHER_ANSWER, "error_propagation_raw": ONE_SORT}


def _nothing(names: tuple[str, ...], why: str) -> Metrics:
    return dict.fromkeys(names, UNDEFINED), dict.fromkeys(names, why)


def single_difficulty(single: "pandas.DataFrame", names: "pandas.Index") -> numpy.ndarray:
    """Return 1 - accuracy at level 1 of each of these questions, NaN where it has no reply there."""
    own, own_names = factorize(single["problem_id"])
    accuracy = numpy.bincount(own, weights=single["correct"].to_numpy(dtype=float)) / numpy.bincount(own)
    place = own_names.get_indexer(names)
    difficulty: numpy.ndarray = numpy.where(place >= 0, 1 - accuracy[place], numpy.nan)
    return difficulty


def neighbour_effects(responses: Responses, burden: numpy.ndarray) -> Effects:
    """Return the change of the log odds with the mean burden of the questions before a slot, and after it.

    Compares the slots of a question with each other, whatever its difficulty, with an effect for each position. In
    large runs a question's slots are cut into several strata.

    Args:
        responses: of one level.
        burden: (responses, level), what each slot means for its neighbours: its difficulty, its tokens.
    """
    import pandas

    causes = numpy.stack((mean_before(burden), mean_before(burden[:, ::-1])[:, ::-1]), axis=2)
    scale = causes.reshape(-1, 2).std(axis=0)
    if not (scale > 1e-12).all():
        return Effects(UNDEFINED, UNDEFINED)
    strata, right, question = _strata(responses, causes / scale)
    if len(question) == 0:
        return Effects(UNDEFINED, UNDEFINED)
    observed = strata.sums(right)
    found = fit(strata, observed.sum(axis=0))
    if found is None:
        return Effects(UNDEFINED, UNDEFINED)
    errors = influence(strata, found, observed, question)[:, -2:] / scale
    values = found.effects[-2:] / scale
    estimates = [difference(float(values[side]), pandas.Series(errors[:, side])) for side in (0, 1)]
    return Effects(*estimates)


def predecessor_slope(responses: Responses, burden: numpy.ndarray) -> Estimate:
    """Return the change of accuracy with the mean burden of the questions before, at equal question and position.

    Args:
        responses: of one level.
        burden: (responses, level), what each slot means for its neighbours.
    """
    level = burden.shape[1]
    question = responses.question[:, 1:]
    stratum = question * level + numpy.arange(1, level)
    before = mean_before(burden)[:, 1:]
    return within_slope(responses.right[:, 1:].ravel(), before.ravel(), stratum.ravel(), question.ravel())


def mean_before(burden: numpy.ndarray) -> numpy.ndarray:
    """Return the mean over the positions before each one; 0 at the first."""
    before = numpy.zeros(burden.shape)
    before[:, 1:] = burden.cumsum(axis=1)[:, :-1] / numpy.arange(1, burden.shape[1])
    return before


def _strata(responses: Responses, causes: numpy.ndarray) -> tuple[Strata, numpy.ndarray, numpy.ndarray]:
    """Return the slots by question, which of them are right, and the question of each stratum."""
    question, right = responses.question.ravel(), responses.right.ravel()
    level = causes.shape[1]
    longest = max(2 * level, min(LONGEST_STRATUM, MOST_WORK // len(question)))
    order = numpy.argsort(question, kind="stable")
    n_slots = numpy.bincount(question)
    n_parts = -(-n_slots // longest)
    first_stratum = numpy.concatenate(([0], n_parts.cumsum()[:-1]))
    rank = numpy.arange(len(order)) - numpy.repeat(n_slots.cumsum() - n_slots, n_slots)
    sorted_question = question[order]
    stratum = first_stratum[sorted_question] + rank * n_parts[sorted_question] // n_slots[sorted_question]
    sizes = numpy.bincount(stratum)
    n_right = sums_by_question(right[order].astype(float), stratum, len(sizes)).astype(int)
    used = (n_right > 0) & (n_right < sizes)
    order = order[used[stratum]]
    member = numpy.arange(sizes.max()) < sizes[used][:, None]
    covariates = numpy.zeros((*member.shape, 2))
    covariates[member] = causes.reshape(-1, 2)[order]
    category = numpy.zeros(member.shape, dtype=numpy.int16)
    category[member] = order % level
    is_right = numpy.zeros(member.shape, dtype=bool)
    is_right[member] = right[order]
    of_question = numpy.repeat(numpy.arange(len(n_parts)), n_parts)[used]
    return Strata(covariates, category, member, n_right[used], numpy.ones(int(used.sum()))), is_right, of_question


def expected_difficulty(single: "pandas.DataFrame", names: "pandas.Index") -> numpy.ndarray:
    """Return the difficulty that each of these questions is expected to have, given its replies at level 1.

    mean + (d - mean) V / (V + noise / n): what n replies say is drawn to the mean of all questions by as much as it is
    noise, so that effects of it are not drawn towards 0 (regression calibration, Carroll et al. 2006). V is the
    variance of the true difficulties. With one reply each the noise is unknown, and the difficulties stay as they are.

    Args:
        single: slots of level 1.
        names: questions; one without a reply there has NaN.
    """
    own, own_names = factorize(single["problem_id"])
    n_replies = numpy.bincount(own)
    wrong = 1 - numpy.bincount(own, weights=single["correct"].to_numpy(dtype=float)) / n_replies
    repeated = n_replies > 1
    difficulty = single_difficulty(single, names)
    if not repeated.any() or len(own_names) == 1:
        return difficulty
    n, d = n_replies[repeated], wrong[repeated]
    noise = float((n / (n - 1) * d * (1 - d)).mean())
    spread = max(0.0, float(wrong.var(ddof=1)) - noise * float((1 / n_replies).mean()))
    replies = n_replies[own_names.get_indexer(names)]
    share = spread / (spread + noise / replies) if spread + noise else 1.0
    mean = float(wrong.mean())
    expected: numpy.ndarray = mean + share * (difficulty - mean)
    return expected
