"""The same questions alone and under stress: what is lost, what is gained (metrics.md 5.6)."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas


class Flips(NamedTuple):
    """Expected flips of a question between level 1 and a higher level, each in [0, 1]."""

    loss: float | None
    """Right alone and wrong under stress."""
    gain: float | None
    """Wrong alone and right under stress; loss - gain is the drop where every question has as many slots."""
    loss_by_chance: float | None
    """What `loss` would be if stress did nothing: answers to one question differ between generations. Null for one."""


NO_FLIPS = Flips(None, None, None)


def flips(single: "pandas.DataFrame", scores: "pandas.DataFrame") -> Flips:
    """Compare each question at level 1 with itself at a higher level; nulls where they share no question.

    Args:
        single: slots of level 1 with `problem_id` and `correct`.
        scores: slots of a higher level, likewise.
    """
    alone = single["correct"].astype(float).groupby(single["problem_id"], observed=True)
    stressed = scores["correct"].astype(float).groupby(scores["problem_id"], observed=True).mean()
    right = alone.mean()
    shared = right.index.intersection(stressed.index)
    if shared.empty:
        return NO_FLIPS
    x, m, n = right[shared], stressed[shared], alone.size()[shared]
    has_pairs = bool((n > 1).all())
    by_chance = float((n / (n - 1) * x * (1 - x)).mean()) if has_pairs else None
    return Flips(float((x * (1 - m)).mean()), float(((1 - x) * m).mean()), by_chance)
