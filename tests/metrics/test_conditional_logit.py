from itertools import combinations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.metrics.conditional_logit import Strata, approximate_information, exact_information, fit, inclusion


def by_listing(chances: numpy.ndarray, n_right: int) -> list[float]:
    """Return the chance of each slot to be right over all ways to have so many right ones."""
    odds = chances / (1 - chances)
    total, included = 0.0, numpy.zeros(len(chances))
    for chosen in map(list, combinations(range(len(chances)), n_right)):
        weight = odds[chosen].prod()
        total += weight
        included[chosen] += weight
    return list(included / total)


@settings(deadline=None)
@given(st.lists(st.floats(0.01, 0.99), min_size=2, max_size=7), st.data())
def test_the_recursion_is_that_over_all_ways(chances: list[float], data: st.DataObject) -> None:
    n_right = data.draw(st.integers(1, len(chances) - 1))
    padded = numpy.array([[*chances, 0.0, 0.0]])
    included = inclusion(padded, numpy.array([n_right]))[0]
    assert list(included) == pytest.approx([*by_listing(numpy.array(chances), n_right), 0, 0])
    assert included.sum() == pytest.approx(n_right)


def strata(covariates: list[list[float]], n_right: list[int]) -> Strata:
    table = numpy.array(covariates)[:, :, None]
    return Strata(table, None, numpy.ones(table.shape[:2], bool), numpy.array(n_right), numpy.ones(len(n_right)))


def test_two_slots_a_question_are_estimated_without_the_twofold_exaggeration() -> None:
    """Of matched pairs, the odds ratio is that of the discordant ones: here 3 to 1."""
    found = fit(strata([[0, 1]] * 4, [1] * 4), numpy.array([3.0]))
    assert found is not None
    assert found.effects[0] == pytest.approx(numpy.log(3))
    assert exact_information(strata([[0, 1]] * 4, [1] * 4), found.effects)[0, 0] == pytest.approx(4 * 3 / 16)


def test_the_information_is_exact_for_two_slots_and_close_for_more() -> None:
    random = numpy.random.default_rng(1)
    for n_slots, tolerance in ((2, 1e-6), (8, 0.08), (40, 0.02)):
        table = random.normal(size=(200, n_slots, 2))
        some = Strata(table, None, numpy.ones(table.shape[:2], bool), random.integers(1, n_slots, 200), numpy.ones(200))
        zero = numpy.zeros(2)
        chances = numpy.broadcast_to(some.n_right[:, None] / n_slots, table.shape[:2])
        close = approximate_information(table, chances, some.weight)
        assert numpy.diag(close) == pytest.approx(numpy.diag(exact_information(some, zero)), rel=tolerance)


def test_an_effect_that_no_stratum_tells_of_has_no_estimate() -> None:
    assert fit(strata([[1, 1, 1]], [1]), numpy.array([1.0])) is None


def test_an_infinite_effect_has_no_estimate() -> None:
    assert fit(strata([[0, 1]] * 3, [1] * 3), numpy.array([3.0])) is None


def test_categories_have_effects_of_their_own() -> None:
    """A category beside the reference, and nothing else, is a 0/1 covariate."""
    table = numpy.array([[0, 1, 1], [0, 0, 1]])
    n_right, member = numpy.array([1, 2]), numpy.ones((2, 3), bool)
    as_category = Strata(numpy.zeros((2, 3, 0)), table, member, n_right, numpy.ones(2))
    as_covariate = strata(table.astype(float).tolist(), [1, 2])
    observed = numpy.array([1.0])
    ones, others = fit(as_category, observed), fit(as_covariate, observed)
    assert ones is not None
    assert others is not None
    assert ones.effects == pytest.approx(others.effects)


def test_large_effects_do_not_overflow() -> None:
    chances = numpy.array([[1e-12, 0.5, 1 - 1e-12] * 60])
    assert inclusion(chances, numpy.array([90]))[0].sum() == pytest.approx(90)
