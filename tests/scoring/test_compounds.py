from fractions import Fraction

import pytest

from rest_bench.scoring.cleanup import clean
from rest_bench.scoring.compounds import read_compound


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("12 h 30 min", Fraction(25, 2), "h"),
        ("1 hour, 15 minutes and 36 seconds", Fraction(63, 50), "h"),
        (r"5\text{ ft }6\text{ in}", Fraction(11, 2), "ft"),
        (r"2\text{ kg and }50\text{ g}", Fraction(41, 20), "kg"),
        ("3 dollars and 5 cents", Fraction(61, 20), "$"),
    ],
)
def test_a_quantity_in_several_units_is_one_value_in_the_first(text: str, value: Fraction, unit: str) -> None:
    quantity = read_compound(clean(text))
    assert quantity is not None
    assert quantity.number is not None
    assert (quantity.number.value, quantity.unit) == (value, unit)


@pytest.mark.parametrize(
    "text", ["12 h", "30 min 12 h", "5 ft 2 kg", "8 cm and 27 cm", "12", "h min", "2 apples 3 pears"]
)
def test_anything_else_is_no_such_quantity(text: str) -> None:
    assert read_compound(clean(text)) is None
