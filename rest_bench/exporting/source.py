"""What all formats say of a run: its model's public name, its date, the name of a level, and nothing of a disk."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from rest_bench.errors import ConfigError, StoreError
from rest_bench.schema import HUB_ID, LevelSummary, Manifest, Summary, TaskRecord, TaskSummary
from rest_bench.store import Run

LIBRARY = "rest-bench"
ADDRESS = "https://arxiv.org/abs/2507.10541v2"
"""Of the protocol, in the version that it is implemented by; published as ACL 2026 long.1296."""

FindDataset = Callable[[TaskRecord], "tuple[str, str] | None"]
"""Gives the hub dataset of a task, with its revision, or None."""


class Source(NamedTuple):
    """A scored run, as an exporter sees it."""

    run: Run
    manifest: Manifest
    summary: Summary
    model_id: str
    """organisation/name; `local/NAME` for a model without a public name."""
    find_dataset: FindDataset

    @property
    def version(self) -> str:
        """Of rest-bench, that made the run."""
        return self.manifest.invocations[-1].rest_bench_version

    @property
    def ended_at(self) -> datetime:
        """When the last call of `eval` ended, or began."""
        last = self.manifest.invocations[-1]
        return datetime.fromisoformat(last.finished_at or last.started_at).astimezone(UTC)

    def levels(self) -> Iterator["Level"]:
        """Yield every level of every task."""
        for record in self.manifest.tasks:
            found = self.summary.tasks.get(record.name)
            for level in sorted(map(int, found.levels)) if found is not None else ():
                assert found is not None
                yield Level(record, found, level, found.levels[str(level)])


class Level(NamedTuple):
    """One task at one level."""

    record: TaskRecord
    task: TaskSummary
    level: int
    summary: LevelSummary

    @property
    def name(self) -> str:
        """As other harnesses may call it."""
        return f"rest_{self.record.name}_s{self.level}"


def open_source(run: Run, model_id: str | None, find_dataset: FindDataset) -> Source:
    """Return a scored run for export.

    Args:
        run: a scored run.
        model_id: organisation/name; the model's own name if it has this form.
        find_dataset: gives the hub dataset of a task.

    Raises:
        StoreError: the run is not scored, or its summary is of other levels than its manifest.
        ConfigError: `model_id` is no organisation/name.
    """
    manifest, summary = run.manifest, run.summary
    if not summary.tasks:
        raise StoreError(f"{run.path}: holds no score; run `rest-bench eval` first")
    return Source(run, manifest, summary, public_name(manifest.engine.model, model_id), find_dataset)


def public_name(own: str, given: str | None) -> str:
    """Return the name of a model without any path of a disk."""
    found = hub_id(own, given)
    if found is not None:
        return found
    if given is not None:
        raise ConfigError(f"--model-id: must be organisation/name, and {given!r:.100} is not")
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(own).name).strip("-.") or "model"
    return f"local/{name[:96]}"


def hub_id(own: str, given: str | None) -> str | None:
    """Return the name that others know a model by, organisation/name; None where it has none, as a folder has.

    Args:
        own: as it was loaded.
        given: in its place.
    """
    if given is None and Path(own).exists():
        return None
    model = own if given is None else given
    return model if re.fullmatch(HUB_ID, model) else None


def remarks(source: Source, level: Level) -> str:
    """Return what a single number does not tell, in one line."""
    sampling = source.manifest.sampling
    accuracy = level.summary.accuracy
    interval = (
        "" if accuracy.ci is None else f", 95 % interval [{100 * accuracy.ci[0]:.1f}, {100 * accuracy.ci[1]:.1f}]"
    )
    how = "greedy" if sampling.temperature == 0 else f"temperature {sampling.temperature}, top_p {sampling.top_p}"
    ungraded = level.summary.outcomes.get("ungraded", 0.0)
    return (
        f"{LIBRARY} {source.version}: {level.level} problems a prompt, answers read by label; "
        f"{level.summary.n_questions} questions{interval}; {how}, at most {sampling.max_tokens} tokens"
        + ("; PARTIAL run" if source.summary.config.partial else "")
        + (f"; {100 * ungraded:.1f} % of the slots could not be judged" if ungraded else "")
    )
