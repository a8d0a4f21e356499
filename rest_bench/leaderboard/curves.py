"""A small stress curve as inline SVG: a page for each model needs one, and a thousand of them must cost nothing."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from rest_bench.schema import Estimate

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 38, 10, 10, 24
"""Of the plot inside the picture."""


class Tick(NamedTuple):
    """A mark on an axis."""

    at: float
    label: str


class Mark(NamedTuple):
    """The accuracy at one level."""

    x: float
    y: float
    low: float | None
    high: float | None
    words: str


class Curve(NamedTuple):
    """What the template draws."""

    marks: tuple[Mark, ...]
    line: str
    band: str
    """Empty where a level has no interval."""
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    words: str
    """The same for those who do not see it."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def make_curve(levels: Mapping[int, Estimate]) -> Curve | None:
    """Return accuracy over level; None for fewer than two levels."""
    known = {level: estimate for level, estimate in sorted(levels.items()) if estimate.value is not None}
    if len(known) < 2:
        return None
    first, last = min(known), max(known)

    def x(level: int) -> float:
        return round(LEFT + (level - first) / (last - first) * (WIDTH - LEFT - RIGHT - 8) + 4, 1)

    def y(share: float) -> float:
        return round(TOP + (1 - min(1.0, max(0.0, share))) * (HEIGHT - TOP - BOTTOM), 1)

    marks = tuple(
        Mark(x(level), y(float(estimate.value or 0)), *_bounds(estimate, y), f"level {level}: {_words(estimate)}")
        for level, estimate in known.items()
    )
    highs = [f"{mark.x},{mark.high}" for mark in marks if mark.high is not None]
    lows = [f"{mark.x},{mark.low}" for mark in reversed(marks) if mark.low is not None]
    return Curve(
        marks=marks,
        line=" ".join(f"{mark.x},{mark.y}" for mark in marks),
        band=" ".join(highs + lows) if len(highs) == len(lows) == len(marks) else "",
        x_ticks=tuple(Tick(x(level), str(level)) for level in known),
        y_ticks=tuple(Tick(y(share / 100), f"{share} %") for share in (0, 25, 50, 75, 100)),
        words="accuracy: " + "; ".join(mark.words for mark in marks),
    )


def _bounds(estimate: Estimate, y: Callable[[float], float]) -> tuple[float | None, float | None]:
    if estimate.ci is None:
        return None, None
    low, high = estimate.ci
    return y(low), y(high)


def _words(estimate: Estimate) -> str:
    return f"{100 * float(estimate.value or 0):.1f} %"
