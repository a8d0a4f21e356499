import pandas
import pytest

from rest_bench.metrics.reflection import reflect
from rest_bench.schema import Reflection


def slots(**columns: list[object]) -> pandas.DataFrame:
    n_slots = len(columns["segment_tokens"])
    defaults: dict[str, list[object]] = {
        "segmentation_sure": [True] * n_slots,
        "position": [1] * n_slots,
        "finish_reason": ["stop"] * n_slots,
        "markers": [0] * n_slots,
        "switches": [0] * n_slots,
        "looped": [False] * n_slots,
        "loop_onset_tokens": [None] * n_slots,
    }
    return pandas.DataFrame({**defaults, **columns})


def test_the_worked_example_of_reflection() -> None:
    """metrics.md 7.9: 500 tokens with 3 waits and 1 alternatively: rate 8, 1 switch, thoughts of 250 tokens."""
    found = reflect(slots(segment_tokens=[500], markers=[4], switches=[1]))
    assert (found.marker_rate, found.thought_switches, found.thought_length) == (8.0, 1.0, 250.0)


def test_only_surely_divided_thinking_counts_for_words() -> None:
    found = reflect(
        slots(
            segment_tokens=[500, 100, 0, None],
            markers=[4, 90, 0, None],
            switches=[1, 90, 0, None],
            segmentation_sure=[True, False, True, None],
        )
    )
    assert (found.marker_rate, found.thought_switches, found.thought_length) == (8.0, 1.0, 250.0)


def test_loops_count_by_response() -> None:
    table = slots(
        segment_tokens=[None] * 5,
        position=[1, 2, 1, 1, 1],
        looped=[True, True, True, False, False],
        loop_onset_tokens=[100, 100, 300, None, None],
        finish_reason=["length", "length", "length", "stop", "error"],
    )
    found = reflect(table)
    assert found.loop_rate == pytest.approx(2 / 3)
    assert found.loop_onset_tokens == 200
    assert found.marker_rate is None


def test_without_thinking_or_responses_all_are_null() -> None:
    names = set(Reflection.model_fields) - {"undefined"}
    for table in (
        slots(segment_tokens=[None], finish_reason=["error"], segmentation_sure=[None]),
        slots(segment_tokens=[]),
    ):
        found = reflect(table)
        assert all(getattr(found, name) is None for name in names)
        assert set(found.undefined) == names


def test_the_types_of_a_table_from_disk_change_nothing() -> None:
    made = slots(
        segment_tokens=[500, 100, None],
        markers=[4, 90, None],
        switches=[1, 90, None],
        segmentation_sure=[True, False, None],
        loop_onset_tokens=[7, None, None],
    )
    integers = dict.fromkeys(["segment_tokens", "markers", "switches", "loop_onset_tokens"], "Int64")
    assert reflect(made.astype({**integers, "segmentation_sure": "boolean"})) == reflect(made)
