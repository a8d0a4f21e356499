"""What `rest-bench simulate` does around a run: the problems it asks, and what is true of the replies."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from rest_bench.config import RunConfig, check_settings, read_run_file
from rest_bench.errors import ConfigError, StoreError
from rest_bench.metrics import summarize
from rest_bench.schema import Estimate, LevelSummary, Pack, Summary
from rest_bench.simulation import Simulated, parameters_of, simulate, write_parameters
from rest_bench.simulation.problems import write_task
from rest_bench.simulation.scenarios import SCENARIOS
from rest_bench.simulation.settings import SimulationSettings
from rest_bench.simulation.table import to_frame, true_scores
from rest_bench.store import Run

COMPARED = (
    "accuracy",
    "accuracy_paper",
    "completion",
    "all_correct",
    "position_accuracy",
    "outcomes",
    "truncation_rate",
    "thinking_tokens",
    "reach",
    "first_share_ratio",
)
"""Metrics of a level that are set beside their truth."""


class Comparison(NamedTuple):
    """One number, as it is and as it was measured."""

    task: str
    level: str
    metric: str
    true: float | None
    """Of the replies themselves, as a perfect reader and judge would have it."""
    measured: float | None
    interval: tuple[float, float] | None
    """95 %, where the metric has one: of all problems like these."""

    def as_text(self) -> tuple[str | None, ...]:
        """Return the cells of a table."""
        interval = None if self.interval is None else " to ".join(map(_number, self.interval))
        return (self.task, self.level, self.metric, _number(self.true), _number(self.measured), interval)


def make_settings(given: Mapping[str, object], run_file: Path | None = None) -> SimulationSettings:
    """Return the settings of a simulation: those of its scenario, overridden by the file, overridden by those given.

    Raises:
        ConfigError: there is no such scenario, a key is unknown, or a value is out of range.
    """
    known = {**read_run_file(run_file), **given}
    name = known.get("scenario")
    if name is None:
        return check_settings(SimulationSettings, known, given, run_file)
    if name not in SCENARIOS:
        raise ConfigError(f"--scenario {name}: no such scenario; choose one of {', '.join(SCENARIOS)}")
    scenario = SCENARIOS[str(name)]
    own = {**scenario.parameters.model_dump(), "max_tokens": scenario.max_tokens, "design": scenario.design}
    return check_settings(SimulationSettings, {**own, **known}, given, run_file)


def prepare(settings: SimulationSettings) -> RunConfig:
    """Return how `evaluate` runs a simulation; the problems made up are written into its folder.

    Raises:
        StoreError: the folder holds other simulated problems, or cannot be written.
    """
    asked = settings.tasks or (str(write_task(settings.out, settings.task)),)
    shared = {name: getattr(settings, name) for name in ("levels", "repeats", "design", "seed", "max_tokens", "out")}
    return RunConfig(
        model="simulator",
        engine="simulator",
        tasks=asked,
        data_dir=settings.data_dir,
        simulator_parameters=write_parameters(settings.parameters),
        **shared,
    )


def true_summary(run: Run) -> Summary:
    """Return the metrics of a simulated run as a perfect reader and judge would have them.

    The truth is worked out again from the packs and the parameters in the manifest; no text is looked at.

    Raises:
        ConfigError: the run is not simulated, or by another version of the simulator.
    """
    return summarize(to_frame(true_scores(*pair) for pair in _simulated(run)), run.manifest)


def write_latents(run: Run, path: Path) -> None:
    """Write what is true of each slot of a simulated run, one JSON object a line.

    Raises:
        ConfigError: as `true_summary`.
        StoreError: the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8") as file:
            for pack, simulated in _simulated(run):
                for slot in simulated.slots:
                    own = {"pack_id": pack.pack_id, "level": pack.level, "repeat": pack.repeat, **slot._asdict()}
                    file.write(json.dumps({**own, "correct": slot.correct, **own.pop("latents")._asdict()}) + "\n")
    except OSError as error:
        raise StoreError(f"--latents {path}: cannot be written ({error.strerror})") from error


def _simulated(run: Run) -> Iterator[tuple[Pack, Simulated]]:
    """Yield the packs of a run that were answered, with what is true of the response."""
    manifest = run.manifest
    if manifest.engine.engine != "simulator" or manifest.engine.revision is None:
        raise ConfigError(f"{run.path}: was not simulated; only of a run with --engine simulator is the truth known")
    parameters = parameters_of(manifest.engine.revision)
    for sample in run.samples():
        yield sample.pack, simulate(sample.pack, parameters, manifest.sampling.max_tokens)


def compare(true: Summary, measured: Summary) -> tuple[Comparison, ...]:
    """Set the metrics of two summaries of one run side by side, task by task and level by level."""
    return tuple(
        Comparison(name, level, *row)
        for name, task in measured.tasks.items()
        for level, part in task.levels.items()
        for row in _compare_level(true.tasks[name].levels[level], part)
    )


def _compare_level(
    true: LevelSummary, measured: LevelSummary
) -> Iterator[tuple[str, float | None, float | None, tuple[float, float] | None]]:
    intervals = {name: value.ci for name in COMPARED if isinstance(value := getattr(measured, name), Estimate)}
    truths = dict(_flat(true))
    for name, value in _flat(measured):
        if truths[name] or value:
            yield name, truths[name], value, intervals.get(name)


def _flat(level: LevelSummary) -> Iterator[tuple[str, float | None]]:
    """Yield every number of the compared metrics; those by position or outcome with its name."""
    for name in COMPARED:
        value = getattr(level, name)
        if isinstance(value, Estimate):
            yield name, value.value
        elif isinstance(value, Mapping):
            yield from ((f"{name}: {key}", share) for key, share in value.items())
        elif isinstance(value, tuple):
            yield from ((f"{name}: {position}", number) for position, number in enumerate(value, start=1))
        else:
            yield name, value


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}" if value > 10 else f"{value:.3f}"
