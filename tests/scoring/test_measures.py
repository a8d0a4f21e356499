import pytest

from rest_bench.scoring.measures import normal, unit_of
from rest_bench.scoring.multipliers import factor_of


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("km", "km"),
        ("KM", "km"),
        ("kilometres", "km"),
        ("Kilometer", "km"),
        ("公里", "km"),
        ("километров", "km"),
        ("MW", "MW"),
        ("mW", "mW"),
        ("megawatts", "MW"),
        ("μm", "μm"),
        ("micrometers", "μm"),
        ("元", "¥"),
        ("円", "yen"),
        ("руб", "₽"),
        ("đồng", "₫"),
        ("ساعة", "h"),
        ("मीटर", "m"),
        ("Prozent", "%"),
        ("th", None),
        ("apples", None),
        ("D", None),
    ],
)
def test_a_unit_has_one_canonical_name(word: str, unit: str | None) -> None:
    assert unit_of(word) == unit


@pytest.mark.parametrize("word", ["lakh", "million", "万", "tenths", "dozen", "squared", "below", "maybe", "third"])
def test_what_changes_a_value_is_no_unit(word: str) -> None:
    assert unit_of(word) is None


def test_a_word_is_looked_up_as_cleaning_leaves_it() -> None:
    assert normal("हज़ार") == normal("हज\u093cार")
    assert factor_of("हज\u093cार") == 1000
