from collections.abc import Iterable

import numpy
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.metrics.statistics import UNDEFINED
from rest_bench.metrics.swaps import swaps
from rest_bench.schema import Score
from tests.metrics.conftest import TOY_SLOTS, slot, table


def wrong(
    position: int, problem_id: str, candidates: int = 2, source: int | None = None, chance: float | None = None
) -> Score:
    return slot(3, f"p{problem_id}", position, problem_id, "wrong" if source is None else "swapped").model_copy(
        update={"swap_candidates": candidates, "swapped_from": source, "swap_chance": chance}
    )


def toy_at_three() -> pandas.DataFrame:
    """TOY at level 3 as scoring leaves it: A answered 7, the gold of B at position 1; C answered 5."""
    rows = []
    for row in (slot(*each) for each in TOY_SLOTS if each[0] == 3):
        swap = {"swap_candidates": 2} if row.outcome in ("wrong", "swapped") else {}
        source = {"swapped_from": 1} if row.outcome == "swapped" else {}
        rows.append(
            row.model_copy(update={**swap, **source, "aligned_position": row.position if row.correct else None})
        )
    return table(rows)


def test_the_worked_example() -> None:
    found = swaps(toy_at_three())
    assert found.n_swap_eligible == 2
    assert found.swap_rate.value == 0.5
    assert found.swap_lags == {"-2": 1}
    assert found.index_shift_gain == 0
    assert found.swap_excess == UNDEFINED, "all questions of TOY are in each pack: nothing tells what is chance"


def test_what_chance_explains_is_taken_off() -> None:
    """metrics.md 5.7: ten wrong answers, four neighbours each, three matches, outside rate .005."""
    rows = [wrong(3, str(k), candidates=4, source=1 if k < 3 else None, chance=4 * 0.005) for k in range(10)]
    found = swaps(table(rows))
    assert found.swap_excess.value == pytest.approx(0.28)
    assert found.swap_rate.value == pytest.approx(0.3)
    assert found.swap_excess.se == pytest.approx(found.swap_rate.se), "one chance for all: only the matches vary"
    assert found.swap_excess.ci is not None


def test_the_order_of_answers_repaired_adds_to_the_right_ones() -> None:
    """metrics.md 5.8: golds 4, 7, 9, 2 and answers 4, 9, 2, null: one in place, three aligned."""
    rows = [slot(4, "p", place, str(place), outcome) for place, outcome in enumerate(OFF_BY_ONE, 1)]
    aligned = [
        row.model_copy(update={"aligned_position": gold}) for row, gold in zip(rows, (1, 3, 4, None), strict=True)
    ]
    assert swaps(table(aligned)).index_shift_gain == 0.5


OFF_BY_ONE = ("correct", "shifted", "shifted", "omitted")


def test_lags_are_counted_in_order() -> None:
    rows = [wrong(2, "A", source=1), wrong(1, "B", source=3), wrong(3, "C", source=2), wrong(3, "D", source=1)]
    assert list(swaps(table(rows)).swap_lags.items()) == [("-2", 1), ("-1", 2), ("2", 1)]


def test_a_wrong_answer_among_equal_golds_is_not_eligible() -> None:
    found = swaps(table([wrong(1, "A", candidates=0), wrong(2, "B", candidates=0)]))
    assert (found.n_swap_eligible, found.swap_rate, found.swap_excess, dict(found.swap_lags)) == (
        0,
        UNDEFINED,
        UNDEFINED,
        {},
    )
    assert found.index_shift_gain == 0


@pytest.mark.parametrize("outcome", ["correct", "wrong", "omitted", "ungraded"])
def test_of_letters_and_programs_nothing_is_said(outcome: str) -> None:
    found = swaps(table([slot(2, "p", place, str(place), outcome) for place in (1, 2)]))
    assert (found.n_swap_eligible, found.swap_rate.value, found.index_shift_gain) == (0, None, None)


def test_all_right_has_nothing_to_swap() -> None:
    rows = [
        slot(2, "p", place, str(place), "correct").model_copy(update={"aligned_position": place}) for place in (1, 2)
    ]
    found = swaps(table(rows))
    assert (found.n_swap_eligible, found.swap_rate.value, found.index_shift_gain) == (0, None, 0)


def test_one_question_has_a_rate_without_an_interval() -> None:
    rate = swaps(table([wrong(1, "A", source=2, chance=0.1), wrong(2, "A", chance=0.1)])).swap_rate
    assert (rate.value, rate.se, rate.ci) == (0.5, None, None)


def test_alone_nothing_can_be_swapped() -> None:
    row = slot(1, "p", 1, "A", "wrong").model_copy(update={"swap_candidates": 0})
    found = swaps(table([row]))
    assert (found.n_swap_eligible, found.swap_rate.value, found.index_shift_gain) == (0, None, 0)


def test_answers_of_unknown_chance_are_left_out_of_the_excess_alone() -> None:
    found = swaps(table([wrong(1, "A", source=2, chance=0.5), wrong(2, "B", source=1)]))
    assert (found.swap_rate.value, found.swap_excess.value) == (1, 0.5)


places = st.lists(
    st.tuples(st.sampled_from("ABC"), st.none() | st.integers(1, 3), st.none() | st.floats(0, 2)),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)  # the first one loads scipy
@given(places)
def test_no_number_is_out_of_its_range(drawn: Iterable[tuple[str, int | None, float | None]]) -> None:
    found = swaps(table([wrong(2, name, 2, source, chance) for name, source, chance in drawn]))
    assert found.swap_rate.value is not None
    assert 0 <= found.swap_rate.value <= 1
    assert found.swap_excess.value is None or -2 <= found.swap_excess.value <= 1
    assert sum(found.swap_lags.values()) == round(found.swap_rate.value * found.n_swap_eligible)


def test_chance_is_taken_off_a_million_slots() -> None:
    n_slots, n_questions = 1_000_000, 1_000
    draw = numpy.random.default_rng(0)
    is_wrong, is_swap = draw.random(n_slots) < 0.4, draw.random(n_slots) < 0.1
    position = numpy.arange(n_slots) % 9 + 1
    scores = pandas.DataFrame(
        {
            "problem_id": pandas.Categorical.from_codes(
                draw.integers(0, n_questions, n_slots), [str(number) for number in range(n_questions)]
            ),
            "position": position,
            "correct": ~is_wrong,
            "swap_candidates": numpy.where(is_wrong, 8.0, numpy.nan),
            "swap_chance": numpy.where(is_wrong, 0.04, numpy.nan),
            "swapped_from": numpy.where(is_wrong & is_swap, draw.integers(1, 10, n_slots), numpy.nan),
            "aligned_position": numpy.where(is_wrong, numpy.nan, position),
        }
    )
    found = swaps(scores)
    assert found.swap_excess.value == pytest.approx(0.1 - 0.04, abs=0.01)


def test_what_is_null_says_why() -> None:
    rows = [slot(2, "p", place, str(place), "wrong") for place in (1, 2)]
    assert set(swaps(table(rows)).undefined) == {"swap_rate", "swap_excess", "index_shift_gain"}
    assert set(swaps(toy_at_three()).undefined) == {"swap_excess"}
