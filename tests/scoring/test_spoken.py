import pytest

from rest_bench.scoring.cleanup import clean
from rest_bench.scoring.spoken import in_digits, without_and


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("seven", "7"),
        ("twenty-five", "25"),
        ("two hundred", "200"),
        ("three million", "3000000"),
        ("a million", "1000000"),
        ("seven tenths", r"7 \text{tenths}"),
        ("minus seven", "-7"),
        ("negative 7", "-7"),
        ("half", r"\frac{1}{2}"),
        ("三分之二", r"\frac{2}{3}"),
        ("五千九百三十五", "5935"),
        ("一百零五", "105"),
        ("五千元", r"5000 \text{元}"),
        ("百分之五十", r"50\%"),
        ("3分の2", r"\frac{2}{3}"),
        ("Evelyn", None),
        ("not five", None),
        ("five and six", None),
        ("三百五", None),
        ("seven eight", None),
    ],
)
def test_words_become_digits(text: str, digits: str | None) -> None:
    assert in_digits(clean(text)) == digits


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("3 and a half", r"\frac{7}{2}"),
        ("two and three quarters", r"\frac{11}{4}"),
        ("3 and a half hours", r"\frac{7}{2} \text{hours}"),
        ("one hundred and twenty", r"\text{one hundred twenty}"),
    ],
)
def test_one_number_is_joined(text: str, joined: str) -> None:
    assert without_and(clean(text)) == joined


@pytest.mark.parametrize(
    "text", ["3 and 4", "two hundred and three hundred", "five and six", "red and blue", "half and half"]
)
def test_two_things_stay_two(text: str) -> None:
    assert without_and(clean(text)) == clean(text)


@pytest.mark.parametrize("text", ["一" + "亿" * 1900, "one " + "million " * 200, "一" * 1900, "a " * 900])
def test_a_number_that_nobody_would_say_is_not_read(text: str) -> None:
    assert in_digits(clean(text)) is None
