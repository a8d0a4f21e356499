import math
from statistics import fmean, pstdev

import pytest

from rest_bench.simulation.draws import logistic, to_exponential, to_normal, uniforms


def test_a_stream_is_a_function_of_its_name() -> None:
    assert uniforms(3, "a", 1) == uniforms(3, "a", 1)
    assert uniforms(20, "a", 1)[:3] == uniforms(3, "a", 1)
    assert not set(uniforms(9, "a", 1)) & set(uniforms(9, "a", 2))
    assert uniforms(1, "known") == (0.06866016425223392,)  # in any Python version


def test_numbers_are_uniform_and_streams_independent() -> None:
    one, other = uniforms(4000, "one"), uniforms(4000, "other")
    assert all(0 < number < 1 for number in one)
    assert fmean(one) == pytest.approx(0.5, abs=0.02)
    assert pstdev(one) == pytest.approx(math.sqrt(1 / 12), abs=0.01)
    assert fmean((a - 0.5) * (b - 0.5) for a, b in zip(one, other, strict=True)) == pytest.approx(0, abs=0.005)


def test_quantiles_have_the_moments_of_their_distribution() -> None:
    normal = [to_normal(number) for number in uniforms(4000, "n")]
    exponential = [to_exponential(number, 2.0) for number in uniforms(4000, "e")]
    assert (fmean(normal), pstdev(normal)) == pytest.approx((0, 1), abs=0.05)
    assert (fmean(exponential), pstdev(exponential)) == pytest.approx((2, 2), abs=0.15)
    assert to_exponential(0.9, 0.0) == 0


@pytest.mark.parametrize(("log_odds", "probability"), [(0, 0.5), (math.log(3), 0.75), (-800, 0), (800, 1)])
def test_log_odds_are_a_probability(log_odds: float, probability: float) -> None:
    assert logistic(log_odds) == pytest.approx(probability)
