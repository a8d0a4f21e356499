from tests.report.charts.cases import case


def test_the_matrix_agrees_with_the_lags_of_the_summary() -> None:
    run = case("thinking")
    cells = run.figures["swaps"].data
    lags: dict[str, int] = {}
    for row in cells.itertuples():
        lag = str(row.gold_position - row.position)
        lags[lag] = lags.get(lag, 0) + row.answers
    assert lags == dict(run.summary.tasks["toy"].levels["5"].swap_lags)
    assert "at level 5" in run.figures["swaps"].title


def test_the_bars_are_the_lags_of_all_levels() -> None:
    run = case("thinking")
    data = run.figures["swap-lags"].data
    assert {(row.level, str(row.lag)): row.answers for row in data.itertuples()} == {
        (int(level), lag): count
        for level, part in run.summary.tasks["toy"].levels.items()
        for lag, count in part.swap_lags.items()
    }
