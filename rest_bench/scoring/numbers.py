"""Exact values of written numbers: whole, decimal, repeating, scientific, fractions and mixed numbers. No floats."""

import re
from fractions import Fraction
from typing import NamedTuple

MAX_DIGITS = 400
"""A longer number is compared as text: Python itself refuses to read more than 4300 digits."""
MAX_POWER_OF_TEN = 400

_SIGN = r"(?P<sign>[+-]?)\s*"
_DECIMAL = rf"(?:\d{{1,{MAX_DIGITS}}}(?:\.\d{{0,{MAX_DIGITS}}})?|\.\d{{1,{MAX_DIGITS}}})"
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[ ,]\d{3}){1,60}(?:\.\d{1,60})?")
_PLAIN = re.compile(_DECIMAL)
_REPEATING = re.compile(
    r"(?P<whole>\d{0,60})\.(?P<fixed>\d{0,60})\\(?:overline|bar|dot|overbar)\s*\{?(?P<period>\d{1,60})\}?"
    r"|(?P<whole2>\d{0,60})\.(?P<fixed2>\d{0,60}?)(?P<period2>\d{1,6})(?P=period2)(?P=period2)\s*\\ldots"
    r"|(?P<whole3>\d{0,60})\.(?P<fixed3>\d{0,60})\((?P<period3>\d{1,60})\)"
)
_DOTTED = re.compile(r"\\dot\{?(\d)\}?(\d{0,60})\\dot\{?(\d)\}?")
_SCIENTIFIC = re.compile(
    rf"(?:(?P<mantissa>{_DECIMAL})\s*(?:\\cdot\s*10\^\{{|[eE])|10\^\{{)\s*(?P<power>[+-]?\d{{1,6}})\}}?"
)
_FRACTION = re.compile(rf"\\frac\{{\s*(?P<above>[+-]?\s*{_DECIMAL})\s*\}}\{{\s*(?P<below>[+-]?\s*{_DECIMAL})\s*\}}")
_SLASH = re.compile(rf"(?P<above>{_DECIMAL})\s*/\s*(?P<below>-?{_DECIMAL})")
_MIXED = re.compile(
    r"(?P<whole>\d{1,60})\s*(?:\\frac\{(?P<above>\d{1,60})\}\{(?P<below>\d{1,60})\}|(?<=\s)(?P<above2>\d{1,60})/(?P<below2>\d{1,60}))"
)


class Number(NamedTuple):
    """An exact value and how it was written."""

    value: Fraction
    decimals: int | None = None
    """Digits behind the decimal point; null where it was written without one."""
    significant: int = 0
    """Significant digits of a decimal."""


def read_number(text: str) -> Number | None:
    """Read a cleaned text that is one number and nothing else, or return null."""
    match = re.match(r"[+-]?\s*", text)
    sign = -1 if match and "-" in match.group() else 1
    unsigned = text[match.end() :].strip() if match else text
    for read in (_read_decimal, _read_repeating, _read_cut, _read_scientific, _read_fraction, _read_mixed):
        if (number := read(unsigned)) is not None:
            return number._replace(value=sign * number.value)
    return None


_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPELLED = (
    {word: value for value, word in enumerate(_ONES)}
    | {word: 10 * value for value, word in enumerate(_TENS, start=2)}
    | {
        f"{ten}{hyphen}{one}": 10 * tens + ones
        for tens, ten in enumerate(_TENS, start=2)
        for ones, one in enumerate(_ONES[1:10], start=1)
        for hyphen in ("-", "")
    }
)


def spelled_number(word: str) -> int | None:
    """Return the value of a number below 100 in English words, in lower case, or null."""
    return _SPELLED.get(word)


def round_to(value: Fraction, decimals: int) -> tuple[Fraction, Fraction]:
    """Return the value rounded and cut to so many decimals: both are ways to write it."""
    scaled = abs(value) * 10**decimals
    sign = -1 if value < 0 else 1
    return sign * Fraction(int(scaled + Fraction(1, 2)), 10**decimals), sign * Fraction(int(scaled), 10**decimals)


def _read_decimal(text: str) -> Number | None:
    if _GROUPED.fullmatch(text):
        separators = set(re.findall("[ ,]", text))
        if len(separators) > 1:
            return None
        text = re.sub("[ ,]", "", text)
    if not _PLAIN.fullmatch(text):
        return None
    whole, point, behind = text.partition(".")
    digits = (whole + behind).lstrip("0")
    return Number(_fraction(text), len(behind) if point and behind else None, len(digits))


def _read_repeating(text: str) -> Number | None:
    match = _REPEATING.fullmatch(_DOTTED.sub(r"\\overline{\1\2\3}", text))
    if match is None:
        return None
    whole, fixed, period = (
        match[name] or match[f"{name}2"] or match[f"{name}3"] or "" for name in ("whole", "fixed", "period")
    )
    unit = Fraction(1, 10 ** len(fixed))
    tail = Fraction(int(period), 10 ** len(period) - 1) * unit
    return Number(int(whole or "0") + int(fixed or "0") * unit + tail)


def _read_cut(text: str) -> Number | None:
    """Read `3.141592...`, a decimal that goes on, as what is written of it."""
    return _read_decimal(text.removesuffix(r"\ldots").rstrip()) if text.endswith(r"\ldots") and "." in text else None


def _read_scientific(text: str) -> Number | None:
    match = _SCIENTIFIC.fullmatch(text)
    if match is None or abs(int(match["power"])) > MAX_POWER_OF_TEN:
        return None
    return Number(_fraction(match["mantissa"] or "1") * Fraction(10) ** int(match["power"]))


def _read_fraction(text: str) -> Number | None:
    match = _FRACTION.fullmatch(text) or _SLASH.fullmatch(text)
    if match is None or (below := _fraction(match["below"])) == 0:
        return None
    return Number(_fraction(match["above"]) / below)


def _read_mixed(text: str) -> Number | None:
    match = _MIXED.fullmatch(text)
    if match is None:
        return None
    below = int(match["below"] or match["below2"])
    return Number(int(match["whole"]) + Fraction(int(match["above"] or match["above2"]), below)) if below else None


def _fraction(text: str) -> Fraction:
    return Fraction(re.sub(r"\s", "", text).rstrip("."))
