"""Intervals, inequalities and unions: everything that describes a part of the real line."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from rest_bench.scoring.latex import plain, split
from rest_bench.scoring.shapes import Collection, Interval, Region, Relation, Shape, Value, is_name

_LESS = {"<": False, r"\le": True}
_GREATER = {">": False, r"\ge": True}
_SIGNS = frozenset({*_LESS, *_GREATER, r"\ne"})
"""Inequality signs; the tables say whether an end is closed."""
_ABSOLUTE = re.compile(r"\|\s*([a-z])\s*\|")
_MIRRORED = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le", r"\ne": r"\ne"}
_BELOW, _ABOVE = Value(r"-\infty"), Value(r"\infty")


def read_bracketed(opening: str, parts: Sequence[Shape], closing: str) -> Shape:
    """Read what stands in brackets with commas: an interval, or a tuple."""
    if opening in ("(", "[") and closing in (")", "]") and len(parts) == 2:
        interval = Interval(parts[0], parts[1], opening == "[", closing == "]")
        if "[" in opening or "]" in closing or any(_is_infinite(part) for part in parts):
            return Region((interval,))
        return Collection("tuple", tuple(parts), is_interval=True)
    return Collection("tuple", tuple(parts))


def as_region(shape: Shape) -> Region | None:
    """Return the region that a shape is or may be read as, else null; a set of points is a region too."""
    if isinstance(shape, Region):
        return shape
    if isinstance(shape, Collection) and shape.is_interval:
        low, high = shape.parts
        return Region((Interval(low, high, low_closed=False, high_closed=False),))
    if isinstance(shape, Collection) and shape.kind == "set":
        return Region(tuple(Interval(point, point, True, True) for point in shape.parts))
    return None


def read_relation(text: str, read: Callable[[str], Shape]) -> Shape | None:
    """Read an inequality: `x > 3`, `0 < x <= 9`, `x != 3` with one name are regions, others are left to algebra."""
    sides, signs = split(text, _SIGNS.__contains__)
    if not signs or not all(sides):
        return None
    if len(sides) == 2 and signs[0] in _LESS and (absolute := _ABSOLUTE.fullmatch(sides[0])):
        is_closed = _LESS[signs[0]]
        return Region((Interval(read(f"-{sides[1]}"), read(sides[1]), is_closed, is_closed),), absolute[1])
    if len(sides) == 2 and is_name(sides[0]) != is_name(sides[1]):
        name, bound = sides if is_name(sides[0]) else reversed(sides)
        sign = signs[0] if is_name(sides[0]) else _MIRRORED[signs[0]]
        return Region(_one_sided(sign, read(bound)), plain(name))
    if len(sides) == 3 and is_name(sides[1]):
        low, name, high = sides if set(signs) <= set(_LESS) else reversed(sides)
        closed = [{**_LESS, **_GREATER}.get(sign) for sign in (signs if set(signs) <= set(_LESS) else reversed(signs))]
        if set(signs) <= set(_LESS) or set(signs) <= set(_GREATER):
            return Region((Interval(read(low), read(high), bool(closed[0]), bool(closed[1])),), plain(name))
    return Relation(text)


def _one_sided(sign: str, bound: Shape) -> tuple[Interval, ...]:
    if sign in _LESS:
        return (Interval(_BELOW, bound, False, _LESS[sign]),)
    if sign in _GREATER:
        return (Interval(bound, _ABOVE, _GREATER[sign], False),)
    return Interval(_BELOW, bound, False, False), Interval(bound, _ABOVE, False, False)


def _facing(bounds: Sequence[Interval]) -> Interval | None:
    """Return what two half lines that face each other have in common, or null where they do not."""
    uppers = [bound for bound in bounds if bound.low == _BELOW]
    lowers = [bound for bound in bounds if bound.high == _ABOVE]
    if not len(bounds) == 2 == len(uppers) + len(lowers) or len(uppers) != 1:
        return None
    (upper,), (lower,) = uppers, lowers
    return (
        None
        if _comes_after(lower.low, upper.high)
        else Interval(lower.low, upper.high, lower.low_closed, upper.high_closed)
    )


def _comes_after(low: Shape, high: Shape) -> bool:
    if not (isinstance(low, Value) and isinstance(high, Value) and low.number and high.number):
        return False
    return low.number.value > high.number.value


def read_union(text: str, read: Callable[[str], Shape]) -> Shape | None:
    """Read intervals and sets joined by a union sign, or taken out of an interval."""
    text = _REALS_WITHOUT.sub(r"\\mathbb{R}\\setminus ", text)
    text = _BARE_REALS.sub(r"\\mathbb{R}", text)
    parts, signs = split(text, lambda token: token in (r"\cup", r"\cap", r"\setminus", r"\backslash"))
    if not signs:
        return None
    regions = [region for part in parts if (region := as_region(read(part)))]
    if len(regions) == len(parts) and set(signs) == {r"\cup"}:
        return _union(regions)
    if len(regions) == len(parts) == 2 and signs[0] != r"\cap":
        return _without(*regions) or Relation(text)
    return Relation(text)


_BARE_REALS = re.compile(r"^R(?=\s*\\setminus\s*(?:\\\{|[(\[]))")
_REALS_WITHOUT = re.compile(r"\\mathbb\{R\}\s*[-/]\s*(?=\\\{|[(\[])")


def _without(whole: Region, holes: Region) -> Region | None:
    """Take holes out of one interval; null where it is not sure that they lie in it, in order."""
    bounds = [bound for hole in holes.intervals for bound in (hole.low, hole.high)]
    if len(whole.intervals) != 1 or not _ascend([whole.intervals[0].low, *bounds, whole.intervals[0].high]):
        return None
    (rest,), pieces = whole.intervals, []
    for hole in holes.intervals:
        pieces.append(replace(rest, high=hole.low, high_closed=not hole.low_closed))
        rest = replace(rest, low=hole.high, low_closed=not hole.high_closed)
    return replace(whole, intervals=(*pieces, rest))


def _ascend(bounds: Sequence[Shape]) -> bool:
    """Say whether bounds are numbers in order; only the outer two may be infinite."""
    inner = [bound.number for bound in bounds if isinstance(bound, Value) and bound.number]
    infinite = (bounds[0] == _BELOW) + (bounds[-1] == _ABOVE)
    values = [number.value for number in inner]
    return len(inner) + infinite == len(bounds) and values == sorted(values)


def _union(regions: Sequence[Region]) -> Region:
    variables = {region.variable for region in regions}
    variable = next(iter(variables)) if len(variables) == 1 else None
    return Region(tuple(interval for region in regions for interval in region.intervals), variable)


def condition_list(parts: Sequence[Shape], joined_by: Literal["or", "and", ","]) -> Region | None:
    """Read a list of conditions on one name: a union after "or", else what all of them allow.

    Half lines that have nothing in common are a union after a comma, and nothing that can be read after "and".
    """
    regions = [part for part in parts if isinstance(part, Region)]
    if len(regions) != len(parts) or len({region.variable for region in regions}) != 1:
        return None
    union = _union(regions)
    if joined_by == "or" or union.variable is None:
        return union
    common = _facing(union.intervals)
    if common is None:
        return None if joined_by == "and" else union
    return replace(union, intervals=(common,))


def _is_infinite(shape: Shape) -> bool:
    return isinstance(shape, Value) and plain(shape.text).lstrip("+-") == r"\infty"
