"""Walking through LaTeX without understanding it: tokens, brackets, and splitting where no bracket is open."""

import re
from collections.abc import Callable, Iterator

TOKEN = re.compile(r"\\text\{[^{}]*\}|\\[A-Za-z]+|\\.|.", re.DOTALL)
"""One command, one character, or one run of words that clean-up has wrapped in `\\text`."""
OPENING = frozenset({"{", "(", "[", r"\{", r"\langle", r"\begin"})
CLOSING = frozenset({"}", ")", "]", r"\}", r"\rangle", r"\end"})
"""Any of them closes any opening one: `[2, 7)` is an interval."""

WORDS = re.compile(r"\\text\{([^{}]*)\}")


def depths(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield every token with the number of brackets open around it; a bracket stands outside itself."""
    depth = 0
    for match in TOKEN.finditer(text):
        token = match.group()
        if token in CLOSING:
            depth = max(0, depth - 1)
        yield match, depth
        if token in OPENING:
            depth += 1


def nesting(text: str) -> int:
    """Return the greatest number of brackets open at one place."""
    return max((depth for _, depth in depths(text)), default=0)


def split(text: str, is_separator: Callable[[str], bool]) -> tuple[list[str], list[str]]:
    """Split where a token outside all brackets is a separator.

    Returns:
        The parts without outer blanks, and the separators between them.
    """
    parts, separators, start = [], [], 0
    for match, depth in depths(text):
        if depth == 0 and is_separator(match.group()):
            parts.append(text[start : match.start()].strip())
            separators.append(match.group())
            start = match.end()
    return [*parts, text[start:].strip()], separators


def group_end(text: str, start: int) -> int:
    """Return the index behind the bracket that closes the one at `start`, or the length of the text."""
    depth = 0
    for match in TOKEN.finditer(text, start):
        if match.group() in OPENING:
            depth += 1
        elif match.group() in CLOSING:
            depth -= 1
            if depth == 0:
                return match.end()
    return len(text)


_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def brace_end(text: str, start: int) -> int:
    """Return the index behind the brace that closes the one at `start`, or the length of the text."""
    depth = 0
    for match in _BRACE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    return len(text)


def inside(text: str) -> tuple[str, str, str] | None:
    """Return opening bracket, content and closing bracket where one pair encloses the whole text, else null."""
    first = TOKEN.match(text)
    if first is None or first.group() not in OPENING - {r"\begin"} or group_end(text, 0) != len(text):
        return None
    *_, last = TOKEN.finditer(text)
    if last.group() not in CLOSING:
        return None
    return first.group(), text[first.end() : last.start()].strip(), last.group()


def balanced(text: str) -> bool:
    """Say whether every brace that opens closes, escaped ones aside."""
    depth = 0
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth < 0:
            return False
    return depth == 0


_IDLE_BLANK = re.compile(r"(?<![\d,])\s+|\s+(?!\d)")


def plain(text: str) -> str:
    """Return the text without the marks around words and without blanks, but those that part numbers: `1, 2`, `1 2`."""
    return _IDLE_BLANK.sub("", WORDS.sub(r" \1 ", text).strip())
