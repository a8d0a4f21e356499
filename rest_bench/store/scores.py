"""scores.parquet: one row per slot, written in chunks and read one level at a time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from rest_bench.errors import StoreError
from rest_bench.schema import Score

if TYPE_CHECKING:
    import pandas

SCORES_PER_WRITE = 10_000
"""Scores held in memory before they go to disk."""


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say during the block that a file is damaged, where pyarrow finds it so.

    Raises:
        StoreError: it is cut off, overwritten, or no table.
    """
    import pyarrow

    try:
        yield
    except (pyarrow.ArrowException, OSError, KeyError) as error:
        said = " ".join(str(error).split())[:200]
        raise StoreError(f"{path}: is damaged ({said}); run `rest-bench score` to make it again") from error


def write_scores(path: Path, scores: Iterable[tuple[Score, ...]]) -> None:
    """Write the scores of one response after the other, in the order given.

    Raises:
        StoreError: a number does not fit a column, as in a file that was edited.
    """
    import pyarrow
    import pyarrow.parquet

    schema = pyarrow.schema([(name, _arrow_type(field.annotation)) for name, field in Score.model_fields.items()])
    # pyarrow opens no path that is not UTF-8.
    with path.open("wb") as file, pyarrow.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for rows in _chunks((score.model_dump() for pack in scores for score in pack), SCORES_PER_WRITE):
            try:
                table = pyarrow.Table.from_pylist(rows, schema=schema)
            except (OverflowError, pyarrow.ArrowInvalid) as error:
                raise StoreError(
                    f"{path}: a number in packs.jsonl or responses.jsonl beside it is too large ({error}); "
                    "one of them was edited"
                ) from error
            writer.write_table(table)


def read_level(path: Path, task: str, level: int, columns: list[str]) -> "pandas.DataFrame":
    """Return these columns of the scores of one task at one level; columns of text as categories.

    Raises:
        StoreError: the file lacks a column, as one of an older version may.
    """
    import pandas
    import pyarrow
    import pyarrow.compute
    import pyarrow.parquet

    strings = [name for name, field in Score.model_fields.items() if _arrow_type(field.annotation) == pyarrow.string()]
    with path.open("rb") as opened, pyarrow.parquet.ParquetFile(opened, read_dictionary=strings) as file:
        absent = [name for name in columns if name not in file.schema_arrow.names]
        if absent:
            raise StoreError(f"{path}: lacks {absent[0]}, as it was scored by an older version; run `rest-bench score`")
        metadata = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
        groups = [
            number
            for number, group in enumerate(metadata)
            if _may_hold(group, "task", task) and _may_hold(group, "level", level)
        ]

        def read(column: str) -> Any:
            pyarrow.default_memory_pool().release_unused()  # of the column before
            return file.read_row_groups(groups, columns=[column], use_threads=False).column(0)

        is_wanted = pyarrow.compute.and_(
            pyarrow.compute.equal(read("task"), task), pyarrow.compute.equal(read("level"), level)
        )
        # One column after the other: the table is never in memory twice.
        series = {name: _in_order(read(name).filter(is_wanted)).to_pandas() for name in columns}
    pyarrow.default_memory_pool().release_unused()
    return pandas.DataFrame(series, copy=False)


def _in_order(column: Any) -> Any:
    """Return a column with its words, if it is one of words, in the order of the alphabet."""
    import pyarrow
    import pyarrow.compute

    if not pyarrow.types.is_dictionary(column.type):
        return column
    words = column.combine_chunks()
    order = pyarrow.compute.sort_indices(words.dictionary)
    return pyarrow.DictionaryArray.from_arrays(
        pyarrow.compute.sort_indices(order).cast(pyarrow.int32()).take(words.indices), words.dictionary.take(order)
    )


def _may_hold(row_group: Any, column: str, value: str | int) -> bool:
    """Return false where a row group surely has no row with this value."""
    place = list(Score.model_fields).index(column)
    statistics = row_group.column(place).statistics
    return statistics is None or not statistics.has_min_max or bool(statistics.min <= value <= statistics.max)


def _chunks(rows: Iterable[dict[str, object]], size: int) -> Iterator[list[dict[str, object]]]:
    chunk: list[dict[str, object]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _arrow_type(annotation: object) -> object:
    import pyarrow

    kinds = {bool: pyarrow.bool_(), int: pyarrow.int64(), float: pyarrow.float64()}
    return next((kinds[kind] for kind in (annotation, *get_args(annotation)) if kind in kinds), pyarrow.string())
