import pytest

from rest_bench.metrics.position import load_effect, position_slope, primacy, recency

TOY = (2 / 3, 2 / 3, 1 / 3)


def test_the_worked_example() -> None:
    assert position_slope(TOY) == pytest.approx(-0.1667, abs=1e-4)
    assert primacy(TOY) == pytest.approx(0.1667, abs=1e-4)
    assert recency(TOY) == pytest.approx(-0.3333, abs=1e-4)
    assert load_effect(2 / 3, TOY) == pytest.approx(0)


def test_a_straight_fall_has_its_own_slope() -> None:
    assert position_slope([0.9, 0.7, 0.5, 0.3]) == pytest.approx(-0.2)


def test_one_position_has_no_order() -> None:
    assert position_slope([0.5]) is primacy([0.5]) is recency([0.5]) is load_effect(0.5, [0.5]) is None


def test_two_positions_have_nothing_between_them() -> None:
    assert position_slope([0.5, 0.25]) == pytest.approx(-0.25)
    assert primacy([0.5, 0.25]) == pytest.approx(0.25)
    assert recency([0.5, 0.25]) is None


def test_without_level_1_no_load_is_known() -> None:
    assert load_effect(None, TOY) is None
