from typing import get_args

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.metrics.flips import ERRORS, NO_FLIPS, flips
from rest_bench.schema import Outcome
from tests.metrics.conftest import slot, table, toy

__all__ = ["toy"]


def at(scores: pandas.DataFrame, level: int) -> pandas.DataFrame:
    return scores[scores["level"] == level]


def test_the_worked_example(toy: pandas.DataFrame) -> None:
    found = flips(at(toy, 1), at(toy, 3))
    assert found.loss == pytest.approx(0.2222, abs=1e-4)
    assert found.gain == pytest.approx(0.1111, abs=1e-4)
    assert found.loss_by_chance is None, "one generation cannot tell what differs by chance"


def test_several_generations_tell_what_is_lost_by_chance() -> None:
    outcomes = ("correct", "wrong", "correct", "correct")
    single = table([slot(1, f"a{repeat}", 1, "A", outcome, repeat) for repeat, outcome in enumerate(outcomes)])
    found = flips(single, table([slot(2, "b", 1, "A", "wrong"), slot(2, "b", 2, "A", "correct")]))
    assert found.loss == pytest.approx(0.75 * 0.5)
    assert found.gain == pytest.approx(0.25 * 0.5)
    assert found.loss_by_chance == pytest.approx(4 / 3 * 0.75 * 0.25)


def test_only_questions_asked_at_both_levels_count() -> None:
    single = table([slot(1, "a", 1, "A", "correct"), slot(1, "b", 1, "B", "correct")])
    stressed = table([slot(2, "c", 1, "A", "correct"), slot(2, "c", 2, "C", "wrong")])
    found = flips(single, stressed)
    assert (found.loss, found.gain, found.loss_by_chance) == (0, 0, None)
    assert found.drop_by_outcome == dict.fromkeys(ERRORS, 0)
    assert flips(single, stressed[stressed["problem_id"] == "C"]) == NO_FLIPS


def test_the_drop_is_attributed_to_outcomes(toy: pandas.DataFrame) -> None:
    """TOY: L_SW = L_OT = 1/9; their sum less the gain of 1/9 is the drop of 1/9."""
    parts = flips(at(toy, 1), at(toy, 3)).drop_by_outcome
    assert parts is not None
    assert {name: part for name, part in parts.items() if part} == pytest.approx({"swapped": 1 / 9, "truncated": 1 / 9})
    assert set(parts) == set(get_args(Outcome)) - {"correct"}


def test_categories_and_texts_give_the_same(toy: pandas.DataFrame) -> None:
    for single, scores in ((at(toy, 1), at(toy, 3)), (at(toy, 3), at(toy, 1))):
        parted = [part.astype({"problem_id": "category", "outcome": "category"}) for part in (single, scores)]
        assert flips(*parted) == flips(single, scores)


drawn = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(get_args(Outcome))), min_size=1, max_size=30
)  # a question and what became of a slot


@given(drawn, drawn)
def test_the_parts_sum_to_the_loss_however_often_a_question_is_asked(
    alone: list[tuple[str, str]], stressed: list[tuple[str, str]]
) -> None:
    single = table([slot(1, f"a{number}", 1, *row) for number, row in enumerate(alone)])
    scores = table([slot(2, f"b{number}", 1, *row) for number, row in enumerate(stressed)])
    found = flips(single, scores)
    if found == NO_FLIPS:
        assert not {name for name, _ in alone} & {name for name, _ in stressed}
        return
    assert found.drop_by_outcome is not None
    assert sum(found.drop_by_outcome.values()) == pytest.approx(found.loss)
    assert min(found.drop_by_outcome.values()) >= 0
    x, m = (part.groupby("problem_id")["correct"].mean() for part in (single, scores))
    assert found.loss - found.gain == pytest.approx((x - m).dropna().mean())  # type: ignore[operator]


errors = st.lists(st.sampled_from(get_args(Outcome)), min_size=9, max_size=9)


@given(errors, errors)
def test_the_parts_less_the_gain_are_the_drop_where_all_are_asked_equally_often(
    alone: list[str], stressed: list[str]
) -> None:
    single = table([slot(1, f"a{number}", 1, "ABC"[number % 3], outcome) for number, outcome in enumerate(alone)])
    scores = table(
        [slot(3, f"b{number // 3}", number % 3 + 1, "ABC"[number % 3], each) for number, each in enumerate(stressed)]
    )
    found = flips(single, scores)
    assert found.drop_by_outcome is not None
    drop = single["correct"].mean() - scores["correct"].mean()
    assert sum(found.drop_by_outcome.values()) - (found.gain or 0) == pytest.approx(drop)
