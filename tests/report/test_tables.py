import io

import pytest
from rich.console import Console

from rest_bench.report.tables import by_position, interval, level_tables, percent, tokens
from rest_bench.schema import Estimate


@pytest.mark.parametrize(
    ("count", "shown"),
    [(None, "–"), (0, "0"), (9_999, "9,999"), (10_000, "10.0k"), (99_949, "99.9k"), (99_950, "100k")],
)
def test_a_count_of_tokens_takes_five_characters(count: float | None, shown: str) -> None:
    assert tokens(count) == shown


def test_what_is_not_defined_is_a_dash_and_not_0() -> None:
    assert (percent(None), percent(0.0), percent(1 / 3)) == ("–", "0.0", "33.3")
    assert interval(Estimate(value=0.5, se=None, ci=None)) == ""
    assert interval(Estimate(value=0.5, se=0.1, ci=(0.3, 0.7))) == "[30.0, 70.0]"


def test_more_columns_than_fit_go_on_in_a_table_below() -> None:
    console = Console(file=io.StringIO(), width=80)
    rows = {"1": ["a"], "3": ["b", "c", "d"]}
    parts = list(level_tables(["x", "y", "z"], rows, roomy=2, most=2))
    assert len(parts) == 2
    for part in parts:
        console.print(part)
    lines = [line.split() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    assert ["1", "a"] in lines
    assert ["3", "d"] in lines
    assert ["1"] not in lines, "a level without further columns takes no row there"
    assert len(list(by_position({"30": ["1"] * 30}))) == 3
