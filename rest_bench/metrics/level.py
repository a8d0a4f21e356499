"""All metrics of one task at one level (metrics.md sections 4 to 8)."""

from typing import TYPE_CHECKING

from rest_bench.metrics.accuracy import accuracies
from rest_bench.metrics.allocation import allocate
from rest_bench.metrics.budget import budget_split, budget_use
from rest_bench.metrics.certainty import certainty
from rest_bench.metrics.efficiency import efficiency
from rest_bench.metrics.flips import flips
from rest_bench.metrics.joint import joint_success
from rest_bench.metrics.neighbours import neighbours
from rest_bench.metrics.outcomes import counts, outcomes, tokens
from rest_bench.metrics.position import positions
from rest_bench.metrics.position_logit import position_effect
from rest_bench.metrics.reflection import reflect
from rest_bench.metrics.responses import Conditions, as_responses
from rest_bench.metrics.selection import selection
from rest_bench.metrics.swaps import swaps
from rest_bench.metrics.trace_credit import credit_traces
from rest_bench.schema import LevelSummary

if TYPE_CHECKING:
    import pandas


def summarize_level(
    scores: "pandas.DataFrame", single: "pandas.DataFrame | None", conditions: Conditions
) -> LevelSummary:
    """Return the metrics of one task's scores at one level.

    Every slot counts in the denominator of the accuracies: an answer that is null, ungraded or lost to an engine error
    is not correct. The shares of `outcomes` say how many slots are of which kind.

    Args:
        scores: the slots of this level, at least one.
        single: the slots of level 1, or None where the run has none.
        conditions: design and budgets of the run.
    """
    level = int(scores["level"].iloc[0])
    by_position = scores["correct"].astype(float).groupby(scores["position"]).mean()
    single_value = None if single is None else float(single["correct"].mean())
    responses = as_responses(scores)
    accuracy = accuracies(scores, single, conditions.chance)
    return LevelSummary.of(
        counts(scores),
        accuracy,
        positions([float(share) for share in by_position], single_value),
        flips(single, scores),
        outcomes(scores, conditions.max_tokens),
        swaps(scores),
        tokens(scores),
        allocate(scores, level, single),
        efficiency(scores, level, conditions.max_tokens),
        reflect(scores),
        credit_traces(scores),
        position_effect(scores),
        joint_success(responses, level),
        selection(scores, single),
        budget_use(scores, conditions),
        budget_split(scores, single, responses, conditions),
        neighbours(scores, single, responses, conditions.design),
        certainty(scores, single, responses, accuracy.drop, conditions),
    )
