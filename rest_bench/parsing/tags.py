"""The tags of thinking blocks, in replies and at the end of prompts (reading.md rule 1)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

ExtraTags = tuple[tuple[str, str], ...]
"""A user's own (opening, closing) tags, taken literally, in any case."""


class TagFamily(NamedTuple):
    """The opening and the closing tag of one kind of thinking block, as regular expressions."""

    name: str
    opening: str
    closing: str
    closes_all: bool = False
    """A closing tag makes thinking of everything before it, as the final channel of a channel model does."""
    header: str = ""
    """What may stand between the opening tag and the end of a prompt, blanks aside."""


class Tag(NamedTuple):
    """A tag in a text."""

    start: int
    end: int
    family: TagFamily
    closes: bool


def _angle(name: str) -> TagFamily:
    return TagFamily(name, rf"<{name}(?:\s[^<>]{{0,100}}(?<!/))?>", rf"</\s?{name}\s?>")


_ANGLE_NAMES = ("think", "thinking", "thought", "reason", "reasoning", "reflection", "scratchpad")
_SPEAKER = r"(?:<\|start\|>assistant)?"

FAMILIES: tuple[TagFamily, ...] = (
    *(_angle(name) for name in _ANGLE_NAMES),
    *(_angle(f"seed:{name}") for name in _ANGLE_NAMES),
    TagFamily("[think]", r"\[think\]", r"\[/think\]"),
    TagFamily("◁think▷", r"◁think▷", r"◁/think▷"),
    TagFamily("of_thought", r"<\|?begin_of_thought\|?>", r"<\|?end_of_thought\|?>"),
    TagFamily("_thinking", r"<\|?(?:start|begin)_thinking\|?>", r"<\|?end_thinking\|?>"),
    TagFamily("inner", r"<\|inner_prefix\|>", r"<\|inner_suffix\|>"),
    TagFamily(
        "channel",
        # The marks are special tokens: a server that drops them leaves the channel names glued to the words.
        rf"{_SPEAKER}<\|channel\|>\s?(?:analysis|commentary)"
        r"|(?-i:\Aanalysis(?=[^\s:.,;a-z-])|assistant(?:analysis|commentary))",
        rf"{_SPEAKER}<\|channel\|>\s?final(?:[^<]{{0,100}}(?:<\|constrain\|>[^<]{{0,100}})?<\|message\|>)?"
        r"|(?-i:assistantfinal|\Afinal(?:<\|message\|>|(?=[A-Z0-9*#|$\\])))",
        closes_all=True,
        header=r"(?:[^<]{0,100}(?:<\|constrain\|>[^<]{0,100})?<\|message\|>)?",
    ),
    TagFamily("channel thought", r"<\|channel\|?>\s?thought", r"<channel\|>"),
)
"""Tags match in any case; a block is closed only by its own family."""

_FIRST_CHARACTERS = r"</?\s?[a-z|]|\[/?t|◁|assistant|analysis|final"
_QUOTES = {"`": "`", '"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "「": "」"}
_STRAIGHT = ('"', "'")
_ENDS_A_QUOTE = r"[A-Za-z0-9.,;!?)\]}%$*]"
"""What a straight quotation mark closes behind, where it does not open."""
_LONGEST_QUOTED_LINE = 1000
"""Characters of a line, before a tag, in which backticks are counted."""
_PROMPT_TAIL = 400
"""Characters that any opening tag and its header fit in."""


def find_tags(text: str, extra_tags: ExtraTags = ()) -> Iterator[Tag]:
    """Yield the tags of a text in order, a user's own among them; one in quotes or inline code only speaks of tags."""
    families = _families(extra_tags)
    for match in _tag_pattern(families).finditer(text):
        group = match.lastgroup or ""
        if _is_quoted(text, match.start(), match.end()):
            continue
        yield Tag(match.start(), match.end(), families[int(group[1:])], closes=group.startswith("c"))


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Return whether quotation marks or backticks enclose a tag and nothing else: ``the `</think>` tag``."""
    closing = _QUOTES.get(text[start - 1 : start])
    if closing is None or not text.startswith(closing, end):
        return False
    # Three backticks are a fence, and in `a`</think>`b` the first one closes.
    if text.startswith("``", max(start - 2, 0)) or text.startswith("``", end):
        return False
    if closing in _STRAIGHT and re.match(_ENDS_A_QUOTE, text[max(start - 2, 0) : start - 1]):
        return False  # "42"</think>"42": the first one closes, too
    line_start = max(text.rfind("\n", 0, start - 1) + 1, start - _LONGEST_QUOTED_LINE)
    return closing != "`" or text.count("`", line_start, start) % 2 == 1


def has_thinking_tag(text: str) -> bool:
    """Return whether any tag of thinking stands in a text."""
    return next(find_tags(text), None) is not None


def thinking_prefilled(rendered: str, extra_tags: ExtraTags = ()) -> bool:
    """Return whether a rendered prompt ends right behind the opening tag of a thinking block (reading.md rule 1).

    The reply then holds the closing tag only. A block that the template opens and closes at once is not prefilled.

    Args:
        rendered: The prompt as the model sees it, behind its chat template; blanks may follow the tag.
        extra_tags: A user's own tags.
    """
    tail = rendered[-_PROMPT_TAIL:].rstrip()
    return _opened_pattern(_families(extra_tags)).search(tail) is not None


def _families(extra_tags: ExtraTags) -> tuple[TagFamily, ...]:
    return FAMILIES + tuple(TagFamily(f"{a} {b}", re.escape(a), re.escape(b)) for a, b in extra_tags)


@lru_cache(maxsize=8)
def _tag_pattern(families: tuple[TagFamily, ...]) -> re.Pattern[str]:
    tags = [f"(?P<o{k}>{family.opening})|(?P<c{k}>{family.closing})" for k, family in enumerate(families)]
    built_in, extra = tags[: len(FAMILIES)], tags[len(FAMILIES) :]
    # The look-ahead keeps the long alternation away from nearly every character of the text.
    return re.compile("|".join([*extra, rf"(?={_FIRST_CHARACTERS})(?:{'|'.join(built_in)})"]), re.IGNORECASE)


@lru_cache(maxsize=8)
def _opened_pattern(families: tuple[TagFamily, ...]) -> re.Pattern[str]:
    opened = "|".join(rf"(?:{family.opening})\s*{family.header}" for family in families)
    return re.compile(rf"(?:{opened})\Z", re.IGNORECASE)
