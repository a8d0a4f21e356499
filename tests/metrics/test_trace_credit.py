import pandas
import pytest

from rest_bench.metrics.trace_credit import NO_TRACE_CREDIT, credit_traces


def with_traces(toy: pandas.DataFrame, traces: dict[int, bool | None]) -> pandas.DataFrame:
    """Return level 3 of TOY with the judgement of the last statement at some rows."""
    table = toy[toy["level"] == 3].reset_index(drop=True)
    table["correct_trace"] = pandas.Series([traces.get(row) for row in range(len(table))], dtype=object)
    return table


B_CUT_OFF = 5
"""Row of the slot of B in prompt B, which the token limit cut off."""


def test_the_worked_example_of_trace_credit(toy: pandas.DataFrame) -> None:
    """metrics.md 6.4: where B's cut-off thinking held 7, 6 of 9 slots are right, and 1/9 was forfeited."""
    found = credit_traces(with_traces(toy, {B_CUT_OFF: True}))
    assert found.accuracy_trace.value == pytest.approx(6 / 9)
    assert found.accuracy_trace.se is not None
    assert found.forfeiture == pytest.approx(1 / 9)


def test_only_slots_without_an_answer_take_it(toy: pandas.DataFrame) -> None:
    wrong = 3
    found = credit_traces(with_traces(toy, {wrong: True, B_CUT_OFF: False, 1: None}))
    assert found.accuracy_trace.value == pytest.approx(5 / 9)
    assert found.forfeiture == 0


def test_harmful_summary_errors_are_those_of_right_thinking(toy: pandas.DataFrame) -> None:
    table = with_traces(toy, {1: True, 2: False, 3: None, 4: True})
    assert credit_traces(table).summary_harmful is None
    table.loc[[1, 2, 3], "outcome"] = "summary"
    assert credit_traces(table).summary_harmful == pytest.approx(1 / 3)


def test_where_no_thinking_states_anything_all_are_null(toy: pandas.DataFrame) -> None:
    assert credit_traces(with_traces(toy, {})) == NO_TRACE_CREDIT
    assert credit_traces(with_traces(toy, {}).astype({"correct_trace": "boolean"})) == NO_TRACE_CREDIT


def test_the_types_of_a_table_from_disk_change_nothing(toy: pandas.DataFrame) -> None:
    made = with_traces(toy, {B_CUT_OFF: True, 1: False})
    assert credit_traces(made.astype({"correct_trace": "boolean", "outcome": "category"})) == credit_traces(made)
