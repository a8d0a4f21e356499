"""What a run was made with, found again from its manifest: the template of a task and its data set on the hub.

A run folder keeps its problems and packs but not the words around them. A task file of one's own may have moved since,
or be another one by now, so a template counts only where its hash is that of the run.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from rest_bench.config import packaged_dir
from rest_bench.errors import PluginError, TaskError
from rest_bench.plugins import plugins
from rest_bench.schema import TaskRecord
from rest_bench.tasks import packaged_names, plugin_path, task_settings
from rest_bench.tasks.taskfile import read_small_file, read_task_file

_LOCAL = "local: "
_HUB = re.compile(r"hub: (?P<path>[^\s;]+), config [^;]*, split [^;]*, revision (?P<revision>[^\s;]+)")


def find_template(record: TaskRecord, places: Sequence[Path] = ()) -> str:
    """Return the template that the prompts of a task were made with.

    Args:
        record: of the manifest.
        places: task files and folders, where the user says that templates may lie.

    Raises:
        TaskError: it is nowhere, or what lies there is another one; the sentence says how to name its task file.
    """
    changed: Path | None = None
    remedy = "give the task file that the run was made with as --tasks FILE"
    for file in dict.fromkeys(_template_files(record, places)):
        if not file.is_file():
            continue
        try:
            text = read_small_file(file, "template").decode("utf-8-sig")
        except (TaskError, UnicodeDecodeError):  # a file of that name that is no template
            text = ""
        if hashlib.sha256(text.encode()).hexdigest() == record.template_sha256:
            return text
        changed = changed or file
    if changed is not None:
        raise TaskError(f"task {record.name}: {changed} is not the template of this run any more; {remedy}")
    raise TaskError(f"task {record.name}: its template {record.template} is not found; {remedy}")


def find_dataset(record: TaskRecord) -> tuple[str, str] | None:
    """Return the hub id and the revision of the data set of a task, asking no hub; null for a task that has none.

    A task of one's own may have the name of one that comes with rest-bench: the file decides, not the name.
    """
    if found := _HUB.fullmatch(record.source):
        return found["path"], found["revision"]
    if (file := _file_of_name(record.name)) is None:
        return None
    task_file, file_sha256 = read_task_file(file)
    hub = task_file.source.hub
    return None if hub is None or file_sha256 != record.file_sha256 else (hub.path, hub.revision)


def _file_of_name(name: str) -> Path | None:
    """Return the task file that a name stands for: one of the package, or one that another package adds."""
    if name in packaged_names():
        return packaged_dir("tasks") / f"{name}.yaml"
    point = plugins("task").get(name)
    with suppress(PluginError):  # it is broken by now
        return None if point is None else plugin_path(point)
    return None


def _template_files(record: TaskRecord, places: Sequence[Path]) -> Iterator[Path]:
    """Yield where a template may lie: in the package, beside its task file, and on the way from its data upwards."""
    yield packaged_dir("templates") / f"{record.template}.j2"
    parts = PurePosixPath(record.template)
    if parts.is_absolute() or ".." in parts.parts:
        return
    for place in places:
        if place.is_dir():
            yield place / record.template
        elif task_settings(place).name == record.name:
            yield place.parent / record.template
    if (known := _file_of_name(record.name)) is not None:
        yield known.parent / record.template
    if record.source.startswith(_LOCAL):
        data = Path(record.source.removeprefix(_LOCAL))
        yield from (folder / record.template for folder in data.parents[:3])
    yield Path(record.template)
