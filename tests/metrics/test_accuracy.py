"""Drop and retention of two accuracies."""

import pandas
import pytest

from rest_bench.metrics.accuracy import Mean, compare_with_single
from rest_bench.metrics.statistics import UNDEFINED


def no_error() -> pandas.Series:
    return pandas.Series({"A": 0.0, "B": 0.0})


def test_retention_above_chance_is_the_worked_example() -> None:
    """metrics.md 5.2: R1-7B on GPQA, four options, .5101 alone and .2717 at level 5."""
    found = compare_with_single(Mean(0.2717, no_error()), Mean(0.5101, no_error()), 0.25)
    assert found.retention.value == pytest.approx(0.533, abs=1e-3)
    assert found.retention_above_chance.value == pytest.approx(0.083, abs=1e-3)
    assert found.retention_above_chance.ci is None, "where no question differs there is nothing to tell an error by"


@pytest.mark.parametrize("single", [0.2, 0.25])
def test_who_does_no_better_than_chance_alone_has_nothing_to_retain(single: float) -> None:
    found = compare_with_single(Mean(0.1, no_error()), Mean(single, no_error()), 0.25)
    assert found.retention_above_chance == UNDEFINED
    assert found.retention.value == pytest.approx(0.1 / single)


def test_less_than_chance_is_negative_and_not_clipped() -> None:
    found = compare_with_single(Mean(0.05, no_error()), Mean(0.3, no_error()), 0.25)
    assert found.retention_above_chance.value == pytest.approx(-4.0)


def test_the_interval_of_retention_covers_it() -> None:
    """60 questions, each with a chance of its own to be right; true retention one half."""
    import numpy

    covered = 0
    for seed in range(200):
        draw = numpy.random.default_rng(seed)
        chances = draw.beta(2, 1, 60)
        alone, stressed = draw.binomial(8, chances) / 8, draw.binomial(16, chances / 2) / 16
        here, base = (Mean(float(each.mean()), pandas.Series((each - each.mean()) / 60)) for each in (stressed, alone))
        low, high = compare_with_single(here, base, 0.0).retention.ci or (1, 0)
        covered += low <= 0.5 <= high
    assert covered >= 182
