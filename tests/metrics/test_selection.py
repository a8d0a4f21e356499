import pandas
import pytest

from rest_bench.metrics.reasons import ALONE, NO_SINGLE
from rest_bench.metrics.selection import NONE_ANSWERED, selection


def test_the_worked_example(toy: pandas.DataFrame) -> None:
    """The answered slots are of B, A, C, A, A, B, C: alone 5/7 of them are right, as here."""
    estimate = selection(toy[toy["level"] == 3], toy[toy["level"] == 1]).selection_drop
    assert estimate.value == pytest.approx(0.0)
    assert estimate.se is not None


def test_answers_that_turn_wrong_are_a_drop(toy: pandas.DataFrame) -> None:
    wrong = toy[toy["level"] == 3].assign(correct=False)
    assert selection(wrong, toy[toy["level"] == 1]).selection_drop.value == pytest.approx(5 / 7)


def test_the_reason_is_said_where_it_is_undefined(toy: pandas.DataFrame) -> None:
    single, stressed = toy[toy["level"] == 1], toy[toy["level"] == 3]
    assert selection(stressed, None).undefined == {"selection_drop": NO_SINGLE}
    assert selection(single, single).undefined == {"selection_drop": ALONE}
    assert selection(stressed.assign(answer=None), single).undefined == {"selection_drop": NONE_ANSWERED}
    assert selection(stressed, single.assign(problem_id="D")).undefined == {"selection_drop": NONE_ANSWERED}


def test_categories_are_taken_as_text(toy: pandas.DataFrame) -> None:
    as_categories = toy.astype({"problem_id": "category", "answer": "category"})
    estimate = selection(as_categories[toy["level"] == 3], as_categories[toy["level"] == 1]).selection_drop
    assert estimate == selection(toy[toy["level"] == 3], toy[toy["level"] == 1]).selection_drop
