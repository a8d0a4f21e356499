import math
from itertools import combinations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.metrics.repeated import Counts, average, count_answers, g_pass_at_k, pass_at_k, pass_hat_k


def counts(*pairs: tuple[int, int]) -> Counts:
    return Counts(numpy.array([float(n) for n, _ in pairs]), numpy.array([float(c) for _, c in pairs]))


def test_three_of_eight() -> None:
    """metrics.md 8.5."""
    assert pass_at_k(counts((8, 3)), 2) == pytest.approx(0.6429, abs=1e-4)
    assert pass_hat_k(counts((8, 3)), 2) == pytest.approx(0.1071, abs=1e-4)
    assert average(counts((8, 3))) == 0.375


def test_units_weigh_the_same_whatever_their_number_of_answers() -> None:
    assert average(counts((8, 8), (2, 0))) == 0.5
    assert pass_at_k(counts((8, 8), (2, 0)), 2) == pytest.approx(0.5)
    assert pass_at_k(counts((8, 7), (2, 0)), 1) == pytest.approx(7 / 16)


def test_fewer_answers_than_k_is_unknown_and_not_a_mean_of_the_others() -> None:
    unequal = counts((8, 3), (1, 1))
    assert pass_at_k(unequal, 2) is None
    assert pass_hat_k(unequal, 2) is None
    assert g_pass_at_k(unequal, 2, 0.5) is None
    assert pass_at_k(unequal, 1) == pytest.approx((3 / 8 + 1) / 2)


def test_all_right_all_wrong_and_none() -> None:
    assert pass_at_k(counts((4, 4), (4, 4)), 3) == pass_hat_k(counts((4, 4)), 3) == 1
    assert pass_at_k(counts((4, 0)), 3) == pass_hat_k(counts((4, 0)), 3) == 0
    assert pass_at_k(counts((4, 2)), 3) == 1, "two wrong ones cannot fill three"
    assert average(counts()) is None
    assert pass_at_k(counts(), 1) is None


@pytest.mark.parametrize(("k", "tau"), [(4, 0.5), (4, 0.75), (3, 0.0), (5, 1.0), (5, 0.2), (5, 0.6)])
def test_g_pass_counts_the_draws_with_enough_right_ones(k: int, tau: float) -> None:
    answers = [1, 1, 1, 0, 0, 0, 0, 1]
    fewest = max(1, math.ceil(tau * k - 1e-9))
    drawn = [sum(draw) >= fewest for draw in combinations(answers, k)]
    assert g_pass_at_k(counts((8, 4)), k, tau) == pytest.approx(sum(drawn) / len(drawn))


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))))
def test_reliability_and_best_case_enclose_everything_between(case: tuple[int, int, int]) -> None:
    n, right, k = case
    unit = counts((n, right))
    best, every, half = pass_at_k(unit, k), pass_hat_k(unit, k), g_pass_at_k(unit, k, 0.5)
    assert best is not None
    assert every is not None
    assert half is not None
    assert -1e-9 <= every <= half + 1e-9
    assert half <= best + 1e-9
    assert every - 1e-9 <= right / n <= best + 1e-9
    assert g_pass_at_k(unit, k, 1) == pytest.approx(every, abs=1e-9)
    assert g_pass_at_k(unit, k, 0) == pytest.approx(best, abs=1e-9)


def test_many_answers_do_not_overflow() -> None:
    assert pass_hat_k(counts((5000, 4000)), 1000) == pytest.approx(0, abs=1e-9)
    assert pass_at_k(counts((5000, 1)), 2500) == pytest.approx(0.5, abs=1e-6)


def test_a_unit_is_a_question_at_a_position() -> None:
    correct, question, position = [1, 0, 1, 1], list("AAAB"), [1, 1, 2, 1]
    by_question, by_place = count_answers(correct, question), count_answers(correct, question, position)
    assert (by_question.answers.tolist(), by_question.right.tolist()) == ([3, 1], [2, 1])
    assert (by_place.answers.tolist(), by_place.right.tolist()) == ([2, 1, 1], [1, 1, 1])


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="k is 0"):
        pass_at_k(counts((8, 3)), 0)
    with pytest.raises(ValueError, match="more right ones"):
        average(counts((2, 3)))
    with pytest.raises(ValueError, match="no answer"):
        average(counts((0, 0)))
    with pytest.raises(ValueError, match="tau is 2"):
        g_pass_at_k(counts((8, 3)), 2, 2)
    with pytest.raises(ValueError, match="NaN"):
        count_answers([math.nan], ["A"])
