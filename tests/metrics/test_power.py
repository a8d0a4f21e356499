import pytest

from rest_bench.metrics.power import Arm, detectable_difference, effective_answers, questions_needed

AIME = (Arm(0.12, 8), Arm(0.10, 40))
"""Assumed, level 1 and level 5 with eight repeats (metrics.md 8.7)."""


def test_millers_example() -> None:
    """metrics.md 8.7: omega^2 = 1/9, no noise, a difference of 3 points: 969 questions."""
    assert questions_needed(0.03, 1 / 9) == 969
    assert questions_needed(-0.03, 1 / 9) == 969
    assert detectable_difference(969, 1 / 9) == pytest.approx(0.03, abs=1e-5)


def test_the_planning_value_of_aime() -> None:
    assert detectable_difference(30, 0.05, AIME) == pytest.approx(0.133, abs=5e-4)


def test_repeats_do_not_bring_aime_much_below_11_points() -> None:
    many = (Arm(0.12, 1e9), Arm(0.10, 1e9))
    assert detectable_difference(30, 0.05, many) == pytest.approx(0.1144, abs=1e-4)


@pytest.mark.parametrize("difference", [0.01, 0.05, 0.2])
def test_the_questions_needed_detect_it_and_one_fewer_do_not(difference: float) -> None:
    n = questions_needed(difference, 0.05, AIME)
    assert n is not None
    assert (detectable_difference(n, 0.05, AIME) or 1) <= difference + 1e-12
    if n > 1:
        assert (detectable_difference(n - 1, 0.05, AIME) or 0) > difference


def test_more_power_or_stricter_tests_want_larger_differences() -> None:
    usual = detectable_difference(100, 0.05)
    assert usual is not None
    assert (detectable_difference(100, 0.05, power=0.9) or 0) > usual
    assert (detectable_difference(100, 0.05, significance=0.01) or 0) > usual


def test_nothing_to_detect_or_nothing_to_detect_it_with() -> None:
    assert questions_needed(0, 0.05) is None
    assert detectable_difference(0, 0.05) is None


def test_slots_of_one_response_count_for_less() -> None:
    assert effective_answers(40, 5, 0.25) == 20
    assert effective_answers(40, 5, 0) == effective_answers(40, 5, -0.1) == 40
    assert effective_answers(8, 1, 0.9) == 8


def test_a_negative_variance_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        detectable_difference(30, -0.1)
    with pytest.raises(ValueError, match="needs an answer"):
        questions_needed(0.1, 0.05, (Arm(0.1, 0), Arm(0.1, 1)))
