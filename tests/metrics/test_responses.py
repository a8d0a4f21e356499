import numpy
import pandas

from rest_bench.metrics.responses import as_floats, as_responses, number_rows, sums_by_question
from tests.metrics.conftest import slot, table


def test_slots_become_rows_of_responses_whatever_their_order(toy: pandas.DataFrame) -> None:
    stressed = toy[toy["level"] == 3]
    for scores in (stressed, stressed.sample(frac=1, random_state=1), stressed.astype({"problem_id": "category"})):
        responses = as_responses(scores)
        assert responses is not None
        assert list(responses.names) == ["A", "B", "C"]
        assert responses.question.tolist() == [[1, 2, 0], [2, 0, 1], [0, 1, 2]]
        assert responses.right.tolist() == [[True, False, False], [False, True, False], [True, True, True]]
        assert scores["problem_id"].iloc[responses.first_row].tolist() == ["B", "C", "A"]


def test_a_response_that_lacks_slots_is_no_row(toy: pandas.DataFrame) -> None:
    stressed = toy[toy["level"] == 3]
    assert as_responses(stressed[:-1]) is None
    assert as_responses(stressed.assign(position=1)) is None


def test_equal_rows_have_equal_numbers() -> None:
    numbers = number_rows(numpy.array([[3, 1], [1, 3], [3, 1], [0, 0]]))
    assert numbers[0] == numbers[2]
    assert sorted(set(numbers.tolist())) == [0, 1, 2]


def test_numbers_add_up_by_question() -> None:
    sums = sums_by_question(numpy.array([[1.0, 2.0], [4.0, 8.0]]), numpy.array([[0, 2], [2, 0]]), 3)
    assert sums.tolist() == [9, 0, 6]


def test_a_number_that_is_missing_is_not_a_number() -> None:
    for values in (pandas.Series([1, None], dtype="Int64"), pandas.Series([1, None], dtype=object)):
        floats = as_floats(values)
        assert floats[0] == 1
        assert numpy.isnan(floats[1])


def test_the_runs_of_a_prompt_are_found_by_what_they_hold() -> None:
    members = {"r0": "AB", "r1": "AB", "r2": "BA", "r3": "AC"}
    rows = [
        slot(2, pack, place, name, "correct") for pack, pair in members.items() for place, name in enumerate(pair, 1)
    ]
    responses = as_responses(table(rows))
    assert responses is not None
    first, again, turned, other = responses.prompt.tolist()
    assert first == again
    assert len({first, turned, other}) == 3
