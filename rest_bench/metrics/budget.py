"""How much of the drop the token limit explains, from single replies alone (metrics.md 6.2, 6.3, 6.5).

A stressed response has one budget for all of its questions. Single replies to the same questions, laid end to end and
cut off at that budget, lose what the limit costs and nothing else: the rest of the drop is interference or, below 0,
thinking that was saved.
"""

from typing import TYPE_CHECKING

import numpy

from rest_bench.metrics.clusters import two_way_se
from rest_bench.metrics.end_to_end import EndToEnd, Traces, end_to_end
from rest_bench.metrics.intervals import t_quantile
from rest_bench.metrics.reasons import ALONE, NO_SINGLE
from rest_bench.metrics.responses import Conditions, Responses, as_floats, factorize, sums_by_question
from rest_bench.metrics.statistics import cluster_effects, difference
from rest_bench.schema import Budget, BudgetUse, Estimate

if TYPE_CHECKING:
    import pandas

INCOMPLETE = "a response lacks slots"
NO_SINGLE_REPLY = "questions of this level have no reply at level 1"
NOT_COUNTED = "completion tokens, or the prompt tokens that limit them, were not counted"
SINGLE_NOT_COUNTED = "completion tokens at level 1 were not counted"
PROMPTS_NOT_COUNTED = "prompt tokens were not counted, and they limit the budget"


def budget_use(scores: "pandas.DataFrame", conditions: Conditions) -> BudgetUse:
    """Return completion tokens / budget of the prompt, mean over responses where both are known; in [0, 1].

    Args:
        scores: slots of one level.
        conditions: the run's budgets.
    """
    firsts = scores[scores["position"] == 1]
    used = as_floats(firsts["completion_tokens"])
    budget = budget_tokens(as_floats(firsts["prompt_tokens"]), conditions)
    known = ~numpy.isnan(used) & (budget > 0)
    value = float((used[known] / budget[known]).mean()) if known.any() else None
    return BudgetUse.explained({"budget_use": NOT_COUNTED}, budget_use=value)


def budget_split(
    scores: "pandas.DataFrame",
    single: "pandas.DataFrame | None",
    responses: Responses | None,
    conditions: Conditions,
) -> Budget:
    """Return what of the drop the budget explains.

    - `budget_cut_accuracy` = mean over slots of the share of the question's single replies that are right and no longer
      than B / s, in [0, 1]: harsh, as no question may borrow from another.
    - `budget_accuracy`, by position and in all: a single reply to each question of a prompt, drawn independently, laid
      end to end; right where it was right alone and ends within B. In [0, 1].
    - `..._at_end`: right only where all of them end within B, as if every answer stood in a summary at the end.
    - drop = `budget_drop` + `residual_drop`: accuracy at level 1 - `budget_accuracy`, and that - accuracy, exactly so
      for both ways of counting. In [-1, 1], lower is better.

    The errors are clustered by question, over its single and its stressed replies together; those of the residual by
    prompt, too, where that makes them larger. In simulations of the budget alone their 95 % intervals cover 92 to 95 %.

    B of a prompt is `max_tokens`, or what the context leaves if that is less. A single reply that hit the limit is
    wrong and as long as its budget; one lost to an engine error is wrong and takes no tokens; a stressed one, whose
    prompt nobody counted, has `max_tokens`.

    Args:
        scores: slots of one level.
        single: slots of level 1, or None where there is none.
        responses: the slots of this level as arrays, or None where a response lacks slots.
        conditions: the run's budgets.
    """
    replayed = _replay(scores, single, responses, conditions)
    if isinstance(replayed, str) or single is None or responses is None:
        return Budget.all_undefined(str(replayed))
    laid, budget, traces = replayed
    single_effects = cluster_effects(single["correct"].astype(float), single["problem_id"])
    single_value = float(single["correct"].mean())
    issued = _split(laid.issued, responses, single_value, single_effects)
    at_end = _split(laid.at_end, responses, single_value, single_effects)
    return Budget(
        budget_cut_accuracy=_cut_accuracy(responses.question, budget, traces),
        budget_accuracy=float(laid.issued.mean()),
        budget_position_accuracy=tuple(map(float, laid.issued.mean(axis=0))),
        budget_drop=issued[0],
        residual_drop=issued[1],
        budget_accuracy_at_end=float(laid.at_end.mean()),
        budget_position_accuracy_at_end=tuple(map(float, laid.at_end.mean(axis=0))),
        budget_drop_at_end=at_end[0],
        residual_drop_at_end=at_end[1],
    )


def residuals(
    scores: "pandas.DataFrame",
    single: "pandas.DataFrame | None",
    responses: Responses | None,
    conditions: Conditions,
) -> tuple[numpy.ndarray, numpy.ndarray] | str:
    """Return what of the drop the budget leaves at each slot, or why it is not known.

    The chance that a single reply to the question would be right and in time, minus whether the slot is right: the
    means are `residual_drop` and `residual_drop_at_end`. Two arrays, in the order of the table.

    Args:
        scores: as for `budget_split`, and so are the others.
        single: slots of level 1.
        responses: the slots of this level as arrays.
        conditions: the run's budgets.
    """
    replayed = _replay(scores, single, responses, conditions)
    if isinstance(replayed, str) or responses is None:
        return str(replayed)
    left: list[numpy.ndarray] = []
    for chance in (replayed[0].issued, replayed[0].at_end):
        in_order = numpy.empty(len(scores))
        in_order[responses.row.ravel()] = (chance - responses.right).ravel()
        left.append(in_order)
    return left[0], left[1]


def _replay(
    scores: "pandas.DataFrame",
    single: "pandas.DataFrame | None",
    responses: Responses | None,
    conditions: Conditions,
) -> tuple[EndToEnd, numpy.ndarray, Traces] | str:
    """Lay single replies end to end in the budgets of the prompts, or return why that cannot be done."""
    if single is None:
        return NO_SINGLE
    if int(scores["level"].iloc[0]) == 1:
        return ALONE
    if responses is None:
        return INCOMPLETE
    traces = _traces(single, responses.names, conditions)
    budget = _budgets(scores.iloc[responses.first_row], conditions)
    if isinstance(traces, str):
        return traces
    if isinstance(budget, str):
        return budget
    return end_to_end(responses.question, budget, traces), budget, traces


def budget_tokens(prompt_tokens: numpy.ndarray, conditions: Conditions) -> numpy.ndarray:
    """Return the output budget of each prompt; NaN where its prompt tokens limit it and are not known."""
    if conditions.max_context_tokens is None:
        return numpy.full(len(prompt_tokens), float(conditions.max_tokens))
    left = numpy.maximum(conditions.max_context_tokens - prompt_tokens, 0.0)
    return numpy.where(numpy.isnan(left), numpy.nan, numpy.minimum(conditions.max_tokens, left))


def _budgets(firsts: "pandas.DataFrame", conditions: Conditions) -> numpy.ndarray | str:
    """Return the budget of each response, or why it is not known."""
    budget = budget_tokens(as_floats(firsts["prompt_tokens"]), conditions)
    budget[numpy.isnan(budget) & _is_error(firsts)] = conditions.max_tokens
    return PROMPTS_NOT_COUNTED if numpy.isnan(budget).any() else budget


def _traces(single: "pandas.DataFrame", names: "pandas.Index", conditions: Conditions) -> Traces | str:
    """Return the single replies of the questions of a level, or why they cannot be laid end to end."""
    own, own_names = factorize(single["problem_id"])
    question = names.get_indexer(own_names)[own]
    n_replies = numpy.bincount(question[question >= 0], minlength=len(names))
    if (n_replies == 0).any():
        return NO_SINGLE_REPLY
    is_error, hit_limit = _is_error(single), single["finish_reason"].eq("length").to_numpy()
    tokens = as_floats(single["completion_tokens"])
    budget = budget_tokens(as_floats(single["prompt_tokens"]), conditions)
    tokens = numpy.where(numpy.isnan(tokens) & hit_limit, budget, tokens)
    tokens = numpy.where(numpy.isnan(tokens) & is_error, 0.0, tokens)
    if numpy.isnan(tokens[question >= 0]).any():
        return SINGLE_NOT_COUNTED
    right = single["correct"].to_numpy(dtype=bool) & ~hit_limit
    order = numpy.lexsort((right, tokens, question))
    order = order[question[order] >= 0]
    place = numpy.arange(n_replies.max()) < n_replies[:, None]
    padded_tokens, padded_right = numpy.zeros(place.shape), numpy.zeros(place.shape)
    padded_tokens[place], padded_right[place] = tokens[order], right[order]
    return Traces(padded_tokens, padded_right, n_replies)


def _is_error(scores: "pandas.DataFrame") -> numpy.ndarray:
    is_error: numpy.ndarray = scores["finish_reason"].eq("error").to_numpy()
    return is_error


def _split(
    chance: numpy.ndarray, responses: Responses, single_value: float, single_effects: "pandas.Series"
) -> tuple[Estimate, Estimate]:
    """Return the budget part and the rest of the drop."""
    budget_effects = single_effects.sub(_effects(chance, responses), fill_value=0.0)
    return difference(single_value - float(chance.mean()), budget_effects), _residual(
        chance - responses.right, responses
    )


def _residual(left: numpy.ndarray, responses: Responses) -> Estimate:
    """Return the mean of what is left of the drop at each slot.

    Its error lets slots of a prompt hang together as well as those of a question, if that makes it larger: a long
    reply to one question takes the budget of all that follow.
    """
    value = float(left.mean())
    by_question = difference(value, _effects(left, responses))
    prompt = numpy.repeat(responses.prompt, left.shape[1])
    se = two_way_se(left.ravel(), responses.question.ravel(), prompt)
    if se is None or by_question.se is None or se <= by_question.se:
        return by_question
    half_width = t_quantile(len(responses.names)) * se
    return Estimate(value=value, se=se, ci=(value - half_width, value + half_width))


def _effects(chance: numpy.ndarray, responses: Responses) -> "pandas.Series":
    """Return what each question adds to the error of the mean, as `cluster_effects` does."""
    import pandas

    sums = sums_by_question(chance - chance.mean(), responses.question, len(responses.names))
    return pandas.Series(sums / chance.size, index=responses.names)


def _cut_accuracy(question: numpy.ndarray, budget: numpy.ndarray, traces: Traces) -> float:
    level = question.shape[1]
    total = 0.0
    for share in numpy.unique(budget):
        within = (traces.right * (traces.tokens <= share / level)).sum(axis=1) / traces.n_replies
        total += float(within[question[budget == share]].sum())
    return total / question.size
