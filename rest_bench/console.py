"""What commands print with: results on stdout, all else on stderr. rich is imported when something is printed."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, cast

import typer

from rest_bench.errors import StoreError
from rest_bench.visible import visible, without_commands

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
    console = _console()
    return console if console.is_terminal else _console(width=PLAIN_WIDTH)


@cache
def stderr() -> "Console":
    """One console for everything on stderr, so that warnings do not tear the progress line."""
    return _console(stderr=True, soft_wrap=True)


def _console(**options: Any) -> "Console":
    """Return a console that takes texts as they are, and shows what would command the terminal."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment
    from rich.text import Text

    class ForeignText(Console):
        """rich itself passes escapes on, as part of the text."""

        def render_str(self, text: str, **how: Any) -> Text:
            return super().render_str(visible(text), **how)  # before it is measured

        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
            for segment in super().render(renderable, options):
                yield segment if segment.control else segment._replace(text=visible(segment.text))

    return ForeignText(highlight=False, markup=False, emoji=False, **options)


def say(sentence: str) -> None:
    """Print a sentence on stderr."""
    stderr().print(sentence)


# --- streams ----------------------------------------------------------------------------------------------------------


class ReaderGone(Exception):  # noqa: N818 - nothing is wrong
    """Who read stdout has gone away, as `head` does once it has enough."""


@contextmanager
def results_on_stdout() -> Iterator[None]:
    """Write what is printed during the block as UTF-8, whatever the locale, and to the last byte.

    Files and programs read UTF-8; what a terminal cannot show, or would obey, is escaped. It is flushed here, as the
    interpreter would lose what it cannot flush at its end.

    Raises:
        StoreError: stdout is closed, or cannot be written.
        ReaderGone: the other end of the pipe is closed.
    """
    stream = sys.stdout
    if stream is None:
        raise StoreError("standard output is closed; send it to a file, or to /dev/null")
    _reconfigure(stream)
    results = _VisibleResults(stream)
    sys.stdout = cast(TextIO, results)
    try:
        yield
    finally:
        try:
            results.flush()
        finally:
            sys.stdout = stream


@contextmanager
def notes_on_stderr() -> Iterator[None]:
    """Go on where stderr is full or closed: a run that costs days must not end for want of a reader of its progress."""
    stream = sys.stderr
    if stream is not None:
        sys.stderr = cast(TextIO, _Notes(stream))
    try:
        yield
    finally:
        sys.stderr = stream


def _reconfigure(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        # An escape such as \ud800 in JSON means the lone surrogate that UTF-8 cannot hold.
        reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")


class _Stream:
    """A text stream whose faults are told in another way."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with self._telling():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with self._telling():
            self._stream.flush()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            _discard(self._stream)
            self._tell(error)

    def _tell(self, error: OSError) -> None:
        """Nobody is there to tell."""


class _Notes(_Stream):
    """Stderr. Libraries write there, too."""

    def write(self, text: str) -> int:
        super().write(without_commands(text))
        return len(text)


class _Results(_Stream):
    """Stdout. Its faults are no OSError, which typer and rich would take for their own."""

    def _tell(self, error: OSError) -> None:
        if isinstance(error, BrokenPipeError):
            raise ReaderGone from error
        raise StoreError(
            f"standard output: cannot be written ({error.strerror or error}); make room and run the same command again"
        ) from error


class _VisibleResults(_Results):
    """What `print` writes to stdout."""

    def write(self, text: str) -> int:
        super().write(visible(text))
        return len(text)

    @property
    def rich_proxied_file(self) -> _Results:
        """Where the consoles of rich look for the file that takes their colours; `_console` sees to the texts."""
        return _Results(self._stream)


def _discard(stream: TextIO) -> None:
    """Send what is left in the buffers of a stream nowhere: the interpreter would try to write it once more."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
