"""What stands round a value and only explains it: brackets, reasons, restatements. What changes or doubts it stays."""

import re

from rest_bench.scoring.counted import changes_value
from rest_bench.scoring.latex import WORDS, inside, split
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
_IN_DIGITS = re.compile(r"^(?P<before>\S[^()]*\\text\{[^{}]*\})\s*\((?P<again>\d[\d,.]*)\)$")
_CONDITION = re.compile(r"(?P<before>.*\S)\s+\(\s*[A-Za-z]\s*(?:[<>]|\\(?:ne|le|ge)(?![A-Za-z]))[^()]*\)", re.DOTALL)
_OR_SO = re.compile(r"\\text\{or\}\s*\\text\{so\b")
_APPROXIMATELY = re.compile(r"\\text\{(?:approximately|approx|about|roughly|around|circa|ca|est|estimated?)\}")
"""In brackets by itself it doubts the value."""
_OR_ABOUT = re.compile(r"\\text\{or\}\s*\\text\{(?:about|approximately|roughly)\}")


def without_remark(text: str) -> str:
    """Cut what only explains a value: `5 (since x > 0)`. A hedge stays; `(base 8)` and `(cm)` lose their brackets."""
    text = _IN_DIGITS.sub(r"\g<before> = \g<again>", _OR_ABOUT.sub(r"\\approx ", text))
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
