import io

import pandas
import pytest
from rich.console import Console

from rest_bench.metrics import summarize
from rest_bench.report.terminal import summary_tables
from rest_bench.schema import Manifest
from tests.metrics.conftest import manifest, toy

__all__ = ["manifest", "toy"]


def printed(scores: pandas.DataFrame, run: Manifest, width: int = 110) -> str:
    console = Console(file=io.StringIO(), width=width)
    for part in summary_tables(summarize(scores, run)):
        console.print(part)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_the_table_shows_the_worked_example(toy: pandas.DataFrame, manifest: Manifest) -> None:
    text = printed(toy, manifest)
    assert "toy-model on replay" in text
    row = next(line for line in text.splitlines() if line.split()[:2] == ["3", "3"])
    assert row.split()[2] == "55.6"
    assert "single 66.7 · stress 55.6 (mean of levels 3) · drop 11.1" in text
    assert "66.7   66.7   33.3" in text
    assert "omitted" in text
    assert "repetition" not in text, "outcomes that never occur take no column"
    assert "PARTIAL" not in text


def test_a_partial_run_says_so(toy: pandas.DataFrame, manifest: Manifest) -> None:
    assert "PARTIAL" in printed(toy[toy["pack_id"] != "f"], manifest)


def test_an_empty_run_can_be_shown(toy: pandas.DataFrame, manifest: Manifest) -> None:
    assert "PARTIAL" in printed(toy[:0], manifest)


@pytest.mark.parametrize("width", [80, 110])
def test_no_figure_is_cut_off(toy: pandas.DataFrame, manifest: Manifest, width: int) -> None:
    assert "…" not in printed(toy, manifest, width)
