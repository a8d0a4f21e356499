"""Cells of a row: there, not blank, and as text without a loss; any fault is told with the row and column."""

import math
from decimal import Decimal

from rest_bench.errors import TaskError
from rest_bench.tasks.rows import Row, Unusable

WHOLE_FLOATS = 2**53
"""From here on a float of many digits is most often a whole number that lost some."""
Column = str | int
"""A column's name, or its number counted from 1."""


def read_cell(row: Row, column: Column | None) -> object:
    """Return a cell that is there and not blank.

    Raises:
        TaskError: it is missing, empty, or under a name that the header gives twice.
    """
    if column is None or column not in row.cells:
        names = ", ".join(repr(name) for name in row.cells if isinstance(name, str))
        raise TaskError(f"{row.where}: no column {column!r}; it has {names[:500]}")
    cell = row.cells[column]
    if isinstance(cell, Unusable):
        raise TaskError(f"{row.where}: column {column!r} {cell.why}")
    if is_blank(cell):
        raise TaskError(f"{row.where}: column {column!r} is empty")
    return cell


def is_blank(cell: object) -> bool:
    """Return whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def read_text(row: Row, column: Column | None) -> str:
    """Return the text of a cell, or of the number in it.

    Raises:
        TaskError: as `read_cell` and `as_text`.
    """
    return as_text(read_cell(row, column), f"{row.where}: column {column!r}")


def read_optional_text(row: Row, column: Column | None) -> str | None:
    """Return the text of a cell, or null where it is missing or empty."""
    return None if column is None or row.cells.get(column) in (None, "") else read_text(row, column)


def as_text(value: object, place: str) -> str:
    """Return a text, or a number as it would be written.

    Args:
        value: of a cell or inside of one.
        place: where it stands, as the beginning of a sentence.

    Raises:
        TaskError: it is neither, or no value at all.
    """
    if isinstance(value, str):
        if "\0" in value:
            raise TaskError(f"{place} holds a NUL character; mend the text")
        return replace_surrogates(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TaskError(f"{place} is neither text nor a number")
    if isinstance(value, Decimal):
        return _decimal_text(value, place)
    if isinstance(value, float) and not math.isfinite(value):
        raise TaskError(f"{place} is {value}, which is no value")
    if isinstance(value, float) and abs(value) >= WHOLE_FLOATS and len(Decimal(repr(value)).as_tuple().digits) > 15:
        raise TaskError(
            f"{place} is {value!r}, a float that has lost its last digits; write it as a whole number or text"
        )
    return repr(value)


def _decimal_text(value: Decimal, place: str) -> str:
    nearest = float(value)
    if not math.isfinite(nearest) or (value and not nearest):
        raise TaskError(f"{place} is {value}, which is too large or too small for a number; write it as text")
    return format(value, "f")


def replace_surrogates(text: str) -> str:
    """Return the text with each lone surrogate, which a JSON escape can make, as U+FFFD: it could never be written."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
