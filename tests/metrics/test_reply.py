import math
from typing import Any

import pytest

from rest_bench.metrics.reply import is_better_high, metric_names, reply_metrics


def slot(position: int, outcome: str = "correct", **fields: Any) -> dict[str, Any]:
    is_right = outcome == "correct"
    readings = {"correct": is_right, "correct_strict": is_right, "correct_paper": is_right}
    return {
        "position": position,
        "answer": "7",
        "outcome": outcome,
        **readings,
        "finish_reason": "stop",
        "segment_tokens": None,
        **fields,
    }


def test_shares_are_means_over_the_slots_of_a_reply() -> None:
    found = reply_metrics(
        [
            slot(1, segment_tokens=30),
            slot(2, correct_strict=False, correct_paper=None, segment_tokens=10),
            slot(3, "omitted", answer=None, segment_tokens=0),
            slot(4, "ungraded"),
        ]
    )
    assert found == {
        "acc": 0.5,
        "strict": 0.25,
        "paper": 0.25,
        "answered": 0.75,
        "ungraded": 0.25,
        "all_correct": 0.0,
        "truncated": 0.0,
        "acc_pos1": 1.0,
        "acc_pos2": 1.0,
        "acc_pos3": 0.0,
        "acc_pos4": 0.0,
        "think_tokens_pos1": 30.0,
        "think_tokens_pos2": 10.0,
        "think_tokens_pos3": 0.0,
    }


def test_every_number_has_a_name_that_is_known_beforehand() -> None:
    found = reply_metrics([slot(position, segment_tokens=5) for position in (1, 2, 3)])
    assert sorted(found) == sorted(metric_names(3))
    assert found["all_correct"] == 1.0


@pytest.mark.parametrize(
    ("finish_reason", "outcome", "truncated"),
    [
        ("length", "correct", 1.0),
        ("stop", "wrong", 0.0),
        ("repetition", "repetition", 0.0),  # stopped before the limit
        (None, "truncated", 1.0),
        (None, "repetition", 1.0),
        (None, "omitted", 0.0),
        (math.nan, "truncated", 1.0),  # as a table has a null
    ],
)
def test_a_reply_is_truncated_by_its_end_or_where_that_is_not_known_by_what_it_lacks(
    finish_reason: str | None, outcome: str, truncated: float
) -> None:
    assert reply_metrics([slot(1, outcome, finish_reason=finish_reason)])["truncated"] == truncated


def test_nulls_of_a_table_are_nulls() -> None:
    found = reply_metrics([slot(1, "omitted", answer=math.nan, correct_paper=math.nan, segment_tokens=math.nan)])
    assert (found["answered"], found["paper"]) == (0.0, 0.0)
    assert "think_tokens_pos1" not in found


def test_more_is_better_less_is_better_or_neither() -> None:
    better = {name: is_better_high(name) for name in metric_names(1)}
    assert {name for name, is_high in better.items() if is_high is False} == {"truncated", "ungraded"}
    assert {name for name, is_high in better.items() if is_high is None} == {"think_tokens_pos1"}
