"""Figures as files: each as SVG, as PNG for a page, and its numbers as CSV."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from rest_bench.errors import StoreError
from rest_bench.report.charts.figure import Figure


def write_figures(figures: Iterable[Figure], folder: Path) -> Iterator[Path]:
    """Write each figure as NAME.svg, NAME.png and NAME.csv, and yield what was written; other files stay.

    Raises:
        StoreError: the folder cannot be made, or a file cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: is a file; name a folder for the figures")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for figure in figures:
            for ending, content in _contents(figure):
                path = folder / f"{figure.name}.{ending}"
                path.write_bytes(content)
                yield path
    except OSError as error:
        raise StoreError(f"{error.filename or folder}: cannot be written ({error.strerror or error})") from error


def _contents(figure: Figure) -> Iterator[tuple[str, bytes]]:
    yield "svg", figure.svg(ground=True).encode("utf-8")
    yield "png", figure.png()
    yield "csv", figure.csv().encode("utf-8")
