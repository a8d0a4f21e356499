"""Boxes: where they stand, what they hold, and which of them form one answer (reading.md rules 5 to 7 and 14)."""

import re
from bisect import bisect_left
from typing import NamedTuple

_COMMAND = re.compile(r"\\(?:boxed|fbox)(?![A-Za-z])\s*+")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BLANK_LINE = re.compile(r"\n[ \t\r]*+\n")
_BARE_VALUE = re.compile(r"[-+−–]?\d+(?:,\d{3})*(?:\.\d+)?|[A-Z](?![A-Za-z])")
_EMPTY = re.compile(
    r"(?:[\s~._…{}]|\\(?:[,;:!> _]|(?:q?quad|[lc]?dots|text|underline)\b|\Z|[hv]space\*?\{[^{}]{0,12}\}))*+"
)
_OUTER_DOLLARS = re.compile(r"\$\$([^$]*)\$\$|\$([^$]*)\$")
_AND = "and|or|und|oder|et|y|e|ou|o|и|или"
_JOINER = re.compile(
    rf"""(?ix) (?: (?:[a-z]|\\[a-z]{{2,10}})(?:_\{{?\w{{1,3}}\}}?)? \s? (?:=|&=|=&)
        | [\s$,;，；、*]
        | \\[()\[\],;:!\s\\] | \\(?:q?quad)\b
        | \\text(?:bf|rm|it)?\s?\{{ [\s,;]*+ (?:{_AND})?+ [\s,;]*+ \}} | \b(?:{_AND})\b
        | [和或与及&]
        | \(?[a-h]\)
    )*+"""
)
_LIST_SIGN = re.compile(rf"(?i)[,;，；、和或与及&]|\b(?:{_AND})\b(?!\s?[&=])|\(?\b[a-h]\)")
_LONGEST_JOINER = 60


class Box(NamedTuple):
    r"""A `\boxed` or `\fbox` in a text."""

    start: int
    end: int
    """Just after the closing brace; of a cut box, the end of its line."""
    content: str
    """As written, without outer blanks, one outer pair of `$` and inner boxes."""
    complete: bool
    """False where the brace never closes."""


def find_boxes(text: str) -> tuple[Box, ...]:
    """Return the outermost boxes of a text that hold anything, in order, cut ones among them (rules 5 and 7)."""
    commands = list(_COMMAND.finditer(text))
    closing = _match_braces(text) if commands else {}
    starts = [command.start() for command in commands]
    blank_lines = [match.start() for match in _BLANK_LINE.finditer(text)] if commands else []
    boxes: list[Box] = []
    index = 0
    while index < len(commands):
        end = closing.get(commands[index].end())
        if end is not None and _swallows(starts, blank_lines, commands[index].end(), end):
            end = None
        following = bisect_left(starts, commands[index].end() if end is None else end)
        box = _read_box(text, commands[index:following], closing, end)
        if box is not None and not (box.complete and _EMPTY.fullmatch(box.content)):
            boxes.append(box)
        index = bisect_left(starts, box.end) if box is not None else index + 1
    return tuple(boxes)


def _match_braces(text: str) -> dict[int, int]:
    """Return the position of its closing brace for each opening one that is closed; escaped ones are skipped."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for brace in _BRACE.finditer(text):
        if brace.group() == "{":
            opened.append(brace.start())
        elif brace.group() == "}" and opened:
            closing[opened.pop()] = brace.start()
    return closing


def _swallows(starts: list[int], blank_lines: list[int], start: int, end: int) -> bool:
    """Return whether a box holds another one beyond a blank line: a stray brace closed it, far below."""
    blank = bisect_left(blank_lines, start)
    if blank == len(blank_lines) or blank_lines[blank] >= end:
        return False
    inner = bisect_left(starts, blank_lines[blank])
    return inner < len(starts) and starts[inner] < end


def _read_box(text: str, commands: list[re.Match[str]], closing: dict[int, int], end: int | None) -> Box | None:
    """Read the box of the first command; the other commands stand inside it."""
    start, after = commands[0].span()
    if end is not None:
        return Box(start, end + 1, clean_content(_without_inner(text, after + 1, end, commands[1:], closing)), True)
    if text.startswith("{", after):
        line_end = text.find("\n", after)
        line_end = len(text) if line_end < 0 else line_end
        return Box(start, line_end, text[after + 1 : line_end], complete=False)
    bare = _BARE_VALUE.match(text, after)
    return Box(start, bare.end(), bare.group(), complete=True) if bare else None


def _without_inner(text: str, start: int, end: int, inner: list[re.Match[str]], closing: dict[int, int]) -> str:
    dropped = [command.span() for command in inner]
    for command in inner:
        if command.end() in closing:
            dropped.append((command.end(), command.end() + 1))
            dropped.append((closing[command.end()], closing[command.end()] + 1))
    pieces: list[str] = []
    position = start
    for drop_start, drop_end in sorted(dropped):
        pieces.append(text[position:drop_start])
        position = drop_end
    return "".join(pieces) + text[position:end]


def clean_content(content: str) -> str:
    """Remove outer blanks and one outer pair of `$` (rule 14)."""
    content = content.strip()
    dollars = _OUTER_DOLLARS.fullmatch(content)
    return (dollars[1] or dollars[2] or "").strip() if dollars else content


def last_list(text: str, boxes: tuple[Box, ...]) -> str | None:
    """Return what the last box says, joined with the boxes that form one list with it (rule 6).

    Args:
        text: The text that the boxes stand in.
        boxes: At least one, in order; null is returned where the last one is cut (rule 7).
    """
    if not boxes[-1].complete:
        return None
    contents = [boxes[-1].content]
    for earlier, later in zip(boxes[-2::-1], boxes[:0:-1], strict=True):
        if not joins(text, earlier, later):
            break
        contents.append(earlier.content)
    distinct = {re.sub(r"\s", "", content): content for content in reversed(contents)}
    return ", ".join(distinct.values())


def joins(text: str, earlier: Box, later: Box) -> bool:
    """Return whether nothing but a comma, a semicolon, `and` (and `y =`) stands between two complete boxes (rule 6)."""
    if not earlier.complete or later.start - earlier.end > _LONGEST_JOINER:
        return False
    between = text[earlier.end : later.start]
    return _JOINER.fullmatch(between) is not None and _LIST_SIGN.search(between) is not None
