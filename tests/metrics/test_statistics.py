import math

import pandas
import pytest

from rest_bench.metrics.statistics import UNDEFINED, cluster_effects, cluster_se, difference, proportion


def test_the_standard_error_of_the_worked_example(toy: pandas.DataFrame) -> None:
    """metrics.md 8.2: question sums 1/3, 1/3, -2/3 over 9 slots, with the finite-cluster factor .1111."""
    stressed = toy[toy["level"] == 3]
    effects = cluster_effects(stressed["correct"].astype(float), stressed["problem_id"])
    assert sorted((effects * 9).round(6)) == [-0.666667, 0.333333, 0.333333]
    assert cluster_se(effects) == pytest.approx(0.1111, abs=1e-4)


def test_one_question_has_no_standard_error() -> None:
    estimate = proportion(pandas.Series([1.0, 0.0]), pandas.Series(["A", "A"]))
    assert (estimate.value, estimate.se, estimate.ci) == (0.5, None, None)


def test_no_slot_at_all_is_undefined() -> None:
    assert proportion(pandas.Series([], dtype=float), pandas.Series([], dtype=str)) == UNDEFINED


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_the_interval_does_not_collapse_at_the_ends(value: float) -> None:
    estimate = proportion(pandas.Series([value] * 30), pandas.Series(map(str, range(30))))
    assert estimate.ci is not None
    low, high = estimate.ci
    assert 0.0 <= low < high <= 1.0
    assert 0.05 < high - low < 0.2


def test_the_interval_is_wilsons_where_each_question_has_one_slot() -> None:
    """5 of 9 (metrics.md 8.4): .267 to .811 with z; t with 8 degrees of freedom and n = 8 effective is wider."""
    estimate = proportion(pandas.Series([1.0] * 5 + [0.0] * 4), pandas.Series(map(str, range(9))))
    assert estimate.ci is not None
    assert estimate.ci[0] < 0.267
    assert estimate.ci[1] > 0.811


def test_slots_of_one_question_do_not_count_as_independent() -> None:
    correct = pandas.Series(([1.0] * 5 + [0.0] * 5) * 10)
    as_one = proportion(correct, pandas.Series([str(slot // 5) for slot in range(100)]))
    each = proportion(correct, pandas.Series(map(str, range(100))))
    assert as_one.se is not None
    assert each.se is not None
    assert as_one.se > 2 * each.se


def test_a_difference_carries_a_t_interval() -> None:
    """metrics.md 8.3: d = (1/3, 1/3, -1/3), mean .1111, standard error .2222."""
    differences = pandas.Series([1 / 3, 1 / 3, -1 / 3])
    estimate = difference(float(differences.mean()), (differences - differences.mean()) / 3)
    assert estimate.se == pytest.approx(0.2222, abs=1e-4)
    assert estimate.ci is not None
    assert estimate.ci[1] - estimate.ci[0] == pytest.approx(2 * 4.302653 * 0.222222, rel=1e-5)
    assert math.isclose(sum(estimate.ci) / 2, 1 / 9)


@pytest.mark.parametrize("effect", [0.0, 1e-18])
def test_where_no_question_differs_from_another_there_is_no_interval(effect: float) -> None:
    """An error of 0 would promise that no other question differs, either."""
    found = difference(0.5, pandas.Series([effect, -effect, 0.0]))
    assert (found.value, found.se, found.ci) == (0.5, 0.0, None)
