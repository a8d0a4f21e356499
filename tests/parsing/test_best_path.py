from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.parsing.best_path import Costs, best_path

EVEN = Costs(onward=0.5, jump=0.5, back=0.5)


def test_the_worked_example() -> None:
    """metrics.md 7.12: path 1, 1, 2 scores 1.8; 1, 2, 2 and 1, 1, 1 score 1.7."""
    path = best_path([(0.9, 0.1), (0.6, 0.5), (0.2, 0.8)], EVEN)
    assert path.states == (0, 0, 1)
    assert path.total == pytest.approx(1.8)
    assert path.margins == pytest.approx((0.4, 0.1, 0.1))


def test_rows_without_evidence_stay_where_they_are() -> None:
    costs = Costs(onward=0.2, jump=0.6, back=0.7, unannounced=0.6)
    path = best_path([(1, 0), (0, 0), (0, 0), (0, 1), (0, 0)], costs)
    assert path.states == (0, 0, 0, 1, 1)
    assert path.margins[1:3] == pytest.approx((0.6, 0.6)), "to change before the evidence is dearer, by as much"


def test_without_a_cost_for_unannounced_changes_the_place_of_the_change_is_a_tie() -> None:
    path = best_path([(1, 0), (0, 0), (0, 1)], EVEN)
    assert (path.states, path.margins[1]) == ((0, 0, 1), 0.0)


@pytest.mark.parametrize(
    ("scores", "states"),
    [
        ([(1, 0, 0), (0, 0, 1.0), (1, 0, 0)], (0, 2, 0)),
        ([(1, 0, 0), (0, 0, 0.9), (1, 0, 0)], (0, 0, 0)),
    ],
    ids=["a jump and a return that pay", "a jump and a return that cost more"],
)
def test_a_jump_and_a_return_are_paid_for(scores: list[tuple[float, ...]], states: tuple[int, ...]) -> None:
    assert best_path(scores, Costs(onward=0.1, jump=0.3, back=0.65)).states == states


rows = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(st.integers(-4, 8), min_size=width, max_size=width), min_size=1, max_size=5)
)


@given(rows, st.tuples(*[st.integers(0, 5)] * 4))
def test_it_is_the_best_of_all_paths(scores: list[list[int]], numbers: tuple[int, int, int, int]) -> None:
    costs = Costs(*(number / 4 for number in numbers))
    totals = {states: _total(scores, states, costs) for states in product(range(len(scores[0])), repeat=len(scores))}
    path = best_path(scores, costs)
    assert path.total == pytest.approx(max(totals.values()))
    assert totals[path.states] == pytest.approx(path.total)
    for row, (state, margin) in enumerate(zip(path.states, path.margins, strict=True)):
        rivals = [total for states, total in totals.items() if states[row] != state]
        assert margin == pytest.approx(path.total - max(rivals, default=float("-inf")))


def _total(scores: list[list[int]], states: tuple[int, ...], costs: Costs) -> float:
    total = float(scores[0][states[0]])
    for row in range(1, len(scores)):
        here, there = states[row - 1], states[row]
        score = scores[row][there]
        total += score
        if here != there:
            change = costs.back if there < here else costs.onward if there == here + 1 else costs.jump
            total -= change + costs.unannounced * (1 - min(max(score, 0), 1))
    return total
