"""Numbers written in words: English ones, signs and halves in words, and Chinese numerals.

Each function rewrites the start of a cleaned text with digits, so that what stands behind is read as behind any number.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from rest_bench.scoring.latex import WORDS
from rest_bench.scoring.multipliers import PARTS, Term, factor_of, total
from rest_bench.scoring.numbers import spelled_number

_COUNTS = {
    1: "un une uno una um uma ein eine один одна een", 2: "deux dos dois duas due zwei два две twee",
    3: "trois tres três tre drei три drie", 4: "quatre cuatro quatro quattro vier четыре",
    5: "cinq cinco cinque fünf пять vijf", 6: "six seis sei sechs шесть zes",
    7: "sept siete sete sette sieben семь zeven", 8: "huit ocho oito otto acht восемь",
    9: "neuf nueve nove neun девять negen", 10: "dix diez dez dieci zehn десять tien",
}  # fmt: skip
_PARTS_OF_COUNTS = {
    3: "tiers tercio tercios terço terços terzo terzi drittel треть трети третьих derde",
    4: "quart quarts cuarto cuartos quarto quartos quarti viertel четверть четверти четвертых kwart",
    5: "cinquième cinquièmes quinto quintos quinti fünftel пятая пятых vijfde",
    6: "sixième sixièmes sexto sextos sesto sesti sechstel шестая шестых",
    7: "septième septièmes séptimo séptimos sétimo sétimos settimo settimi siebtel седьмая седьмых",
    8: "huitième huitièmes octavo octavos oitavo oitavos ottavo ottavi achtel восьмая восьмых",
    9: "neuvième neuvièmes noveno novenos nono nonos noni neuntel девятая девятых",
    10: "dixième dixièmes décimo décimos decimo decimi zehntel десятая десятых tiende",
    100: "centième centièmes centésimo centésimos centesimo centesimi hundertstel сотая сотых",
    1000: "millième millièmes milésimo milésimos millesimo millesimi tausendstel тысячная тысячных",
}  # fmt: skip
"""Behind a number in words of the same languages; some are something else behind digits: `3 quarts`."""
_HALVES = frozenset(
    """
    moitié hälfte mitad metade metà половина половину helft połowa yarım setengah 一半 半分 절반 نصف نیم आधा অর্ধেক nửa
    """.split()  # noqa: SIM905 - a table
)
_ARTICLES = frozenset("la die de a il una une um uma un ein eine".split())  # noqa: SIM905 - a table
_COUNT_OF = {word: count for count, words in _COUNTS.items() for word in words.split()}
_PART_OF = {word: part for part, words in _PARTS_OF_COUNTS.items() for word in words.split()}
_SIGNS = {
    "零下": "-", "영하": "-", "氷点下": "-",
    "negative": "-", "minus": "-", "moins": "-", "menos": "-", "meno": "-", "минус": "-", "负": "-", "負": "-",
    "マイナス": "-", "마이너스": "-", "음": "-", "سالب": "-", "منفی": "-", "ऋण": "-", "ลบ": "-", "âm": "-",
    "eksi": "-", "plus": "", "positive": "",
}  # fmt: skip
_SIGN = re.compile(rf"\\text\{{({'|'.join(_SIGNS)})(?:\}}\s*(?=[\d.\\$]|[A-Za-z](?![A-Za-z]))| (?=\S))", re.IGNORECASE)
_GREAT = {
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "lakh": 10**5,
    "crore": 10**7,
    "dozen": 12,
}
_JOINTS = ("and", "or", "not", "plus", "minus", "times")
_MAX_LENGTH = 200
"""Of a number in words: longer ones are no number that a person would say."""
_WORDS_ONLY = re.compile(r"[a-z\s-]+")


def in_digits(text: str) -> str | None:
    """Return a cleaned text with the number that it begins with in digits, or null where that is not in words."""
    if match := _SIGN.match(text):
        rest = text[match.end() :] if match.group().strip().endswith("}") else rf"\text{{{text[match.end() :]}"
        sign = _SIGNS[match[1].lower()]
        return f"{sign}{in_digits(rest) or rest}" if sign or not rest[0].isalpha() else None
    if match := _CHINESE_PERCENT.fullmatch(text):
        return rf"{match[1]}\%"
    if match := _CHINESE_FRACTION.fullmatch(text):
        return rf"\frac{{{match[2]}}}{{{match[1]}}}"
    spoken = WORDS.sub(r" \1 ", text).casefold().strip()
    if len(spoken) > _MAX_LENGTH:
        return None
    if _WORDS_ONLY.fullmatch(spoken):
        return _part_in_words(spoken.split()) or _english(re.split(r"[\s-]+", spoken))
    return _part_in_words(spoken.split()) or _chinese("".join(spoken.split()))


def _part_in_words(words: Sequence[str]) -> str | None:
    """Read a fraction in words of other languages: `deux tiers`, `три четверти`, `la mitad`."""
    if words[-1:] and words[-1] in _HALVES and (len(words) == 1 or (len(words) == 2 and words[0] in _ARTICLES)):
        return r"\frac{1}{2}"
    if len(words) < 2 or words[0] not in _COUNT_OF or words[1] not in _PART_OF:
        return None
    rest = rf" \text{{{' '.join(words[2:])}}}" if words[2:] else ""
    return rf"\frac{{{_COUNT_OF[words[0]]}}}{{{_PART_OF[words[1]]}}}{rest}"


# --- English ----------------------------------------------------------------------------------------------------------


def _english(words: Sequence[str]) -> str | None:
    if words[0] == "half" and words[1:2] in ([], ["a"], ["an"]):
        return r"\frac{1}{2}" + (rf" \text{{{' '.join(words[2:])}}}" if words[2:] else "")
    if words[0] in ("a", "an") and words[1:] and words[1] in PARTS:
        words = ("one", *words[1:])
    terms, place = [], 0
    while place < len(words):
        number, place_behind = _small(words, place)
        scale = 1
        while place_behind < len(words) and words[place_behind] in _GREAT:
            scale, place_behind = scale * _GREAT[words[place_behind]], place_behind + 1
        if place_behind == place or (number is None and (place or scale == 1)):
            break
        terms.append(Term(Fraction(1 if number is None else number), Fraction(scale)))
        place = place_behind
    value = total(terms) if terms else None
    if value is None or (place < len(words) and (words[place] in _JOINTS or spelled_number(words[place]) is not None)):
        return None
    rest = " ".join(words[place:])
    return rf"{value} \text{{{rest}}}" if rest else str(value)


def _small(words: Sequence[str], place: int) -> tuple[int | None, int]:
    """Read a number below 100, and return the place behind it."""
    number = spelled_number(words[place])
    if number is not None and place + 1 < len(words):
        both = spelled_number(f"{words[place]}-{words[place + 1]}")
        if both is not None:
            return both, place + 2
    return number, place + (number is not None)


_AND = re.compile(
    r"(\\text\{[a-z -]*(?:hundred|thousand|million|billion|lakh|crore))\} \\text\{and\} "
    r"\\text\{((?:[a-z]+[ -]?){1,2})\}"
)
_AND_A_PART = re.compile(
    r"(?P<whole>[+-]?\d{1,60}|\\text\{[a-z]+(?:-[a-z]+)?\}) \\text\{and\} "
    r"(?:(?P<digit>\d{1,9}) \\text\{|\\text\{(?:(?P<spelled>[a-z]+) )?)"
    rf"(?P<part>{'|'.join(part for part in PARTS if part.isascii())})(?P<rest>(?: [^{{}}]*)?)\}}"
)


def without_and(text: str) -> str:
    """Join what is one number: `one hundred and twenty`, `3 and a half hours`."""
    if r"\text{and}" not in text:
        return text
    if match := _AND_A_PART.fullmatch(text):
        whole = _whole(match["whole"])
        above = 1 if match["spelled"] in (None, "a", "an") else spelled_number(match["spelled"])
        if whole is not None and (above := int(match["digit"]) if match["digit"] else above) is not None:
            value = abs(whole) + above * PARTS[match["part"]]
            rest = rf" \text{{{match['rest'].strip()}}}" if match["rest"].strip() else ""
            return rf"{'-' if whole < 0 else ''}\frac{{{value.numerator}}}{{{value.denominator}}}{rest}"
    match = _AND.fullmatch(text)
    below = match and _english(re.split(r"[\s-]+", match[2].strip()))
    return rf"{match[1]} {match[2]}}}" if match and below and below.isdigit() and int(below) < 100 else text


def _whole(text: str) -> int | None:
    return spelled_number(text[6:-1]) if text.startswith("\\") else int(text)


# --- Chinese and Japanese ---------------------------------------------------------------------------------------------

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_NUMERALS = re.compile(rf"[{''.join(_DIGITS)}十百千万萬亿億兆]+")
_CHINESE_FRACTION = re.compile(r"(\d{1,60})\s*\\text\{(?:分(?:之|の)|분의)\}\s*(\d{1,60})")
_CHINESE_PERCENT = re.compile(r"\\text\{百分之\}\s*(\d[\d.]{0,60})")
_CHINESE_TERM = re.compile(rf"零?([{''.join(_DIGITS)}]?)([十百千万萬亿億兆]*)")


def _chinese(text: str) -> str | None:
    sign, text = ("-", text[1:]) if text[:1] in ("负", "負") else ("", text)
    below, joint, above = text.partition("分之") if "分之" in text else text.partition("分の")
    if joint:
        if below == "百":
            return None if (part := _chinese_number(above)) is None else rf"{sign}{part}\%"
        numbers = _chinese_number(above), _chinese_number(below)
        return None if None in numbers else rf"{sign}\frac{{{numbers[0]}}}{{{numbers[1]}}}"
    match = _NUMERALS.match(text)
    if match is None or (number := _chinese_number(match.group())) is None:
        return None
    rest = text[match.end() :]
    return rf"{sign}{number} \text{{{rest}}}" if rest else f"{sign}{number}"


def _chinese_number(text: str) -> int | None:
    if text in ("零", "〇"):
        return 0
    if len(text) > 1 and all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text)) if text[0] in "一二三四五六七八九" else None
    terms = list(_chinese_terms(text)) if _NUMERALS.fullmatch(text) else []
    value = total(terms, "零" in text or "〇" in text) if terms else None
    return None if value is None else int(value)


def _chinese_terms(text: str) -> Iterator[Term]:
    position = 0
    while position < len(text):
        match = _CHINESE_TERM.match(text, position)
        if match is None or match.end() == position:
            return
        scale = Fraction(1)
        for sign in match[2]:
            scale *= factor_of(sign) or 1
        is_scaled_section = not match[1] and bool(match[2]) and position > 0
        yield Term(Fraction(0 if is_scaled_section else _DIGITS.get(match[1], 1)), scale)
        position = match.end()
