from typing import get_args

import pytest

from rest_bench.schema import AnswerType, BuiltInAnswerType, Problem
from rest_bench.scoring import SCORERS, unreadable_gold


def test_every_answer_type_has_a_scorer() -> None:
    assert set(SCORERS) == set(get_args(BuiltInAnswerType))


@pytest.mark.parametrize(
    ("answer_type", "gold", "reason"),
    [
        ("integer", "x", "is not an integer"),
        ("math", "", "is empty"),
        ("choice", "E", "is E, which"),
        ("code", "", "has no tests"),
    ],
)
def test_a_gold_is_checked_by_the_scorer_of_its_type(answer_type: AnswerType, gold: str, reason: str) -> None:
    problem = Problem(id="1", question="?", gold=gold, answer_type=answer_type)
    assert (unreadable_gold(problem) or "").startswith(reason)
