"""How the thinking of a response was shared out over its questions (metrics.md 7.6, 7.11)."""

from typing import TYPE_CHECKING

from rest_bench.schema import Allocation

if TYPE_CHECKING:
    import pandas

REACHED_TOKENS = 20
"""Thinking tokens from which a position counts as reached (tau_omit of metrics.md section 4)."""


def allocate(scores: "pandas.DataFrame", level: int) -> Allocation:
    """Return how thinking was shared out over the positions of one level.

    Only responses whose thinking could be divided surely, and counted, tell; `segmentation_sure` says how many. A
    position that the thinking never reached has 0 tokens and stays in the median; a response without thinking is left
    out, as one whose thinking holds no question is from `first_share_ratio`.

    Args:
        scores: the slots of one task at this level, with the columns of `schema.Score`.
        level: positions per response.
    """
    known = scores["segmentation_sure"].dropna()
    is_sure = scores["segmentation_sure"].eq(True) & scores["segment_tokens"].notna()
    sure = scores.loc[is_sure, ["pack_id", "position", "segment_tokens"]]
    tokens = sure["segment_tokens"].astype(float)
    medians = tokens.groupby(sure["position"]).median()
    reached = (tokens >= REACHED_TOKENS).astype(float).groupby(sure["position"]).mean()
    totals = tokens.groupby(sure["pack_id"]).sum()
    firsts = sure[sure["position"] == 1].set_index("pack_id")["segment_tokens"].astype(float)
    ratios = (level * firsts / totals[totals > 0]).dropna()
    positions = range(1, level + 1)
    return Allocation(
        thinking_tokens=tuple(_number(medians.get(position)) for position in positions),
        segmentation_sure=None if known.empty else float(known.astype(float).mean()),
        first_share_ratio=None if ratios.empty else float(ratios.mean()),
        reach=tuple(_number(reached.get(position)) for position in positions),
    )


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
