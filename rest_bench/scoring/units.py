"""Units of measurement: one spelling for each, and taking them off a number."""

import re
from typing import NamedTuple

from rest_bench.scoring.latex import WORDS

_SPELLINGS = {
    "mm": "millimeter millimeters millimetre millimetres",
    "cm": "centimeter centimeters centimetre centimetres cms",
    "m": "meter meters metre metres",
    "km": "kilometer kilometers kilometre kilometres kms",
    "in": "inch inches",
    "ft": "foot feet",
    "yd": "yard yards yds",
    "mi": "mile miles",
    "mg": "milligram milligrams",
    "g": "gram grams gm",
    "kg": "kilogram kilograms kgs",
    "lb": "pound pounds lbs",
    "oz": "ounce ounces",
    "ms": "millisecond milliseconds",
    "s": "second seconds sec secs",
    "min": "minute minutes mins",
    "h": "hour hours hr hrs",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years yr yrs",
    "ml": "milliliter milliliters millilitre millilitres",
    "l": "liter liters litre litres",
    "gal": "gallon gallons",
    "mph": "miles/hour mi/h",
    "km/h": "kph kmh km/hr kmph",
    "degree": "degrees deg",
    "degC": "degreec celsius",
    "degF": "degreef fahrenheit",
    "rad": "radian radians",
    "cent": "cents",
    "$": "dollar dollars usd",
    "€": "euro euros eur",
    "£": "gbp",
    "%": "percent percentage pct",
    "unit": "units",
    "am": "a.m",
    "pm": "p.m",
}
_CANONICAL = {
    spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in (unit.lower(), *spellings.split())
}
_LONE_LETTERS = frozenset("msghlLNJWV")
"""Read as a unit after a number and a blank, also outside `\\text`."""
_POWERS = {"square": "2", "sq": "2", "squared": "2", "cubic": "3", "cu": "3", "cubed": "3"}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_NO_UNIT = frozenset(
    {
        "and", "or", "not", "if", "than", "least", "most", "but", "when", "where", "since", "because", "maybe",
        "perhaps", "possibly", "either", "about", "is", "are", "more", "less", "none", "no", "over", "under",
        "between", "from",
    }
)  # fmt: skip
"""Words that make a remark, a condition or a hedge of what follows a number."""
_MAX_UNIT_WORDS = 5

_TEMPERATURE = re.compile(r"\^\\circ\s*(?:\\text\{\s*([CF])\s*\}|([CF])\b)")
_PART = r"(?:\\text\{[^{}]*\}|\\cdot|/\s*[hs](?![A-Za-z])|[./]|\^\{?-?\d\}?)"
_SUFFIX = re.compile(
    rf"\s*(?:\\%|\^\\circ|(?<=\s)[{''.join(sorted(_LONE_LETTERS))}](?:\^\{{\d\}})?|\\text\{{[^{{}}]*\}}(?:\s*{_PART})*)$"
)
_CURRENCY = re.compile(r"([+-]?)\s*(\\\$|[€£¥₹])\s*(?=[+-]?[\d.\\])")
_MAX_LENGTH = 300
"""Of a quantity: longer ones are no number with a unit."""


class Quantity(NamedTuple):
    """A value with the unit taken off."""

    value: str
    scale: int = 1
    """Of number words: `5 million` is 5 and 1000000."""
    unit: str | None = None


def is_unit_word(word: str) -> bool:
    """Say whether a bare run of two letters or more is a unit and not a product of names."""
    return word.lower() in _CANONICAL or word.lower() in _SCALES or word.lower() in _POWERS


def split_unit(text: str) -> Quantity:
    """Take currency, percent, degree or unit off a cleaned text; the value is the text itself where there is none."""
    if len(text) > _MAX_LENGTH:
        return Quantity(text)
    text = _TEMPERATURE.sub(lambda match: rf"\text{{deg{match.group(1) or match.group(2)}}}", text)
    if match := _CURRENCY.match(text):
        rest = split_unit(text[match.end() :])
        if rest.unit in (None, match.group(2).lstrip("\\")):
            return Quantity(match.group(1) + rest.value, rest.scale, match.group(2).lstrip("\\"))
    match = _SUFFIX.search(text)
    value = text[: match.start()].rstrip() if match else ""
    if match is None or not value or value[-1] in "/^._=<>+-":
        return Quantity(text)
    suffix = _read_suffix(match.group().strip())
    return Quantity(text) if suffix is None else Quantity(value, *suffix)


def _read_suffix(suffix: str) -> tuple[int, str | None] | None:
    """Return scale and unit of what stands behind a number, or null where it is a remark."""
    if suffix == r"^\circ":
        return 1, "degree"
    words = WORDS.sub(r" \1 ", suffix.replace(r"\%", "%").replace(r"\cdot", " ")).replace("degrees ", "deg").split()
    if len(words) > _MAX_UNIT_WORDS or any(word.lower().strip(".") in _NO_UNIT for word in words):
        return None
    scale = 1
    while words and words[0].lower() in _SCALES:
        scale *= _SCALES[words.pop(0).lower()]
    return scale, _spell(words) if words else None


def _spell(words: list[str]) -> str:
    """Return the one spelling of a unit: `square inches` and `in^{2}` are in^2, `miles per hour` is mph."""
    joined = re.sub(r"\s*/\s*", "/", " ".join("/" if word.lower() == "per" else word for word in words))
    joined = re.sub(r"\s*\^\s*\{?(-?\d)\}?", r"^\1", joined)
    whole = "/".join(" ".join(_spell_factor(part.split())) for part in joined.split("/"))
    return _CANONICAL.get(whole, whole)


def _spell_factor(words: list[str]) -> list[str]:
    power = "".join(_POWERS.get(word.lower(), "") for word in words)
    spelled = [_spell_word(word) for word in words if word.lower() not in _POWERS]
    return [*spelled[:-1], f"{spelled[-1]}^{power}"] if spelled and power else spelled


def _spell_word(word: str) -> str:
    name, _, power = word.rstrip(".").lower().partition("^")
    singular = name.removesuffix("s") if len(name) > 3 else name
    name = _CANONICAL.get(name, singular)
    return f"{name}^{power}" if power else name
