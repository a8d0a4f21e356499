"""How long texts are shortened: in the middle, and with the number of characters left out."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from rest_bench.parsing import Block

MOST_PARTS = 400
"""Of one block; the ones in its middle go first."""
SHORTEST_CUT = 40
"""Characters that every part keeps."""


class ShownPart(NamedTuple):
    """A stretch of a reply, without its middle where that was too long."""

    head: str
    numbers: tuple[int, ...]
    left_out: int = 0
    """Characters between head and tail."""
    tail: str = ""


class ShownBlock(NamedTuple):
    """A stretch of thinking or of final text."""

    is_thinking: bool
    parts: tuple[ShownPart, ...]


def fair_cap(sizes: Sequence[int], budget: int) -> int:
    """Return the largest cap on each size so that all of them fit the budget: only what is long is cut.

    >>> fair_cap([1, 2, 10, 10], 15)
    6
    """
    room, cap = budget, 0
    for n_taken, size in enumerate(sorted(sizes)):
        cap = room // (len(sizes) - n_taken)
        if size > cap:
            return cap
        room -= size
    return max([cap, *sizes])


def json_bytes(text: str) -> int:
    """Return how many bytes a text takes in a JSON file of UTF-8."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def shorten(text: str, most: int) -> str:
    """Return a text of so many characters at most, and a note of what is left out of its middle."""
    head, left_out, tail = _split(text, most)
    return f"{head} […{left_out:,} characters left out…] {tail}" if left_out else text


def show_blocks(blocks: Sequence[Block]) -> tuple[ShownBlock, ...]:
    """Return the blocks of a reply as they are; of blocks of very many parts, the ones in the middle go."""
    return tuple(ShownBlock(block.is_thinking, _few_parts(block)) for block in blocks)


def fit_blocks(shown: tuple[ShownBlock, ...], most_bytes: int) -> tuple[ShownBlock, ...]:
    """Return blocks in about so many bytes: long parts lose their middle, so that each is still seen."""
    allowed = sum(_length(part) for block in shown for part in block.parts)
    for _ in range(5):  # what is left may take more bytes a character than what went
        size = blocks_bytes(shown)
        if size <= most_bytes:
            break
        allowed = allowed * most_bytes // size
        cap = max(fair_cap([_length(part) for block in shown for part in block.parts], allowed), SHORTEST_CUT)
        shown = tuple(block._replace(parts=tuple(_shortened(part, cap) for part in block.parts)) for block in shown)
    return shown


def blocks_bytes(blocks: Sequence[ShownBlock]) -> int:
    """Return how many bytes the texts of a reply take in a JSON file."""
    return sum(json_bytes(part.head) + json_bytes(part.tail) for block in blocks for part in block.parts)


def _few_parts(block: Block) -> tuple[ShownPart, ...]:
    parts = [ShownPart(part.text, part.numbers) for part in block.parts]
    if len(parts) <= MOST_PARTS:
        return tuple(parts)
    half = MOST_PARTS // 2
    gone = sum(len(part.head) for part in parts[half:-half])
    return (*parts[:half], ShownPart("", (), gone), *parts[-half:])


def _shortened(part: ShownPart, most: int) -> ShownPart:
    if _length(part) <= most:
        return part
    if part.left_out:
        head, tail = part.head[: (most + 1) // 2], part.tail[max(len(part.tail) - most // 2, 0) :]
        return ShownPart(head, part.numbers, part.left_out + _length(part) - len(head) - len(tail), tail)
    head, left_out, tail = _split(part.head, most)
    return ShownPart(head, part.numbers, left_out, tail)


def _split(text: str, most: int) -> tuple[str, int, str]:
    if len(text) <= most:
        return text, 0, ""
    head, tail = text[: (most + 1) // 2], text[len(text) - most // 2 :]
    return head, len(text) - len(head) - len(tail), tail


def _length(part: ShownPart) -> int:
    return len(part.head) + len(part.tail)
