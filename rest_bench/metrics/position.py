"""Accuracy over the positions of a level as a few numbers (metrics.md 5.5).

Slopes are limited by the floor: a model that is wrong everywhere has none. They mean something beside the accuracy.
"""

from collections.abc import Sequence

from rest_bench.metrics.reasons import NO_SINGLE
from rest_bench.schema import Positions

FEWEST_FOR_SLOPE, FEWEST_FOR_RECENCY = 2, 3


def positions(accuracy: Sequence[float], single: float | None) -> Positions:
    """Return the metrics of a level by position.

    Args:
        accuracy: by position 1..s.
        single: accuracy at level 1.
    """
    return Positions.explained(
        {
            "position_slope": "there is one position",
            "primacy": "there is one position",
            "recency": "there are fewer than three positions",
            "load_effect": "there is one position" if len(accuracy) == 1 else NO_SINGLE,
        },
        position_accuracy=tuple(accuracy),
        position_slope=position_slope(accuracy),
        primacy=primacy(accuracy),
        recency=recency(accuracy),
        load_effect=load_effect(single, accuracy),
    )


def position_slope(accuracy: Sequence[float]) -> float | None:
    """Return the change of accuracy from one position to the next, by least squares; near 0 is good.

    Null for one position.

    Args:
        accuracy: by position 1..s.
    """
    n = len(accuracy)
    if n < FEWEST_FOR_SLOPE:
        return None
    middle = (n - 1) / 2
    spread = sum((place - middle) ** 2 for place in range(n))
    return sum((place - middle) * value for place, value in enumerate(accuracy)) / spread


def primacy(accuracy: Sequence[float]) -> float | None:
    """Return the accuracy at position 1 minus the mean of the others; null for one position.

    Args:
        accuracy: by position 1..s.
    """
    others = accuracy[1:]
    return accuracy[0] - sum(others) / len(others) if others else None


def recency(accuracy: Sequence[float]) -> float | None:
    """Return the accuracy at the last position minus the mean of those between first and last; null for two positions.

    Args:
        accuracy: by position 1..s.
    """
    if len(accuracy) < FEWEST_FOR_RECENCY:
        return None
    between = accuracy[1:-1]
    return accuracy[-1] - sum(between) / len(between)


def load_effect(single: float | None, accuracy: Sequence[float]) -> float | None:
    """Return the accuracy at level 1 minus that at position 1: what it costs merely to see other questions.

    Nothing precedes position 1. In [-1, 1], near 0 is good; null without level 1, and at level 1 itself.

    Args:
        single: accuracy at level 1.
        accuracy: by position 1..s.
    """
    return None if single is None or len(accuracy) == 1 else single - accuracy[0]
