import pandas
import pytest

from rest_bench.metrics.flips import NO_FLIPS, flips
from rest_bench.schema import Flips
from tests.metrics.conftest import slot, table, toy

__all__ = ["toy"]


def at(scores: pandas.DataFrame, level: int) -> pandas.DataFrame:
    return scores[scores["level"] == level]


def test_the_worked_example(toy: pandas.DataFrame) -> None:
    found = flips(at(toy, 1), at(toy, 3))
    assert found.loss == pytest.approx(0.2222, abs=1e-4)
    assert found.gain == pytest.approx(0.1111, abs=1e-4)
    assert found.loss_by_chance is None, "one generation cannot tell what differs by chance"


def test_several_generations_tell_what_is_lost_by_chance() -> None:
    outcomes = ("correct", "wrong", "correct", "correct")
    single = table([slot(1, f"a{repeat}", 1, "A", outcome, repeat) for repeat, outcome in enumerate(outcomes)])
    found = flips(single, table([slot(2, "b", 1, "A", "wrong"), slot(2, "b", 2, "A", "correct")]))
    assert found.loss == pytest.approx(0.75 * 0.5)
    assert found.gain == pytest.approx(0.25 * 0.5)
    assert found.loss_by_chance == pytest.approx(4 / 3 * 0.75 * 0.25)


def test_only_questions_asked_at_both_levels_count() -> None:
    single = table([slot(1, "a", 1, "A", "correct"), slot(1, "b", 1, "B", "correct")])
    stressed = table([slot(2, "c", 1, "A", "correct"), slot(2, "c", 2, "C", "wrong")])
    assert flips(single, stressed) == Flips(loss=0.0, gain=0.0, loss_by_chance=None)
    assert flips(single, stressed[stressed["problem_id"] == "C"]) == NO_FLIPS
