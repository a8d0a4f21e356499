"""What `verify` prints: sentences for people, JSON for programs, annotations for a pull request."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from rest_bench.leaderboard.verifying import Verified


class Printer(NamedTuple):
    """A way to print what came of checking submissions."""

    each: Callable[[Verified], Iterable[str]]
    """The lines of one submission, as soon as it is checked."""
    all: Callable[[Sequence[Verified]], Iterable[str]]
    """The lines at the end."""


def text_lines(verified: Verified) -> Iterator[str]:
    """Yield one sentence a fault, or one that says what the submission is worth."""
    if verified.unchecked is not None:
        yield f"{verified.folder}: not checked: {verified.unchecked}"
    elif verified.tier is not None:
        yield f"{verified.folder}: sound ({verified.tier})"
    yield from map(str, verified.faults)
    if verified.n_more_faults:
        yield f"{verified.folder}: and {verified.n_more_faults} more faults"


def text_end(found: Sequence[Verified]) -> Iterator[str]:
    """Yield how many there were."""
    n_sound, n_unchecked = sum(each.tier is not None for each in found), sum(bool(each.unchecked) for each in found)
    unchecked = f", {n_unchecked} not checked" if n_unchecked else ""
    yield f"{n_sound} of {len(found)} submissions are sound{unchecked}"


def json_text(found: Sequence[Verified]) -> Iterator[str]:
    """Yield one JSON text: a list with an object for each submission."""
    yield json.dumps([as_json(each) for each in found], indent=1)


def as_json(verified: Verified) -> dict[str, object]:
    """Return what came of one submission as JSON has it."""
    return {
        "submission": str(verified.folder),
        "sha256": verified.sha256,
        "tier": verified.tier,
        "unchecked": verified.unchecked,
        "faults": [{**fault._asdict(), "file": str(fault.file)} for fault in verified.faults],
        "n_more_faults": verified.n_more_faults,
    }


def annotations(verified: Verified) -> Iterator[str]:
    """Yield the workflow commands that put the faults beside the files of a pull request on GitHub."""
    for fault in verified.faults:
        line = "" if fault.line is None else f",line={fault.line}"
        yield f"::error file={_escaped(str(fault.file), ':,')}{line},title=submission::{_escaped(str(fault))}"
    if verified.n_more_faults:
        yield f"::error file={_escaped(str(verified.folder), ':,')}::and {verified.n_more_faults} more faults"
    if verified.unchecked is not None:
        yield f"::warning file={_escaped(str(verified.folder), ':,')}::not checked: {_escaped(verified.unchecked)}"


def _escaped(text: str, further: str = "") -> str:
    """Escape what would end a workflow command: a submission must not be able to give commands."""
    return "".join(f"%{ord(each):02X}" if each in f"%\r\n{further}" else each for each in text)


PRINTERS: dict[str, Printer] = {
    "text": Printer(text_lines, text_end),
    "json": Printer(lambda _: (), json_text),
    "github": Printer(annotations, text_end),
}
"""By the name of the format."""
