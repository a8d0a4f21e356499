"""What somebody proposes for the board: new submissions and second runs, and nothing that touches what is there."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from rest_bench.leaderboard.answers_file import ANSWERS, REPRODUCED_ANSWERS, REPRODUCTION, SUBMISSION
from rest_bench.leaderboard.faults import Fault
from rest_bench.leaderboard.history import Change, Checkout

ORDINARY = "100644"
MODES = {"100755": "a program", "120000": "a link", "160000": "another repository"}
"""Of what git can hold beside ordinary files."""
STATUSES = {"D": "gone", "M": "changed", "T": "of another type"}
FILES = (SUBMISSION, ANSWERS, REPRODUCTION, REPRODUCED_ANSWERS)
SECOND_RUN = (REPRODUCTION, REPRODUCED_ANSWERS)
"""May be added to a submission that is there."""

_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*")


class Proposal(NamedTuple):
    """What commits do to the folder of all submissions."""

    folders: list[Path]
    """That get files in an allowed way, each once: those to verify."""
    faults: tuple[Fault, ...]
    """One for each path that a proposal may not touch, or not so."""


def read_proposal(root: Path, since: str) -> Proposal:
    """Return what the commits of HEAD since another one do; commits that leave the folder alone do nothing.

    Args:
        root: the folder of all submissions, inside a git repository whose HEAD is checked out.
        since: the commit that the proposal is for, such as that of the main branch.

    Raises:
        StoreError: git cannot tell.
    """
    checkout = Checkout(root)
    changes = checkout.changes_since(since)
    if not any(_touches(change.path, checkout.prefix) for change in changes):
        return Proposal([], ())
    faults, folders = [], []
    known = checkout.paths_of(since)
    for change, fault in judged(changes, known, checkout.prefix):
        if fault is None:
            folders.append(root.joinpath(*PurePosixPath(change.path).parts[-3:-1]))
        else:
            faults.append(fault)
    return Proposal(list(dict.fromkeys(folders)), tuple(faults))


def judged(changes: Sequence[Change], known: Iterable[str], prefix: str) -> Iterator[tuple[Change, Fault | None]]:
    """Yield each change with what is wrong about it; None where it adds to the board as anybody may.

    Args:
        changes: of the proposal.
        known: paths of the folder of all submissions before it.
        prefix: of that folder, from the top of the repository.
    """
    paths = {path.casefold() for path in known}
    folders = {path.rpartition("/")[0] for path in paths}
    for change in changes:
        wrong = _wrong(change, paths, folders, prefix)
        yield change, None if wrong is None else Fault(Path(shown(change.path)), None, "change", *wrong)


def shown(path: str) -> str:
    """Return a path as one line of plain text, whatever stands in it."""
    return path if path.isprintable() else ascii(path)


def _touches(path: str, prefix: str) -> bool:
    """Return whether a path is in a folder, is it, or holds it; to some disks capital letters are the same."""
    path, prefix = path.casefold(), prefix.casefold()
    return not prefix or f"{path}/".startswith(f"{prefix}/") or prefix.startswith(f"{path}/")


def _wrong(change: Change, paths: set[str], folders: set[str], prefix: str) -> tuple[str, str] | None:
    """Return what was expected and what was found, by the first rule that a change breaks."""
    head = f"{prefix}/" if prefix else ""
    folder, _, file = change.path.removeprefix(head).rpartition("/")
    place = f"{head}ORGANISATION__NAME/ID/ and in it {', '.join(FILES)}"
    rules: tuple[tuple[bool, str, str], ...] = (
        (not change.path.startswith(head), f"no change outside {prefix}", "one"),
        (change.status != "A", "only files that are added", STATUSES.get(change.status, shown(change.status))),
        (_FOLDER.fullmatch(folder) is None or file not in FILES, place, "another path"),
        (change.mode != ORDINARY, "an ordinary file", MODES.get(change.mode, change.mode)),
        (change.path.casefold() in paths, "a file that is not there yet", "one that is"),
        (
            f"{head}{folder}".casefold() in folders and file not in SECOND_RUN,
            f"nothing but a second run ({', '.join(SECOND_RUN)}) added to a submission that is there",
            file,
        ),
    )
    return next(((expected, found) for broken, expected, found in rules if broken), None)
