"""The same questions alone and under stress: what is lost, what is gained (metrics.md 5.6)."""

from typing import TYPE_CHECKING

from rest_bench.schema import Flips

if TYPE_CHECKING:
    import pandas


NO_FLIPS = Flips(loss=None, gain=None, loss_by_chance=None)


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
    return Flips(loss=float((x * (1 - m)).mean()), gain=float(((1 - x) * m).mean()), loss_by_chance=by_chance)
