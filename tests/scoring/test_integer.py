import pytest

from rest_bench.schema import Problem
from rest_bench.scoring.integer import judge, unreadable_gold


def no_algebra(gold: str, answer: str) -> bool:
    raise AssertionError(f"{answer} for {gold} takes no algebra")


@pytest.mark.parametrize(
    "answer",
    [
        "12",
        "12.",
        "012",
        "+12",
        "12.0",
        r"\text{12 apples}",
        "12 cm",
        r"\$12",
        "x = 12",
        "１２",
        "24/2",
        "1.2e1",
        r"12\%",
    ],
)
def test_a_whole_number_counts_in_any_spelling(answer: str) -> None:
    assert judge("12", answer, no_algebra) == "correct"


@pytest.mark.parametrize(
    "answer", ["-12", "12.5", "1,2", "12, 13", "12 or 13", "121", "1 2", "", "12/5", r"1\frac{1}{2}"]
)
def test_another_number_is_incorrect(answer: str) -> None:
    assert judge("12", answer, no_algebra) == "incorrect"


@pytest.mark.parametrize(
    ("gold", "reason"),
    [
        ("12", None),
        ("-3", None),
        ("073", None),
        ("27.0", None),
        ("1,234,567", None),
        (r"\$36", None),
        ("", "is not an integer"),
        ("1.5", "is not an integer"),
        ("x", "is not an integer"),
        ("1, 2", "is not an integer"),
        ("5 or 6", "is not an integer"),
        ("1" * 6000, "is not an integer"),
    ],
)
def test_a_gold_must_be_a_whole_number(gold: str, reason: str | None) -> None:
    assert unreadable_gold(Problem(id="1", question="?", gold=gold, answer_type="integer")) == reason
    assert (judge(gold, "nonsense", no_algebra) == "ungraded") == (reason is not None)
