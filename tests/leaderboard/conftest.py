"""A simulated run with every kind of failure in it, and its submission, made once a worker."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rest_bench.leaderboard.publishing import publish
from rest_bench.pipeline import evaluate
from rest_bench.scoring import Judge
from rest_bench.simulating import make_settings, prepare
from rest_bench.store import Run
from tests.leaderboard.build import PUBLISHER, second_run


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run on a part of a packaged task; only to be read."""
    settings = {
        "tasks": ("arithmetic",),
        "levels": (1, 3),
        "repeats": 1,
        "scenario": "default",
        "omission": -1.0,
        "loop_rate": 0.05,
        "log_tokens": 5.0,
        "max_tokens": 900,
        "out": tmp_path_factory.mktemp("simulated") / "run",
    }
    return evaluate(prepare(make_settings(settings)).model_copy(update={"limit": 32}))


@pytest.fixture(scope="session")
def again(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A second run with the same answers in other words, made later; only to be read."""
    return second_run(run, tmp_path_factory.mktemp("again") / "run")


@pytest.fixture(scope="session")
def published_folder(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(run, tmp_path_factory.mktemp("board") / "submissions", PUBLISHER)


@pytest.fixture
def submission(published_folder: Path, tmp_path: Path) -> Path:
    """The folder of a sound submission, to do with as one likes."""
    return shutil.copytree(
        published_folder, tmp_path / "submissions" / published_folder.parent.name / published_folder.name
    )


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    """Keeps its verdicts, so that the many checks of one submission judge each answer once."""
    with Judge() as judge:
        yield judge
