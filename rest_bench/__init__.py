"""rest-bench: the stress test for reasoning models.

    from rest_bench import RunConfig, evaluate

    run = evaluate(RunConfig(model="rest-nano", levels=(1, 4)))
    run.summary.tasks["arithmetic"].drop

Nothing heavy is imported before it is asked for.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rest_bench.config import RunConfig
    from rest_bench.errors import RestBenchError
    from rest_bench.grading import grade, verify
    from rest_bench.notebook import LoadedRun
    from rest_bench.pipeline import compare, evaluate, score
    from rest_bench.store import Run

__all__ = [
    "RestBenchError",
    "Run",
    "RunConfig",
    "__version__",
    "compare",
    "evaluate",
    "grade",
    "load_run",
    "score",
    "verify",
]

__version__ = "0.1.0"

_HOMES = {
    "RestBenchError": "errors",
    "Run": "store",
    "RunConfig": "config",
    "compare": "pipeline",
    "evaluate": "pipeline",
    "grade": "grading",
    "score": "pipeline",
    "verify": "grading",
}
"""Name to the module that it is imported from when it is asked for."""


def load_run(path: str | Path) -> "LoadedRun":
    """Return a run folder with its scores as a DataFrame, its summary, its manifest and its figures.

    Raises:
        StoreError: there is no run at this path.
    """
    from rest_bench.notebook import LoadedRun

    return LoadedRun(Path(path))


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'rest_bench' has no attribute {name!r}")
    return getattr(import_module(f"rest_bench.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
