"""How many tokens of a response are thinking."""

from typing import NamedTuple

from rest_bench.parsing.thinking import Span
from rest_bench.schema import Response


class ThinkingTokens(NamedTuple):
    """Thinking tokens of a whole response; null where no count is at hand."""

    thinking: int | None
    estimated: bool
    """Shared out by characters over the whole response, as no tokens per line were given."""


def count_thinking_tokens(response: Response, spans: tuple[Span, ...]) -> ThinkingTokens:
    """Count the tokens inside the spans of `reasoning` + `text`.

    A line that is partly thinking is shared out by characters.
    """
    whole = (response.reasoning or "") + response.text
    hidden = sum(end - start for start, end in spans)
    if hidden == 0:
        return ThinkingTokens(0, estimated=False)
    lines = whole.removesuffix("\n").split("\n")
    if response.line_tokens is not None and len(response.line_tokens) == len(lines):
        return ThinkingTokens(_count_by_line(lines, response.line_tokens, spans), estimated=False)
    total = response.completion_tokens if response.line_tokens is None else sum(response.line_tokens)
    return ThinkingTokens(None if total is None else round(total * hidden / len(whole)), estimated=total is not None)


def _count_by_line(lines: list[str], line_tokens: tuple[int, ...], spans: tuple[Span, ...]) -> int:
    """Walk the lines and the spans, both in order, side by side."""
    count = 0.0
    start = 0
    index = 0
    for line, tokens in zip(lines, line_tokens, strict=True):
        end = start + len(line) + 1
        inside = 0
        while index < len(spans) and spans[index][0] < end:
            inside += min(spans[index][1], end) - max(spans[index][0], start)
            if spans[index][1] > end:
                break
            index += 1
        count += tokens * min(inside / (end - start), 1.0)
        start = end
    return round(count)
