import pytest

from rest_bench.report.charts.compared import compared_figures
from rest_bench.schema import ComparedTask
from tests.report.test_comparison import level, metric


@pytest.fixture
def task() -> ComparedTask:
    levels = {
        "1": level({"accuracy": metric(1.0, 1.0, None)}),
        "3": level({"accuracy": metric(0.9, 0.7)}),
    }
    return ComparedTask(stress_levels=(3,), metrics={}, levels=levels)


def test_both_runs_and_their_difference_are_drawn(task: ComparedTask) -> None:
    both, difference = compared_figures("toy", 0, task)
    assert (both.name, difference.name) == ("task-1-accuracies", "task-1-difference")
    assert list(both.data["accuracy_percent"]) == pytest.approx([100, 100, 90, 70])
    row = difference.data.iloc[1]
    assert (row["difference_points"], row["low_points"], row["high_points"]) == pytest.approx((-20, -25, -15))
    assert "<svg" in difference.svg("dark")


def test_a_difference_without_interval_is_a_point(task: ComparedTask) -> None:
    _, difference = compared_figures("toy", 0, task)
    assert difference.data["low_points"].isna().tolist() == [True, False]


def test_one_level_is_no_curve(task: ComparedTask) -> None:
    alone = task.model_copy(update={"levels": {"3": task.levels["3"]}})
    assert compared_figures("toy", 0, alone) == []
