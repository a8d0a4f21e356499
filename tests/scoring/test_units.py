import pytest

from rest_bench.scoring.cleanup import clean
from rest_bench.scoring.units import is_unit_word, split_unit


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("42", "42", None),
        ("42 cm", "42", "cm"),
        (r"42\text{ centimetres}", "42", "cm"),
        (r"15\mbox{ cm}^2", "15", "cm^2"),
        ("15 square inches", "15", "in^2"),
        ("15 inches squared", "15", "in^2"),
        (r"864\text{ in}^{2}", "864", "in^2"),
        ("60 miles per hour", "60", "mph"),
        ("60 mph", "60", "mph"),
        (r"9.8\ \text{m/s}^2", "9.8", "m/s^2"),
        ("20 km/h", "20", "km/h"),
        ("5 m", "5", "m"),
        ("5m", "5m", None),
        (r"\$18.90", "18.90", "$"),
        (r"-\$5", "-5", "$"),
        ("18.90 dollars", "18.90", "$"),
        ("€5", "5", "€"),
        (r"50\%", "50", "%"),
        ("50 percent", "50", "%"),
        (r"90^\circ", "90", "degree"),
        ("90 degrees", "90", "degree"),
        (r"30^\circ\text{C}", "30", "degC"),
        ("42 apples", "42", "apple"),
        ("3:45 p.m.", "3:45", "pm"),
        ("x + 1", "x + 1", None),
    ],
)
def test_a_unit_is_taken_off_and_spelled_in_one_way(text: str, value: str, unit: str | None) -> None:
    quantity = split_unit(clean(text))
    assert (quantity.value, quantity.unit) == (value, unit)


@pytest.mark.parametrize(("text", "scale"), [("5 million", 10**6), ("2 dozen eggs", 12), ("3 hundred thousand", 10**5)])
def test_number_words_scale(text: str, scale: int) -> None:
    assert split_unit(clean(text)).scale == scale


@pytest.mark.parametrize(
    "text", ["5 or 6 cm", "5 is not right", "5 more than that", "5 one two three four five six seven"]
)
def test_a_remark_is_no_unit(text: str) -> None:
    assert split_unit(clean(text)).value != "5"


def test_short_units_are_words_and_products_are_not() -> None:
    assert [is_unit_word(word) for word in ("cm", "kg", "mph", "xy", "ab")] == [True, True, True, False, False]
