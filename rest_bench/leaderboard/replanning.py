"""Manifest of a submission -> the packs and prompts that it must rest on, made again from the task's own data."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rest_bench.errors import TaskError
from rest_bench.packing import iter_packs, make_packs, mix_tasks
from rest_bench.planning import PlannedSample, PlannedTask, load_task, task_record
from rest_bench.schema import DesignName, Manifest, PlannedLevel, SubmittedSample, Task, TaskRecord
from rest_bench.tasks import first_problems, packaged_names, task_names
from rest_bench.templates import render

Tasks = Mapping[str, Task]
"""By the name that the manifest has for them."""


def load_tasks(manifest: Manifest, data_dir: Path | None) -> Tasks:
    """Load the tasks of a manifest, which may be anybody's: only by names that are installed, never by a path.

    Raises:
        TaskError: there is no such task, or its data are not at hand.
        PackingError: tasks that cannot share a prompt.
    """
    return {record.name: _load(record.name, manifest, data_dir) for record in manifest.tasks}


def _load(name: str, manifest: Manifest, data_dir: Path | None) -> Task:
    if (missing := missing_task(name, manifest.design)) is not None:
        raise TaskError(
            f"task {missing[:80]!r}: a submission can be checked only for tasks that are installed "
            f"({', '.join(task_names())}); add it to rest-bench, or install the package that brings it"
        )
    tasks = [load_task(part, data_dir) for part in _parts(name, manifest.design)]
    return mix_tasks(tuple(tasks), manifest.seed) if manifest.design == "mixed" else tasks[0]


def missing_task(name: str, design: DesignName) -> str | None:
    """Return the first task of a name in a manifest that is not installed here; None where all are.

    Args:
        name: of one task, or of several where the design is `mixed`.
        design: of the manifest.
    """
    installed = packaged_names()
    missing = [part for part in _parts(name, design) if part not in installed]
    others = task_names() if missing else ()  # plug-ins are asked only where they matter
    return next((part for part in missing if part not in others), None)


def _parts(name: str, design: DesignName) -> list[str]:
    return name.split("+") if design == "mixed" else [name]


def expected_record(record: TaskRecord, manifest: Manifest, tasks: Tasks) -> TaskRecord:
    """Return what the manifest must say of a task whose levels, repeats and limits are those of `record`.

    Raises:
        PackingError: a level that the problems do not allow.
    """
    task = tasks[record.name]
    levels = tuple(
        PlannedLevel(
            level=level.level,
            repeats=level.repeats,
            limit=level.limit,
            n_packs=len(make_packs(_used(task, level), level.level, manifest.design, manifest.seed)) * level.repeats,
        )
        for level in record.levels
    )
    # What a guess is worth is said of the problems that were planned last, which share one limit.
    used = _used(task, record.levels[-1]) if record.levels else task
    return task_record(PlannedTask(used, len(task.problems), levels))


def replan(manifest: Manifest, tasks: Tasks) -> Iterator[PlannedSample]:
    """Make the samples of a manifest again: by task, level, repeat and pack."""
    for record in manifest.tasks:
        for level in record.levels:
            used = _used(tasks[record.name], level)
            for repeat in range(level.repeats):
                for pack in iter_packs(used, level.level, manifest.design, manifest.seed, repeat):
                    yield PlannedSample(pack, render(pack, used, manifest.dressing.system_prompt))


def with_plan(
    samples: Iterable[SubmittedSample], manifest: Manifest, tasks: Tasks
) -> Iterator[tuple[PlannedSample, SubmittedSample]]:
    """Yield samples, which stand in the order of the plan, with what was planned."""
    remaining = iter(samples)
    sample = next(remaining, None)
    for planned in replan(manifest, tasks):
        if sample is not None and sample.pack_id == planned.pack.pack_id:
            yield planned, sample
            sample = next(remaining, None)


def _used(task: Task, level: PlannedLevel) -> Task:
    return first_problems(task, level.limit) if level.limit else task
