"""Accuracy among answered slots, against the same questions alone (metrics.md 6.1)."""

from typing import TYPE_CHECKING

from rest_bench.metrics.reasons import ALONE, NO_SINGLE
from rest_bench.metrics.statistics import cluster_effects, difference
from rest_bench.schema import Selection

if TYPE_CHECKING:
    import pandas

NONE_ANSWERED = "no slot was answered whose question stands at level 1"


def selection(scores: "pandas.DataFrame", single: "pandas.DataFrame | None") -> Selection:
    """Return the selection-matched drop: what the answered slots lose against the same questions at level 1.

    mean over answered slots of x_q - accuracy among them, in [-1, 1], lower is better. The slots that are answered are
    chosen (easy questions survive): accuracy among them compares with that of the same questions alone, not of all.

    Args:
        scores: slots of one level.
        single: slots of level 1, or None where there is none.
    """
    if single is None:
        return Selection.all_undefined(NO_SINGLE)
    if int(scores["level"].iloc[0]) == 1:
        return Selection.all_undefined(ALONE)
    alone = single["correct"].astype(float).groupby(single["problem_id"], observed=True).mean()
    answered = scores[scores["answer"].notna()]
    lost = answered["problem_id"].astype(object).map(alone).astype(float) - answered["correct"].astype(float)
    known = lost.notna()
    if not known.any():
        return Selection.all_undefined(NONE_ANSWERED)
    lost = lost[known]
    return Selection(
        selection_drop=difference(float(lost.mean()), cluster_effects(lost, answered["problem_id"][known]))
    )
