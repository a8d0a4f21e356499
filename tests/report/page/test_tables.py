from collections.abc import Callable, Iterator

import pandas
import pytest

from rest_bench.metrics import summarize
from rest_bench.report.page import tables
from rest_bench.report.page.tables import Table, key_table
from rest_bench.schema import Manifest, TaskSummary
from tests.metrics.conftest import manifest, toy

__all__ = ["manifest", "toy"]

EACH: tuple[Callable[[TaskSummary], Iterator[Table]], ...] = (
    tables.readings,
    tables.positions,
    tables.outcomes,
    tables.losses,
    tables.budget,
    tables.thinking,
    tables.swaps,
    tables.undefined,
)


def cells(shown: Table, row: str) -> dict[str, str]:
    (found,) = [cells for cells in shown.rows if cells[0] == row]
    return dict(zip(shown.columns, found, strict=True))


def test_the_key_table_has_a_row_for_each_task_and_level(toy: pandas.DataFrame, manifest: Manifest) -> None:
    shown = key_table(summarize(toy, manifest))
    single, packed = (dict(zip(shown.columns, row, strict=True)) for row in shown.rows)
    assert (single["task"], single["level"], single["accuracy"], single["drop"]) == ("toy", "1", "66.7", "")
    assert (packed["level"], packed["accuracy"], packed["drop"], packed["retention"]) == ("3", "55.6", "11.1", "0.83")


def test_several_tasks_have_their_means_below(toy: pandas.DataFrame, manifest: Manifest) -> None:
    both = manifest.model_copy(
        update={"tasks": (*manifest.tasks, manifest.tasks[0].model_copy(update={"name": "two"}))}
    )
    shown = key_table(summarize(pandas.concat([toy, toy.assign(task="two")]), both))
    assert shown.notes[-1] == "Unweighted means over the 2 tasks: single 66.7, stress 55.6, drop 11.1."
    assert len(shown.rows) == 4


def test_the_worked_example_is_in_its_tables(toy: pandas.DataFrame, manifest: Manifest) -> None:
    task = summarize(toy, manifest).tasks["toy"]
    accuracy, trends = tables.positions(task)
    assert accuracy.rows == (("1", "66.7", "", ""), ("3", "66.7", "66.7", "33.3"))
    assert cells(trends, "3")["slope"] == "-16.7"
    (losses,) = tables.losses(task)
    assert (cells(losses, "3")["swapped"], cells(losses, "3")["gained"]) == ("11.1", "-11.1")
    (outcomes,) = tables.outcomes(task)
    assert outcomes.columns == ("level", "correct", "truncated", "swapped", "omitted", "wrong")
    (undefined,) = tables.undefined(task)
    assert any("no prompt was answered twice" in row[0] for row in undefined.rows)


@pytest.mark.parametrize("levels", [(1, 3), (1,), (3,)], ids=str)
def test_every_row_has_as_many_cells_as_there_are_columns(
    toy: pandas.DataFrame, manifest: Manifest, levels: tuple[int, ...]
) -> None:
    summary = summarize(toy[toy["level"].isin(levels)], manifest)
    shown = [key_table(summary), *(each for make in EACH for each in make(summary.tasks["toy"]))]
    for each in shown:
        assert {len(row) for row in each.rows} <= {len(each.columns)}
        assert each.caption


def test_what_nobody_asked_for_is_not_called_undefined(toy: pandas.DataFrame, manifest: Manifest) -> None:
    (undefined,) = tables.undefined(summarize(toy, manifest).tasks["toy"])
    assert "accuracy_extractor" not in str(undefined.rows)
    assert "level 1 is compared with itself" not in str(undefined.rows)
