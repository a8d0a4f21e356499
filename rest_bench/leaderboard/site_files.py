"""The files of a site: each is written once, inside its folder, and nothing that a submission says changes where."""

import re
import shutil
from pathlib import Path

from rest_bench.errors import StoreError

MOST_NAME_CHARACTERS = 200
"""Of one part of a path: common file systems hold 255 bytes."""
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")


class SiteFiles:
    """Writes the files of one folder; nothing else of the site touches the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._written: set[str] = set()

    def write(self, path: str, text: str) -> None:
        """Write a text as a new file, making the folders above it.

        Args:
            path: below the folder, its parts with `/` between them.
            text: is written as UTF-8.

        Raises:
            StoreError: the path leads, or could lead, out of the folder, or a file has that name already.
        """
        with self._place(path).open("x", encoding="utf-8") as file:  # a link of that name is not followed either
            file.write(text)

    def copy(self, source: Path, path: str) -> None:
        """Copy a file of our own; as `write` otherwise."""
        place = self._place(path)
        with source.open("rb") as read, place.open("xb") as file:
            shutil.copyfileobj(read, file)

    def _place(self, path: str) -> Path:
        if not all(is_file_name(part) for part in path.split("/")):
            raise StoreError(f"{path[:300]!r}: no file of the site may have that name; rename what it stands for")
        place = self._folder.joinpath(*path.split("/"))
        # To disks that do not tell capital letters apart, two names may be one.
        if path.casefold() in self._written or place.is_symlink() or place.exists():
            raise StoreError(f"{path}: the site has a file of that name already; rename one of the two")
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.parent.resolve() != place.parent:
            raise StoreError(f"{path}: a link leads out of the folder of the site; take the link away")
        self._written.add(path.casefold())
        return place


def is_file_name(part: str) -> bool:
    """Return whether a part of a path is a plain name: ASCII letters, digits, `_.+-`, no dot at an end, not long."""
    return _PART.fullmatch(part) is not None and not part.endswith(".") and len(part) <= MOST_NAME_CHARACTERS
