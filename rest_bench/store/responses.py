"""responses.jsonl: which lines count, and what of a run is answered already."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from rest_bench.schema import Observed, Response
from rest_bench.store.files import open_or_empty


class Answered(NamedTuple):
    """What of a run is answered already."""

    done: frozenset[str]
    """Sample ids that have a good response."""
    observed: Mapping[tuple[str, int], Observed]
    """Task and level to the length of these responses."""
    n_unreadable: int
    """Whole lines that are no response; they are left out and asked again."""
    end: int
    """Byte offset behind the last whole line; anything after it is a line that a crash cut short."""


class CountingLines(NamedTuple):
    """The byte offsets of the lines of responses.jsonl that count, by pack id."""

    good: dict[str, int]
    """The first good response of each pack."""
    failed: dict[str, int]
    """The last error of each pack without a good response."""
    n_unreadable: int
    """Whole lines that are no response."""


def find_counting_lines(path: Path) -> CountingLines:
    """Read responses.jsonl once, line by line, and return where the line that counts for each pack stands.

    A sample asked again after an error has several lines: the first good one counts, else its last error.
    """
    good: dict[str, int] = {}
    failed: dict[str, int] = {}
    n_unreadable = 0
    for offset, _, response in response_lines(path):
        if response is None:
            n_unreadable += 1
        elif response.finish_reason != "error":
            good.setdefault(response.pack_id, offset)
            failed.pop(response.pack_id, None)
        elif response.pack_id not in good:
            failed[response.pack_id] = offset
    return CountingLines(good, failed, n_unreadable)


def counting_lines(path: Path) -> dict[str, int]:
    """Return the byte offset of the line that counts for each pack of responses.jsonl."""
    found = find_counting_lines(path)
    found.good.update(found.failed)  # no third table: there may be millions of packs
    return found.good


def read_answered(path: Path) -> Answered:
    """Read responses.jsonl once, line by line, and return which samples are done."""
    done: set[str] = set()
    lengths: dict[tuple[str, int], tuple[int, int]] = {}
    n_unreadable = end = 0
    for _, end, response in response_lines(path):  # noqa: B007 - the last end is wanted
        if response is None:
            n_unreadable += 1
        elif response.finish_reason != "error" and response.sample_id not in done:
            done.add(response.sample_id)
            if response.completion_tokens is not None:
                n_responses, tokens = lengths.get((response.task, response.level), (0, 0))
                lengths[response.task, response.level] = n_responses + 1, tokens + response.completion_tokens
    observed = {key: Observed(n_responses=n, completion_tokens=tokens) for key, (n, tokens) in lengths.items()}
    return Answered(frozenset(done), observed, n_unreadable, end)


def response_lines(path: Path) -> Iterator[tuple[int, int, Response | None]]:
    """Yield the offsets at which each whole line begins and ends, and its response.

    A last line without its line end was cut short by a crash and does not count. Null stands for a line that is no
    response (a damaged disk, an edit by hand): one bad line costs one sample and not the run.
    """
    offset = 0
    with open_or_empty(path) as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                return
            end = offset + len(line)
            try:
                yield offset, end, Response.model_validate_json(line)
            except ValidationError:
                yield offset, end, None
            offset = end
