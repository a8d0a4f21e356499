import pytest

from rest_bench.metrics.curve import area_under_curve, decay_rate, half_stress_level

PUBLISHED = {1: 0.5417, 2: 0.35, 3: 0.1694, 4: 0.0844, 5: 0.0575}
"""R1-7B on AIME24, as the paper publishes it (arXiv 2507.10541, appendix)."""


def test_the_worked_numbers() -> None:
    assert area_under_curve(PUBLISHED) == pytest.approx(0.2259, abs=1e-4)
    assert half_stress_level(PUBLISHED) == pytest.approx(2.44, abs=0.005)
    assert decay_rate(PUBLISHED) == pytest.approx(0.591, abs=0.0005)


def test_levels_may_be_far_apart() -> None:
    assert area_under_curve({1: 1.0, 3: 0.5, 9: 0.5}) == pytest.approx((2 * 0.75 + 6 * 0.5) / 8)
    assert half_stress_level({1: 1.0, 3: 0.75, 9: 0.25}) == pytest.approx(6.0)


def test_the_lowest_of_several_halves_counts() -> None:
    assert half_stress_level({1: 1.0, 2: 0.5, 3: 0.9, 4: 0.1}) == pytest.approx(2.0)


@pytest.mark.parametrize("accuracy", [{}, {3: 0.5, 4: 0.1}, {1: 0.0, 2: 0.0}, {1: 0.8, 2: 0.41}, {1: 1.0}])
def test_without_a_half_there_is_no_half_stress_level(accuracy: dict[int, float]) -> None:
    assert half_stress_level(accuracy) is None


def test_one_level_is_no_curve() -> None:
    assert area_under_curve({2: 0.5}) is None
    assert decay_rate({2: 0.5}) is None


def test_levels_where_nothing_is_right_have_no_logarithm() -> None:
    assert decay_rate({1: 1.0, 2: 0.5, 3: 0.25, 4: 0.0}) == pytest.approx(0.6931, abs=1e-4)
    assert decay_rate({1: 1.0, 2: 0.0}) is None
