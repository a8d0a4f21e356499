"""Where the thinking of a response ends and its final text begins (reading.md rule 1)."""

from typing import NamedTuple

from rest_bench.parsing.tags import ExtraTags, Tag, find_tags
from rest_bench.schema import Response

Span = tuple[int, int]


class Thinking(NamedTuple):
    """A response split in two."""

    thinking: str
    final: str
    spans: tuple[Span, ...]
    """Of the thinking, tags included, in `reasoning` + `text`."""


def split_thinking(response: Response, extra_tags: ExtraTags = ()) -> Thinking:
    """Split a response into its thinking and its final text (reading.md rule 1).

    Args:
        response: Of any engine. A `reasoning` that a server split off is thinking; tags in `text` count all the same.
        extra_tags: A user's own (opening, closing) tags, taken literally, in any case.
    """
    reasoning = response.reasoning or ""
    hidden = _hidden_spans(response.text, extra_tags, prefilled=response.thinking_prefilled and not reasoning)
    offset = len(reasoning)
    whole = reasoning + response.text
    spans = [(0, offset)] if reasoning else []
    spans += [(start + offset, end + offset) for start, end in hidden]
    return Thinking(
        thinking="".join(whole[start:end] for start, end in spans),
        final=_join_visible(response.text, hidden),
        spans=tuple(spans),
    )


def _join_visible(text: str, hidden: list[Span]) -> str:
    pieces: list[str] = []
    position = 0
    for start, end in [*hidden, (len(text), len(text))]:
        if start > position:
            pieces.append(text[position:start])
        position = end
    # What stood on both sides of a block stood on two lines: a label after it is at the start of a line.
    return "\n".join(pieces)


def _hidden_spans(text: str, extra_tags: ExtraTags, *, prefilled: bool) -> list[Span]:
    tags = list(find_tags(text, extra_tags))
    spans: list[Span] = []
    opened: set[str] = set()
    inside = _prefilled_family(text, tags) if prefilled else None
    block_start = 0
    for tag in tags:
        if inside is not None:
            if tag.closes and tag.family.name == inside:
                if tag.family.closes_all:
                    spans, block_start = [], 0
                spans.append((block_start, tag.end))
                inside = None
        elif not tag.closes:
            inside, block_start = tag.family.name, tag.start
            opened.add(tag.family.name)
        elif tag.family.closes_all or tag.family.name not in opened:
            spans = [(0, tag.end)]
    if inside is not None:
        spans.append((block_start, len(text)))
    return spans


def _prefilled_family(text: str, tags: list[Tag]) -> str:
    """Return the family of the block that the prompt opened: of the first closing tag that nothing here opened."""
    opened: set[str] = set()
    text_start = len(text) - len(text.lstrip())
    for tag in tags:
        if tag.closes and tag.family.name not in opened:
            return tag.family.name
        # A model that repeats the opening tag of its prompt has not opened a second block.
        if not tag.closes and tag.start > text_start:
            opened.add(tag.family.name)
    return "think"
