import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.metrics.multiplicity import benjamini_hochberg, holm


def test_the_worked_example() -> None:
    """metrics.md 8.8."""
    assert holm([0.01, 0.02, 0.03, 0.2]) == pytest.approx((0.04, 0.06, 0.06, 0.2))
    assert benjamini_hochberg([0.01, 0.02, 0.03, 0.2]) == pytest.approx((0.04, 0.04, 0.04, 0.2))


def test_they_stay_in_the_order_given() -> None:
    assert holm([0.2, 0.01, 0.03, 0.02]) == pytest.approx((0.2, 0.04, 0.06, 0.06))
    assert benjamini_hochberg([0.2, 0.01, 0.03, 0.02]) == pytest.approx((0.2, 0.04, 0.04, 0.04))


def test_what_was_no_test_counts_for_none() -> None:
    assert holm([0.01, None, 0.04]) == pytest.approx((0.02, None, 0.04))
    assert benjamini_hochberg([None]) == (None,)
    assert holm([]) == benjamini_hochberg([]) == ()


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_what_is_no_p_value_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="p-value 1 is"):
        holm([0.5, p])
    with pytest.raises(ValueError, match="p-value 1 is"):
        benjamini_hochberg([0.5, p])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_is_never_below_benjamini_and_hochberg_nor_they_below_the_test(p_values: list[float]) -> None:
    for p, false_discovery, family in zip(p_values, benjamini_hochberg(p_values), holm(p_values), strict=True):
        assert false_discovery is not None
        assert family is not None
        assert p <= false_discovery * (1 + 1e-12)
        assert false_discovery <= family * (1 + 1e-12)
        assert family <= 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30).flatmap(lambda p: st.tuples(st.just(p), st.permutations(p))))
def test_the_order_of_the_tests_does_not_matter(both: tuple[list[float], list[float]]) -> None:
    given_, moved = both
    for adjust in (holm, benjamini_hochberg):
        assert sorted(zip(given_, adjust(given_), strict=True)) == sorted(zip(moved, adjust(moved), strict=True))
