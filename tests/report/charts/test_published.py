import csv
from pathlib import Path

import pytest

from rest_bench.report.charts import published as module
from rest_bench.report.charts.published import BENCHMARKS, published

FACTS = Path(__file__).parents[2] / "data" / "published" / "published_levels.csv"


def test_the_shipped_facts_are_the_published_ones() -> None:
    with FACTS.open(encoding="utf-8") as file:
        facts = {
            (row["model"], row["benchmark"], int(row["stress_level"])): float(row["accuracy"])
            for row in csv.DictReader(file)
        }
    shipped = {(row.model, row.benchmark, row.level): row.accuracy for task in BENCHMARKS for row in published(task)}
    assert shipped == facts
    assert len(facts) > 1000


def test_the_source_is_named_in_the_file() -> None:
    first = (Path(module.__file__).with_name("published.csv")).read_text(encoding="utf-8").splitlines()[0]
    assert "arXiv 2507.10541" in first


@pytest.mark.parametrize(("task", "level", "accuracy"), [("gsm8k", 12, 56.13), ("math500", 9, 22.40)])
def test_a_number_as_published(task: str, level: int, accuracy: float) -> None:
    (row,) = [row for row in published(task) if row.level == level and row.model == "Deepseek-R1-Distill-Qwen-1.5B"]
    assert row.accuracy == accuracy


def test_other_tasks_have_nothing_published() -> None:
    assert published("arithmetic") == ()
