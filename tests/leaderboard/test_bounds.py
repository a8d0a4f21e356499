"""The table of ranges against the records that it is about."""

from pathlib import Path

import pytest

from rest_bench.leaderboard.bounds import BY_POSITION, NAMED, SHARE, check_bounds
from rest_bench.leaderboard.faults import Examination, StoppedError
from rest_bench.schema import (
    Cost,
    Estimate,
    LevelSummary,
    PlannedLevel,
    Record,
    ReproducedLevel,
    SubmittedSample,
    TaskRecord,
    TaskSummary,
)

KINDS = (LevelSummary, TaskSummary, ReproducedLevel, TaskRecord, PlannedLevel, Cost, Estimate, SubmittedSample)


class OneEstimate(Record):
    single: Estimate


def test_every_name_of_the_table_is_a_field() -> None:
    fields = {name for kind in KINDS for name in kind.model_fields}
    assert set(NAMED) | set(BY_POSITION) <= fields


def test_every_list_of_a_level_is_by_position() -> None:
    lists = {
        name
        for name, field in LevelSummary.model_fields.items()
        if "tuple" in str(field.annotation) and name != "undefined"
    }
    assert lists == set(BY_POSITION)


def test_every_estimate_of_an_accuracy_is_a_share() -> None:
    estimates = {name for name, field in LevelSummary.model_fields.items() if field.annotation is Estimate}
    assert {name for name in estimates if "accuracy" in name} <= {
        name for name, known in NAMED.items() if known == SHARE
    }


@pytest.mark.parametrize(
    ("estimate", "is_fine"),
    [
        (Estimate(value=0.5, se=0.1, ci=(0.3, 0.7)), True),
        (Estimate(value=0.99, se=0.1, ci=(0.9, 1.1)), True),
        (Estimate(value=None, se=None, ci=None), True),
        (Estimate(value=1.0 + 1e-12, se=0.0, ci=(1.0, 1.0)), True),
        (Estimate(value=1.01, se=0.0, ci=None), False),
        (Estimate(value=-0.01, se=0.0, ci=None), False),
        (Estimate(value=0.5, se=-0.1, ci=None), False),
        (Estimate(value=0.5, se=0.1, ci=(0.7, 0.3)), False),
        (Estimate(value=0.5, se=0.1, ci=(-9.0, 0.3)), False),
    ],
)
def test_a_drop_is_a_difference_and_an_accuracy_a_share(estimate: Estimate, is_fine: bool) -> None:
    record = ReproducedLevel(
        task="t", level=1, n_packs=1, n_questions=1, difference=Estimate(value=-0.2, se=None, ci=None), p_value=0.5
    )
    exam = Examination(Path("folder"))
    check_bounds(exam, "file", record)
    task = OneEstimate(single=estimate)
    if is_fine:
        check_bounds(exam, "file", task)
    else:
        with pytest.raises(StoppedError):
            check_bounds(exam, "file", task)
