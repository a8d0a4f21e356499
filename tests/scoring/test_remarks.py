import pytest

from rest_bench.scoring.cleanup import clean
from rest_bench.scoring.remarks import unwrap, without_remark


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"5 \quad (\text{since } x>0)", "5"),
        ("5 (as required)", "5"),
        ("5 since x > 0", "5"),
        ("5 where x > 0", "5"),
        ("5 (x > 0)", "5"),
        ("5 (cm)", r"5 \text{cm}"),
        ("13 (base 8)", r"13 \text{base} 8"),
    ],
)
def test_what_only_explains_is_cut(text: str, value: str) -> None:
    assert without_remark(clean(text)) == value


@pytest.mark.parametrize(
    "text",
    [
        "5 (or 6)",
        "5 (maybe 6)",
        "5 (in millions)",
        "5 (negative)",
        "5 (guess)",
        "5 (approximately)",
        "5 with remainder 2",
        "5 by 7",
        "3 from 10",
        "5 or so",
        "5 where x > 0, otherwise 6",
        "5 (tenths)",
        "5 (units: million)",
    ],
)
def test_what_changes_or_doubts_the_value_stays(text: str) -> None:
    assert without_remark(clean(text)) != "5"
    assert without_remark(clean(text)) != "3"


def test_brackets_round_one_thing_go() -> None:
    assert unwrap("((5))") == "5"
    assert unwrap("(1, 2)") == "(1, 2)"
