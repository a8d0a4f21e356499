from rest_bench.report.charts.budget import AS_THEY_END, AT_END, LIMIT, REST
from tests.report.charts.cases import case


def test_the_bars_are_the_two_parts_of_the_drop() -> None:
    run = case("thinking")
    figure = run.figures["budget"]
    points = figure.data.set_index(["level", "counted", "part"])["points"]
    for level in (3, 5):
        part = run.summary.tasks["toy"].levels[str(level)]
        assert points[level, AS_THEY_END, LIMIT] == 100 * (part.budget_drop.value or 0)
        assert points[level, AS_THEY_END, REST] == 100 * (part.residual_drop.value or 0)
        assert points[level, AT_END, LIMIT] == 100 * (part.budget_drop_at_end.value or 0)
        assert points[level, AT_END, REST] == 100 * (part.residual_drop_at_end.value or 0)


def test_a_null_budget_is_left_out_with_the_reason_of_the_summary() -> None:
    run = case("no level 1")
    assert run.left_out["budget"] == run.summary.tasks["toy"].levels["3"].undefined["budget_drop"]
