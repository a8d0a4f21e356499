"""What may not differ between the samples of one folder, and what of a run may grow."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rest_bench.errors import StoreError
from rest_bench.schema import Manifest, PlannedLevel, TaskRecord


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


def first_difference(here: Manifest, there: Manifest) -> Difference | None:
    """Return the first field that makes a sample what it is and in which two manifests differ.

    Tasks that only one of them has are no difference.
    """
    one, other = _identity(here), _identity(there)
    return next((Difference(field, one[field], other[field]) for field in one if _differ(field, one, other)), None)


def _differ(field: str, one: dict[str, object], other: dict[str, object]) -> bool:
    return field in other and one[field] != other[field]


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


def _identity(manifest: Manifest) -> dict[str, object]:
    """What must be equal for samples to stand in one folder, by the name that the user knows it under."""
    engine = manifest.engine
    fields: dict[str, object] = {
        "engine": engine.engine,
        "model": engine.model,
        "revision": engine.revision,
        "chat template": engine.chat_template_sha256,
        "dtype": engine.dtype,
        "refused parameters": ", ".join(engine.refused_parameters) or None,
        "engine arguments": engine.arguments,
        "adapter": engine.adapter and engine.adapter.identity,
        "design": manifest.design,
        "seed": manifest.seed,
        **manifest.sampling.model_dump(),
        **manifest.dressing.model_dump(exclude={"profile"}),
        "shard": manifest.shard and f"{manifest.shard.index}/{manifest.shard.count}",
    }
    for task in manifest.tasks:
        fields[f"data of task {task.name}"] = task.data_sha256
        fields[f"template of task {task.name}"] = task.template_sha256
    return fields


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
