"""Which names of models are one name to people, to a file system, or to the folder that they share."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

RESERVED_TASKS = frozenset({"overall", "index", "methodology", "submit"})
"""Names that a board has for pages and files of its own."""
MOST_TASK_CHARACTERS = 170
"""Of the name of a task on a board, which becomes part of file names."""


def may_be_task(name: str) -> bool:
    """Return whether a board can have files for a task of this name beside its own."""
    return name.casefold() not in RESERVED_TASKS and len(name) <= MOST_TASK_CHARACTERS


def folder_name(model: str) -> str:
    """Return the folder of a model's submissions: ORGANISATION__NAME."""
    return model.replace("/", "__")


def name_key(model: str) -> str:
    """Return what two names share that are one name where capital letters do not count, as on many disks."""
    return folder_name(model).casefold()


def is_clear(model: str) -> bool:
    """Return whether the folder of a model says which it is: that of a__b/c is that of a/b__c as well."""
    return folder_name(model).split("__", 1) == model.split("/")


LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕкмтнвԁԛԝӏαορνικτηυχı",
    "aeopcyxijskmthbdqwlaopviktnyxi",
)
"""Small letters of other scripts, and the Latin letters that they are taken for."""


def person_key(name: str) -> str:
    """Return what two names of people share that look like one: blanks, marks, case and script do not count."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    return "".join(each for each in plain.translate(LOOK_ALIKES) if each.isalnum())


class Namesakes:
    """Knows the folders of boards, each listed once however many submissions it holds."""

    def __init__(self) -> None:
        self._boards: dict[Path, dict[str, list[str]]] = {}

    def of(self, root: Path, model: str) -> list[str]:
        """Return the folders of a board whose names differ from a model's in capital letters only."""
        if root not in self._boards:
            self._boards[root] = _by_key(path.name for path in root.iterdir()) if root.is_dir() else {}
        return [name for name in self._boards[root].get(name_key(model), ()) if name != folder_name(model)]


class Ids:
    """Knows the ids of the sound submissions of boards: one id is one row, whatever name stands on it."""

    def __init__(self) -> None:
        self._holders: dict[tuple[Path, str], Path] = {}

    def holder(self, folder: Path, submission_id: str) -> Path | None:
        """Return the other folder of its board that has an id already; else note that this one has it."""
        own = folder.resolve()
        holder = self._holders.setdefault((own.parent.parent, submission_id), own)
        return None if holder == own else holder


def _by_key(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        found.setdefault(name.casefold(), []).append(name)
    return found
