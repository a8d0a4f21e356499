"""The numbers of a scored run for experiment trackers, through one small hook: wandb, mlflow, trackio, or a file."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rest_bench.errors import ConfigError, StoreError
from rest_bench.schema import Estimate, LevelSummary, Manifest, Summary
from rest_bench.settings import identity
from rest_bench.store import Run

OF_TASK = ("single", "stress", "drop", "retention", "retention_above_chance")
OF_LEVEL = (
    *("accuracy", "accuracy_strict", "accuracy_paper", "all_correct", "completion", "truncation_rate"),
    *("prompt_tokens", "completion_tokens"),
)
"""Metrics of a level that are tracked, beside its positions and outcomes; the names are those of summary.json."""


class Entry(NamedTuple):
    """What a tracker gets."""

    project: str | None
    """Null: the tracker's own default, or `rest-bench`; for `jsonl` the file."""
    run: Run
    metrics: Mapping[str, float]
    step: int | None
    """Of the training that the model was saved at."""


def log_run(run: Run, tracker: str, *, project: str | None = None, step: int | None = None) -> dict[str, float]:
    """Send the numbers of a scored run to a tracker, and return them.

    Where the caller has a run of wandb, mlflow or trackio open, the numbers go into that; else one of their own is
    opened, named after the run folder, with the run's settings, and closed.

    Args:
        run: a scored run.
        tracker: one of `TRACKERS`.
        project: where they go: a project of wandb or trackio, an experiment of mlflow, a file for `jsonl`.
        step: of the training that the model was saved at.

    Raises:
        ConfigError: there is no such tracker, or it is not installed.
        StoreError: the run is not scored, or the file cannot be written.
    """
    if tracker not in TRACKERS:
        raise ConfigError(f"--tracker {tracker:.60}: no such tracker; choose one of {', '.join(TRACKERS)}")
    metrics = flat_metrics(run.summary)
    try:
        TRACKERS[tracker](Entry(project, run, metrics, step))
    except ImportError as error:
        raise ConfigError(f"--tracker {tracker}: {error}; install it with pip install {tracker}") from error
    return metrics


def flat_metrics(summary: Summary) -> dict[str, float]:
    """Return the numbers of a run under names with slashes, such as `arithmetic/level_4/position_1/accuracy`.

    Shares are in [0, 1]. An estimate has its standard error and interval beside it (`_se`, `_ci_low`, `_ci_high`).
    Numbers that are not defined are left out.
    """
    found: dict[str, float] = {}
    for name, task in summary.tasks.items():
        for metric in OF_TASK:
            found |= _numbers(f"{name}/{metric}", getattr(task, metric))
        for level, part in task.levels.items():
            found |= _of_level(f"{name}/level_{level}", part)
    return found


def _of_level(prefix: str, level: LevelSummary) -> dict[str, float]:
    found: dict[str, float] = {}
    for metric in OF_LEVEL:
        found |= _numbers(f"{prefix}/{metric}", getattr(level, metric))
    for position, accuracy in enumerate(level.position_accuracy, start=1):
        found |= _numbers(f"{prefix}/position_{position}/accuracy", accuracy)
    return found | {f"{prefix}/outcome/{outcome}": share for outcome, share in level.outcomes.items()}


def _numbers(name: str, value: Estimate | float | None) -> dict[str, float]:
    if not isinstance(value, Estimate):
        return {} if value is None else {name: float(value)}
    low, high = value.ci or (None, None)
    parts = {name: value.value, f"{name}_se": value.se, f"{name}_ci_low": low, f"{name}_ci_high": high}
    return {part: number for part, number in parts.items() if number is not None}


def _settings(manifest: Manifest) -> dict[str, Any]:
    """Return what a tracker shows as the configuration of a run."""
    return {
        "model": manifest.engine.model,
        "engine": manifest.engine.engine,
        **{name: value for name, value in identity(manifest).items() if value is not None},
        "design": manifest.design,
        "seed": manifest.seed,
        **manifest.sampling.model_dump(),
    }


# --- trackers ---------------------------------------------------------------------------------------------------------


def _to_wandb(entry: Entry) -> None:
    import wandb

    if wandb.run is not None:
        wandb.run.log(dict(entry.metrics), step=entry.step)
        return
    with wandb.init(
        project=entry.project or "rest-bench", name=entry.run.path.name, config=_settings(entry.run.manifest)
    ) as own:
        own.log(dict(entry.metrics), step=entry.step)


def _to_mlflow(entry: Entry) -> None:
    import mlflow

    if mlflow.active_run() is not None:
        mlflow.log_metrics(dict(entry.metrics), step=entry.step)
        return
    if entry.project is not None:
        mlflow.set_experiment(entry.project)
    with mlflow.start_run(run_name=entry.run.path.name):
        mlflow.log_params(_settings(entry.run.manifest))
        mlflow.log_metrics(dict(entry.metrics), step=entry.step)


def _to_trackio(entry: Entry) -> None:
    import trackio

    is_open = trackio.context_vars.current_run.get() is not None
    if not is_open:
        trackio.init(
            project=entry.project or "rest-bench", name=entry.run.path.name, config=_settings(entry.run.manifest)
        )
    trackio.log(dict(entry.metrics), step=entry.step)
    if not is_open:
        trackio.finish()


def _to_file(entry: Entry) -> None:
    path = Path(entry.project) if entry.project else entry.run.path.parent / "metrics.jsonl"
    line = {"run": entry.run.path.name, "step": entry.step, **entry.metrics}
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, allow_nan=False) + "\n")
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror}); give another file") from error


TRACKERS: dict[str, Callable[[Entry], None]] = {
    "jsonl": _to_file,
    "mlflow": _to_mlflow,
    "trackio": _to_trackio,
    "wandb": _to_wandb,
}
"""Name to what sends an entry there; the vendor's library is imported when it is asked for."""
