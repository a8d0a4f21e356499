import pytest

from tests.report.charts.cases import NAMES, case


@pytest.mark.parametrize("name", NAMES)
def test_the_cells_are_the_accuracies_by_position(name: str) -> None:
    run = case(name)
    (task,) = run.summary.tasks.values()
    data = run.figures["positions"].data
    cells = {(row.level, row.position): row.accuracy_percent for row in data.itertuples()}
    assert cells == {
        (int(level), position): 100 * accuracy
        for level, part in task.levels.items()
        for position, accuracy in enumerate(part.position_accuracy, start=1)
    }


def test_values_are_written_where_they_can_be_read() -> None:
    assert len(case("toy").figures["positions"].spec()["layer"]) == 3
    assert len(case("30 positions").figures["positions"].spec()["layer"]) == 1
