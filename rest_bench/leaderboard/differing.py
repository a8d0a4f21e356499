"""Where two records differ, field by field: what a check says of numbers that do not follow from the answers."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel

RELATIVE = 1e-9
ABSOLUTE = 1e-12
"""Equal numbers may differ by this much: another processor adds in another order."""
_MOST_BITS = 256
"""Of an integer that is written out: Python refuses to write some longer ones."""


class Differing(NamedTuple):
    """A field and its two values, as text short enough to stand in a sentence."""

    field: str
    expected: str
    found: str


def differences(expected: object, found: object, field: str = "") -> Iterator[Differing]:
    """Yield the fields in which what was found is not what was expected, in the order of the record.

    Args:
        expected: a record, or what one is made of.
        found: the same, of the same kind.
        field: the path of both, with points between.
    """
    if isinstance(expected, BaseModel) and isinstance(found, BaseModel):
        yield from differences(dict(expected), dict(found), field)
    elif isinstance(expected, Mapping) and isinstance(found, Mapping):
        for key in dict.fromkeys((*expected, *found)):
            yield from differences(expected.get(key, _NOTHING), found.get(key, _NOTHING), _join(field, key))
    elif _are_sequences(expected, found) and len(expected) == len(found):  # type: ignore[arg-type]
        for place, (one, other) in enumerate(zip(expected, found, strict=True)):  # type: ignore[call-overload]
            yield from differences(one, other, _join(field, place))
    elif not _equal(expected, found):
        yield Differing(field, show(expected), show(found))


def show(value: object) -> str:
    """Return a value as text, cut where it is long."""
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"an integer of {value.bit_length()} bits"
    text = str(value) if isinstance(value, _Nothing | Exception) else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


class _Nothing:
    def __str__(self) -> str:
        return "nothing"


_NOTHING = _Nothing()


def _are_sequences(expected: object, found: object) -> bool:
    return all(isinstance(each, Sequence) and not isinstance(each, str | bytes) for each in (expected, found))


def _equal(expected: object, found: object) -> bool:
    if _is_number(expected) and _is_number(found) and float in (type(expected), type(found)):
        return math.isclose(expected, found, rel_tol=RELATIVE, abs_tol=ABSOLUTE)  # type: ignore[arg-type]
    return type(expected) is type(found) and expected == found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _join(field: str, key: object) -> str:
    return f"{field}.{key}" if field else str(key)
