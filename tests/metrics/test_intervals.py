import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.metrics.intervals import beta_interval, normal_quantile, t_quantile, wilson_interval


def test_wilsons_interval_of_5_of_9() -> None:
    """metrics.md 8.4."""
    assert wilson_interval(5 / 9, 9) == pytest.approx((0.2667, 0.8112), abs=1e-4)


def test_the_beta_interval_of_8_of_8() -> None:
    """metrics.md 8.4: Beta(9, 1), whose quantiles are q^(1/9)."""
    assert beta_interval(8, 8) == pytest.approx((0.025 ** (1 / 9), 0.975 ** (1 / 9)))
    assert beta_interval(8, 8) == pytest.approx((0.6637, 0.9972), abs=1e-4)


def test_jeffreys_prior_is_narrower_at_the_end() -> None:
    uniform, jeffreys = beta_interval(8, 8), beta_interval(8, 8, prior=0.5)
    assert uniform is not None
    assert jeffreys is not None
    assert jeffreys[0] > uniform[0]


def test_quantiles() -> None:
    assert normal_quantile() == pytest.approx(1.959964, abs=1e-6)
    assert t_quantile(3) == pytest.approx(4.302653, abs=1e-6)
    assert t_quantile(3, 0.9) == pytest.approx(2.919986, abs=1e-6)


def test_without_answers_there_is_no_interval() -> None:
    assert wilson_interval(0.5, 0) is None
    assert beta_interval(0, 0) is None


def test_more_right_than_answers_is_refused() -> None:
    with pytest.raises(ValueError, match="3 right of 2"):
        beta_interval(3, 2)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_lie_in_the_unit_interval_and_hold_the_share(counts: tuple[int, int]) -> None:
    right, n = counts
    wilson, beta = wilson_interval(right / n, n), beta_interval(right, n)
    assert wilson is not None
    assert beta is not None
    assert 0 <= wilson[0] <= right / n + 1e-12
    assert right / n - 1e-12 <= wilson[1] <= 1
    assert 0 <= beta[0] < (right + 1) / (n + 2) < beta[1] <= 1


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wrong_answers_are_right_ones_mirrored(counts: tuple[int, int]) -> None:
    right, n = counts
    low, high = wilson_interval(right / n, n) or (0, 0)
    assert wilson_interval(1 - right / n, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)
