"""A simulated run for export, made once a worker; only to be read."""

import pytest

from rest_bench.exporting.source import Source, open_source
from rest_bench.pipeline import evaluate
from rest_bench.simulating import make_settings, prepare
from rest_bench.store import Run


@pytest.fixture(scope="session")
def exported_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("exported") / "run"
    settings = {
        "tasks": ("arithmetic",),
        "levels": (1, 3),
        "repeats": 1,
        "log_tokens": 5.0,
        "omission": -1.0,
        "out": out,
    }
    return evaluate(prepare(make_settings(settings)).model_copy(update={"limit": 10}))


@pytest.fixture
def source(exported_run: Run) -> Source:
    """The run, as if its data were on the hub."""
    return open_source(exported_run, "org/model", lambda _: ("org/data", "abc"))
