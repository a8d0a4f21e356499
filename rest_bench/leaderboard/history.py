"""What git knows of the folder of all submissions: what commits change, what was there, and when it came."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from rest_bench.errors import StoreError
from rest_bench.leaderboard.answers_file import SUBMISSION


class Change(NamedTuple):
    """One path that differs between two commits; a rename is a path that goes and one that comes."""

    status: str
    """A: added, M: changed, D: gone, T: of another type."""
    mode: str
    """Of what is there afterwards: 100644 for an ordinary file, 000000 for none."""
    path: str
    """From the top of the repository, with `/`; bytes that are no UTF-8 as lone surrogates."""


class Checkout:
    """A folder inside a git repository.

    Raises:
        StoreError: git is missing, or the folder is in no repository, or reached by a link inside one.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise StoreError(f"{folder}: no such folder; give the folder of all submissions")
        self._folder = folder
        top = Path(self._git("rev-parse", "--show-toplevel").removesuffix("\n"))
        absolute = Path(os.path.abspath(folder))  # noqa: PTH100  # `resolve` would hide the links that are looked for
        below = []
        for each in (absolute, *absolute.parents):
            if each.samefile(top):
                break
            if each.is_symlink():
                raise StoreError(f"{each}: is a link; what git says of {folder} would be about something else")
            below.append(each.name)
        self.prefix = "/".join(reversed(below))
        """Of the folder, from the top of its repository; empty where it is the top."""

    def changes_since(self, commit: str) -> list[Change]:
        """Return what the commits of HEAD change from where they left those of another one.

        Raises:
            StoreError: there is no such commit, or no single one where the two parted.
        """
        base = self._commit(commit)
        parted = self._git("merge-base", "--all", base, "HEAD", may_fail=True).split()
        if len(parted) != 1:
            raise StoreError(
                f"--since {commit}: HEAD parted from it at {len(parted)} commits and not at one; rebase onto it"
            )
        options = ("-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none")
        return list(_changes(self._git("diff-tree", *options, parted[0], "HEAD")))

    def paths_of(self, commit: str) -> list[str]:
        """Return the paths of the folder's files in a commit, from the top of the repository.

        Raises:
            StoreError: there is no such commit.
        """
        options = ("-r", "-z", "--name-only", "--full-tree", self._commit(commit))
        listed = self._git("ls-tree", *options, *([f"{self.prefix}/"] if self.prefix else []))
        return [path for path in listed.split("\0") if path]

    def days_added(self) -> dict[str, str]:
        """Return the day on which each file came to the main line, by its path; none where not all of it is here.

        A merge counts on its own day and not on that of the commits that it brings.
        """
        if self._git("rev-parse", "--is-shallow-repository").strip() != "false":
            return {}
        options = ("--first-parent", "--diff-merges=first-parent", "--diff-filter=A", "--no-renames", "-z")
        listed = self._git("log", *options, "--name-only", "--format=%x01%cs", "HEAD", "--", f":/{self.prefix}")
        found: dict[str, str] = {}
        for commit in listed.split("\1")[1:]:  # the newest first; a file that came twice came with the later one
            day, *paths = (part.strip("\n") for part in commit.split("\0"))
            for path in filter(None, paths):
                found.setdefault(path, day)
        return found

    def _commit(self, name: str) -> str:
        found = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", may_fail=True)
        if not found:
            raise StoreError(f"--since {name}: the repository of {self._folder} has no such commit; fetch it")
        return found.strip()

    def _git(self, *arguments: str, may_fail: bool = False) -> str:
        command = ["git", "--no-replace-objects", "-C", str(self._folder), *arguments]
        try:
            done = subprocess.run(command, capture_output=True, check=not may_fail, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            detail = os.fsdecode(getattr(error, "stderr", None) or b"").strip() or str(error)
            raise StoreError(f"{self._folder}: git cannot be asked ({ascii(detail)[1:300]})") from error
        return os.fsdecode(done.stdout)


def days_on_board(root: Path, folders: Iterable[Path]) -> dict[Path, str]:
    """Return the day on which each submission came to the board, as far as git knows: their own dates are their word.

    Args:
        root: the folder of all submissions.
        folders: below it.
    """
    try:
        checkout = Checkout(root)
        added = checkout.days_added()
    except StoreError:  # no repository, or none with a commit
        return {}
    head = f"{checkout.prefix}/" if checkout.prefix else ""
    days = {folder: added.get(f"{head}{folder.relative_to(root).as_posix()}/{SUBMISSION}") for folder in folders}
    return {folder: day for folder, day in days.items() if day is not None}


def _changes(raw: str) -> Iterator[Change]:
    """Read `git diff-tree --raw -z`: MODE MODE HASH HASH STATUS, a NUL, the path as it is, a NUL."""
    fields = raw.split("\0")
    for about, path in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, _, status = about.removeprefix(":").split(" ")
        yield Change(status, mode, path)
