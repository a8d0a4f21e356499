import pytest

from rest_bench.report.charts.thinking import AFTER, UNTIL, fitting
from tests.metrics.conftest import table
from tests.report.charts.cases import case, make_case, slots, with_thinking


@pytest.mark.parametrize("name", ["thinking", "no level 1", "30 positions"])
def test_the_medians_are_those_of_the_summary(name: str) -> None:
    run = case(name)
    (task,) = run.summary.tasks.values()
    data = run.figures["thinking"].data
    for level, rows in data.groupby("level"):
        assert tuple(rows.sort_values("position")["median"]) == task.levels[str(level)].thinking_tokens
    assert (data["p5"] <= data["p25"]).all()
    assert (data["p75"] <= data["p95"]).all()


@pytest.mark.parametrize("name", ["thinking", "no level 1", "30 positions"])
def test_the_first_multiple_is_that_of_the_summary_and_the_mean_is_1(name: str) -> None:
    run = case(name)
    (task,) = run.summary.tasks.values()
    for level, rows in run.figures["allocation"].data.groupby("level"):
        first = rows.loc[rows["position"] == 1, "multiple_of_even_share"].item()
        assert first == pytest.approx(task.levels[str(level)].first_share_ratio.value)
        assert rows["multiple_of_even_share"].mean() == pytest.approx(1)


def test_before_and_after_the_first_right_answer() -> None:
    run = case("thinking")
    data = run.figures["solution"].data.set_index("level")
    for level, part in run.summary.tasks["toy"].levels.items():
        row = data.loc[int(level)]
        assert row["until_tokens"] == part.first_correct_tokens
        assert row["after_percent"] == 100 * (part.post_solution_share.value or 0)
        slots = run.scores[(run.scores["level"] == int(level)) & run.scores["segmentation_sure"]]
        assert row["after_tokens"] == (slots["segment_tokens"] - slots["first_correct_tokens"]).median()
    assert UNTIL in str(run.figures["solution"].spec())
    assert AFTER in str(run.figures["solution"].spec())


def test_responses_that_could_not_be_divided_are_left_out() -> None:
    assert set(case("thinking").figures["thinking"].data["responses"]) == {3}


@pytest.mark.parametrize(
    ("levels", "drawn"),
    [
        ([1], [1]),
        ([1, 3, 6, 9, 12], [1, 3, 6, 9, 12]),
        ([1, 10, 20, 30], [1, 30]),
        ([1, 60], [60]),
        (list(range(1, 13)), [1, 3, 5, 7, 9, 11, 12]),
    ],
)
def test_only_as_many_levels_are_drawn_as_fit(levels: list[int], drawn: list[int]) -> None:
    assert fitting(levels) == drawn


def test_the_caption_says_which_levels_are_not_drawn() -> None:
    run = make_case(table(with_thinking(slots((1, 20, 30), n_packs=31))))
    assert "not drawn: level 20." in run.figures["thinking"].caption
    assert "not drawn" not in case("thinking").figures["thinking"].caption
