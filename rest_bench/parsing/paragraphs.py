"""A thinking text cut into paragraphs, the units that are given to questions (metrics.md 7.12)."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from rest_bench.parsing.thinking import Span

CHUNK = 240
"""Characters that a chunk of a line has at most; where sentences end in it, it ends with the first that is not short.
"""
SHORT = 40
"""Characters."""
MAX_PARAGRAPHS = 5_000
"""Above it neighbours are joined, so that no text makes the work grow without bound."""

_LINE = re.compile(r"\n\s*")
_BLANK = re.compile(r"\n\s*\n[^\S\n]*")
_SENTENCE_END = re.compile(r"[.!?。！？][\s\"'”’)]|[。！？]")


def cut_paragraphs(text: str, starts: Iterable[int] = (), wall: int = 800) -> tuple[Span, ...]:
    """Cut a text at its blank lines, and at every given place.

    A longer paragraph than `wall` is cut at its line ends too, and a line of it that is as long into chunks, at the
    ends of sentences, else of words. Finer cuts cost nothing: a paragraph without evidence stays with the one above.

    Args:
        text: Not empty.
        starts: Further places where a paragraph begins.
        wall: Characters; 800 are about 200 tokens.

    Returns:
        Spans that cover the text without a gap, in order; the blank lines belong to the paragraph above them.
    """
    cuts = {0, len(text), *(match.end() for match in _BLANK.finditer(text)), *starts}
    spans = list(pairwise(sorted(cuts)))
    for cut in (_lines, _chunks):
        spans = [
            piece for start, end in spans for piece in (cut(text, start, end) if end - start > wall else [(start, end)])
        ]
    return tuple(_joined(spans))


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    cuts = [match.end() for match in _LINE.finditer(text, start, end)]
    return pairwise([start, *cuts] if cuts and cuts[-1] == end else [start, *cuts, end])


def _chunks(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > CHUNK:
        cut = _cut_in(text, start + SHORT, start + CHUNK)
        yield start, cut
        start = cut
    yield start, end


def _cut_in(text: str, start: int, end: int) -> int:
    """Return the best place to cut between two positions."""
    sentence_end = _SENTENCE_END.search(text, start, end)
    if sentence_end:
        return sentence_end.end()
    word_end = text.rfind(" ", start, end)
    return word_end + 1 if word_end >= 0 else end


def _joined(spans: list[Span]) -> Iterator[Span]:
    """Join neighbours where there are too many, as many to each as it takes."""
    size = -(-len(spans) // MAX_PARAGRAPHS)
    for first in range(0, len(spans), size):
        last = min(first + size, len(spans)) - 1
        yield spans[first][0], spans[last][1]
