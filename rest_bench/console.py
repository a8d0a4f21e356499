"""What commands print with: results on stdout, all else on stderr. rich is imported when something is printed."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH = 160
"""Columns of tables that go to a file or a pipe."""

DataDir = Annotated[
    Path | None,
    typer.Option(help="Where the data files of tasks lie.", envvar="REST_BENCH_DATA", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
RunArgument = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.", show_default=False)]


def cell(value: object) -> str:
    """Return a value as a cell of a table."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "–" if value is None else str(value)


def make_table(*columns: str) -> Any:
    """Return an empty table with these columns."""
    from rich import box
    from rich.table import Table

    return Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)


def stdout() -> "Console":
    """Return where results go: as wide as the terminal, or of a fixed width where there is none."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, emoji=False, width=PLAIN_WIDTH)


@cache
def stderr() -> "Console":
    """One console for everything on stderr, so that warnings do not tear the progress line."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def say(sentence: str) -> None:
    """Print a sentence on stderr."""
    stderr().print(sentence)
