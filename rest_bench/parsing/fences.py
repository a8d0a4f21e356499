"""Fenced code blocks, as in CommonMark (reading.md rule 13)."""

import re
import textwrap
from typing import NamedTuple

PYTHON = frozenset({"python", "py", "python3"})
TEXT_LANGUAGES = frozenset(
    {"text", "txt", "plaintext", "plain", "latex", "tex", "math", "katex", "markdown", "md"}
    | {"json", "jsonl", "yaml", "yml", "toml", "csv", "tsv", "xml", "html", "output", "answer"}
)
"""Languages of fences that hold no program: labels inside count."""

_OPENING = re.compile(
    r"(?P<prefix>[ \t]*+(?:>[ \t]?)*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?)(?P<ticks>`{3,}+|~{3,}+)(?P<info>[^\n]*)"
)
# Not in CommonMark, but frequent: a fence opened behind its label, `**Q1:** ```python`.
_BEHIND_LABEL = re.compile(
    r"(?P<prefix>)[^`\n]{1,80}[:：*.][ \t]*+(?P<ticks>`{3,}+)(?P<info>[A-Za-z0-9_+-]{1,20})[ \t\r]*+"
)
_CLOSING = re.compile(r"[ \t>]*+(?P<ticks>`{3,}+|~{3,}+)[ \t\r]*+")
_QUOTE = re.compile(r"[ \t]{0,3}>[ \t]?")
_CODE_LINE = re.compile(
    r"""(?x) [ \t]{0,8} (?: import\s+\w | from\s+[\w.]{1,60}\s+import\b | (?:async\s+)?def\s+\w | class\s+\w+\s*[(:]
        | @\w | try: | print\( | return\b | (?:if|for|while|with)\s[^\n]{1,200}:\s*$
        | [A-Za-z_][\w.,\[\]\ ]{0,80}[-+*/]?=[^=] )"""
)


class Fence(NamedTuple):
    """A fenced block, or a closing fence that nothing opened."""

    start: int
    end: int
    language: str
    """First word of the info string, lower case."""
    code: str
    """Without fence and common indent; empty for a lone closing fence."""
    is_lone: bool = False
    """A closing fence without an opening one: code stands before it."""


class _Line(NamedTuple):
    start: int
    text: str


def find_fences(text: str) -> tuple[Fence, ...]:
    """Return the fences of a text in order; one that is never closed runs to the end."""
    if "```" not in text and "~~~" not in text:
        return ()
    lines = _lines(text)
    fences: list[Fence] = []
    index = boundary = 0
    while index < len(lines):
        opening = _match_opening(lines[index].text)
        if opening is None:
            index += 1
            continue
        if _is_lone_closing(lines, boundary, index, opening):
            fences.append(Fence(lines[index].start, _end(lines[index]), "", "", is_lone=True))
            index += 1
        else:
            closing = _find_closing(lines, index, opening)
            fences.append(_make_fence(lines, index, closing, opening))
            index = closing + 1
        boundary = index
    return tuple(fences)


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    start = 0
    for line in text.split("\n"):
        lines.append(_Line(start, line))
        start += len(line) + 1
    return lines


def _end(line: _Line) -> int:
    return line.start + len(line.text)


def _match_opening(line: str) -> re.Match[str] | None:
    if "```" not in line and "~~~" not in line:
        return None
    opening = _OPENING.fullmatch(line)
    if opening and not (opening["ticks"].startswith("`") and "`" in opening["info"]):
        return opening
    return _BEHIND_LABEL.fullmatch(line)


def _find_closing(lines: list[_Line], index: int, opening: re.Match[str]) -> int:
    """Return the line of the closing fence, or the number of lines where there is none."""
    deepest = len(opening["prefix"].expandtabs(4)) + 3
    for number in range(index + 1, len(lines)):
        line = lines[number].text
        if opening["ticks"] not in line:
            continue
        closing = _CLOSING.fullmatch(line)
        if closing and closing["ticks"].startswith(opening["ticks"]) and closing.start("ticks") <= deepest:
            return number
    return len(lines)


def _make_fence(lines: list[_Line], index: int, closing: int, opening: re.Match[str]) -> Fence:
    content = [line.text.removesuffix("\r") for line in lines[index + 1 : closing]]
    if ">" in opening["prefix"]:
        content = [_QUOTE.sub("", line, count=1) for line in content]
    language = (opening["info"].split() or [""])[0].lower()
    return Fence(
        lines[index].start + opening.start("ticks"),
        _end(lines[min(closing, len(lines) - 1)]),
        language,
        dedent_code("\n".join(content)),
    )


def _is_lone_closing(lines: list[_Line], boundary: int, index: int, opening: re.Match[str]) -> bool:
    """Decide whether a bare fence ends the code before it instead of opening a block.

    It does where code touches it from above and nothing below could close it: no fence, or first one with a language.
    """
    if opening["info"].strip() or index == boundary or not lines[index - 1].text.strip():
        return False
    below = range(index + 1, len(lines))
    following = next((m for number in below if (m := _match_opening(lines[number].text))), None)
    if following is not None and not following["info"].strip():
        return False
    return any(_CODE_LINE.match(line.text) for line in lines[boundary:index])


def dedent_code(code: str) -> str:
    """Remove the common indent and blank lines at both ends (rule 14)."""
    return re.sub(r"\A(?:[ \t\r]*+\n)++", "", textwrap.dedent(code)).rstrip()


def code_before(section: str) -> str | None:
    """Return the code at the end of a section that a lone closing fence ends, without the prose above it."""
    lines = section.split("\n")
    first = next((number for number, line in enumerate(lines) if _CODE_LINE.match(line)), None)
    return None if first is None else dedent_code("\n".join(line.removesuffix("\r") for line in lines[first:]))
