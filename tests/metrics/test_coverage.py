"""Do intervals hold the truth as often as they promise (metrics.md 8.2)?"""

from types import ModuleType

import pytest

from tests.scripts import load_benchmark


@pytest.fixture(scope="module")
def made_up() -> ModuleType:
    return load_benchmark("interval_coverage")


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
