import pytest

from rest_bench.report.charts.outcomes import GAINED
from tests.report.charts.cases import NAMES, case


@pytest.mark.parametrize("name", NAMES)
def test_the_stacks_are_the_outcomes_of_the_summary(name: str) -> None:
    run = case(name)
    (task,) = run.summary.tasks.values()
    data = run.figures["outcomes"].data
    assert {(row.level, row.outcome): row.share_percent for row in data.itertuples()} == {
        (int(level), outcome): 100 * share
        for level, part in task.levels.items()
        for outcome, share in part.outcomes.items()
        if share
    }


@pytest.mark.parametrize("name", ["toy", "thinking", "30 positions"])
def test_by_position_the_stacks_are_whole_and_agree_with_the_accuracy(name: str) -> None:
    run = case(name)
    (task,) = run.summary.tasks.values()
    level = max(task.levels, key=int)
    data = run.figures["outcomes-by-position"].data
    assert data.groupby("position")["share_percent"].sum().tolist() == pytest.approx([100] * int(level))
    right = data[data["outcome"] == "correct"].set_index("position")["share_percent"]
    for position, accuracy in enumerate(task.levels[level].position_accuracy, start=1):
        assert right.get(position, 0) == pytest.approx(100 * accuracy)


def test_the_waterfall_of_the_worked_example() -> None:
    data = case("toy").figures["drop"].data
    assert list(zip(data["step"], data["change_points"].round(2), strict=True)) == [
        ("level 1", 66.67),
        ("swapped", -11.11),
        ("truncated", -11.11),
        (GAINED, 11.11),
        ("level 3", 55.56),
    ]


@pytest.mark.parametrize("name", ["toy", "thinking", "all right", "30 positions"])
def test_each_bar_begins_where_the_last_one_ended(name: str) -> None:
    data = case(name).figures["drop"].data
    steps = data.iloc[1:-1]
    assert steps["start_percent"].tolist() == pytest.approx(data["end_percent"].iloc[: len(steps)].tolist())
    assert data["end_percent"].iloc[-2] == pytest.approx(data["end_percent"].iloc[-1], abs=0.05)
    for row in steps.itertuples():
        assert row.end_percent - row.start_percent == pytest.approx(row.change_points)
