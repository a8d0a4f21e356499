import math

import numpy
import pandas
import pytest

from rest_bench.metrics.arrays import as_codes, as_numbers, crossed, same_length


def test_labels_are_numbered_as_they_appear_or_by_size() -> None:
    codes, n_labels = as_codes(["b", "a", "b", "c"])
    assert (codes.tolist(), n_labels) == ([0, 1, 0, 2], 3)
    codes, n_labels = as_codes([3, 1, 9, 3], ascending=True)
    assert (codes.tolist(), n_labels) == ([1, 0, 2, 1], 3)


def test_a_column_keeps_its_order_whatever_its_index() -> None:
    column = pandas.Series([1.0, 0.0], index=[7, 3])
    assert as_numbers(column).tolist() == [1.0, 0.0]
    assert as_codes(pandas.Series(["x", "y"], index=[1, 0]))[0].tolist() == [0, 1]


def test_pairs_of_labels_are_labels() -> None:
    codes, n_pairs = crossed(numpy.array([0, 0, 1, 1]), numpy.array([0, 1, 1, 1]))
    assert (codes.tolist(), n_pairs) == ([0, 1, 2, 2], 3)


def test_no_label_at_all() -> None:
    empty, n_labels = as_codes([])
    assert (len(empty), n_labels) == (0, 0)
    assert crossed(empty, empty)[1] == 0


def test_what_is_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="1 of 2 values are NaN"):
        as_numbers([1.0, math.nan])
    with pytest.raises(ValueError, match="1 of 2 labels are missing"):
        as_codes(pandas.Series(["a", None]))
    with pytest.raises(ValueError, match="lengths differ: 2, 3"):
        same_length(numpy.zeros(2), numpy.zeros(3))
