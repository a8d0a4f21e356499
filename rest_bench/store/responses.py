"""responses.jsonl: how it grows, which lines count, and what of a run is answered already."""

import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self, cast

from pydantic import ValidationError

from rest_bench.errors import StoreError
from rest_bench.schema import Observed, Response
from rest_bench.store.files import open_or_empty, write_whole
from rest_bench.store.lock import lock_folder

logger = logging.getLogger(__name__)


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
    is_cut_short: bool
    """The last line has no end: a crash cut it short, or it is being written."""

    def warn_of_loss(self, path: Path) -> None:
        """Say how many lines of this file were left out, if any."""
        lost = [f"{self.n_unreadable} lines are no response"] if self.n_unreadable else []
        lost += ["the last line is cut short"] if self.is_cut_short else []
        if lost:
            logger.warning("%s: %s; they are left out", path, ", and ".join(lost))


def find_counting_lines(path: Path) -> CountingLines:
    """Read responses.jsonl once, line by line, and return where the line that counts for each pack stands.

    A sample asked again after an error has several lines: the first good one counts, else its last error.
    """
    good: dict[str, int] = {}
    failed: dict[str, int] = {}
    n_unreadable = end = 0
    for offset, end, response in response_lines(path):  # noqa: B007 - the last end is wanted
        if response is None:
            n_unreadable += 1
        elif response.finish_reason != "error":
            good.setdefault(response.pack_id, offset)
            failed.pop(response.pack_id, None)
        elif response.pack_id not in good:
            failed[response.pack_id] = offset
    return CountingLines(good, failed, n_unreadable, path.is_file() and path.stat().st_size > end)


def counting_lines(path: Path) -> dict[str, int]:
    """Return the byte offset of the line that counts for each pack of responses.jsonl, and warn of damaged lines."""
    found = find_counting_lines(path)
    found.warn_of_loss(path)
    found.good.update(found.failed)  # no third table: there may be millions of packs
    return found.good


class IndexedResponses:
    """A file of responses, read one line at a time by pack; a context manager. A missing file holds none."""

    def __init__(self, path: Path) -> None:
        self._offsets = counting_lines(path)
        self._lines = open_or_empty(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close()

    def of_pack(self, pack_id: str) -> Response | None:
        """Return the response that counts for a pack, if there is one."""
        if pack_id not in self._offsets:
            return None
        self._lines.seek(self._offsets[pack_id])
        return Response.model_validate_json(self._lines.readline())


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
    response (a damaged disk, an edit by hand): one bad line costs one sample and not the run. Of a count of tokens
    that no reply has, as a server may have given it, only the count is lost; that is said once.
    """
    offset = 0
    lost_counts: set[str] = set()
    said: set[str] = set()
    with open_or_empty(path) as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                return
            end = offset + len(line)
            response: Response | None
            try:
                response = Response.model_validate_json(line, context=lost_counts)
            except ValidationError:
                response = None
            if lost_counts - said:
                said |= lost_counts
                logger.warning(
                    "%s: holds %s that no reply has; there, tokens count as not counted",
                    path,
                    " and ".join(sorted(said)),
                )
            yield offset, end, response
            offset = end


class ResponseLog:
    """A file of responses that only grows; a line is there whole or not at all.

    A line is the system's as soon as `append` returns, and outlives this process however that ends. A thread puts it on
    the disk right behind, several lines at a time where they come fast: where that takes 40 ms, short replies would
    otherwise wait for the disk and not for the model.
    """

    def __init__(self, path: Path) -> None:
        """Open or make it, and drop a last line that a crash cut short."""
        self.answered = read_answered(path)
        """What was there when it was opened."""
        self._path = path
        # Unbuffered: after a failed write nothing may linger in a buffer and appear later, behind the line taken back.
        self._file = cast(BinaryIO, path.open("ab", buffering=0))
        os.ftruncate(self._file.fileno(), self.answered.end)
        self._end = self.answered.end
        self._unflushed, self._closing = threading.Event(), False
        self._fault: OSError | None = None
        self._flusher = threading.Thread(target=self._flush, name="rest-bench-flush", daemon=True)
        self._flusher.start()

    def append(self, response: Response) -> None:
        """Write a response; from here on it survives whatever happens to this process.

        Raises:
            StoreError: the disk is full or gone. A line that was cut short is taken back, so that what is finished
                stays readable.
        """
        self._raise_fault()
        try:
            write_whole(self._file, response.model_dump_json().encode() + b"\n")
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._file.fileno(), self._end)
            raise self._cannot_be_written(error, "every sample finished before is safe") from error
        self._end = self._file.tell()
        self._unflushed.set()

    def close(self) -> None:
        """Close the file, with every line on the disk.

        Raises:
            StoreError: the disk is full or gone.
        """
        self._closing = True
        self._unflushed.set()
        self._flusher.join()
        self._file.close()
        self._raise_fault()

    def _flush(self) -> None:
        is_last = False
        while not is_last:
            self._unflushed.wait()
            is_last = self._closing  # looked at first: what was written before it was set is in the flush below
            self._unflushed.clear()
            try:
                os.fsync(self._file.fileno())
            except OSError as error:
                self._fault = error
                return

    def _raise_fault(self) -> None:
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise self._cannot_be_written(fault, "the last samples may be lost") from fault

    def _cannot_be_written(self, error: OSError, consequence: str) -> StoreError:
        return StoreError(
            f"{self._path}: cannot be written ({error.strerror}); {consequence}: "
            "make room and run the same command again"
        )


class FolderWriter:
    """The one process that may add responses to a folder; holds its lock while open."""

    def __init__(self, path: Path) -> None:
        """Lock the folder, which is made if it is not there.

        Raises:
            StoreError: the folder cannot be written, or another process writes to it.
        """
        self.path = path
        self._lock = lock_folder(path)
        self._log: ResponseLog | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._log is not None:
                self._log.close()
        finally:
            self._lock.release()

    def open_log(self, path: Path) -> Answered:
        """Open the file that `append` adds to, and return what it holds."""
        self._log = ResponseLog(path)
        return self._log.answered

    def append(self, response: Response) -> None:
        """Write a response; from here on it survives whatever happens to this process.

        Raises:
            StoreError: the disk is full or gone; what was finished before stays readable.
        """
        assert self._log is not None, "begin() comes first"
        self._log.append(response)
