"""The files that lm-evaluation-harness leaves: which of them count, and their lines, plain or compressed by gzip."""

import gzip
import json
import logging
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from rest_bench.errors import StoreError

LOG = logging.getLogger(__name__)

MAX_LINE_BYTES = 64 * 1024 * 1024
MAX_RESULTS_BYTES = 256 * 1024 * 1024
_SAMPLES = re.compile(r"samples_(?P<task>.+)_(?P<date>\d{4}-\d{2}-\d{2}T[\d.:+-]+?)\.jsonl(?:\.gz)?")
_GZIP = b"\x1f\x8b"


class SamplesFile(NamedTuple):
    """The samples of one task."""

    path: Path
    task: str
    date: str


def find_samples(path: Path) -> list[SamplesFile]:
    """Return the last samples file of each task, by task; those before it are said.

    Args:
        path: the folder of one model (OUTPUT_PATH/MODEL), or one above it that holds no other; or a samples file.

    Raises:
        StoreError: there is none, or they are of several models.
    """
    files = list(_samples_files(path))
    if not files:
        raise StoreError(
            f"{path}: holds no samples_TASK_DATE.jsonl; give the folder of --output_path, and run lm_eval with "
            "--log_samples"
        )
    folders = sorted({str(each.path.parent) for each in files})
    if len(folders) > 1:
        raise StoreError(f"{path}: holds the samples of {len(folders)} models; give one of {', '.join(folders)}")
    newest = {each.task: each for each in sorted(files, key=lambda each: each.date)}
    if len(newest) < len(files):
        LOG.warning("%s: %d older files of the same tasks are left out", path, len(files) - len(newest))
    return [newest[task] for task in sorted(newest)]


def read_results(files: list[SamplesFile]) -> dict[str, Any]:
    """Return the results file of the newest samples, or nothing where it is missing.

    Raises:
        StoreError: it cannot be read.
    """
    newest = max(files, key=lambda each: each.date)
    places = [newest.path.with_name(f"results_{newest.date}.json{end}") for end in ("", ".gz")]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        return {}
    with _opened(path) as file:
        try:
            content = file.read(MAX_RESULTS_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise _unreadable(path, error) from error
    if len(content) > MAX_RESULTS_BYTES:
        raise StoreError(f"{path}: is larger than any results file")
    try:
        results = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{path}: cannot be read as JSON ({error})") from error
    return results if isinstance(results, dict) else {}


def raw_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers.

    Raises:
        StoreError: the file cannot be read, is compressed and cut, or has a line that is too long.
    """
    with _opened(path) as file:
        number = 0
        while True:
            try:
                raw = file.readline(MAX_LINE_BYTES)
            except (OSError, EOFError, zlib.error) as error:
                raise _unreadable(path, error) from error
            if not raw:
                return
            number += 1
            if len(raw) == MAX_LINE_BYTES:
                raise StoreError(f"{path}, line {number}: is longer than {MAX_LINE_BYTES // 1024**2} MiB")
            if raw.strip():
                yield number, raw


def _samples_files(path: Path) -> Iterator[SamplesFile]:
    for found in [path] if path.is_file() else sorted(path.rglob("samples_*.jsonl*")):
        if name := _SAMPLES.fullmatch(found.name):
            yield SamplesFile(found, name["task"], name["date"])


def _opened(path: Path) -> BinaryIO:
    """Open a file; what it holds says whether it is compressed, not its name."""
    try:
        with path.open("rb") as file:
            is_compressed = file.read(len(_GZIP)) == _GZIP
        return cast(BinaryIO, gzip.open(path)) if is_compressed else path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> StoreError:
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        return StoreError(f"{path}: is compressed, and cut or damaged ({error}); copy it again")
    reason = error.strerror if isinstance(error, OSError) else error
    return StoreError(f"{path}: cannot be read ({reason})")
