"""Quantities in several units, `12 h 30 min`: one value in the first of them."""

import re
from fractions import Fraction
from itertools import pairwise

from rest_bench.scoring.numbers import Number
from rest_bench.scoring.shapes import Value
from rest_bench.scoring.units import split_unit

_FAMILIES = (
    {"day": 86400, "h": 3600, "min": 60, "s": 1},
    {"week": 7, "day": 1},
    {"year": 12, "month": 1},
    {"mi": 63360, "yd": 36, "ft": 12, "in": 1},
    {"km": 10**6, "m": 1000, "cm": 10, "mm": 1},
    {"kg": 1000, "g": 1},
    {"lb": 16, "oz": 1},
    {"$": 100, "cent": 1},
)
"""Units of one kind, each with its size in the smallest."""
_PIECE = r"(\d{1,9}(?:\.\d{1,9})?)\s*(\\text\{[A-Za-z.]+\}|[hms])"
_COMPOUND = re.compile(rf"{_PIECE}(?:\s*(?:,|\\text\{{and\}})?\s*{_PIECE})+")


def read_compound(text: str) -> Value | None:
    """Read a cleaned text that is several numbers with units, each smaller than the one before, or return null."""
    if not _COMPOUND.fullmatch(text):
        return None
    pieces = [
        (Fraction(number), split_unit(f"{number} {unit}").unit or "") for number, unit in re.findall(_PIECE, text)
    ]
    units = [unit for _, unit in pieces]
    family = next((family for family in _FAMILIES if family.keys() >= set(units)), None)
    if family is None or any(family[left] <= family[right] for left, right in pairwise(units)):
        return None
    total = sum(number * family[unit] for number, unit in pieces) / Fraction(family[units[0]])
    return Value(str(total), Number(total), units[0])
