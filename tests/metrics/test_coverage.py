"""Do intervals hold the truth as often as they promise (metrics.md 8.2)?"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "interval_coverage.py"


@pytest.fixture(scope="module")
def made_up() -> ModuleType:
    spec = importlib.util.spec_from_file_location("interval_coverage", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_questions_as_clusters_cover_what_slots_do_not(made_up: ModuleType) -> None:
    """N = 40, s = 5, R = 8, no neighbour effect, 400 runs: about half where slots count as independent, and 94 %."""
    covered = made_up.coverage(made_up.SCENARIOS[0])
    assert 0.40 <= covered.naive <= 0.55
    assert 0.92 <= covered.question <= 0.97
    assert 0.90 <= covered.two_way <= 0.97


def test_neighbours_that_disturb_each_other_want_the_circular_errors(made_up: ModuleType) -> None:
    covered = made_up.coverage(made_up.SCENARIOS[2], n_runs=200)
    assert covered.question < 0.92
    assert covered.question < covered.hac
