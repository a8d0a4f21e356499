"""rest-bench: the stress test for reasoning models."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rest_bench.notebook import LoadedRun

__version__ = "0.1.0"


def load_run(path: str | Path) -> "LoadedRun":
    """Return a run folder with its scores as a DataFrame, its summary, its manifest and its figures.

    Raises:
        StoreError: there is no run at this path.
    """
    from rest_bench.notebook import LoadedRun

    return LoadedRun(Path(path))
