"""Tables of figures that fit a terminal of 80 columns."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rest_bench.schema import Estimate

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

ROOMY_POSITIONS, MOST_POSITIONS = 8, 12
"""Columns of figures that fit 80 columns of text with room between them, and without."""


def by_position(rows: Mapping[str, Sequence[str]]) -> "Iterator[Table]":
    """Yield tables with a row for each level and a column for each position."""
    names = [str(position) for position in range(1, max(map(len, rows.values())) + 1)]
    return level_tables(names, rows, roomy=ROOMY_POSITIONS, most=MOST_POSITIONS)


def level_tables(
    names: Sequence[str], rows: Mapping[str, Sequence[str]], *, roomy: int, most: int
) -> "Iterator[Table]":
    """Yield a table with a row for each level; more columns than fit a line go on in a table below."""
    for first in range(0, len(names), most):
        shown = names[first : first + most]
        part = table("level", *shown, gap=3 if len(shown) <= roomy else 1)
        for level, cells in rows.items():
            if len(cells) > first:
                part.add_row(level, *cells[first : first + most])
        yield part


def title(text: str) -> "Text":
    """Return a title of its own: one that belongs to a table is broken to the table's width."""
    from rich.text import Text

    return Text(text, style="bold")


def table(*columns: str, gap: int = 3) -> "Table":
    """Return an empty table of figures with 1 to 3 spaces between its columns."""
    from rich import box
    from rich.table import Table

    empty = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap // 2, 0, (gap - 1) // 2))
    for column in columns:
        empty.add_column(column, justify="right", no_wrap=True)
    return empty


def percent(value: float | None) -> str:
    """Write a share in percent; a dash where it is not defined."""
    return "–" if value is None else f"{100 * value:.1f}"


def tokens(count: float | None) -> str:
    """Write a count of tokens in at most five characters, up to a million."""
    if count is None:
        return "–"
    if count < 9999.5:
        return f"{count:,.0f}"
    return f"{count / 1000:.1f}k" if count < 99_950 else f"{count / 1000:.0f}k"


def interval(estimate: Estimate) -> str:
    """Write the interval of a share in percent; nothing where there is none."""
    return "" if estimate.ci is None else f"[{100 * estimate.ci[0]:.1f}, {100 * estimate.ci[1]:.1f}]"
