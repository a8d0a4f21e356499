"""Manifest and table -> values by name: all of identity, the parts of a sample id, the marks of a model.

Records are read by the paths of the table, so that a manifest, a second model's record and what planning knows before
there is a manifest are all read alike.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from rest_bench.settings.table import SETTINGS, Setting

OF_TASK = "tasks."
OF_LEVEL = "tasks.levels."
OF_CALL = "invocations.settings."
PLAIN_MARK = re.compile(r'[A-Za-z0-9_ .,:+{}"-]{1,60}')
"""A value that may stand beside a model's name, where anybody's text must not: of others stands a hash."""


def value_of(setting: Setting, record: object) -> object:
    """Return what a record holds of a setting; null where it is not set.

    Of what each call of `eval` has for itself it is the different values as text, in order of time.

    Args:
        setting: one that is recorded, and not by task.
        record: a manifest, or any other with the parts that the setting's path names.
    """
    return _read(setting.recorded.split("."), record)


def task_value(setting: Setting, task: BaseModel) -> object:
    """Return what a task's record holds of a setting; of what each level has for itself, the values by level."""
    if setting.recorded.startswith(OF_LEVEL):
        name = setting.recorded.removeprefix(OF_LEVEL)
        return {level.level: getattr(level, name) for level in vars(task)["levels"]}
    return getattr(task, setting.recorded.removeprefix(OF_TASK))


def _read(path: list[str], record: object) -> object:
    for place, name in enumerate(path):
        if isinstance(record, tuple):
            return _distinct([_read(path[place:], each) for each in record])
        if record is None:
            return None
        record = record.get(name) if isinstance(record, Mapping) else getattr(record, name)
    return record


def _distinct(values: list[object]) -> object:
    different = list(dict.fromkeys(values))
    if len(different) < 2:
        return different[0] if different else None
    return ", then ".join("not set" if value is None else str(value) for value in different)


def shown(value: object) -> str | None:
    """Return a value as text; null where nothing is set."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or None
    return None if value is None else str(value)


def applies(setting: Setting, manifest: object) -> bool:
    """Return whether a setting has an effect under a manifest's design."""
    return not setting.designs or getattr(manifest, "design", None) in setting.designs


# --- identity ---------------------------------------------------------------------------------------------------------


def identity(record: BaseModel) -> dict[str, object]:
    """Return what must be equal for samples to stand together, by the name that the user knows it under.

    Args:
        record: a manifest, or one that holds a part of it, such as that of a second model.
    """
    found: dict[str, object] = {}
    for row in _rows_of_identity(record):
        if not row.recorded.startswith(OF_TASK):
            found[row.name] = plain(value_of(row, record))
    for task in getattr(record, "tasks", ()):
        for row in _rows_of_identity(record):
            if row.recorded.startswith(OF_TASK):
                found[f"{row.name} of task {task.name}"] = plain(task_value(row, task))
    return found


def _rows_of_identity(record: BaseModel) -> Iterator[Setting]:
    for row in SETTINGS:
        if row.role == "identity" and hasattr(record, row.recorded.partition(".")[0]) and applies(row, record):
            yield row


def plain(value: object) -> object:
    """Return a value as it is compared and said: a tuple or a record as text, null for an empty one."""
    return shown(value) if isinstance(value, tuple | BaseModel) else value


def sample_parts(record: object) -> list[object]:
    """Return what a sample id depends on besides prompt, seed and repeat.

    Args:
        record: with engine, sampling and dressing, such as a manifest.
    """
    always = [row for row in SETTINGS if row.in_id == "always"]
    drawn = {row.recorded.partition(".")[2]: row for row in always if row.recorded.startswith("sampling.")}
    parts = [value_of(row, record) for row in always if row not in drawn.values()]
    parts.append({name: value_of(row, record) for name, row in drawn.items()})
    parts += [value for row in SETTINGS if row.in_id == "where set" and (value := value_of(row, record)) is not None]
    named = {row.recorded: value for row in SETTINGS if row.in_id == "named" and (value := value_of(row, record))}
    return [*parts, named] if named else parts


def marks(manifest: BaseModel, within: str = "") -> tuple[str, ...]:
    """Return the words that tell a model from the same model asked plainly, such as `fp8 weights`; none twice.

    Args:
        manifest: of the run.
        within: only settings whose path begins so, such as `engine.`.
    """
    rows = [row for row in SETTINGS if row.mark and row.recorded.startswith(within)]
    values = [(row.mark, shown(value_of(row, manifest))) for row in rows]
    return tuple(dict.fromkeys(mark.format(_short(value)) for mark, value in values if value and value != "{}"))


def _short(value: str) -> str:
    if PLAIN_MARK.fullmatch(value):
        return value
    return hashlib.sha256(value.encode()).hexdigest()[:8]


# --- settings of a call -----------------------------------------------------------------------------------------------


def settings_of_call(config: BaseModel) -> dict[str, bool | int | float | str]:
    """Return what an invocation records of the settings of its call: the conditions that are not the default."""
    names = [row.recorded.removeprefix(OF_CALL) for row in SETTINGS if row.recorded.startswith(OF_CALL)]
    return {name: getattr(config, name) for name in names if is_set(config, name)}


def is_set(config: BaseModel, name: str) -> bool:
    """Return whether a setting has another value than its default."""
    return bool(getattr(config, name) != type(config).model_fields[name].default)
