"""What may not differ between the samples of one folder, and what of a run may grow."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from rest_bench.errors import StoreError
from rest_bench.schema import Extractor, Manifest, PlannedLevel, TaskRecord
from rest_bench.settings import identity

Compared = TypeVar("Compared", Manifest, Extractor)


class Difference(NamedTuple):
    """A field that two manifests do not agree in."""

    field: str
    """By the name that the user knows it under."""
    here: object
    there: object


def refuse_other_run(path: Path, earlier: Manifest, manifest: Manifest) -> None:
    """Raise StoreError, naming the field, where two manifests differ in what makes a sample what it is."""
    if found := first_difference(earlier, manifest):
        raise StoreError(
            f"{path}: holds a run with another {found.field} ({found.here} there, {found.there} now); use another --out"
        )
    before = {(task.name, level.level): level for task in earlier.tasks for level in task.levels}
    for task in manifest.tasks:
        for level in task.levels:
            _refuse_shrinking(path, task.name, before.get((task.name, level.level), level), level)


def first_difference(here: Compared, there: Compared) -> Difference | None:
    """Return the first setting that makes a sample what it is and in which two records differ.

    Tasks that only one of them has are no difference.

    Args:
        here: a manifest, or the record of a second model.
        there: another one.
    """
    one, other = identity(here), identity(there)
    differing = (field for field in one if field in other and one[field] != other[field])
    return next((Difference(field, *map(_said, (one[field], other[field]))) for field in differing), None)


def _said(value: object) -> object:
    return "none" if value is None else value


def first_planned_difference(here: Manifest, there: Manifest) -> Difference | None:
    """Return the first difference in what two manifests ask: tasks, levels, repeats or limit, whatever their order."""
    one, other = dict(_plan(here)), dict(_plan(there))
    fields = dict.fromkeys((*one, *other))
    differences = (Difference(field, one.get(field, "none"), other.get(field, "none")) for field in fields)
    return next((each for each in differences if each.here != each.there), None)


def _plan(manifest: Manifest) -> Iterator[tuple[str, object]]:
    tasks: list[TaskRecord] = sorted(manifest.tasks, key=lambda task: task.name)
    yield "set of tasks", ", ".join(task.name for task in tasks)
    for task in tasks:
        yield f"set of levels of {task.name}", ", ".join(str(level.level) for level in task.levels)
        for level in task.levels:
            for field in ("repeats", "limit", "n_packs"):
                yield f"{field} of {task.name} at level {level.level}", getattr(level, field)


def _refuse_shrinking(path: Path, task: str, before: PlannedLevel, now: PlannedLevel) -> None:
    for field in ("limit", "repeats"):
        was, is_now = getattr(before, field), getattr(now, field)
        if is_now is not None and (was is None or is_now < was):
            raise StoreError(
                f"{path}: holds {task} at level {now.level} with a larger {field} ({was or 'none'} there, "
                f"{is_now} now); it may only grow in the same folder: use another --out"
            )


def join_manifests(earlier: Manifest, manifest: Manifest) -> Manifest:
    """Return the new manifest with the tasks, levels and invocations that only the earlier one has."""
    tasks = {task.name: task for task in earlier.tasks}
    for task in manifest.tasks:
        levels = {level.level: level for level in tasks[task.name].levels} if task.name in tasks else {}
        levels.update({level.level: level for level in task.levels})
        tasks[task.name] = task.model_copy(update={"levels": tuple(levels[level] for level in sorted(levels))})
    return manifest.model_copy(
        update={"tasks": tuple(tasks.values()), "invocations": (*earlier.invocations, *manifest.invocations)}
    )
