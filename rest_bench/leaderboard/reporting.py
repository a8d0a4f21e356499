"""What `verify` prints: sentences for people, JSON for programs, annotations for a pull request."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rest_bench.leaderboard.answers_file import SUBMISSION
from rest_bench.leaderboard.equal_replies import Equal, Replies, find_equal
from rest_bench.leaderboard.verifying import Verified


class Printer(NamedTuple):
    """A way to print what came of checking submissions."""

    each: Callable[[Verified], Iterable[str]]
    """The lines of one submission, as soon as it is checked."""
    all: Callable[..., Iterable[str]]
    """The lines at the end, of all that was checked; what else is on the board may follow, to be compared with."""


def text_lines(verified: Verified) -> Iterator[str]:
    """Yield one sentence a fault, or one that says what the submission is worth."""
    if verified.unchecked is not None:
        yield f"{verified.folder}: not checked: {verified.unchecked}"
    elif verified.tier is not None:
        yield f"{verified.folder}: sound ({verified.tier})"
    yield from map(str, verified.faults)
    if verified.n_more_faults:
        yield f"{verified.folder}: and {verified.n_more_faults} more faults"


def text_end(found: Sequence[Verified], beside: Sequence[Replies] = ()) -> Iterator[str]:
    """Yield what was noticed between submissions, and how many are sound."""
    n_sound, n_unchecked = sum(each.tier is not None for each in found), sum(bool(each.unchecked) for each in found)
    unchecked = f", {n_unchecked} not checked" if n_unchecked else ""
    yield from (f"{folder}: notice: {equal}" for folder, equal in _notices(found, beside))
    yield f"{n_sound} of {len(found)} submissions are sound{unchecked}"


def json_text(found: Sequence[Verified], beside: Sequence[Replies] = ()) -> Iterator[str]:
    """Yield one JSON text: a list with an object for each submission."""
    all_equal = _all_equal(found, beside)
    yield json.dumps([as_json(each, equal) for each, equal in zip(found, all_equal, strict=True)], indent=1)


def as_json(verified: Verified, equal: Sequence[Equal] = ()) -> dict[str, object]:
    """Return what came of one submission as JSON has it, with the others that hold the same replies."""
    return {
        "submission": str(verified.folder),
        "sha256": verified.sha256,
        "tier": verified.tier,
        "unchecked": verified.unchecked,
        "faults": [{**fault._asdict(), "file": str(fault.file)} for fault in verified.faults],
        "n_more_faults": verified.n_more_faults,
        "equal_replies": [each._asdict() for each in equal],
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


def annotations_end(found: Sequence[Verified], beside: Sequence[Replies] = ()) -> Iterator[str]:
    """Yield what was noticed between submissions as warnings, and how many are sound."""
    for folder, equal in _notices(found, beside):
        path = _escaped(str(folder / SUBMISSION), ":,")
        yield f"::warning file={path},title=equal replies::{_escaped(f'{folder}: {equal}')}"
    yield from text_end([each._replace(replies=None) for each in found])


def _notices(found: Sequence[Verified], beside: Sequence[Replies]) -> Iterator[tuple[Path, Equal]]:
    for each, all_equal in zip(found, _all_equal(found, beside), strict=True):
        yield from ((each.folder, equal) for equal in all_equal)


def _all_equal(found: Sequence[Verified], beside: Sequence[Replies]) -> list[tuple[Equal, ...]]:
    return find_equal([*(each.replies for each in found), *beside])[: len(found)]


def _escaped(text: str, further: str = "") -> str:
    """Escape what would end a workflow command: a submission must not be able to give commands."""
    return "".join(f"%{ord(each):02X}" if each in f"%\r\n{further}" else each for each in text)


PRINTERS: dict[str, Printer] = {
    "text": Printer(text_lines, text_end),
    "json": Printer(lambda _: (), json_text),
    "github": Printer(annotations, annotations_end),
}
"""By the name of the format."""
