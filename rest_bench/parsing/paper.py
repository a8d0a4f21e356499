"""The reading of the paper's released code, kept beside ours so that numbers compare (reading.md rule 16)."""

import re
from collections.abc import Iterator
from itertools import islice

from rest_bench.schema import AnswerType, Response

MISSING_BOX = "\\boxed{None}"
MISSING_CODE = "```python ```"

_BRACE = re.compile(r"[{}]")
_CODE_OPENING = "```python"
_CODE_CLOSING = "```"


def read_paper(response: Response, answer_types: tuple[AnswerType, ...]) -> tuple[str, ...]:
    """Give the k-th box (for code the k-th fence) of a reply to question k, counted from the left.

    An `error` response has every answer missing.
    """
    if response.finish_reason == "error":
        return tuple(MISSING_CODE if kind == "code" else MISSING_BOX for kind in answer_types)
    text = _drop_thinking(_whole_reply(response))
    level = len(answer_types)
    boxes = [*islice(_boxes(text), level)]
    codes = [*islice(_codes(text), level)] if "code" in answer_types else []
    return tuple(
        _nth(codes, k, MISSING_CODE) if kind == "code" else _nth(boxes, k, MISSING_BOX)
        for k, kind in enumerate(answer_types)
    )


def _nth(found: list[str], index: int, missing: str) -> str:
    return found[index] if index < len(found) else missing


def _whole_reply(response: Response) -> str:
    """Undo a server's split as the paper's harness does: without an answer, the reasoning is the reply."""
    if not response.reasoning:
        return response.text
    return f"{response.reasoning}</think>{response.text}" if response.text else response.reasoning


def _drop_thinking(text: str) -> str:
    if "<think>" not in text:
        return text.rpartition("</think>")[2]
    kept: list[str] = []
    position = 0
    while True:
        start = text.find("<think>", position)
        end = text.find("</think>", start) if start >= 0 else -1
        if end < 0:
            return "".join(kept) + text[position:]
        kept.append(text[position:start])
        position = end + len("</think>")


def _boxes(text: str) -> Iterator[str]:
    position = 0
    while (start := text.find("\\boxed", position)) >= 0:
        end = _box_end(text, start)
        if end is None:
            yield MISSING_BOX
            return
        yield text[start:end]
        position = end


def _box_end(text: str, start: int) -> int | None:
    """Return where the plain count of braces first comes back to 0 at a closing one, whatever lies between."""
    depth = 0
    for brace in _BRACE.finditer(text, start):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0 and brace.group() == "}":
            return brace.end()
    return None


def _codes(text: str) -> Iterator[str]:
    position = 0
    while (start := text.find(_CODE_OPENING, position)) >= 0:
        start += len(_CODE_OPENING)
        end = text.find(_CODE_CLOSING, start)
        if end < 0:
            return
        yield f"```python\n{text[start:end].strip()}\n```"
        position = end + len(_CODE_CLOSING)
