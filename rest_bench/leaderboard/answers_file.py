"""answers.jsonl.zst: one submitted sample a line, compressed. Read as hostile: bounded in lines and in bytes."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, cast

from pydantic import ValidationError

from rest_bench.errors import StoreError
from rest_bench.schema import AnswersFile, SubmittedSample
from rest_bench.store import replacing

SUBMISSION = "submission.json"
ANSWERS = "answers.jsonl.zst"
REPRODUCTION = "reproduction.json"
REPRODUCED_ANSWERS = "reproduction.jsonl.zst"
"""The files of a submission."""
MOST_FILE_BYTES = 95_000_000
"""What a Git forge takes as one file."""
MOST_SAMPLES = 1_000_000
MOST_LINE_BYTES = 8_000_000
MOST_BYTES = 4_000_000_000
"""Of all lines without compression; far more than a million ordinary replies, and no bomb."""
FREE_BYTES, MOST_RATIO = 32_000_000, 300
"""What any file may hold, and beyond it how many times its own size: texts of models compress to a tenth or so."""
_READ_BYTES = 1 << 20


class AnswersFault(NamedTuple):
    """Why a file of answers cannot be read any further."""

    line: int | None
    """Null where it is about the whole file."""
    field: str
    expected: str
    found: str


class DamagedAnswersError(Exception):
    """A file of answers cannot be read to its end."""

    def __init__(self, fault: AnswersFault) -> None:
        super().__init__(fault)
        self.fault = fault


def write_answers(path: Path, samples: Iterable[SubmittedSample]) -> AnswersFile:
    """Write the samples and return what submission.json says of the file.

    Raises:
        StoreError: the file cannot be written, or is larger than a pull request may be.
    """
    import pyarrow

    n_samples = n_bytes = 0
    with replacing(path) as temporary:
        with pyarrow.CompressedOutputStream(str(temporary), "zstd") as lines:
            for sample in samples:
                line = sample_line(sample)
                n_samples, n_bytes = n_samples + 1, n_bytes + len(line)
                lines.write(line)
        if temporary.stat().st_size > MOST_FILE_BYTES:
            raise StoreError(
                f"{path}: would have {temporary.stat().st_size / 1e6:.0f} MB, and at most {MOST_FILE_BYTES / 1e6:.0f} "
                "MB can be submitted; publish fewer tasks, levels or repeats at once"
            )
        if n_bytes > most_bytes(temporary.stat().st_size):
            raise StoreError(
                f"{path}: its {n_bytes / 1e6:.0f} MB compress more than {MOST_RATIO} times, as bombs do, and no board "
                "takes it; publish fewer tasks, levels or repeats at once"
            )
    return AnswersFile(sha256=file_sha256(path), n_samples=n_samples, n_bytes=n_bytes)


def most_bytes(file_bytes: int) -> int:
    """Return how many bytes a compressed file may hold, by its own size."""
    return min(MOST_BYTES, FREE_BYTES + MOST_RATIO * file_bytes)


def sample_line(sample: SubmittedSample) -> bytes:
    """Return the only form that a sample has in the file."""
    return sample.model_dump_json().encode() + b"\n"


def read_answers(path: Path, said: AnswersFile) -> Iterator[SubmittedSample]:
    """Yield the samples of a file that may be anybody's, one at a time.

    No more is decompressed than `said` allows, and no line is read that is longer than any reply.

    Raises:
        DamagedAnswersError: it is no such file, is larger than said, or a line is no sample in its only form.
    """
    for number, line in read_lines(path, said):
        yield _read_line(number, line)


def read_lines(path: Path, said: AnswersFile) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file that may be anybody's with their numbers, bounded as `read_answers` says.

    Raises:
        DamagedAnswersError: it is no such file, or is larger than said, or than a file of its size may be.
    """
    import pyarrow

    n_bytes = number = 0
    if said.n_bytes > (most := most_bytes(path.stat().st_size)):
        raise DamagedAnswersError(AnswersFault(None, "size", f"at most {most} bytes unpacked", str(said.n_bytes)))
    try:
        with pyarrow.OSFile(str(path)) as file, pyarrow.CompressedInputStream(file, "zstd") as stream:
            lines = io.BufferedReader(cast(io.RawIOBase, stream), _READ_BYTES)
            while line := lines.readline(MOST_LINE_BYTES + 1):
                number, n_bytes = number + 1, n_bytes + len(line)
                _refuse_excess(number, len(line), n_bytes, said)
                yield number, line
    except OSError as error:
        raise DamagedAnswersError(AnswersFault(None, "content", "whole zstd data", str(error)[:100])) from error
    if (number, n_bytes) != (said.n_samples, said.n_bytes):
        raise DamagedAnswersError(
            AnswersFault(
                None, "size", f"{said.n_samples} lines, {said.n_bytes} bytes", f"{number} lines, {n_bytes} bytes"
            )
        )


def _refuse_excess(number: int, line_bytes: int, n_bytes: int, said: AnswersFile) -> None:
    if line_bytes > MOST_LINE_BYTES:
        raise DamagedAnswersError(
            AnswersFault(number, "length", f"at most {MOST_LINE_BYTES} bytes", f"more than {MOST_LINE_BYTES}")
        )
    if n_bytes > min(said.n_bytes, MOST_BYTES) or number > min(said.n_samples, MOST_SAMPLES):
        raise DamagedAnswersError(
            AnswersFault(number, "size", f"{said.n_samples} lines, {said.n_bytes} bytes in all", "more than that")
        )


def _read_line(number: int, line: bytes) -> SubmittedSample:
    try:
        sample = SubmittedSample.model_validate_json(line)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"]) or "line"
        raise DamagedAnswersError(AnswersFault(number, field, fault["msg"], repr(fault["input"])[:80])) from error
    # A key given twice, or text that no reader of the record sees, would be a second version of the sample.
    if sample_line(sample) != line:
        raise DamagedAnswersError(
            AnswersFault(number, "line", "the form that `publish` writes", "another spelling of the same record")
        )
    return sample


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
