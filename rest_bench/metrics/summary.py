"""The metrics of a run: of all its tasks, and over them (metrics.md 5.1)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from rest_bench.metrics.aggregation import overall_score
from rest_bench.metrics.responses import Conditions
from rest_bench.metrics.task import summarize_task
from rest_bench.schema import Manifest, OverallSummary, Summary, SummaryConfig, TaskRecord, TaskSummary
from rest_bench.settings import marks

if TYPE_CHECKING:
    import pandas

LevelScores: TypeAlias = "Callable[[str, int], pandas.DataFrame]"
"""Gives the scores of a task at a level: one row per slot, at least with the columns `metrics.COLUMNS`."""


def summarize(scores: "pandas.DataFrame", manifest: Manifest, extractor: str | None = None) -> Summary:
    """Return the metrics of a run whose scores are in memory.

    Args:
        scores: one row per slot with the columns of `schema.Score`.
        manifest: of the run the scores belong to.
        extractor: the second model that listed answers, or None.
    """
    tasks = {
        task.name: summarize_task(scores[scores["task"] == task.name].groupby("level"), _conditions(manifest, task))
        for task in manifest.tasks
    }
    return _summary(tasks, manifest, extractor)


def summarize_levels(level_scores: LevelScores, manifest: Manifest, extractor: str | None = None) -> Summary:
    """Return the metrics of a run, asking for the scores of one task and level at a time.

    Args:
        level_scores: gives the scores of a task at a level.
        manifest: of the run the scores belong to.
        extractor: the second model that listed answers, or None.
    """
    tasks = {}
    for task in manifest.tasks:
        levels = sorted(level.level for level in task.levels)
        tables = ((level, level_scores(task.name, level)) for level in levels)
        tasks[task.name] = summarize_task(tables, _conditions(manifest, task))
    return _summary(tasks, manifest, extractor)


def _summary(tasks: dict[str, TaskSummary], manifest: Manifest, extractor: str | None) -> Summary:
    tasks = {name: task for name, task in tasks.items() if task.levels}
    answered = {(name, int(level)): part.n_packs for name, task in tasks.items() for level, part in task.levels.items()}
    planned = [(task.name, level) for task in manifest.tasks for level in task.levels]
    return Summary(
        model=manifest.engine.model,
        engine=manifest.engine.engine,
        config=SummaryConfig(
            design=manifest.design,
            seed=manifest.seed,
            sampling=manifest.sampling,
            dressing=manifest.dressing,
            variant=", ".join(marks(manifest, "engine.")),
            extractor=extractor,
            scorer_version=manifest.scorer_version,
            partial=any(
                level.limit is not None or answered.get((name, level.level), 0) < level.n_packs
                for name, level in planned
            ),
        ),
        tasks=tasks,
        overall=_overall(tasks),
    )


def _conditions(manifest: Manifest, task: TaskRecord) -> Conditions:
    return Conditions(
        design=manifest.design,
        seed=manifest.seed,
        max_tokens=manifest.sampling.max_tokens,
        max_context_tokens=manifest.engine.max_context_tokens,
        chance=task.chance,
    )


def _overall(tasks: dict[str, TaskSummary]) -> OverallSummary:
    return OverallSummary(
        tasks=tuple(tasks),
        single=overall_score([task.single.value for task in tasks.values()]),
        stress=overall_score([task.stress.value for task in tasks.values()]),
        drop=overall_score([task.drop.value for task in tasks.values()]),
    )
