import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.metrics.irt import ability_se, chance, fit_rasch, information, information_per_1000_tokens


def test_the_worked_example() -> None:
    """metrics.md 9.5: a = 1.2, b = 0, theta = 0; the easy question b = -2, and shifted by 1.5."""
    assert information(0, 0, 1.2) == pytest.approx(0.36)
    assert ability_se(2 * float(information(0, 0, 1.2))) == pytest.approx(1.1785, abs=1e-4)
    easy, stressed = float(information(0, -2, 1.2)), float(information(0, -2 + 1.5, 1.2))
    assert easy == pytest.approx(0.110, abs=5e-4)
    assert stressed == pytest.approx(0.329, abs=5e-4)
    assert stressed / easy == pytest.approx(3, abs=0.01)


def test_hard_questions_lose_information_under_stress() -> None:
    assert information(0, 2 + 1.5, 1.2) < information(0, 2, 1.2)


def test_guessing_bounds_the_chance_and_costs_information() -> None:
    assert chance(-50, 0, guessing=0.25) == pytest.approx(0.25)
    assert chance(0, 0, guessing=0.25) == pytest.approx(0.625)
    assert information(0, 0, guessing=0.25) == pytest.approx(0.25 * (1 - 0.625) / 0.625)


@given(st.floats(-8, 8), st.floats(-4, 4), st.floats(0.1, 3), st.floats(0, 0.5))
def test_information_is_that_of_the_slope(theta: float, b: float, a: float, c: float) -> None:
    """The information of a right-or-wrong answer is P'^2 / (P (1 - P))."""
    right = float(chance(theta, b, a, c))
    slope = float(chance(theta + 1e-5, b, a, c) - chance(theta - 1e-5, b, a, c)) / 2e-5
    if 1e-3 < right < 1 - 1e-3:
        assert float(information(theta, b, a, c)) == pytest.approx(slope**2 / (right * (1 - right)), rel=1e-3, abs=1e-7)


def test_information_far_out_is_tiny_and_not_nan() -> None:
    told = information(numpy.array([-800.0, 800.0]), 0.0, guessing=0.25)
    assert numpy.isfinite(told).all()
    assert (told >= 0).all()


def test_what_it_costs() -> None:
    assert information_per_1000_tokens(3.0, 12_000) == pytest.approx(0.25)
    assert information_per_1000_tokens(3.0, 0) is None
    assert ability_se(0.0) is None


def test_a_fit_finds_the_order_and_the_distances() -> None:
    generator = numpy.random.default_rng(0)
    abilities, difficulties = numpy.linspace(-1.5, 1.5, 12), generator.normal(0, 1.2, 300)
    right = (generator.random((300, 12)) < chance(abilities[None, :], difficulties[:, None])).astype(float)
    fit = fit_rasch(right)
    assert fit is not None
    centred = fit.abilities - fit.abilities.mean()
    assert numpy.abs(centred - abilities).max() < 0.5
    assert numpy.corrcoef(fit.difficulties, difficulties)[0, 1] > 0.85
    assert fit.ability_ses == pytest.approx(numpy.full(12, 0.14), abs=0.04)


def test_all_right_and_all_wrong_stay_finite() -> None:
    fit = fit_rasch([[1.0, 0.5, 0.0]] * 10)
    assert fit is not None
    best, middle, worst = fit.abilities
    assert 0 < best < 6
    assert middle == pytest.approx(0, abs=1e-4)
    assert worst == pytest.approx(-best, abs=1e-4)


def test_a_question_that_a_model_was_not_asked_says_nothing_of_it() -> None:
    generator = numpy.random.default_rng(1)
    right = (generator.random((60, 4)) < 0.6).astype(float)
    more = numpy.vstack([right, numpy.full((30, 4), math.nan)])
    fit, fit_more = fit_rasch(right), fit_rasch(more)
    assert fit is not None
    assert fit_more is not None
    assert fit_more.abilities == pytest.approx(fit.abilities, abs=1e-3)
    assert fit_more.difficulties[60:] == pytest.approx(numpy.zeros(30), abs=1e-6)


def test_nothing_to_fit_and_what_is_no_mean() -> None:
    assert fit_rasch([]) is None
    assert fit_rasch(numpy.zeros((0, 3))) is None
    with pytest.raises(ValueError, match=r"in \[0, 1\]"):
        fit_rasch([[54.17, 16.53]])
