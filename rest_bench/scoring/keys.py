r"""A value as text that can be counted: equal keys are equal values, without a judge and without comparing pairs.

Not tied together: what takes algebra (`\sqrt{8}` and `2\sqrt{2}`), a rounded decimal and its exact value, a percentage
and its fraction; nor what a judge reads in the light of a gold: a decimal comma, `1 to 2`, named parts for a tuple.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from rest_bench.scoring.latex import plain
from rest_bench.scoring.math import read
from rest_bench.scoring.measures import SHARES
from rest_bench.scoring.shapes import (
    Assignment,
    Collection,
    Equation,
    Interval,
    Matrix,
    Parts,
    Region,
    Relation,
    Shape,
    Value,
    Words,
)


class Key(NamedTuple):
    """A value in one spelling, and its unit."""

    value: str
    unit: str | None = None


def key_of(text: str) -> Key:
    """Return the key of an answer or a gold; of what cannot be read, the text itself."""
    try:
        shape = read(text.strip())
        return Key(text.strip()) if shape is None else _key(shape)
    except Exception:  # noqa: BLE001 - as for a judge: no answer may stop a run
        return Key(text.strip())


gold_key = lru_cache(16_384)(key_of)
"""The same for golds, which come again and again; a cache of its own, that no answer pushes them out of."""


def alike(one: Key, other: Key) -> bool:
    """Say whether two values are equal; a unit that one of them leaves out is understood."""
    return one.value == other.value and (one.unit == other.unit or None in (one.unit, other.unit))


def _key(shape: Shape) -> Key:
    if isinstance(shape, Value | Parts):
        value = _VALUES[type(shape)](shape)
        is_told = shape.strange or (shape.unit != "%" and shape.unit in SHARES)
        return Key(f"{value} {shape.unit}") if is_told else Key(value, shape.unit)
    if isinstance(shape, Equation) and shape.name and len(shape.sides) == 2:
        return _key(shape.sides[1])
    if isinstance(shape, Equation) and len({_key(side) for side in shape.sides}) == 1:
        return _key(shape.sides[0])
    return Key(_VALUES[type(shape)](shape))


def _text(shape: Shape) -> str:
    value, unit = _key(shape)
    return value if unit is None else f"{value} {unit}"


def _texts(shapes: Iterable[Shape]) -> str:
    return ",".join(map(_text, shapes))


def _value(shape: Value) -> str:
    if shape.base not in (None, "10"):
        return f"{plain(shape.text).upper().lstrip('+0')}_{shape.base}"
    return str(shape.number.value) if shape.number else plain(shape.text)


def _words(shape: Words) -> str:
    spoken = plain(shape.text).strip("().")
    return spoken.casefold() if len(spoken) > 1 else spoken


def _collection(shape: Collection) -> str:
    return f"({_texts(shape.parts)})" if shape.kind == "tuple" else f"{{{','.join(sorted(map(_text, shape.parts)))}}}"


def _interval(interval: Interval) -> str:
    opening, closing = "(["[interval.low_closed], ")]"[interval.high_closed]
    return f"{opening}{_text(interval.low)},{_text(interval.high)}{closing}"


_VALUES: dict[type, Callable[[Any], str]] = {
    Value: _value,
    Words: _words,
    Collection: _collection,
    Parts: lambda shape: shape.sign.join(map(_text, shape.parts)),
    Matrix: lambda shape: f"[{';'.join(map(_texts, shape.rows))}]",
    Region: lambda shape: "|".join(sorted(map(_interval, shape.intervals))),
    Relation: lambda shape: plain(shape.text),
    Equation: lambda shape: "=".join(map(_text, shape.sides)),
    Assignment: lambda shape: ",".join(sorted(f"{name}={_text(value)}" for name, value in shape.values)),
}
