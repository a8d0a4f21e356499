"""The samples of a page as the JSON that its script reads."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rest_bench.showing import ShownBlock, ShownPart, ShownSample, ShownSamples


def samples_json(shown: "ShownSamples") -> dict[str, Any]:
    """Return what the script of the page shows; page.js knows this form."""
    return {
        "problems": [problem._asdict() for problem in shown.problems],
        "samples": [_sample(sample) for sample in shown.samples],
    }


def _sample(sample: "ShownSample") -> dict[str, Any]:
    slots = [{name: value for name, value in slot._asdict().items() if value is not None} for slot in sample.slots]
    return {**sample._asdict(), "slots": slots, "blocks": [_block(block) for block in sample.blocks]}


def _block(block: "ShownBlock") -> dict[str, Any]:
    return {"is_thinking": block.is_thinking, "parts": [_part(part) for part in block.parts]}


def _part(part: "ShownPart") -> list[Any]:
    """Return a part as a row: text, numbers, and, where its middle is missing, how much of it and the tail."""
    row: list[Any] = [part.head, list(part.numbers)]
    return [*row, part.left_out, part.tail] if part.left_out else row
