"""Doubt, changes of approach and endless repetition in the thinking (metrics.md 7.9, 7.10).

Words depend on how a model writes: compare within one model, across levels.
"""

from typing import TYPE_CHECKING

from rest_bench.metrics.reasons import NOT_DIVIDED
from rest_bench.metrics.statistics import mean_of_known
from rest_bench.schema import Reflection

if TYPE_CHECKING:
    import pandas


def reflect(scores: "pandas.DataFrame") -> Reflection:
    """Return how often the thinking of one level doubts, turns to another approach and gets stuck.

    Words count in slots whose thinking could be divided surely, and counted; loops in all responses.

    Args:
        scores: the slots of one task at one level, with the columns of `schema.Score`.
    """
    known = scores["segmentation_sure"].eq(True) & scores["markers"].notna() & (scores["segment_tokens"] > 0)
    thought = scores.loc[known.fillna(False).astype(bool)]
    tokens, markers, switches = (float(thought[name].sum()) for name in ("segment_tokens", "markers", "switches"))
    responses = scores.loc[(scores["position"] == 1) & (scores["finish_reason"] != "error")]
    onsets = responses["loop_onset_tokens"].dropna()
    return Reflection.explained(
        {
            **dict.fromkeys(("marker_rate", "thought_switches", "thought_length"), NOT_DIVIDED),
            "loop_rate": "there is no response",
            "loop_onset_tokens": "no response ends in a repetition, or its tokens are not counted",
        },
        marker_rate=1000 * markers / tokens if tokens else None,
        thought_switches=switches / len(thought) if len(thought) else None,
        thought_length=tokens / (switches + len(thought)) if len(thought) else None,
        loop_rate=mean_of_known(responses["looped"]),
        loop_onset_tokens=None if onsets.empty else float(onsets.astype(float).median()),
    )
