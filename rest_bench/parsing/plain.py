"""A text as it is read: without marks that nobody sees, and with one kind of line end (reading.md rule 17)."""

import re
from bisect import bisect_right

_MARKS = (
    r"\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"  # direction
    r"\u200b-\u200d\u2060\ufeff\u180e"  # no width
    r"\u00ad"  # soft hyphen
)
_MARK = re.compile(f"[{_MARKS}]")
_LINE_END = re.compile(r"\r(?!\n)|[\u0085\u2028\u2029]")
_SPECIAL = re.compile(rf"[{_MARKS}\u0085\u2028\u2029]|\r(?!\n)")
_END_NAMES = (
    r"eot|eom|end|eos|im_end|eot_id|eom_id|return|endoftext|end_of_text|end_of_sentence|end▁of▁sentence|end_of_turn"
    r"|end▁of▁turn|endofturn|end_of_response|end_response|end_of_solution|endofprompt|endofassistant|assistant_end"
)
_END_TOKENS = re.compile(
    rf"(?i)(?:\s*+(?:<[|｜](?:{_END_NAMES})[|｜]>|</s>|<eos>|<eod>|<end_of_turn>|<turn\|>|\[eos\]))++\s*+\Z"
)
_LONGEST_ENDS = 2000
"""Characters at the end of a text in which end tokens are looked for."""
_TOOL_CALL = re.compile(r"(?s)<(tool_call|function_call|tool_calls)>(?:(?!</?\1>).)*+</\1>")


def read_plain(text: str) -> str:
    r"""Return a text without direction marks, zero-width characters, soft hyphens and end tokens behind it.

    Every line end but `\r\n` becomes `\n`; a tool call that more text follows becomes blanks.
    """
    if _SPECIAL.search(text):
        text = _LINE_END.sub("\n", _MARK.sub("", text))
    return _without_tool_calls(_without_end_tokens(text))


def without_marks(text: str) -> str:
    """Return a text without direction marks, zero-width characters and soft hyphens."""
    return _MARK.sub("", text)


class Origins:
    """Where the characters of `read_plain(text)` stand in the text itself."""

    def __init__(self, text: str) -> None:
        # The k-th mark, k from 0, has `position - k` characters of the plain text before it.
        self._before = [mark.start() - k for k, mark in enumerate(_MARK.finditer(text))]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text of a span in the plain text, without marks at its ends."""
        return start + bisect_right(self._before, start), end + bisect_right(self._before, end - 1)


def _without_end_tokens(text: str) -> str:
    start = max(0, len(text) - _LONGEST_ENDS)
    ends = _END_TOKENS.search(text, start) if ">" in text[-40:] or "]" in text[-40:] else None
    return text[: ends.start()] if ends else text


def _without_tool_calls(text: str) -> str:
    if "_call" not in text:
        return text
    end = len(text.rstrip())
    return _TOOL_CALL.sub(lambda call: call.group() if call.end() >= end else " " * len(call.group()), text)
