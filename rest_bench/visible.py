r"""Other people's characters that command a terminal, or turn text around, shown instead of obeyed.

Names, notes, answers and sentences of models, servers and submissions may hold what moves the cursor, sets a title or
the clipboard (OSC 52), hides an address behind a text (OSC 8), or shows letters in another order than they stand.
"""

import re

_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
"""Marks that set the direction of writing, and their deprecated kin."""
_LINE_ENDS = "\u2028\u2029"
_HIDDEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_LINE_ENDS}{_TURNING}]")
_LEFT_TO_LIBRARIES = re.compile(
    rf"(\x1b\[[0-9;?]*[A-HJKSTfhlmnsu])|[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f{_LINE_ENDS}{_TURNING}]"
)
"""What bars of progress need stays: carriage returns, backspaces, and sequences that move the cursor or colour."""


def visible(text: str) -> str:
    r"""Return a text in which only line feeds and tabs are obeyed; the rest is written as in JSON.

    JSON that goes through it keeps its meaning, as such characters stand in its strings only.

    >>> visible("\x1b[2J")
    '\\u001b[2J'
    """
    return text if text.isascii() and text.isprintable() else _HIDDEN.sub(_escape, text)


def without_commands(text: str) -> str:
    """Return what a library writes to stderr: as `visible`, but for what a bar of progress needs."""
    return _LEFT_TO_LIBRARIES.sub(lambda found: found[1] or _escape(found), text)


def visible_values(value: object) -> object:
    """Return a value of lists, mappings and texts whose texts, keys too, are `visible`."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible_values(key): visible_values(each) for key, each in value.items()}
    return [visible_values(each) for each in value] if isinstance(value, list | tuple) else value


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
