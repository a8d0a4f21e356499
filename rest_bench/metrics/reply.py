"""The numbers of one reply, for harnesses that score replies one by one and average."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

SHARES = ("acc", "strict", "paper", "answered", "ungraded")
COLUMNS = (
    *("position", "answer", "outcome", "correct", "correct_strict", "correct_paper"),
    *("finish_reason", "segment_tokens"),
)
"""Of `schema.Score`, that the numbers are made from."""
LM_EVAL_PREFIX = "rest_"
"""Before the names of all metrics inside lm-eval, whose own `acc` and others are of another kind."""


def reply_metrics(slots: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the numbers of one reply; their means over replies are the metrics of a level.

    All are in [0, 1] but the thinking tokens. `acc` counts answers by label, `strict` only those in the required
    format, `paper` as the released code of the paper does. `answered` is the share of slots with an answer, `ungraded`
    that of slots that no judge could decide, which `acc` counts as wrong. `truncated` is 1 where the reply hit its
    token limit or, if nobody noted how it ended, where it never left its thinking or repeats itself to the end.
    `think_tokens_pos` is left out where it is not known.

    Args:
        slots: the columns `COLUMNS` of the scores of one reply, by position; null or NaN where nothing is known.
    """
    level = len(slots)
    counted = {
        "acc": [slot["correct"] for slot in slots],
        "strict": [slot["correct_strict"] for slot in slots],
        "paper": [not _is_null(slot["correct_paper"]) and slot["correct_paper"] for slot in slots],
        "answered": [not _is_null(slot["answer"]) for slot in slots],
        "ungraded": [slot["outcome"] == "ungraded" for slot in slots],
    }
    return {
        **{name: sum(map(bool, counted[name])) / level for name in SHARES},
        "all_correct": float(all(counted["acc"])),
        "truncated": float(_was_cut(slots)),
        **{f"acc_pos{slot['position']}": float(slot["correct"]) for slot in slots},
        **{
            f"think_tokens_pos{slot['position']}": float(slot["segment_tokens"])
            for slot in slots
            if not _is_null(slot["segment_tokens"])
        },
    }


def metric_names(level: int) -> tuple[str, ...]:
    """Return the names that `reply_metrics` gives at a level, those that may be left out among them."""
    positions = range(1, level + 1)
    return (
        *(*SHARES, "all_correct", "truncated"),
        *(f"acc_pos{position}" for position in positions),
        *(f"think_tokens_pos{position}" for position in positions),
    )


def is_better_high(name: str) -> bool | None:
    """Return whether more of a metric is better; null where it is neither."""
    return None if name.startswith("think_tokens") else name not in ("truncated", "ungraded")


def _was_cut(slots: Sequence[Mapping[str, Any]]) -> bool:
    finish_reason = slots[0]["finish_reason"]
    if not _is_null(finish_reason):
        return bool(finish_reason == "length")
    return any(slot["outcome"] in ("truncated", "repetition") for slot in slots)


def _is_null(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
