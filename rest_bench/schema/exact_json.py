"""JSON as people write it, read without losing anything of it."""

import json
import math
from collections.abc import Callable
from decimal import Decimal

_MOST_DIGITS = 4000
"""Of an integer; Python reads 4300 by default, and refuses more."""


def read_json(text: str, exact: Callable[[str], object] = Decimal) -> object:
    """Return what a JSON text says.

    Args:
        text: one value.
        exact: what a number is read by where a float would lose digits of it, or it is too long an integer.

    Raises:
        ValueError: it is no JSON, or a key stands twice in one object, of which Python would take the last.
        RecursionError: it is nested too deeply.
    """

    def number(digits: str) -> object:
        nearest = float(digits)
        return nearest if math.isfinite(nearest) and Decimal(repr(nearest)) == Decimal(digits) else exact(digits)

    def integer(digits: str) -> object:
        return int(digits) if len(digits) <= _MOST_DIGITS else exact(digits)

    return json.loads(text, object_pairs_hook=_distinct, parse_float=number, parse_int=integer)


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r:.80} occurs twice in one object")
    return found
