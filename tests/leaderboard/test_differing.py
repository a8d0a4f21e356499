import pytest

from rest_bench.leaderboard.differing import Differing, differences, show
from rest_bench.schema import Estimate


def test_equal_records_do_not_differ() -> None:
    estimate = Estimate(value=0.5, se=0.1, ci=(0.3, 0.7))
    assert list(differences(estimate, estimate.model_copy())) == []


def test_a_difference_has_the_path_of_its_field() -> None:
    expected = {"levels": {"3": Estimate(value=0.5, se=0.1, ci=(0.3, 0.7))}}
    found = {"levels": {"3": Estimate(value=0.5, se=0.1, ci=(0.3, 0.8))}}
    assert list(differences(expected, found, "results")) == [Differing("results.levels.3.ci.1", "0.7", "0.8")]


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (1, True),
        (0, False),
        (None, 0),
        ("1", 1),
        ((1, 2), (1,)),
        ({"a": 1}, {}),
        ({}, {"a": 1}),
        (0.5, 0.5 + 1e-6),
        (0.0, 1e-6),
        (0.5, None),
        ((0.1, 0.2), None),
    ],
)
def test_what_is_not_the_same_differs(expected: object, found: object) -> None:
    assert len(list(differences(expected, found))) == 1


@pytest.mark.parametrize(("expected", "found"), [(0.1 + 0.2, 0.3), (1.0, 1), (0.0, 1e-15), ((1.0,), [1.0])])
def test_sums_in_another_order_do_not_differ(expected: object, found: object) -> None:
    assert list(differences(expected, found)) == []


def test_what_is_missing_is_said_to_be() -> None:
    assert list(differences({"a": 1}, {})) == [Differing("a", "1", "nothing")]


def test_a_long_value_is_cut() -> None:
    assert len(show("a" * 1000)) == 80
