"""Rows of a data file or of a hub data set, each with the place it stands at, whatever the format."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rest_bench.errors import TaskError
from rest_bench.tasks.taskfile import Format, HubSource


class Row(NamedTuple):
    """One row: where it stands, for messages, and its cells by column name and, in tables, by number from 1."""

    where: str
    cells: dict[str | int, object]


def read_file(path: Path, file_format: Format) -> Iterator[Row]:
    """Yield the rows of a file in file order.

    Raises:
        TaskError: the file cannot be read, or is not of this format; the sentence names the line or row.
    """
    yield from READERS[file_format](path)


def read_hub(source: HubSource) -> Iterator[Row]:
    """Yield the rows of a hub data set, downloaded unless it lies in the cache of `datasets`.

    Raises:
        TaskError: the data set is gated or missing, the hub cannot be reached, or config, split or revision are wrong.
    """
    from datasets import Dataset, load_dataset

    try:
        dataset = load_dataset(source.path, source.config, split=source.split, revision=source.revision)
    except Exception as error:
        raise TaskError(f"hub data set {source.path}: {_hub_fault(source, error)}") from error
    if not isinstance(dataset, Dataset):
        raise TaskError(f"hub data set {source.path}: the split {source.split!r} is no table of rows")
    for number, cells in enumerate(dataset, start=1):
        yield Row(f"hub data set {source.path}, row {number}", _table_cells(list(cells), list(cells.values())))


def _hub_fault(source: HubSource, error: Exception) -> str:
    from datasets.exceptions import DatasetNotFoundError
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError

    local_copy = "or give a local copy with --data-dir"
    # `datasets` raises its own error for a gated set and keeps the reason only in the words.
    if isinstance(error, GatedRepoError) or (isinstance(error, DatasetNotFoundError) and "gated" in str(error)):
        page = f"https://huggingface.co/datasets/{source.path}"
        return f"gated; accept its terms at {page} and log in with `hf auth login`, {local_copy}"
    if isinstance(error, RevisionNotFoundError) or str(error).startswith("Revision "):
        return f"it has no revision {source.revision}; correct `revision` in the task file"
    if isinstance(error, DatasetNotFoundError | RepositoryNotFoundError):
        return f"no such data set, or it is private; check `path` in the task file, {local_copy}"
    if isinstance(error, ConnectionError):
        return f"the hub cannot be reached; go online, {local_copy}"
    return " ".join(str(error).split())[:500]


# --- formats ----------------------------------------------------------------------------------------------------------


def _read_jsonl(path: Path) -> Iterator[Row]:
    # Not `splitlines`: JSON strings may hold U+2028 and the like unescaped.
    for number, line in enumerate(_read_text(path).split("\n"), start=1):
        if line.strip():
            where = f"{path}, line {number}"
            yield Row(where, _object_cells(_parse_json(line, where), where))


def _read_json(path: Path) -> Iterator[Row]:
    rows = _parse_json(_read_text(path), str(path))
    if not isinstance(rows, list):
        raise TaskError(f"{path}: format json is an array of objects, but the file holds {_kind(rows)}")
    for number, cells in enumerate(rows, start=1):
        where = f"{path}, row {number}"
        yield Row(where, _object_cells(cells, where))


def _read_json_map(path: Path) -> Iterator[Row]:
    rows = _parse_json(_read_text(path), str(path))
    if not isinstance(rows, dict):
        raise TaskError(f"{path}: format json-map is an object of objects, but the file holds {_kind(rows)}")
    for key, cells in rows.items():
        where = f"{path}, key {key!r:.80}"
        yield Row(where, _object_cells(cells, where))


def _read_csv(path: Path) -> Iterator[Row]:
    table = csv.reader(io.StringIO(_read_text(path), newline=""), strict=True)
    try:
        header = next(table, [])
        for number, row in enumerate(table, start=1):
            if row:
                yield Row(f"{path}, row {number}", _table_cells(header, row))
    except csv.Error as error:
        raise TaskError(f"{path}, line {table.line_num}: not valid CSV ({error})") from error


def _read_parquet(path: Path) -> Iterator[Row]:
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            number = 0
            for batch in file.iter_batches():
                for cells in batch.to_pylist():
                    number += 1
                    yield Row(f"{path}, row {number}", _table_cells(list(cells), list(cells.values())))
    except Exception as error:  # a damaged file raises what the damaged bytes happen to mean
        raise TaskError(f"{path}: not valid parquet ({' '.join(str(error).split())[:200]})") from error


READERS: dict[Format, Callable[[Path], Iterator[Row]]] = {
    "jsonl": _read_jsonl,
    "json": _read_json,
    "json-map": _read_json_map,
    "csv": _read_csv,
    "parquet": _read_parquet,
}


def _table_cells(names: Sequence[str], values: Sequence[object]) -> dict[str | int, object]:
    by_number: dict[str | int, object] = dict(enumerate(values, start=1))
    # A short row lacks its last cells, and a name that heads two columns means neither.
    return by_number | {name: value for name, value in zip(names, values, strict=False) if names.count(name) == 1}


def _object_cells(cells: object, where: str) -> dict[str | int, object]:
    if not isinstance(cells, dict):
        raise TaskError(f"{where}: a row must be an object, not {_kind(cells)}")
    return dict(cells)


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TaskError(f"{path}: the data file cannot be read ({error.strerror})") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TaskError(f"{path}, line {line}: not UTF-8; save the data file as UTF-8") from error


def _parse_json(text: str, where: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_object_of_distinct_keys)
    except (ValueError, RecursionError) as error:
        raise TaskError(f"{where}: not valid JSON ({error})") from error


def _object_of_distinct_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    cells = dict(pairs)
    if len(cells) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r:.80} occurs twice in one object")
    return cells


def _kind(value: object) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
