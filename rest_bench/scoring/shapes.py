"""The shapes that an answer can have: values, lists, tuples, regions, equations, words."""

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, TypeAlias

from rest_bench.scoring.latex import plain
from rest_bench.scoring.numbers import Number


@dataclass(frozen=True)
class Words:
    """Words, or anything else that is compared as text."""

    text: str


@dataclass(frozen=True)
class Value:
    """A number or an expression, with the unit taken off."""

    text: str
    number: Number | None = None
    unit: str | None = None
    base: str | None = None
    strange: frozenset[str] = frozenset()
    """Words of the unit that are on no list: they are a unit where the gold or the question names them."""


@dataclass(frozen=True)
class Collection:
    """Several things: a bare list, a set, or an ordered tuple."""

    kind: Literal["list", "set", "tuple"]
    parts: tuple["Shape", ...]
    is_interval: bool = False
    """Two parts in round brackets: a point or an open interval."""
    is_hedge: bool = False
    """A list joined by "or"."""


@dataclass(frozen=True)
class Parts:
    """What must agree part by part: a ratio, a clock time, a dotted sequence."""

    sign: str
    parts: tuple["Shape", ...]
    unit: str | None = None
    strange: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Matrix:
    """Rows of values; the kind of bracket is style."""

    rows: tuple[tuple["Shape", ...], ...]


@dataclass(frozen=True)
class Interval:
    """A stretch of the real line."""

    low: "Shape"
    high: "Shape"
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True)
class Region:
    """A union of intervals, by itself or as a condition on a variable."""

    intervals: tuple[Interval, ...]
    variable: str | None = None


@dataclass(frozen=True)
class Relation:
    """An inequality or a set that is no plain union of intervals; left to algebra."""

    text: str


@dataclass(frozen=True)
class Equation:
    """Sides with equals signs between; the first is often no more than a name."""

    sides: tuple["Shape", ...]
    texts: tuple[str, ...]

    @property
    def name(self) -> str | None:
        """The left side of `name = value`, else null."""
        return plain(self.texts[0]) if is_name(self.texts[0]) else None


@dataclass(frozen=True)
class Assignment:
    """Different names, each with its value: `x=3, y=4`."""

    values: tuple[tuple[str, "Shape"], ...]


def name_things(shape: Any, named: frozenset[str]) -> Any:
    """Return a shape, or a part of one, in which these words are units wherever they stand behind a number."""
    if type(shape) is tuple:
        return tuple(name_things(part, named) for part in shape)
    if not is_dataclass(shape) or isinstance(shape, type):
        return shape
    parts: dict[str, Any] = {field.name: name_things(getattr(shape, field.name), named) for field in fields(shape)}
    if isinstance(shape, Value | Parts):
        parts["strange"] = shape.strange - named
    return replace(shape, **parts)


EMPTY_SET = Words(r"\emptyset")

Shape: TypeAlias = Words | Value | Collection | Parts | Matrix | Region | Relation | Equation | Assignment

_NAME = re.compile(
    r"(?:\\[a-zA-Z]+|[A-Za-z]{1,3})\s*(?:_\{[^{}]*\})?'*\s*(?:\^\{-1\})?\s*(?:\([+-]?\w+(?:\s*,\s*[+-]?\w+)*\))?"
    r"|\\text\{[^{}]*\}\s*(?:_\{[^{}]*\})?(?:\([^()]*\))?|\\angle\s*[A-Z]{1,3}|P\([^()]*\)|\|[A-Za-z]{1,3}\|"
)
_NO_NAMES = frozenset({r"\pi", "e", "i", r"\infty", r"\emptyset"})


def is_name(text: str) -> bool:
    """Say whether a left side only names what is asked for: `x`, `f(x)`, `AB`, words."""
    text = text.strip()
    return _NAME.fullmatch(text) is not None and text not in _NO_NAMES
