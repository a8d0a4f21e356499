"""One box that holds the answers of several questions (reading.md rules 10 and 14)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from rest_bench.parsing.boxes import clean_content
from rest_bench.parsing.numbering import (
    CJK_NUMERAL,
    COLONS,
    answer_nouns,
    match_part_label,
    part_number,
    question_nouns,
    shift_from_zero,
)
from rest_bench.parsing.thinking import Span

_TOKEN = re.compile(
    r"\\(?:begin|end|langle|rangle)(?![A-Za-z])|\\\\(?:\[[^\]\n]{0,10}\])?|\\[{}]|\\.|[()\[\]{}（）【】⟨⟩]|[,;，；、،؛&]",
    re.DOTALL,
)
_OPENING = {"(", "[", "{", "（", "【", "⟨", "\\{", "\\begin", "\\langle"}
_CLOSING = {")", "]", "}", "）", "】", "⟩", "\\}", "\\end", "\\rangle"}
_SEMICOLONS = frozenset(";；؛")
_SEPARATORS = frozenset(",;，；、،؛")
_ROWS = re.compile(
    r"\\begin\{(aligned|align\*?|alignedat|array|gathered|gather\*?|split|tabular)\}(?:\{[^{}]*\}|\[[^\]]*\])?(.*)\\end\{\1\}",
    re.DOTALL,
)
_SEPARATION = re.compile(r"(?:[\s,;，；、،؛]|\\\\|\\q?quad\b|\b(?:and|or)\b|\\text\{\s*and\s*\})++\Z")
_CONJUNCTION = re.compile(r"(?i)(?:\\text\s?\{\s*and\s*\}|and\b)\s*+(?=.)")
_WRAPPED = re.compile(r"\\(?:text|mathrm)\{([^{}]*)\}")
_LEADING_SPACING = re.compile(r"(?:\s|~|\\(?:[,;:!>]|q?quad(?![A-Za-z])|(?=\s)))*+")
_TRAILING_SPACING = re.compile(r"(?:\s|~|\\(?:[,;:!>\s]|q?quad|\Z))++\Z")
_LONGEST_SPACING = 100


@lru_cache(maxsize=512)
def _label_pattern(questions: str, answers: str) -> re.Pattern[str]:
    return re.compile(
        rf"""(?ix) (?:\\(?:text|textbf|textrm|mathrm|mathbf|mathsf)\s?\{{\s?)? (?<![A-Za-z0-9])
        (?: (?:q|{questions}|{answers}) [ \t.\#_{{~]{{0,3}} \d{{1,3}} | 第\s?(?:{CJK_NUMERAL})\s?[题題问問] )
        [\s}}]{{0,3}} [{COLONS}=]"""
    )


def _find_labels(content: str) -> Iterator[re.Match[str]]:
    """Yield the labels anywhere in a box."""
    return _label_pattern(question_nouns(content), answer_nouns(content)).finditer(content)


def split_box(content: str, level: int) -> tuple[str | None, ...] | None:
    """Split a box into the answers of `level` questions, null for a question that a labelled box leaves out.

    Returns:
        Null where the box has not exactly `level` parts at the top level, and not a label before every part.
    """
    for parts in _candidate_splits(content):
        labelled = _by_label(parts, level)
        if labelled is not None:
            return labelled
        if len(parts) == level:
            return tuple(_clean_part(part) for part in parts)
    return None


def split_labelled_box(content: str, level: int) -> tuple[str | None, ...] | None:
    """Split a box with a label before every part; null for any other."""
    return next(filter(None, (_by_label(parts, level) for parts in _candidate_splits(content))), None)


def _candidate_splits(content: str) -> Iterator[list[str]]:
    wrapped = _WRAPPED.fullmatch(content)
    content = wrapped[1] if wrapped else content
    rows = _ROWS.fullmatch(content)
    if rows:
        yield _split(rows[2], is_row=True)
        return
    if any(sign in content for sign in _SEMICOLONS):
        yield _split(content, _SEMICOLONS)
    yield _split(content, _SEPARATORS)
    yield _split_at_labels(content)


def _split_at_labels(content: str) -> list[str]:
    """Cut before each label; the whole content is one part where anything stands before the first."""
    starts = [label.start() for label in _find_labels(content)]
    if not starts or content[: starts[0]].strip(" \t\r\n&"):
        return [content]
    parts = [content[start:end] for start, end in pairwise([*starts, len(content)])]
    return [
        part[: separation.start()]
        if (separation := _SEPARATION.search(part, max(len(part) - _LONGEST_SPACING, 0)))
        else part
        for part in parts
    ]


def _split(content: str, separators: frozenset[str] = frozenset(), *, is_row: bool = False) -> list[str]:
    cuts = [
        token.span() for token in _outside_brackets(content) if _separates(content, token, separators, is_row=is_row)
    ]
    return [part for part in _without(content, cuts) if part.strip()]


def _outside_brackets(content: str) -> Iterator[re.Match[str]]:
    depth = 0
    for token in _TOKEN.finditer(content):
        if token.group() in _OPENING:
            depth += 1
        elif token.group() in _CLOSING:
            depth = max(depth - 1, 0)
        elif depth == 0:
            yield token


def _without(content: str, cuts: list[Span]) -> list[str]:
    """Return what stands before, between and behind the cuts."""
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(content)]
    return [content[start:end] for start, end in zip(starts, ends, strict=True)]


def _separates(content: str, token: re.Match[str], separators: frozenset[str], *, is_row: bool) -> bool:
    if is_row:
        return token.group().startswith("\\\\")
    return token.group() in separators and not (token.group() == "," and _groups_thousands(content, token.start()))


def _groups_thousands(content: str, comma: int) -> bool:
    digits = re.compile(r"\d{3}(?!\d)").match(content, comma + 1)
    return digits is not None and comma > 0 and content[comma - 1].isdigit()


def _by_label(parts: list[str], level: int) -> tuple[str | None, ...] | None:
    """Give parts to questions where each of them has a label; an unlabelled part belongs to the label before it."""
    groups: list[tuple[int, list[str]]] = []
    for part in parts:
        number = _part_number(part)
        if number is not None:
            groups.append((number, [part]))
        elif groups:
            groups[-1][1].append(part)
        else:
            return None
    numbers = shift_from_zero([number for number, _ in groups], level)
    if not numbers or len(set(numbers)) != len(numbers) or not set(numbers) <= set(range(1, level + 1)):
        return None
    if any(sum(1 for _ in _find_labels(",".join(group))) > 1 for _, group in groups):
        return None
    # Labels before some parts only (Q1: 3, 5, Q2: 7) are believed where they name every question.
    if len(groups) not in (len(parts), level):
        return None
    answers = {number: _clean_part(",".join(group)) for number, (_, group) in zip(numbers, groups, strict=True)}
    return tuple(answers.get(position) for position in range(1, level + 1))


def _part_number(part: str) -> int | None:
    label = match_part_label(_trim(_without_alignment(part)))
    return part_number(label) if label else None


def _clean_part(part: str) -> str | None:
    """Remove label, `&`, spacing commands and an `and` before it (rule 14); null where nothing is left."""
    part = _trim(_without_alignment(part))
    conjunction = _CONJUNCTION.match(part)
    part = part[conjunction.end() :] if conjunction else part
    label = match_part_label(part)
    if label and part_number(label) is not None:
        part = part[label.end() :]
        # In \\text{Q1: 12} one brace holds label and value: it goes with the label.
        if part.endswith("}") and part.count("{") < part.count("}"):
            part = part[:-1]
    return clean_content(_trim(part)) or None


def _without_alignment(part: str) -> str:
    """Remove the `&` that align rows; those of a matrix stay."""
    return "".join(_without(part, [token.span() for token in _outside_brackets(part) if token.group() == "&"]))


def _trim(part: str) -> str:
    leading = _LEADING_SPACING.match(part)
    part = part[leading.end() :].rstrip() if leading else part.rstrip()
    trailing = _TRAILING_SPACING.search(part[-_LONGEST_SPACING:])
    return part[: len(part) - len(trailing.group())] if trailing else part
