import pytest

from rest_bench.scoring.cleanup import clean
from rest_bench.scoring.regions import as_region
from rest_bench.scoring.shapes import Collection, Region, Value
from rest_bench.scoring.structure import read_shape


def intervals(text: str) -> list[str] | None:
    region = as_region(read_shape(clean(text)))
    if region is None:
        return None
    return [
        f"{'[' if one.low_closed else '('}{one.low.text},{one.high.text}{']' if one.high_closed else ')'}"
        for one in region.intervals
        if isinstance(one.low, Value) and isinstance(one.high, Value)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[2,7)", ["[2,7)"]),
        ("(2,7)", ["(2,7)"]),
        ("x>3", [r"(3,\infty)"]),
        ("3<x", [r"(3,\infty)"]),
        ("x≤3", [r"(-\infty,3]"]),
        ("0<x<=9", ["(0,9]"]),
        ("9≥x>0", ["(0,9]"]),
        ("x>0 and x<9", ["(0,9)"]),
        ("x<9, x>0", ["(0,9)"]),
        ("x<-2 or x>4", [r"(-\infty,-2)", r"(4,\infty)"]),
        ("x<-2, x>4", [r"(-\infty,-2)", r"(4,\infty)"]),
        (r"x \ne 3", [r"(-\infty,3)", r"(3,\infty)"]),
        (r"[0,1]\cup\{3\}", ["[0,1]", "[3,3]"]),
        (r"\{x \in \mathbb{R} \mid x>3\}", [r"(3,\infty)"]),
        ("all real numbers", [r"(-\infty,\infty)"]),
        ("x>3, y>4", None),
        ("0<x>9", None),
        ("x<y", None),
        ("5", None),
        ("(1,2,3)", None),
    ],
)
def test_what_describes_a_part_of_the_line(text: str, expected: list[str] | None) -> None:
    assert intervals(text) == expected


def test_a_condition_keeps_its_name() -> None:
    names = [shape.variable for text in ("x>3", "t>3", "(3,9]") if isinstance(shape := read_shape(clean(text)), Region)]
    assert names == ["x", "t", None]


def test_a_pair_is_a_point_until_something_makes_it_an_interval() -> None:
    pair = read_shape("(3,4)")
    assert isinstance(pair, Collection)
    assert pair.is_interval
