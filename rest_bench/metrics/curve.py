"""Accuracy over the levels as a few numbers (metrics.md 5.3); compare only runs with the same levels."""

import math
from collections.abc import Mapping
from itertools import pairwise

FEWEST_LEVELS = 2


def area_under_curve(accuracy: Mapping[int, float]) -> float | None:
    """Return the mean height of the accuracy curve, in [0, 1], higher is better; null for fewer than two levels.

    The trapezoid integral over the level, divided by the distance of the outer levels.

    Args:
        accuracy: by level, ascending.
    """
    if len(accuracy) < FEWEST_LEVELS:
        return None
    area = sum((right - left) * (accuracy[left] + accuracy[right]) / 2 for left, right in pairwise(accuracy))
    return area / (max(accuracy) - min(accuracy))


def half_stress_level(accuracy: Mapping[int, float]) -> float | None:
    """Return the lowest level, between levels by a straight line, at which half of the accuracy at level 1 is left.

    Higher is better. Null without level 1, where nothing is right there, and where more than half is left everywhere.

    Args:
        accuracy: by level, ascending.
    """
    half = accuracy.get(1, 0.0) / 2
    if half <= 0:
        return None
    for left, right in pairwise(accuracy):
        if accuracy[right] <= half:
            return left + (right - left) * (accuracy[left] - half) / (accuracy[left] - accuracy[right])
    return None


def decay_rate(accuracy: Mapping[int, float]) -> float | None:
    """Return the slope of -log(accuracy) over level - 1, lower is better: 0.69 halves it with each further problem.

    Least squares over the levels where anything is right; null for fewer than two of them.

    Args:
        accuracy: by level, ascending.
    """
    points = [(level - 1, -math.log(value)) for level, value in accuracy.items() if value > 0]
    if len(points) < FEWEST_LEVELS:
        return None
    mean_x, mean_y = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) * (x - mean_x) for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
