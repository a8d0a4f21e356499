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
    "hz": "hertz",
    "ohm": "ohms",
    "mol": "mole moles",
    "¥": "yuan rmb cny 元",
    "₹": "rupee rupees inr",
    "km/h": "kph kmh km/hr kmph",
    "degree": "degrees deg",
    "degC": "degreec degcelsius celsius",
    "degF": "degreef degfahrenheit fahrenheit",
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
_LONE_LETTERS = "msghlLNJWVK"
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

_SPELLED_OUT = (
    (re.compile(r"\^\\circ\s*(?:\\text\{\s*([CF])\s*\}|([CF])\b)"), r"\\text{deg\1\2}"),
    (re.compile(r"(?<=[\d}])\s*\\Omega(?![A-Za-z])"), r"\\text{ohm}"),
    (re.compile(r"(?<=[\d}])\s*\\mu\s*(?:\\text\{\s*([A-Za-z]+)\s*\}|([A-Za-z])\b)"), r"\\text{micro\1\2}"),
    (re.compile(r"\\frac\{\s*(\\text\{[^{}]*\})\s*\}\{\s*(\\text\{[^{}]*\}(?:\^\{\d\})?)\s*\}$"), r"\1/\2"),
    (re.compile(r"\s*\[(\\text\{[^{}]*\})\]$"), r" \1"),
    (re.compile(r"^([+-]?\d[\d.,]*)m\^\{([23])\}$"), r"\1 \\text{m}^{\2}"),
    (re.compile(r"^\s*(?:Rs|\\text\{Rs\})\.?\s*(?=\d)"), "₹"),
    (re.compile(r"^\s*(?:US|A|C|NZ|HK|S)\s*(?=\\\$)"), ""),
    (re.compile(r"^([+-]?)\s*\\text\{(USD|EUR|GBP|CNY|RMB|INR)\}\s*(?=\d)(.*)"), r"\1\3 \\text{\2}"),
)
_LETTER = rf"[{_LONE_LETTERS}](?![A-Za-z])(?:\^\{{-?\d\}})?"
_PART = rf"(?:\\text\{{[^{{}}]*\}}|\\cdot|/?\s*\(?{_LETTER}\)?|[./()]|\^\{{?-?\d\}}?)"
_SUFFIX = re.compile(
    rf"\s*(?:\\%|\^\\circ|[€£¥₹]|(?<=\d)(?:'{{1,2}}|\")"
    rf"|(?:(?<=\s){_LETTER}|\\text\{{[^{{}}]*\}})(?:\s*{_PART})*)$"
)
_CURRENCY = re.compile(r"([+-]?)\s*(\\\$|[€£¥₹])\s*(?=[+-]?[\d.\\])")
_FUNCTION = re.compile(r"\\(?:sin|cos|tan|cot|sec|csc)(?![A-Za-z])")
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
    for pattern, replacement in _SPELLED_OUT:
        text = pattern.sub(replacement, text)
    if match := _CURRENCY.match(text):
        rest = split_unit(text[match.end() :])
        if rest.unit in (None, match.group(2).lstrip("\\")):
            return Quantity(match.group(1) + rest.value, rest.scale, match.group(2).lstrip("\\"))
    match = _SUFFIX.search(text)
    value = text[: match.start()].rstrip() if match else ""
    if match is None or not value or value[-1] in "/^._=<>+-" or value.endswith(r"\cdot"):
        return Quantity(text)
    if match.group().strip() == r"^\circ" and _FUNCTION.search(value):  # an angle inside, not a unit of the value
        return Quantity(text)
    suffix = _read_suffix(match.group().strip())
    return Quantity(text) if suffix is None else Quantity(value, *suffix)


_BETWEEN_UNITS = re.compile(r"\\cdot|[()]|(?<=\s)\.(?=\s)")


def _read_suffix(suffix: str) -> tuple[int, str | None] | None:
    """Return scale and unit of what stands behind a number, or null where it is a remark."""
    if suffix == r"^\circ":
        return 1, "degree"
    text = _BETWEEN_UNITS.sub(" ", WORDS.sub(r" \1 ", suffix.replace(r"\%", "%")))
    words = re.sub(r"degrees (?=[CF])", "deg", text.replace("per cent", "percent")).split()
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
    power = "".join(_POWERS.get(word.lower().strip("."), "") for word in words)
    spelled = [_spell_word(word) for word in words if word.lower().strip(".") not in _POWERS]
    return [*spelled[:-1], f"{spelled[-1]}^{power}"] if spelled and power else spelled


_MEGA = re.compile(r"M(?:m|g|W|J|Hz|Pa|V|eV)(?![A-Za-z])")


def _spell_word(word: str) -> str:
    if _MEGA.match(word):
        word = f"mega{word[1:]}"
    name, _, power = word.rstrip(".").lower().partition("^")
    singular = name.removesuffix("s") if len(name) > 3 else name
    name = _CANONICAL.get(name, singular)
    return f"{name}^{power}" if power else name
