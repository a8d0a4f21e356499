from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.scoring.numbers import read_number, round_to


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-12", -12),
        ("+ 5", 5),
        ("073", 73),
        ("12.", 12),
        (".5", Fraction(1, 2)),
        ("10,080", 10080),
        ("1 234 567.5", Fraction(2469135, 2)),
        (r"0.\overline{3}", Fraction(1, 3)),
        (r"0.1\overline{6}", Fraction(1, 6)),
        (r"-2.\overline{45}", -Fraction(27, 11)),
        (r"0.333\ldots", Fraction(1, 3)),
        ("6e23", 6 * 10**23),
        (r"1.5\cdot 10^{-5}", Fraction(3, 200000)),
        ("10^{-7}", Fraction(1, 10**7)),
        (r"\frac{-35}{9}", Fraction(-35, 9)),
        (r"-\frac{1.5}{3}", Fraction(-1, 2)),
        ("3/4", Fraction(3, 4)),
        (r"3\frac{1}{2}", Fraction(7, 2)),
        ("-3 1/2", Fraction(-7, 2)),
    ],
)
def test_a_number_is_read_exactly(text: str, value: Fraction | int) -> None:
    number = read_number(text)
    assert number is not None
    assert number.value == value


@pytest.mark.parametrize(
    "text",
    ["", "-", "x", "1,25", "0,125", "12,3456", "1, 234", "1 2", "1.2.3", "1/0", r"\frac{1}{0}", r"3\frac{1}{0}",
     "2^{3}", "5!", "1e999999", "1" * 401, "1,234 567", "1/2/3", "٣x"],
)  # fmt: skip
def test_what_is_no_single_number_is_not_read(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "decimals", "significant"),
    [("0.333333", 6, 6), ("3.4641", 4, 5), ("1.50", 2, 3), ("0.00012", 5, 2), ("12", None, 2), ("12.", None, 2)],
)
def test_significant_digits_start_at_the_first_that_is_not_zero(
    text: str, decimals: int | None, significant: int
) -> None:
    number = read_number(text)
    assert number is not None
    assert (number.decimals, number.significant) == (decimals, significant)


@given(st.fractions(), st.integers(0, 12))
def test_rounding_and_cutting_are_within_one_step(value: Fraction, decimals: int) -> None:
    step = Fraction(1, 10**decimals)
    rounded, cut = round_to(value, decimals)
    assert abs(rounded - value) <= step / 2
    assert abs(cut - value) < step
    assert abs(cut) <= abs(value)


@given(st.integers(), st.integers(1, 10**6))
def test_a_fraction_is_read_as_it_is_written(above: int, below: int) -> None:
    number = read_number(rf"\frac{{{above}}}{{{below}}}")
    assert number is not None
    assert number.value == Fraction(above, below)
