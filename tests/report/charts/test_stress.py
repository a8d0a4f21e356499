import pytest

from rest_bench.report.charts.stress import LABEL, LIMIT, PAPER, PUBLISHED, STRICT
from tests.metrics.conftest import table
from tests.report.charts.cases import NAMES, case, make_case, rows


@pytest.mark.parametrize("name", [name for name in NAMES if name != "all lost"])
def test_the_lines_are_the_accuracies_of_the_summary(name: str) -> None:
    run = case(name)
    (task,) = run.summary.tasks.values()
    data = run.figures["stress"].data.set_index(["series", "level"])
    for level, part in task.levels.items():
        for series, estimate in ((LABEL, part.accuracy), (STRICT, part.accuracy_strict), (PAPER, part.accuracy_paper)):
            row = data.loc[(series, int(level))]
            assert row["accuracy_percent"] == 100 * estimate.value
            if estimate.ci:
                assert (row["low_percent"], row["high_percent"]) == tuple(100 * end for end in estimate.ci)
        band = task.accuracy_band.get(level)
        if band:
            row = data.loc[(LABEL, int(level))]
            assert (row["band_low_percent"], row["band_high_percent"]) == (100 * band[0], 100 * band[1])


def test_the_token_limit_is_a_bracket_that_begins_at_level_1() -> None:
    run = case("thinking")
    levels = run.summary.tasks["toy"].levels
    data = run.figures["stress"].data
    limit = data[data["series"] == LIMIT].set_index("level")
    assert limit.loc[1, "low_percent"] == limit.loc[1, "high_percent"] == 100 * (levels["1"].accuracy.value or 0)
    for level in (3, 5):
        part = levels[str(level)]
        assert limit.loc[level, "low_percent"] == 100 * (part.budget_accuracy_at_end or 0)
        assert limit.loc[level, "high_percent"] == 100 * (part.budget_accuracy or 0)
    assert "token limit" in run.figures["stress"].caption


def test_without_level_1_nothing_is_said_of_the_limit() -> None:
    figure = case("no level 1").figures["stress"]
    assert LIMIT not in set(figure.data["series"])
    assert "token limit" not in figure.caption


def test_the_published_models_stand_behind_a_task_of_the_paper_at_the_levels_of_the_run() -> None:
    assert PUBLISHED not in set(case("thinking").figures["stress"].data["series"])
    figure = make_case(table(rows("thinking")), task="math500").figures["stress"]
    behind = figure.data[figure.data["series"] == PUBLISHED]
    assert sorted(behind["level"].unique()) == [1, 3, 5]
    assert f"{behind['model'].nunique()} models of arXiv 2507.10541" in figure.caption
