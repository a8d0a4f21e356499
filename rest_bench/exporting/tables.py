"""CSV: one row a slot, and one row a level; no text in it is a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from rest_bench.exporting.source import Source
from rest_bench.schema import Estimate

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute."""


def csv_files(source: Source) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield slots.csv and levels.csv."""
    yield "slots.csv", _slots(source)
    yield "levels.csv", _levels(source)


def csv_line(values: Sequence[object]) -> str:
    """Return a line of CSV; a text that a spreadsheet would compute gets an apostrophe in front."""
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(value) for value in values])
    return out.getvalue()


def safe_cell(value: object) -> object:
    """Return a value as a cell: nothing for null and NaN, no formula, numbers as they are."""
    if value is None or value != value:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _slots(source: Source) -> Iterator[str]:
    scores = source.run.scores()
    yield csv_line(list(scores.columns))
    for row in scores.itertuples(index=False, name=None):
        yield csv_line(row)


def _levels(source: Source) -> Iterator[str]:
    plain: list[dict[str, object]] = []
    for level in source.levels():
        row: dict[str, object] = {"model": source.model_id, "task": level.record.name, "level": level.level}
        for name, value in level.summary:
            if isinstance(value, Estimate):
                low, high = value.ci or (None, None)
                row |= {name: value.value, f"{name}_se": value.se, f"{name}_low": low, f"{name}_high": high}
            elif value is None or isinstance(value, bool | int | float | str):
                row[name] = value
        row |= {f"outcome_{name}": share for name, share in level.summary.outcomes.items()}
        plain.append(row)
    columns = list(dict.fromkeys(name for row in plain for name in row))
    yield csv_line(columns)
    for row in plain:
        yield csv_line([row.get(name) for name in columns])
