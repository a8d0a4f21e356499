"""Take the unit off a number: a list of units decides what is one, and what changes a value is no unit."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from rest_bench.scoring.counted import PER, THINGS, is_closed, is_filler, is_thing, pieces, singular
from rest_bench.scoring.latex import WORDS
from rest_bench.scoring.measures import NAMES, SIGNS, normal, unit_of
from rest_bench.scoring.multipliers import (
    MULTIPLIERS,
    OPERATIONS,
    UNREAD,
    Term,
    factor_of,
    split_terms,
    total,
)
from rest_bench.scoring.numbers import spelled_number

_LONE_LETTERS = "msghlLNJWVK"
"""Read as a unit after a number and a blank, also outside `\\text`."""
_POWERS = {
    "square": "2", "sq": "2", "squared": "2", "cubic": "3", "cu": "3", "cubed": "3", "quadrat": "2",
    "carré": "2", "carrés": "2", "cuadrado": "2", "cuadrados": "2", "cuadradas": "2", "quadrado": "2",
    "quadrados": "2", "quadrati": "2", "cube": "3", "cubes": "3", "cúbico": "3", "cúbicos": "3",
    "cubi": "3", "квадратных": "2", "кв": "2", "кубических": "3", "куб": "3", "vuông": "2", "khối": "3",
    "مربع": "2", "مكعب": "3", "वर्ग": "2", "घन": "3", "বর্গ": "2",
}  # fmt: skip
_MAX_UNIT_WORDS = 8

_BARE = frozenset(
    """
    dl cl db mm cm cms km kms in inch ft yd yds mi mg gm kg kgs lb lbs oz ms sec secs min mins hr hrs day days yr yrs ml
    gal mph hz ohm mol cny rmb inr kph kmh deg rad usd eur gbp pct cent cents am pm foot feet mile year week hour
    unit sq cu cubic dozen hundred lakh lac lacs mio tsd mrd mln mld mil bin thsd kw mw kwh kj kpa kn mhz ghz khz
    mpa gpa gb mb tb kb rpm fps mpg psi atm ppm tl jpy krw vnd bdt rub chf cad aud won yen bps tbsp tsp pt acre ha
    tys std kr rp uhr mal day pair score gross third half jt
    """.split()  # noqa: SIM905 - a table
)
"""Short words that are units or numbers where they stand by themselves; others are products of names."""
_UNITS_OF_THREE = frozenset(word for word in _BARE if unit_of(word) or factor_of(word) or word in _POWERS)

_SPELLED_OUT = (
    (re.compile(r"\^\\circ\s*(?:\\text\{\s*([CF])\s*\}|([CF])\b)"), r"\\text{deg\1\2}"),
    (re.compile(r"\^\\circ\s*\\text\{\s*([CF]) ([a-z ]+)\}"), r"\\text{deg\1 \2}"),
    (
        re.compile(
            r"\^\\circ\s*(?=\\text\{(?:(?:below|above|under|sotto) zero|unter null|bajo cero|sous zéro|ниже нуля)\})"
        ),
        r"\\text{degree}",
    ),
    (re.compile(r"(?<=[\d}])\s*\\Omega(?![A-Za-z])"), r"\\text{ohm}"),
    (re.compile(r"(?<=[\d}])\s*\\mu\s*(?:\\text\{\s*([A-Za-z]+)\s*\}|([A-Za-z])\b)"), r"\\text{μ\1\2}"),
    (re.compile(r"\\frac\{\s*(\\text\{[^{}]*\})\s*\}\{\s*(\\text\{[^{}]*\}(?:\^\{\d\})?)\s*\}$"), r"\1/\2"),
    (re.compile(r"\s*\[(\\text\{[^{}]*\})\]$"), r" \1"),
    (re.compile(r"^([+-]?\d[\d.,]*)m\^\{([23])\}$"), r"\1 \\text{m}^{\2}"),
    (re.compile(r"^([+-]?)\s*\\%\s*(\d[\d.,]*)$"), r"\1\2\\%"),
    (re.compile(r"\s*‰$"), r" \\text{permille}"),
    (re.compile(r"^\s*(?:Rs|\\text\{Rs\})\.?\s*(?=\d)"), "₹"),
    (re.compile(r"^\s*(?:US|A|C|NZ|HK|S|R)\s*(?=\\\$)"), ""),
    (
        re.compile(
            r"^([+-]?)\s*\\text\{(USD|EUR|GBP|CNY|RMB|INR|JPY|KRW|VND|BDT|RUB|CHF|CAD|AUD|BRL|TRY|IDR|THB|PHP|MXN|Rp|CZK|SEK|NOK|DKK|PLN)\}"
            r"\s*(?=\d)(.*)"
        ),
        r"\1\3 \\text{\2}",
    ),
)
_LETTER = rf"[{_LONE_LETTERS}](?![A-Za-z])(?:\^\{{-?\d\}})?"
_PART = rf"(?:\\text\{{[^{{}}]*\}}|\\cdot|\\%|/?\s*\(?{_LETTER}\)?|[./(){SIGNS}]|\\\$|\^\{{?-?\d\}}?)"
_SUFFIX = re.compile(
    rf"\s*(?:\\%|\^\\circ|[{SIGNS}]|(?<=\d)(?:'{{1,2}}|\")"
    rf"|(?:(?<=\s){_LETTER}|\\text\{{[^{{}}]*\}})(?:\s*{_PART})*)$"
)
_CURRENCY = re.compile(rf"([+-]?)\s*(\\\$|[{SIGNS}])\s*(?=[+-]?[\d.\\])")
_FUNCTION = re.compile(r"\\(?:sin|cos|tan|cot|sec|csc)(?![A-Za-z])")
_BARE_NUMBER = re.compile(r"[-+.,\d]*[A-Za-z]?")
_MAX_LENGTH = 300
"""Of a quantity: longer ones are no number with a unit."""


class Quantity(NamedTuple):
    """A value with the unit taken off."""

    value: str
    scale: Fraction = Fraction(1)
    """Of number words: `5 million` is 5 and 1000000, `7 tenths` 7 and 1/10."""
    unit: str | None = None
    strange: frozenset[str] = frozenset()
    """Words of the unit that are on no list: a unit only where the gold or the question names them."""


class _Suffix(NamedTuple):
    """What stands behind a number."""

    scale: Fraction
    unit: str | None
    strange: frozenset[str]
    operation: str = "{}"


def is_unit_word(word: str) -> bool:
    """Say whether a bare run of two letters or more is a unit or a number and not a product of names."""
    return word.lower() in _UNITS_OF_THREE or (word.lower() in _BARE and unit_of(word) is not None)


def split_unit(text: str) -> Quantity:
    """Take currency, percent, degree or unit off a cleaned text; the value is the text itself where there is none."""
    if len(text) > _MAX_LENGTH or _BARE_NUMBER.fullmatch(text):
        return Quantity(text)
    for pattern, replacement in _SPELLED_OUT:
        text = pattern.sub(replacement, text)
    if match := _CURRENCY.match(text):
        rest = split_unit(_MILLIONS.sub(lambda short: rf" \text{{{_ABBREVIATIONS[short[1]]}}}", text[match.end() :]))
        sign = unit_of(match.group(2).lstrip("\\")) or match.group(2)
        if rest.unit in (None, sign) or rest.unit.startswith("/"):
            unit = sign if rest.unit is None or rest.unit == sign else sign + rest.unit
            return rest._replace(value=match.group(1) + rest.value, unit=unit)
    match = _SUFFIX.search(text)
    if (several := _read_terms(text)) is not None:
        return several
    value = text[: match.start()].rstrip() if match else ""
    if match is None or not value or value[-1] in "/^._=<>+-" or value.endswith(r"\cdot"):
        return Quantity(text)
    if match.group().strip() == r"^\circ" and _FUNCTION.search(value):  # an angle inside, not a unit of the value
        return Quantity(text)
    suffix = _read_suffix(match.group().strip())
    return Quantity(text) if suffix is None else Quantity(suffix.operation.format(value), *suffix[:3])


_MILLIONS = re.compile(r"(?<=\d)\s*(?:\\text\{)?(m|k|K|M|B|b|T)\}?$")
"""Behind money, where no metre is meant; see also `abbreviated`."""
_ABBREVIATED = re.compile(
    rf"(?P<number>[+-]?\s*(?:\\\$|[{SIGNS}])?\s*\d[\d,]*(?:\.\d+)?)\s*(?P<word>mn|bn|tn|[kMB]|(?<=\d)K)(?P<unit>\s*(?:\\text\{{[^{{}}]*\}}|\\\$|[{SIGNS}])?)"
)


def abbreviated(text: str) -> str | None:
    """Write `5k` and `3 bn` with a word, or return null: they may be products of names, too."""
    match = _ABBREVIATED.fullmatch(text)
    return match and rf"{match['number']} \text{{{_ABBREVIATIONS[match['word']]}}}{match['unit']}"


_ABBREVIATIONS = {
    "mn": "million", "bn": "billion", "tn": "trillion", "k": "thousand", "K": "thousand", "M": "million",
    "m": "million", "B": "billion", "b": "billion", "T": "trillion",
}  # fmt: skip


def _read_terms(text: str) -> Quantity | None:
    """Read a number in several terms, each with its own words: `3万5千`, `2 crore 5 lakh rupees`."""
    sign, unsigned = ("-", text[1:]) if text[:1] == "-" else ("", text.removeprefix("+"))
    found = split_terms(unsigned) if text.count(r"\text{") else None
    if not found or len(found) < 2:
        return None
    terms, last = [], _Suffix(Fraction(1), None, frozenset())
    for place, (number, words) in enumerate(found, start=1):
        suffix = _read_suffix(rf"\text{{{words}}}") if words else _Suffix(Fraction(1), None, frozenset())
        if suffix is None or suffix.operation != "{}" or suffix.scale < 1:
            return None
        if place < len(found) and (
            suffix.unit is not None or suffix.scale == 1
        ):  # then it is something else: 12 h 30 min
            return None
        terms.append(Term(number, suffix.scale))
        last = suffix
    value = total(terms)
    if value is None or terms[0].scale == 1:
        return None
    shown = str(value) if value.denominator == 1 else rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
    return Quantity(sign + shown, Fraction(1), last.unit, last.strange)


_BETWEEN_UNITS = re.compile(r"\\cdot|[()]|(?<=\s)\.(?=\s)")
_LONG_NAMES = sorted(
    (name.replace("_", " ") for name in {*NAMES, *OPERATIONS, *THINGS} if "_" in name), key=len, reverse=True
)
_PHRASES = re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, _LONG_NAMES))})(?!\S)", re.IGNORECASE)
_TIDY_WORDS = (
    (re.compile(r"(?<=[^\s\d])\.(?=\s|$)"), ""),
    (re.compile(r"degrees? (?=[CF](?:\s|$)|celsius|fahrenheit)", re.IGNORECASE), "deg"),
)
_THOUSANDS_OF_MONEY = re.compile(rf"(?:^|\s)(?:[kKmMBbT]|mn|bn|tn) (?:[${SIGNS}]|usd|eur|gbp)(?:\s|$)", re.IGNORECASE)
"""No kelvin: another reading takes them for what they are."""


def _read_suffix(suffix: str) -> _Suffix | None:
    """Return what stands behind a number; null where it is a remark, or changes the value in a way that is not read."""
    if suffix == r"^\circ":
        return _Suffix(Fraction(1), "degree", frozenset())
    text = _BETWEEN_UNITS.sub(" ", WORDS.sub(r" \1 ", suffix.replace(r"\%", " % ").replace(r"\$", " $ ")))
    for pattern, replacement in _TIDY_WORDS:
        text = pattern.sub(replacement, text)
    text = _PHRASES.sub(lambda match: match.group().replace(" ", "_"), " ".join(text.split()))
    words = [piece for word in text.split() for piece in pieces(word)]
    if len(words) > _MAX_UNIT_WORDS or _THOUSANDS_OF_MONEY.search(" ".join(words)):
        return None
    scale, words = _take_factors(words)
    operation = "{}"
    if words and normal(words[-1]) in OPERATIONS and (len(words) == 1 or "_" in words[-1]):
        operation = OPERATIONS[normal(words.pop())]
    if any(_changes(word) for word in words):
        return None
    return _with_unit(scale, words, operation)


def _take_factors(words: list[str]) -> tuple[Fraction, list[str]]:
    """Split words into the product of the numbers they begin with, and the others."""
    scale, place = Fraction(1), 0
    while place < len(words) and (unit_of(words[place]) is None or words[place] in MULTIPLIERS):
        if (factor := factor_of(words[place])) is None:
            break
        scale, place = scale * factor, place + 1
    rest = words[place:]
    while place and rest and is_filler(rest[0]):
        rest = rest[1:]
    return scale, rest


def _changes(word: str) -> bool:
    """Say whether a word among units changes the value: `5 eggs dozen`, `7 kg below zero`."""
    folded = normal(word)
    return (
        folded in UNREAD
        or word in UNREAD
        or spelled_number(folded) is not None
        or (unit_of(word) is None and factor_of(word) is not None and folded not in _POWERS)
    )


def _with_unit(scale: Fraction, words: list[str], operation: str) -> _Suffix | None:
    if not words:
        return _Suffix(scale, None, frozenset(), operation)
    if all(word.lower() in _POWERS for word in words):
        return None
    words, stuff = _without_stuff(words)
    if any(is_closed(word) for word in stuff):
        return None
    if any(is_closed(word) and word.lower() not in _POWERS for word in _without_joints(words)):
        return None
    unit = _spell(words)
    strange = frozenset(
        name
        for part in re.split(r"[/\s]", unit)
        if (name := part.partition("^")[0]) and unit_of(name) is None and name not in THINGS and name not in _JOINED
    )
    return _Suffix(scale, unit, strange, operation)


def _without_stuff(words: list[str]) -> tuple[list[str], list[str]]:
    """Part `gallons of water` into the unit and what there is so much of, which need be on no list."""
    place = next((place for place, word in enumerate(words) if place and normal(word) in _OF), len(words))
    is_measured = all(unit_of(word) or is_thing(word) for word in words[:place])
    return (words[:place], words[place + 1 :]) if is_measured else (words, [])


_OF = frozenset({"of", "de", "di", "do", "du", "von", "van"})
_JOINED = frozenset({"per", "old", "of"})


def _without_joints(words: Sequence[str]) -> list[str]:
    return [word for place, word in enumerate(words) if not (word.lower() in PER or (place and is_filler(word)))]


def _spell(words: list[str]) -> str:
    """Return the one spelling of a unit: `square inches` and `in^{2}` are in^2, `miles per hour` is mph."""
    parts = [
        "/" if word.lower() in PER and (place or word.lower() == "per") and place < len(words) - 1 else word
        for place, word in enumerate(words)
    ]
    joined = re.sub(r"\s*/\s*", "/", " ".join(parts))
    joined = re.sub(r"\s*\^\s*\{?(-?\d)\}?", r"^\1", joined)
    if (below := _NEGATIVE.findall(joined)) and "/" not in joined and (above := _NEGATIVE.sub("", joined).strip()):
        joined = f"{above}/{' '.join(name + ('' if power == '1' else '^' + power) for name, power in below)}"
    whole = "/".join(" ".join(_spell_factor(part.split())) for part in joined.split("/"))
    return NAMES.get(whole, whole)


_NEGATIVE = re.compile(r"(\S+)\^-(\d)")


def _spell_factor(words: list[str]) -> list[str]:
    power = "".join(_POWERS.get(word.lower().strip("."), "") for word in words)
    spelled = [_spell_word(word) for word in words if word.lower().strip(".") not in _POWERS]
    return [*spelled[:-1], f"{spelled[-1]}^{power}"] if spelled and power else spelled


def _spell_word(word: str) -> str:
    name, _, power = word.rstrip(".").partition("^")
    name = unit_of(name) or singular(normal(name))
    return f"{name}^{power}" if power else name
