"""A reply cut into what people look at: the thinking by question, and the final text with the answers marked."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rest_bench.parsing.places import ReadText, find_places
from rest_bench.parsing.segments import Assignment, assign_thinking
from rest_bench.parsing.thinking import Span, split_thinking
from rest_bench.schema import Pack, Response


class Part(NamedTuple):
    """A stretch of a reply."""

    text: str
    numbers: tuple[int, ...] = ()
    """Thinking: the question it is about, 0 for a plan, s + 1 for a summary. Final text: the questions answered."""


class Block(NamedTuple):
    """A stretch of thinking or of final text; its parts together are all of it."""

    is_thinking: bool
    parts: tuple[Part, ...]


class Division(NamedTuple):
    """A whole reply in its own order."""

    blocks: tuple[Block, ...]
    sure: bool | None
    """The thinking says clearly enough which part of it is about which question; null without thinking."""


def divide_reply(response: Response, pack: Pack, answers: Sequence[ReadText]) -> Division:
    """Cut a reply into thinking, by the question that it is about, and final text, with the answers that were read.

    Args:
        response: any reply; put together, its parts are its reasoning and text.
        pack: that it answers.
        answers: that were read from it, one for each position.
    """
    thinking = split_thinking(response)
    assigned = assign_thinking(thinking, pack.problems)
    stretches = _stretches(assigned)
    places = find_places(thinking.final, pack.problems, answers)
    marks = [(place, position) for position, place in enumerate(places, start=1) if place is not None]
    whole = (response.reasoning or "") + response.text
    blocks: list[Block] = []
    position = thought = read = 0
    for start, end in [*thinking.spans, (len(whole), len(whole))]:
        if start > position:
            blocks.append(Block(False, _cut(whole[position:start], marks, read)))
            read += start - position + 1  # blocks of final text are joined by a line end
        if end > start:
            blocks.append(Block(True, _cut(whole[start:end], stretches, thought)))
            thought += end - start
        position = max(position, end)
    return Division(tuple(blocks), None if assigned is None else assigned.sure)


def _stretches(assigned: Assignment | None) -> list[tuple[Span, int]]:
    """Return the paragraphs of a thinking text, those in a row that are about the same as one."""
    joined: list[tuple[Span, int]] = []
    for (start, end), state in zip(*(assigned[:2] if assigned else ((), ())), strict=True):
        if joined and joined[-1][1] == state and joined[-1][0][1] == start:
            joined[-1] = ((joined[-1][0][0], end), state)
        else:
            joined.append(((start, end), state))
    return joined


def _cut(text: str, marks: Iterable[tuple[Span, int]], offset: int) -> tuple[Part, ...]:
    """Cut a text at the ends of the marks in it, whose places are counted from `offset` characters before it."""
    inside = [
        (max(start - offset, 0), min(end - offset, len(text)), number)
        for (start, end), number in marks
        if start < offset + len(text) and end > offset
    ]
    edges = sorted({0, len(text), *(edge for start, end, _ in inside for edge in (start, end))})
    parts: list[Part] = []
    upcoming, open_marks = sorted(inside), list[tuple[int, int, int]]()
    taken = 0
    for start, end in zip(edges, edges[1:], strict=False):
        while taken < len(upcoming) and upcoming[taken][0] <= start:
            open_marks.append(upcoming[taken])
            taken += 1
        open_marks = [mark for mark in open_marks if mark[1] > start]
        parts.append(Part(text[start:end], tuple(sorted(number for _, _, number in open_marks))))
    return tuple(parts)
