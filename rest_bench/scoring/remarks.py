"""What stands round a value and only explains it: brackets, reasons, restatements. What changes or doubts it stays."""

import re

from rest_bench.scoring.counted import changes_value
from rest_bench.scoring.latex import WORDS, inside, split
from rest_bench.scoring.multipliers import factor_of
from rest_bench.scoring.numbers import read_number
from rest_bench.scoring.spoken import in_digits
from rest_bench.scoring.units import split_unit

SEPARATORS = frozenset({",", ";", r"\text{and}", r"\text{or}"})
"""What parts the things of a list."""


def unwrap(text: str) -> str:
    """Drop round brackets and braces round the whole of a single thing."""
    while (enclosed := inside(text)) and enclosed[0] in ("(", "{") and enclosed[2] in (")", "}"):
        if len(split(enclosed[1], lambda token: token in (",", ";"))[0]) > 1:
            break
        text = enclosed[1]
    return text


_REMARKS = frozenset(
    {
        "since", "because", "as", "where", "so", "which", "from", "with", "using", "by", "check", "namely", "for",
        "when",
    }
)  # fmt: skip
_REASONS = frozenset({"since", "because"})
_HEDGES = frozenset(
    {
        "or", "maybe", "possibly", "perhaps", "not", "alternatively", "else", "otherwise", "unless", "but", "if",
        "guess", "guessed", "guessing", "probably", "likely", "unsure", "uncertain", "unclear", "doubtful", "wrong",
        "incorrect",
    }
)  # fmt: skip
_TRAILING_BRACKET = re.compile(r"(?P<before>.*\S)\s*\((?P<inside>\\text\{[^{}]*\}[^()]*)\)", re.DOTALL)
_RESTATED = re.compile(r"(?P<before>.*\S)\s*\((?P<again>\s*(?:=|\\approx|\\text\{or\})[^()]*)\)", re.DOTALL)
_TWICE = re.compile(r"(?P<before>[^()]*[^\s()])\s+\((?P<again>[^()]*)\)")
_DIGITS = re.compile(r"\d[\d,.]*")
_CONDITION = re.compile(r"(?P<before>.*\S)\s+\(\s*[A-Za-z]\s*(?:[<>]|\\(?:ne|le|ge)(?![A-Za-z]))[^()]*\)", re.DOTALL)
_OR_SO = re.compile(r"\\text\{or\}\s*\\text\{so\b")
_APPROXIMATELY = re.compile(r"\\text\{(?:approximately|approx|about|roughly|around|circa|ca|est|estimated?)\}")
"""In brackets by itself it doubts the value."""
_OR_ABOUT = re.compile(r"\\text\{or\}\s*\\text\{(?:about|approximately|roughly)\}")


def without_remark(text: str) -> str:
    """Cut what only explains a value: `5 (since x > 0)`. A hedge stays; `(base 8)` and `(cm)` lose their brackets."""
    text = _said_twice(_OR_ABOUT.sub(r"\\approx ", text))
    if match := _CONDITION.fullmatch(text):
        text = match["before"]
    if match := _RESTATED.fullmatch(text):
        text = f"{match['before']} {match['again']}"
    elif match := _TRAILING_BRACKET.fullmatch(text):
        words = [word for run in WORDS.findall(match["inside"]) for word in run.lower().split()]
        if words[:1] == ["base"] or split_unit(f"1 {match['inside']}").unit in _BRACKETED_UNITS:
            text = f"{match['before']} {match['inside']}"
        elif not (
            _HEDGES & set(words)
            or _narrows(match["before"], match["inside"])
            or changes_value(words)
            or _APPROXIMATELY.fullmatch(match["inside"])
        ):
            text = match["before"]
    if r"\text" not in text:
        return text
    if _OR_SO.search(text):
        return text
    parts, remarks = split(text, lambda token: bool((words := WORDS.fullmatch(token)) and _is_remark(words.group(1))))
    is_remark = len(remarks) == 1 and bool(parts[0]) and _only_explains(remarks[0], parts[1])
    return parts[0] if is_remark and not _narrows(parts[0], remarks[0] + parts[1]) else text


def _said_twice(text: str) -> str:
    """Write a value in digits and in words, `3 lakh (300000)` and `5 (six)`, as an equation; one twice is one."""
    match = _TWICE.fullmatch(text)
    if match is None:
        return text
    before, again = match["before"], match["again"].strip()
    if words := WORDS.fullmatch(again):
        digits = None if factor_of(words[1].partition(" ")[0]) else in_digits(again)
        return f"{before} = {digits}" if digits and read_number(digits) and read_number(before) else text
    if _DIGITS.fullmatch(again) and before.endswith("}") and WORDS.search(before):
        digits = in_digits(before) if WORDS.fullmatch(before) else before
        return text if digits is None else f"{digits} = {again}"
    return before if _are_one(before, again) else text


def _are_one(before: str, again: str) -> bool:
    """Say whether two texts are one number, the second perhaps as a percentage."""
    value, other = read_number(before), read_number(again.removesuffix(r"\%"))
    share = 100 if again.endswith(r"\%") else 1
    return value is not None and other is not None and value.value * share == other.value


_RELATION = re.compile(r"[<>]|\\(?:le|ge|ne|in)(?![A-Za-z])")
_OTHER_GROUND = re.compile(
    r"integ|natural|whole|rational|prime|\beven\b|\bodd\b|multiple|\\mathbb\{[^R]", re.IGNORECASE
)


def _narrows(value: str, remark: str) -> bool:
    """Say whether a remark takes most numbers out of a condition: `x > 2 where x is an integer`."""
    return _RELATION.search(value) is not None and _OTHER_GROUND.search(remark) is not None


def _only_explains(remark: str, behind: str) -> bool:
    """Say whether no other answer follows a remark: `5 where x > 0, otherwise 6` are two."""
    spoken = {word for words in WORDS.findall(remark + behind) for word in words.lower().split()}
    if spoken & _HEDGES or changes_value(spoken) or _NUMBER_ONLY.fullmatch(behind):
        return False
    return bool(spoken & _REASONS) or not split(behind, SEPARATORS.__contains__)[1]


_NUMBER_ONLY = re.compile(r"[+-]?\s*[\d.,/:]+(?:\s*\\text\{[^{}]*\})?")
"""Behind a word it makes another value of what stands before: `5 by 7`, `3 from 10`, `5 with remainder 2`."""

_BRACKETED_UNITS = frozenset(
    {
        "mm", "cm", "m", "km", "in", "ft", "yd", "mi", "mg", "g", "kg", "lb", "oz", "s", "min", "h", "day", "year",
        "degree", "rad", "cent", "$", "%",
    }
)  # fmt: skip


def _is_remark(words: str) -> bool:
    return words.lower().split()[:1] != [] and words.lower().split()[0] in _REMARKS
