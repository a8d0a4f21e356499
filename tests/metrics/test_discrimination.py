import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.metrics.discrimination import (
    Separable,
    disattenuated,
    disattenuated_tau,
    interquartile_range,
    rank_agreement,
    reliability,
    separable_pairs,
    signal_to_noise,
    split_half_reliability,
    spread,
)


def test_the_worked_example() -> None:
    """metrics.md 9.2: scores .9, .8, .7 with standard errors of .05."""
    scores, ses = [0.9, 0.8, 0.7], [0.05] * 3
    assert spread(scores) == pytest.approx(0.1)
    assert interquartile_range(scores) == pytest.approx(0.1)
    assert reliability(scores, ses) == pytest.approx(0.75)
    assert signal_to_noise(scores, ses) == pytest.approx(2.0)


def test_rankings_that_agree_in_part() -> None:
    """metrics.md 9.4."""
    assert rank_agreement([93, 95, 94], [67, 61, 86]) == pytest.approx(-1 / 3)
    assert rank_agreement([1, 2, 2], [1, 2, 3]) == pytest.approx(0.8165, abs=1e-4)


def test_noise_larger_than_the_spread_leaves_no_reliability() -> None:
    assert reliability([0.51, 0.5, 0.49], [0.1] * 3) == 0
    assert reliability([0.9, 0.8, 0.7], [0.0] * 3) == 1


def test_too_few_models_and_models_that_are_equal() -> None:
    for scores in ([], [0.5]):
        noise = [0.1] * len(scores)
        assert spread(scores) is None
        assert interquartile_range(scores) is None
        assert reliability(scores, noise) is None
        assert signal_to_noise(scores, noise) is None
        assert rank_agreement(scores, scores) is None
        assert separable_pairs(scores, noise) == Separable(0, 0)
        assert separable_pairs(scores, noise).share is None
    assert reliability([0.5, 0.5], [0.1, 0.1]) is None
    assert signal_to_noise([0.5, 0.5], [0.0, 0.0]) is None
    assert rank_agreement([0.5, 0.5], [0.1, 0.2]) is None


def test_pairs_that_differ_by_more_than_their_noise() -> None:
    """.2 apart with .05 each: .0707 for the pair, 1.96 of which are .1386."""
    assert separable_pairs([0.9, 0.8, 0.7], [0.05] * 3) == Separable(3, 1)
    assert separable_pairs([0.9, 0.8, 0.7], [0.05] * 3).share == pytest.approx(1 / 3)
    assert separable_pairs([0.9, 0.8, 0.7], pair_ses=numpy.full((3, 3), 0.05)) == Separable(3, 3)
    with pytest.raises(ValueError, match="give the standard errors"):
        separable_pairs([0.9, 0.8])


def test_half_of_a_benchmark_agrees_with_the_other_if_models_differ() -> None:
    generator = numpy.random.default_rng(0)
    ability = numpy.linspace(-1, 1, 20)
    questions = (generator.random((400, 20)) < 1 / (1 + numpy.exp(-ability))).astype(float)
    noise = (generator.random((400, 20)) < 0.5).astype(float)
    assert (split_half_reliability(questions, seed=1) or 0) > 0.9
    assert (split_half_reliability(noise, seed=1) or 0) < 0.6
    assert split_half_reliability(questions, seed=1) == split_half_reliability(questions, seed=1)


def test_the_split_half_is_the_share_of_variance_that_is_not_noise() -> None:
    """Equal noise on every question: the same reliability as from standard errors."""
    generator = numpy.random.default_rng(5)
    questions = generator.normal(0, 1, (100, 200)) + generator.normal(0, 0.1, 200)
    ses = questions.std(axis=0, ddof=1) / 10
    assert split_half_reliability(questions, seed=1, splits=200) == pytest.approx(
        reliability(questions.mean(axis=0), ses), abs=0.03
    )


def test_halves_that_cannot_be_correlated() -> None:
    assert split_half_reliability(numpy.ones((10, 5)), seed=1) is None
    assert split_half_reliability(numpy.ones((1, 5)), seed=1) is None
    assert split_half_reliability(numpy.eye(4)[:, :2], seed=1) is None
    assert split_half_reliability([], seed=1) is None


def test_noise_hides_agreement() -> None:
    assert disattenuated(0.6, 0.8, 0.8) == pytest.approx(0.75)
    assert disattenuated(0.9, 0.5, 0.5) == 1
    assert disattenuated(0.6, 0.0, 0.8) is None
    assert disattenuated(0.6, None, 0.8) is None
    assert disattenuated_tau(0.5, 1.0, 1.0) == pytest.approx(0.5)
    assert disattenuated_tau(1 / 3, 0.5, 0.5) == pytest.approx(1)
    assert disattenuated_tau(0.5, 0.0, 1.0) is None


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=12))
def test_agreement_is_that_of_counted_pairs(models: list[tuple[int, int]]) -> None:
    pairs = [(a, b) for number, a in enumerate(models) for b in models[:number]]
    signs = [(math.copysign(1, a - c) * (a != c), math.copysign(1, b - d) * (b != d)) for (a, b), (c, d) in pairs]
    agreement = sum(left * right for left, right in signs)
    untied = sum(left != 0 for left, _ in signs) * sum(right != 0 for _, right in signs)
    expected = agreement / math.sqrt(untied) if untied else None
    first, second = zip(*models, strict=True)
    assert rank_agreement(first, second) == (None if expected is None else pytest.approx(expected))


def test_what_is_missing_or_misfits_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        spread([0.5, math.nan])
    with pytest.raises(ValueError, match="lengths differ"):
        reliability([0.5, 0.6], [0.1])
