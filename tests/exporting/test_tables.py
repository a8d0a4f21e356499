import csv
import io
import math

import pytest

from rest_bench.exporting.source import Source
from rest_bench.exporting.tables import csv_files, csv_line, safe_cell
from tests.exporting.texts import read


def test_slots_and_levels_are_tables(source: Source) -> None:
    files = read(csv_files(source))
    slots = list(csv.DictReader(io.StringIO(files["slots.csv"])))
    scores = source.run.scores()
    assert len(slots) == len(scores) == 40
    assert [row["correct"] for row in slots] == [str(value) for value in scores["correct"]]
    assert {row["answer"] for row in slots if row["outcome"] == "omitted"} == {""}
    levels = list(csv.DictReader(io.StringIO(files["levels.csv"])))
    assert [row["level"] for row in levels] == ["1", "3"]
    accuracy = source.summary.tasks["arithmetic"].levels["3"].accuracy
    assert float(levels[1]["accuracy"]) == accuracy.value
    assert float(levels[1]["accuracy_se"]) == accuracy.se
    assert {row["model"] for row in levels} == {"org/model"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_text_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    (row,) = csv.reader(io.StringIO(csv_line([text, -1, -0.5]), newline=""))
    assert row == [f"'{text}", "-1", "-0.5"]


def test_nothing_stands_for_null_and_nan() -> None:
    assert csv_line([None, math.nan, 0, "", 'a"b,c']) == ',,0,,"a""b,c"\r\n'
