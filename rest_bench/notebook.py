"""A run in a notebook: its scores, its summary and its figures."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rest_bench.schema import Manifest, Summary
from rest_bench.store import Run

if TYPE_CHECKING:
    import pandas

    from rest_bench.report.charts import Figure


class LoadedRun:
    """A run folder whose files are read when they are asked for, once."""

    def __init__(self, path: Path) -> None:
        """Open a run folder; raises StoreError where there is none."""
        self._run = Run(path)

    @property
    def path(self) -> Path:
        """The run folder."""
        return self._run.path

    @cached_property
    def manifest(self) -> Manifest:
        """What makes the samples of the run what they are."""
        return self._run.manifest

    @cached_property
    def summary(self) -> Summary:
        """The metrics."""
        return self._run.summary

    @cached_property
    def scores(self) -> "pandas.DataFrame":
        """One row per slot, with the columns of `schema.Score`."""
        return self._run.scores()

    def figures(self) -> "tuple[Figure, ...]":
        """Return the figures of the run, task by task; a notebook shows each as a picture."""
        from rest_bench.report.charts import COLUMNS, figures

        return figures(self.summary, self._run.scores(COLUMNS))

    def __repr__(self) -> str:
        return f"load_run({str(self.path)!r})"
