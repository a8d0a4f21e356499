"""How many tokens of a response are thinking, and how they fall on its parts."""

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from rest_bench.parsing.thinking import Span
from rest_bench.schema import Response


class ThinkingTokens(NamedTuple):
    """Thinking tokens of a whole response; null where no count is at hand."""

    thinking: int | None
    estimated: bool
    """Shared out by characters over the whole response, as no tokens per line were given."""


def count_thinking_tokens(response: Response, spans: tuple[Span, ...]) -> ThinkingTokens:
    """Count the tokens inside the spans of `reasoning` + `text`."""
    hidden = sum(end - start for start, end in spans)
    if hidden == 0:
        return ThinkingTokens(0, estimated=False)
    counts = share_tokens(response, spans, [hidden])
    if counts is None:
        return ThinkingTokens(None, estimated=False)
    return ThinkingTokens(counts[0], estimated=_line_ends(response) is None)


def share_tokens(response: Response, spans: Sequence[Span], ends: Sequence[int]) -> tuple[int, ...] | None:
    """Count the tokens of consecutive parts of the thinking.

    A line that lies in several parts is shared out by characters, and so is the whole response where its engine gave no
    tokens for each line.

    Args:
        response: Its `line_tokens`, else its `completion_tokens` are used.
        spans: Of the thinking in `reasoning` + `text`, in order.
        ends: Where each part ends in the thinking (the text of the spans, joined), ascending; the last is its length.

    Returns:
        One count per part. The counts of any parts sum to that of the whole thinking. Null where no count is at hand.
    """
    lines = _line_ends(response)
    total = response.completion_tokens if response.line_tokens is None else sum(response.line_tokens)
    if lines is not None and response.line_tokens is not None:
        counts = _count_by_line(lines, response.line_tokens, spans, ends)
    elif total is not None:
        n_characters = len(response.reasoning or "") + len(response.text)
        counts = [total * (end - start) / n_characters for start, end in pairwise([0, *ends])]
    else:
        return None
    # The sums are rounded, not the counts: so they add up. Half a token goes up whatever way it was added.
    rounded = [math.floor(count + 0.5 + 1e-6) for count in accumulate(counts)]
    return tuple(after - before for before, after in pairwise([0, *rounded]))


def count_tokens_before(response: Response, place: int) -> int | None:
    """Count the tokens before a place in `reasoning` + `text`; null where no count is at hand."""
    length = len(response.reasoning or "") + len(response.text)
    if not 0 < place < length:
        return 0 if place <= 0 else response.completion_tokens
    counts = share_tokens(response, [(0, length)], [place, length])
    return None if counts is None else counts[0]


def _line_ends(response: Response) -> list[int] | None:
    r"""Return where each line of `reasoning` + `text` ends, behind its `\n`; null without one token count for each.

    The empty line behind a last `\n` may have a count (an end token may stand on it) or not.
    """
    whole = (response.reasoning or "") + response.text
    ends = list(accumulate(len(line) + 1 for line in whole.split("\n")))
    ends[-1] = len(whole)
    if response.line_tokens is None:
        return None
    if whole.endswith("\n") and len(response.line_tokens) == len(ends) - 1:
        return ends[:-1]
    return ends if len(response.line_tokens) == len(ends) else None


def _count_by_line(
    line_ends: Sequence[int], line_tokens: Sequence[int], spans: Sequence[Span], ends: Sequence[int]
) -> list[float]:
    """Walk the lines and the stretches of the parts, both in order, side by side."""
    counts = [0.0] * len(ends)
    line = 0
    line_start = 0
    for start, end, part in _stretches(spans, ends):
        place = start
        while place < end:
            while line_ends[line] <= place:
                line_start = line_ends[line]
                line += 1
            stop = min(end, line_ends[line])
            counts[part] += line_tokens[line] * (stop - place) / (line_ends[line] - line_start)
            place = stop
    return counts


def _stretches(spans: Sequence[Span], ends: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, part) of all stretches of `reasoning` + `text` that lie in one span and in one part."""
    part = 0
    thinking_end = 0
    for start, span_end in spans:
        place = start
        while place < span_end:
            while ends[part] <= thinking_end:
                part += 1
            stop = min(span_end, place + ends[part] - thinking_end)
            yield place, stop, part
            thinking_end += stop - place
            place = stop
