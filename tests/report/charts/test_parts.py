import json

import numpy
import pandas

from rest_bench.report.charts.parts import LEAST_COLUMN, bounds, column_width, inline, percent
from rest_bench.schema import Estimate


def test_data_of_a_chart_is_json() -> None:
    data = pandas.DataFrame({"n": numpy.array([1, 2]), "x": [0.5, float("nan")], "t": ["a", None]})
    values = inline(data).to_dict()["values"]
    assert json.loads(json.dumps(values, allow_nan=False)) == [
        {"n": 1, "x": 0.5, "t": "a"},
        {"n": 2, "x": None, "t": None},
    ]


def test_columns_share_the_page() -> None:
    assert column_width(1, 44) == 44
    assert 30 * column_width(30, 44) <= 430
    assert column_width(1000, 44) == LEAST_COLUMN


def test_what_is_not_defined_stays_so() -> None:
    assert percent(None) is None
    assert bounds(Estimate(value=0.5, se=None, ci=None)) == (None, None)
    assert bounds(Estimate(value=0.5, se=0.1, ci=(0.25, 0.75))) == (25.0, 75.0)
