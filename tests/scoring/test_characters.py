import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.scoring.characters import plain_characters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("１２", "12"),
        ("（1，2）", "(1,2)"),
        ("x＝5", "x=5"),
        ("−5", "-5"),
        ("–5", "-5"),
        ("2、3", "2,3"),
        ("5。", "5."),
        ("x²", "x^{2}"),
        ("10⁻³", "10^{-3}"),
        ("x₁₂", "x_{12}"),
        ("½", r"\frac{1}{2}"),
        ("90°", r"90^\circ "),
        ("2π", r"2\pi "),
        ("3 × 4", r"3 \cdot  4"),
        ("x ≤ 3", r"x \le  3"),
        ("∞", r"\infty "),
        ("ℝ", r"\mathbb{R}"),
        ("1\u200b2", "12"),
        ("1\u00a02", "1 2"),
        ("**5**", "5"),
        ("5\x00", "5 "),
    ],
)
def test_signs_become_plain(text: str, expected: str) -> None:
    assert plain_characters(text) == expected


ZEROS = [chr(point) for point in range(0x660, 0x1FC00) if unicodedata.decimal(chr(point), None) == 0]


def in_script(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(character)) if character.isdecimal() else character for character in text)


@given(st.integers(-(10**9), 10**9), st.sampled_from(ZEROS))
def test_a_number_is_the_same_in_the_digits_of_every_script(number: int, zero: str) -> None:
    assert plain_characters(in_script(str(number), zero)) == str(number)


@pytest.mark.parametrize("zero", ["०", "০", "੦", "૦", "୦", "௦", "౦", "೦", "൦"])
def test_native_digits_of_india_are_grouped_by_the_lakh(zero: str) -> None:
    assert plain_characters(in_script("12,34,567", zero)) == "1234567"
    assert plain_characters(in_script("1,234,567", zero)) == "1,234,567"
    assert plain_characters(in_script("12,34", zero)) == "12,34"


@pytest.mark.parametrize("text", ["⑤", "⑴5", "⒈", "❶", "➀", "㊀", "㉑"])
def test_a_list_number_is_no_digit(text: str) -> None:
    assert plain_characters(text) == text


@pytest.mark.parametrize(
    "mark", ["\u200e", "\u200f", "\u202b", "\u202c", "\u2066", "\u2069", "\u061c", "\u00ad", "\ufe0f", "\u2061"]
)
def test_what_has_no_width_is_no_part_of_a_number(mark: str) -> None:
    assert plain_characters(f"{mark}4{mark}2{mark}") == "42"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("٣٫١٤", "3.14"), ("١٬٢٣٤", "1,234"), ("٥٠٪", r"50\%"), ("1\u20622", r"1\cdot 2"), ("٣،٤", "3, 4")],
)
def test_native_signs_become_plain(text: str, expected: str) -> None:
    assert plain_characters(text) == expected
