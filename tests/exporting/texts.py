"""The files of an exporter, as tests look at them."""

from collections.abc import Iterable


def text_of(files: dict[str, str], ending: str) -> str:
    """Return the one file whose path ends so."""
    (text,) = (text for path, text in files.items() if path.endswith(ending))
    return text


def read(found: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return the files of an exporter as text by path."""
    return {path: "".join(pieces) for path, pieces in found}
