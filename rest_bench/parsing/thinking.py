"""Where the thinking of a response ends and its final text begins (reading.md rule 1)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rest_bench.schema import Response

Span = tuple[int, int]


class TagFamily(NamedTuple):
    """The opening and the closing tag of one kind of thinking block, as regular expressions."""

    name: str
    opening: str
    closing: str
    closes_all: bool = False
    """A closing tag makes thinking of everything before it, as the final channel of a channel model does."""


def _angle(name: str) -> TagFamily:
    return TagFamily(name, rf"<{name}(?:\s[^<>]{{0,100}}(?<!/))?>", rf"</\s?{name}\s?>")


_ANGLE_NAMES = ("think", "thinking", "thought", "reason", "reasoning", "reflection", "scratchpad")

FAMILIES: tuple[TagFamily, ...] = (
    *(_angle(name) for name in _ANGLE_NAMES),
    *(_angle(f"seed:{name}") for name in _ANGLE_NAMES),
    TagFamily("[think]", r"\[think\]", r"\[/think\]"),
    TagFamily("◁think▷", r"◁think▷", r"◁/think▷"),
    TagFamily("of_thought", r"<\|?begin_of_thought\|?>", r"<\|?end_of_thought\|?>"),
    TagFamily("_THINKING", r"<\|?start_thinking\|?>", r"<\|?end_thinking\|?>"),
    TagFamily(
        "channel",
        r"(?:<\|start\|>assistant)?<\|channel\|>\s?(?:analysis|commentary)",
        r"(?:<\|start\|>assistant)?<\|channel\|>\s?final(?:[^<]{0,100}(?:<\|constrain\|>[^<]{0,100})?<\|message\|>)?",
        closes_all=True,
    ),
    # The channel marks are special tokens: a server that drops them leaves the channel names glued to the words.
    TagFamily(
        "stripped channel",
        r"(?-i:\Aanalysis(?=[^\s:.,;a-z-])|assistant(?:analysis|commentary))",
        r"(?-i:assistantfinal|\Afinal(?=[A-Z0-9*#|$\\]))",
        closes_all=True,
    ),
    TagFamily("channel thought", r"<\|channel\|?>\s?thought", r"<channel\|>"),
)
"""Tags match in any case; a block is closed only by its own family."""

_FIRST_CHARACTERS = r"</?\s?[a-z|]|\[/?t|◁|assistant|analysis|final"


class Thinking(NamedTuple):
    """A response split in two."""

    thinking: str
    final: str
    spans: tuple[Span, ...]
    """Of the thinking, tags included, in `reasoning` + `text`."""


class _Tag(NamedTuple):
    start: int
    end: int
    family: TagFamily
    closes: bool


def split_thinking(response: Response, extra_tags: tuple[tuple[str, str], ...] = ()) -> Thinking:
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


def _hidden_spans(text: str, extra_tags: tuple[tuple[str, str], ...], *, prefilled: bool) -> list[Span]:
    families = FAMILIES + tuple(TagFamily(f"{a} {b}", re.escape(a), re.escape(b)) for a, b in extra_tags)
    tags = list(_find_tags(text, families))
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


def _prefilled_family(text: str, tags: list[_Tag]) -> str:
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


def _find_tags(text: str, families: tuple[TagFamily, ...]) -> Iterator[_Tag]:
    for match in _tag_pattern(families).finditer(text):
        group = match.lastgroup or ""
        yield _Tag(match.start(), match.end(), families[int(group[1:])], closes=group.startswith("c"))


@lru_cache(maxsize=8)
def _tag_pattern(families: tuple[TagFamily, ...]) -> re.Pattern[str]:
    tags = [f"(?P<o{k}>{family.opening})|(?P<c{k}>{family.closing})" for k, family in enumerate(families)]
    built_in, extra = tags[: len(FAMILIES)], tags[len(FAMILIES) :]
    # The look-ahead keeps the long alternation away from nearly every character of the text.
    return re.compile("|".join([*extra, rf"(?={_FIRST_CHARACTERS})(?:{'|'.join(built_in)})"]), re.IGNORECASE)
