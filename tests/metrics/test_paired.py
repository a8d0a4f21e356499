import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.metrics.paired import correlation, flip_counts, mcnemar, p_value, paired_difference, sign_flip_p_value
from rest_bench.schema import Estimate

DIFFERENCES = [1 / 3, 1 / 3, -1 / 3]
"""metrics.md 8.3: x - m of the worked example."""


def test_the_paired_difference_of_the_worked_example() -> None:
    paired = paired_difference([1, 1, 0], [2 / 3, 2 / 3, 1 / 3])
    assert paired.estimate.value == pytest.approx(0.1111, abs=1e-4)
    assert paired.estimate.se == pytest.approx(0.2222, abs=1e-4)
    assert paired.estimate.ci == pytest.approx((1 / 9 - 4.302653 * 2 / 9, 1 / 9 + 4.302653 * 2 / 9), abs=1e-6)
    assert paired.p_value == pytest.approx(0.666667, abs=1e-6), (
        "t = 1/2 with 2 degrees of freedom: 1 - t / sqrt(2 + t^2)"
    )
    assert paired.correlation == pytest.approx(1)
    assert paired.n_questions == 3
    assert sign_flip_p_value(DIFFERENCES, seed=0) == 1.0


def test_no_question_and_one_question() -> None:
    none, one = paired_difference([], []), paired_difference([1.0], [0.5])
    assert (none.estimate.value, none.p_value, none.correlation, none.n_questions) == (None, None, None, 0)
    assert (one.estimate.value, one.estimate.se, one.estimate.ci, one.p_value) == (0.5, None, None, None)
    assert sign_flip_p_value([], seed=0) is None
    assert sign_flip_p_value([0.5], seed=0) == 1.0


def test_series_that_are_equal_or_apart_by_a_constant() -> None:
    equal, apart = paired_difference([1, 0, 1], [1, 0, 1]), paired_difference([1, 1, 1], [0, 0, 0])
    assert (equal.estimate.value, equal.p_value) == (0, 1)
    assert (apart.estimate.value, apart.estimate.se, apart.p_value) == (1, 0, None)
    assert apart.correlation is None
    assert sign_flip_p_value([0, 0], seed=0) == 1


def test_the_p_value_of_an_estimate() -> None:
    assert p_value(Estimate(value=-2.262157, se=1.0, ci=None), 10) == pytest.approx(0.05, abs=1e-6)
    assert p_value(Estimate(value=None, se=None, ci=None), 10) is None
    assert p_value(Estimate(value=0.1, se=None, ci=None), 1) is None


def test_all_sign_patterns_of_few_questions() -> None:
    """Four questions that fall alike: 2 of 16 patterns are as far; a question without a difference changes nothing."""
    assert sign_flip_p_value([0.25] * 4, seed=0) == 2 / 16
    assert sign_flip_p_value([0.25] * 4 + [0.0] * 50, seed=0) == 2 / 16
    assert sign_flip_p_value([0.1] * 20, seed=0) == 2 / 2**20


def test_drawn_sign_patterns_agree_with_t_and_are_never_zero() -> None:
    generator = numpy.random.default_rng(3)
    differences = generator.normal(0.02, 0.1, 60)
    drawn = sign_flip_p_value(differences, seed=1)
    assert drawn == pytest.approx(paired_difference(differences, numpy.zeros(60)).p_value, abs=0.02)
    assert sign_flip_p_value(differences, seed=1) == drawn
    assert sign_flip_p_value([0.5] * 100, seed=1, draws=999) == 1 / 1000


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=10), st.randoms())
def test_neither_order_nor_direction_changes_a_sign_flip(differences: list[float], shuffler: object) -> None:
    p = sign_flip_p_value(differences, seed=0)
    assert p is not None
    assert 0 < p <= 1
    assert sign_flip_p_value(differences[::-1], seed=0) == pytest.approx(p)
    assert sign_flip_p_value([-difference for difference in differences], seed=0) == pytest.approx(p)


def test_correlation_wants_three_questions_and_two_series_that_vary() -> None:
    assert correlation([0, 1, 0], [1, 0, 1]) == pytest.approx(-1)
    assert correlation([0, 1], [1, 0]) is None
    assert correlation([1, 1, 1], [1, 0, 1]) is None


@pytest.mark.parametrize(
    ("lost", "gained", "p"), [(2, 1, 1.0), (8, 1, 0.0391), (0, 0, 1.0), (1, 8, 0.0391), (3, 3, 1.0)]
)
def test_mcnemar(lost: int, gained: int, p: float) -> None:
    """metrics.md 5.6."""
    assert mcnemar(lost, gained) == pytest.approx(p, abs=1e-4)


def test_flips_of_single_answers() -> None:
    """Position 3 of the worked example: A and B are lost, C is gained."""
    assert flip_counts([1, 1, 0], [0, 0, 1]) == (2, 1)
    with pytest.raises(ValueError, match="one answer per question"):
        flip_counts([1, 0.5], [0, 1])
    with pytest.raises(ValueError, match="negative"):
        mcnemar(-1, 2)


def test_what_is_missing_or_misfits_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        paired_difference([1.0, math.nan], [1.0, 0.0])
    with pytest.raises(ValueError, match="lengths differ"):
        paired_difference([1.0, 1.0], [1.0])
    with pytest.raises(ValueError, match="NaN"):
        sign_flip_p_value([math.nan], seed=0)
