"""docs/metrics.md says what every number of summary.json is."""

from pathlib import Path
from typing import get_args

import pytest

from rest_bench.schema import LevelSummary, Outcome, OverallSummary, TaskSummary

PAGE = (Path(__file__).parent.parent / "docs" / "metrics.md").read_text(encoding="utf-8")
STRUCTURE = {"levels", "tasks"}
NAMES = sorted({*LevelSummary.model_fields, *TaskSummary.model_fields, *OverallSummary.model_fields} - STRUCTURE)


@pytest.mark.parametrize("name", [*NAMES, *get_args(Outcome)])
def test_the_page_names_every_number(name: str) -> None:
    assert f"`{name}`" in PAGE
