"""Rows of a data file or of a hub data set, each with the place it stands at, whatever the format."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from rest_bench.errors import TaskError
from rest_bench.schema.exact_json import read_json
from rest_bench.tasks.taskfile import Format, HubSource


class Row(NamedTuple):
    """One row: where it stands, for messages, and its cells by column name and, in tables, by number from 1."""

    where: str
    cells: dict[str | int, object]


class Unusable(NamedTuple):
    """Stands for a cell that the header leaves in doubt."""

    why: str
    """As the end of a sentence that begins with the column."""


NAMELESS = Unusable("has no name in the header; give it one")
NARROW_FLOATS = {"float": "float32", "halffloat": "float16", "float32": "float32", "float16": "float16"}
"""From the names that pyarrow and `datasets` give to numbers of 32 and 16 bits to those of numpy."""


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
    kinds = {name: NARROW_FLOATS.get(getattr(kind, "dtype", "")) for name, kind in dataset.features.items()}
    columns = _Columns(list(kinds))
    for number, row in enumerate(dataset, start=1):
        values = [row[name] if kind is None else shortest(row[name], kind) for name, kind in kinds.items()]
        yield Row(f"hub data set {source.path}, row {number}", columns.cells(values))


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


def _read_csv(path: Path, *, has_header: bool = True) -> Iterator[Row]:
    table = csv.reader(io.StringIO(_read_text(path), newline=""), strict=True)
    columns: _Columns | None = None
    number = 0
    for line, cells in _csv_records(table, path):
        if columns is None:
            columns = _Columns(cells, has_names=has_header)
            if has_header:
                _check_commas(cells, path, line)
                continue
        number += 1
        where = f"{path}, line {line} (row {number})"
        _check_cells(cells, columns, where)
        yield Row(where, columns.cells(cells))


def _csv_records(table: Any, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the line that each record begins in, as an editor counts, and its cells; blank lines are passed over."""
    while True:
        line = table.line_num + 1
        try:
            cells = next(table, None)
        except csv.Error as error:
            raise TaskError(f"{path}, line {line}: not valid CSV ({error}, in the row that begins here)") from error
        if cells is None:
            return
        if len(cells) > 1 or (cells and cells[0].strip()):
            yield line, cells


def _check_commas(header: Sequence[str], path: Path, line: int) -> None:
    mark = next((mark for mark in (";", "\t") if len(header) == 1 and mark in header[0]), None)
    if mark is not None:
        raise TaskError(f"{path}, line {line}: the header has {mark!r} between its names; format csv wants commas")


def _check_cells(cells: Sequence[str], columns: "_Columns", where: str) -> None:
    n_columns, first = len(columns.names), "the header" if columns.has_names else "the first row"
    if len(cells) != n_columns:
        why = "; a comma inside a text needs quotes around the text" if len(cells) > n_columns else ""
        raise TaskError(f"{where}: has {len(cells)} cells where {first} has {n_columns}{why}")
    if columns.has_names and list(cells) == list(columns.names):
        raise TaskError(f"{where}: is the header again; keep only the first")


def _read_parquet(path: Path) -> Iterator[Row]:
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            columns, number = _Columns(file.schema_arrow.names), 0
            for batch in file.iter_batches():
                for cells in zip(*map(_arrow_values, batch.columns), strict=True):
                    number += 1
                    yield Row(f"{path}, row {number}", columns.cells(cells))
    except Exception as error:  # a damaged file raises what the damaged bytes happen to mean
        raise TaskError(f"{path}: not valid parquet ({' '.join(str(error).split())[:200]})") from error


def _arrow_values(column: Any) -> list[object]:
    kind, values = NARROW_FLOATS.get(str(column.type)), column.to_pylist()
    return values if kind is None else [shortest(value, kind) for value in values]


READERS: dict[Format, Callable[[Path], Iterator[Row]]] = {
    "jsonl": _read_jsonl,
    "json": _read_json,
    "json-map": _read_json_map,
    "csv": _read_csv,
    "csv-headerless": partial(_read_csv, has_header=False),
    "parquet": _read_parquet,
}


class _Columns:
    """The columns of a table by name and by number."""

    def __init__(self, names: Sequence[str], *, has_names: bool = True) -> None:
        self.names = names
        self.has_names = has_names
        places: dict[str, list[int]] = {}
        for number, name in enumerate(names if has_names else (), start=1):
            places.setdefault(name.strip() and name, []).append(number)
        self._unnamed = frozenset(places.pop("", []))
        self._numbers = {name: numbers[0] for name, numbers in places.items() if len(numbers) == 1}
        self._twice: dict[str | int, object] = {
            name: Unusable(f"heads {len(numbers)} columns, {' and '.join(map(str, numbers))}; rename all but one")
            for name, numbers in places.items()
            if len(numbers) > 1
        }

    def cells(self, values: Sequence[object]) -> dict[str | int, object]:
        """Return the cells of a row by both."""
        by_number: dict[str | int, object] = {
            number: NAMELESS if number in self._unnamed else value for number, value in enumerate(values, start=1)
        }
        return by_number | self._twice | {name: values[number - 1] for name, number in self._numbers.items()}


def shortest(value: Any, kind: str) -> float | None:
    """Return a number of 32 or 16 bits as it was written: 0.1, where its 64 bits are 0.10000000149011612."""
    import numpy

    return None if value is None else float(str(numpy.dtype(kind).type(value)))


def _object_cells(cells: object, where: str) -> dict[str | int, object]:
    if not isinstance(cells, dict):
        raise TaskError(f"{where}: a row must be an object, not {_kind(cells)}")
    return dict(cells)


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TaskError(f"{path}: the data file cannot be read ({error.strerror})") from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TaskError(f"{path}, line 1: not UTF-8 but UTF-16; save the data file as UTF-8")
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise TaskError(f"{path}, line {line}: holds a NUL character; it is damaged, or UTF-16: save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TaskError(f"{path}, line {line}: not UTF-8; save the data file as UTF-8") from error


def _parse_json(text: str, where: str) -> object:
    try:
        return read_json(text)
    except (ValueError, RecursionError) as error:
        raise TaskError(f"{where}: not valid JSON ({error})") from error


def _kind(value: object) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
