"""The same questions alone and under stress: what is lost, what is gained (metrics.md 5.6)."""

from typing import TYPE_CHECKING, get_args

from rest_bench.metrics.reasons import against_single
from rest_bench.schema import Flips, Outcome

if TYPE_CHECKING:
    import pandas


NO_FLIPS = Flips.all_undefined("level 1 shares no question with this one")
ERRORS = tuple(name for name in get_args(Outcome) if name != "correct")


def flips(single: "pandas.DataFrame | None", scores: "pandas.DataFrame") -> Flips:
    """Compare each question at level 1 with itself at a higher level; nulls where they share no question.

    x = accuracy of a question at level 1, m = here. loss = mean of x (1 - m), gain = mean of (1 - x) m, each in [0, 1]
    and better when lower and higher. drop_by_outcome parts the loss: of each outcome but `correct`, the mean of x times
    the share of the question's slots that ended so, in [0, 1], `ungraded` and `error` among them. Every question weighs
    the same, so that the parts sum to loss whatever the number of slots, and their sum less gain is the mean of x - m.
    That is the drop where each level asks every question equally often, as a complete cyclic run does; else the
    drop, a difference of means over slots, is another number.

    Args:
        single: slots of level 1 with `problem_id` and `correct`.
        scores: slots of a higher level, likewise, and with `outcome`.
    """
    if single is None or single is scores:
        return Flips.all_undefined(against_single(scores, single))
    alone = single["correct"].astype(float).groupby(single["problem_id"], observed=True)
    stressed = scores["correct"].astype(float).groupby(scores["problem_id"], observed=True)
    right, here = alone.mean(), stressed.mean()
    shared = right.index.intersection(here.index)
    if shared.empty:
        return NO_FLIPS
    x, m, n = right[shared], here[shared], alone.size()[shared]
    has_pairs = bool((n > 1).all())
    return Flips.explained(
        {"loss_by_chance": "a question was asked once at level 1"},
        loss=float((x * (1 - m)).mean()),
        gain=float(((1 - x) * m).mean()),
        loss_by_chance=float((n / (n - 1) * x * (1 - x)).mean()) if has_pairs else None,
        drop_by_outcome=_by_outcome(scores, x / stressed.size()[shared] / len(shared)),
    )


def _by_outcome(scores: "pandas.DataFrame", weights: "pandas.Series") -> dict[str, float]:
    """Return the summed weights of the slots of each outcome; a slot weighs what its question says."""
    weight = scores["problem_id"].map(weights).astype(float)
    parts = weight.groupby(scores["outcome"], observed=True).sum()
    return {name: float(parts.get(name, 0.0)) for name in ERRORS}
