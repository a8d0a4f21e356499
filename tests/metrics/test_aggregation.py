import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.metrics.aggregation import overall_score, stress_score
from rest_bench.metrics.responses import Conditions
from rest_bench.metrics.task import summarize_task
from tests.metrics.conftest import slot, table


def test_levels_weigh_the_same() -> None:
    """metrics.md 5.1: R1-7B on AIME24."""
    assert stress_score({1: 54.17, 2: 35.00, 3: 16.94, 4: 8.44, 5: 5.75}) == pytest.approx(16.53, abs=0.005)


def test_without_a_level_above_1_there_is_no_score() -> None:
    assert stress_score({1: 0.5}) is None
    assert stress_score({}) is None


def test_no_benchmark_may_be_missing() -> None:
    assert overall_score([0.2, 0.4]) == pytest.approx(0.3)
    assert overall_score([0.2, None]) is None
    assert overall_score([]) is None


@settings(max_examples=12)
@given(st.dictionaries(st.integers(1, 5), st.integers(0, 4), min_size=1))
def test_it_is_the_stress_of_a_summary(right_by_level: dict[int, int]) -> None:
    rows = [
        slot(level, f"{level}-{number}", 1, str(number), "correct" if number < right else "wrong")
        for level, right in right_by_level.items()
        for number in range(4)
    ]
    task = summarize_task(table(rows).groupby("level"), Conditions("cyclic", max_tokens=100))
    score = stress_score({int(level): summary.accuracy.value or 0.0 for level, summary in task.levels.items()})
    assert task.stress.value == (None if score is None else pytest.approx(score))
