"""Step 1 of 9: a task file (YAML) -> Task with Problems, from packaged, local or hub data."""

import os
import warnings
from difflib import get_close_matches
from importlib.metadata import EntryPoint
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from rest_bench.config import packaged_dir
from rest_bench.errors import PluginError, TaskError
from rest_bench.plugins import load_plugin, owner, plugins
from rest_bench.schema import AnswerType, Task
from rest_bench.tasks.options import option_order
from rest_bench.tasks.problems import build_problems, hash_problems
from rest_bench.tasks.rows import read_file, read_hub
from rest_bench.tasks.taskfile import Fields, HubSource, LocalSource, TaskFile, read_small_file, read_task_file


class TaskListing(NamedTuple):
    """One line of `rest-bench tasks`."""

    name: str
    title: str
    problems: int | None
    """Null where the data are not at hand."""
    levels: tuple[int, ...]
    repeats: int
    answer_type: AnswerType
    data: str
    """`embedded`, `local: FILE`, `hub: ID` (loaded from the hub when it runs), `missing: FILE` or `broken: fault`."""


def load_task(name_or_path: str | Path, data_dir: Path | None = None) -> Task:
    """Load a task with all its problems.

    Args:
        name_or_path: a name that `task_names` lists, or the path of a task file.
        data_dir: the folder under which local data files lie. A file missing there is an error, never a download.

    Raises:
        TaskError: there is no such task, its file is wrong, or its data are missing or wrong.
    """
    path = _task_path(name_or_path)
    task_file, file_sha256 = read_task_file(path)
    source = _choose_source(task_file, path, data_dir)
    if isinstance(source, HubSource):
        problems = build_problems(read_hub(source), source, task_file)
        fields: Fields = source
        origin = f"hub: {source.path}, config {source.config}, split {source.split}, revision {source.revision}"
    else:
        local, file = source
        problems = build_problems(read_file(file, local.format), local, task_file)
        fields = local
        # A name in another encoding is shown as far as it can be.
        origin = f"local: {os.fsencode(file).decode('utf-8', 'replace')}"
    return Task(
        name=task_file.name,
        title=task_file.title,
        answer_type=task_file.answer_type,
        levels=task_file.levels,
        repeats=task_file.repeats,
        template=task_file.template,
        template_source=_read_template(task_file, path),
        problems=problems,
        licence=task_file.licence,
        citation=task_file.citation,
        difficulty_source=task_file.difficulty_source,
        option_order=option_order(fields, task_file) if task_file.answer_type == "choice" else None,
        source=origin,
        file_sha256=file_sha256,
        data_sha256=hash_problems(problems),
    )


def task_settings(name_or_path: str | Path) -> TaskFile:
    """Return what a task file says, without its problems.

    Raises:
        TaskError: there is no such task, or its file is wrong.
    """
    return read_task_file(_task_path(name_or_path))[0]


def first_problems(task: Task, count: int) -> Task:
    """Return the task with only its first problems; its hashes stay those of the whole data."""
    return task.model_copy(update={"problems": task.problems[:count]})


def task_names() -> tuple[str, ...]:
    """Return the names that `load_task` takes; a broken plug-in is left out with a warning that names it.

    A packaged name wins over that of a plug-in.
    """
    names = list(packaged_names())
    for point in plugins("task").values():
        try:
            plugin_path(point)
        except PluginError as error:
            warnings.warn(str(error), stacklevel=2)
        else:
            names.append(point.name)
    return tuple(dict.fromkeys(names))


def list_tasks(data_dir: Path | None = None) -> tuple[TaskListing, ...]:
    """Describe every task that `task_names` lists, asking no hub; a broken task file is left out with a warning."""
    listings = []
    for name in task_names():
        try:
            listings.append(_describe(name, data_dir))
        except TaskError as error:
            warnings.warn(str(error), stacklevel=2)
    return tuple(listings)


def _describe(name: str, data_dir: Path | None) -> TaskListing:
    path = _task_path(name)
    task_file, _ = read_task_file(path)
    count = None
    try:
        source = _choose_source(task_file, path, data_dir)
        if isinstance(source, HubSource):
            data = f"hub: {source.path}"
        else:
            local, file = source
            count = len(build_problems(read_file(file, local.format), local, task_file))
            data = "embedded" if file.is_relative_to(packaged_dir("tasks")) else f"local: {file}"
    except _MissingDataError as error:
        data = f"missing: {error.file}"
    except TaskError as error:
        data = f"broken: {error}"
    return TaskListing(
        name=name,
        title=task_file.title,
        problems=count,
        levels=task_file.levels,
        repeats=task_file.repeats,
        answer_type=task_file.answer_type,
        data=data,
    )


# --- task files -------------------------------------------------------------------------------------------------------


def _task_path(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if isinstance(name_or_path, Path) or path.suffix in {".yaml", ".yml"} or len(path.parts) > 1:
        return path
    packaged = packaged_names()
    if name_or_path in packaged:
        return packaged_dir("tasks") / f"{name_or_path}.yaml"
    others = plugins("task")
    if name_or_path in others:
        return plugin_path(others[str(name_or_path)])
    names = sorted({*packaged, *others})
    raise TaskError(f"no such task: {name_or_path:.80}; {_hint(name_or_path, names)} or the path of a task file")


def _hint(name: str, names: list[str]) -> str:
    nearest = get_close_matches(name, names, n=1)
    return (f"did you mean {nearest[0]}? It " if nearest else "it ") + f"must be one of {', '.join(names)},"


def packaged_names() -> tuple[str, ...]:
    """Return the names of the tasks that come with rest-bench."""
    return tuple(sorted(path.stem for path in packaged_dir("tasks").glob("*.yaml")))


def plugin_path(point: EntryPoint) -> Path:
    """Return the task file that a plug-in gives: a path inside its distribution, or `module:attribute`.

    Raises:
        PluginError: it gives none.
    """
    given: object = point.value
    if Path(point.value).suffix in {".yaml", ".yml"}:
        given = point.dist.locate_file(point.value) if point.dist else point.value
    else:
        given = load_plugin("task", point)
    if not isinstance(given, str | PathLike) or not Path(given).is_file():
        raise PluginError(
            f"task {point.name} of {owner(point)}: `{point.value}` gives {given!r:.200}, which is no task file; "
            "mend or uninstall that package"
        )
    return Path(given)


# --- data and templates -----------------------------------------------------------------------------------------------


class _MissingDataError(TaskError):
    """A local data file is nowhere."""

    def __init__(self, message: str, file: Path) -> None:
        super().__init__(message)
        self.file = file


def _choose_source(task_file: TaskFile, path: Path, data_dir: Path | None) -> HubSource | tuple[LocalSource, Path]:
    local, hub = task_file.source.local, task_file.source.hub
    if local is not None:
        places = [path.parent] if data_dir is None else [data_dir, path.parent]
        if path.parent == packaged_dir("tasks"):
            places.reverse()
        for place in places:
            if (file := place / local.path).is_file():
                return local, file
        if hub is None or data_dir is not None:
            raise _missing_data(task_file, local, places, data_dir)
    assert hub is not None, "a task file without any source is refused when it is read"
    return hub


def _missing_data(task_file: TaskFile, local: LocalSource, places: list[Path], data_dir: Path | None) -> TaskError:
    remedy = "put it there" if data_dir else "say where it lies with --data-dir DIR or REST_BENCH_DATA"
    if task_file.source.hub is not None:
        remedy += f", or leave out --data-dir to load {task_file.source.hub.path} from the hub"
    # Nobody is sent to put data into the package.
    folders = " or ".join(str(place) for place in places if place != packaged_dir("tasks") or len(places) == 1)
    return _MissingDataError(
        f"task {task_file.name}: no data file {local.path} in {folders}; {remedy}", (data_dir or places[0]) / local.path
    )


def _read_template(task_file: TaskFile, path: Path) -> str:
    packaged = packaged_dir("templates")
    for file in (packaged / f"{task_file.template}.j2", path.parent / task_file.template):
        if file.is_file():
            try:
                return read_small_file(file, "template").decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise TaskError(f"{file}: not UTF-8; save the template as UTF-8") from error
    names = sorted(file.stem for file in packaged.glob("*.j2"))
    hint = _hint(task_file.template, names)
    raise TaskError(f"{path}: no such template: {task_file.template}; {hint} or a file beside {path.name}")
