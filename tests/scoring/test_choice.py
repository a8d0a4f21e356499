import pytest

from rest_bench.schema import Option, Problem
from rest_bench.scoring.choice import judge, read_letter, unreadable_gold


def never(gold: str, answer: str) -> bool:
    raise AssertionError("letters need no algebra")


@pytest.mark.parametrize(
    "answer",
    ["B", "b", "(B)", "(b)", "B.", "B)", r"\text{B}", r"\textbf{(B)}", r"\mathrm{B}", "[B]", "Ｂ", " B ", r"\boxed{B}"],
)
def test_a_letter_counts_in_any_dress(answer: str) -> None:
    assert judge("B", answer, never) == "correct"


@pytest.mark.parametrize(
    "answer", ["A", "A, B", "AB", "B or C", "", "12", r"\text{both}", "E", "B" * 5000, "Ⓑ or A", "β"]
)
def test_another_letter_two_letters_or_none_are_incorrect(answer: str) -> None:
    assert judge("B", answer, never) == "incorrect"


def test_a_gold_may_be_dressed_too() -> None:
    assert judge(r"\text{(C)}", "C", never) == "correct"
    assert judge("A or B", "A", never) == "ungraded"


@pytest.mark.parametrize(
    ("gold", "letters", "reason"),
    [
        ("B", "ABCD", None),
        ("J", "ABCDEFGHIJ", None),
        ("D", "", None),
        ("E", "ABCD", "is E, which is not among the options A, B, C, D"),
        ("E", "", "is E, which is not among the options A, B, C, D"),
        ("", "ABCD", "is not one letter"),
        ("AB", "ABCD", "is not one letter"),
        ("7.5 m/s", "ABCD", "is not one letter"),
    ],
)
def test_a_gold_is_checked_against_the_options(gold: str, letters: str, reason: str | None) -> None:
    options = tuple(Option(letter=letter, text="?") for letter in letters)
    problem = Problem(id="1", question="?", gold=gold, answer_type="choice", options=options)
    assert unreadable_gold(problem) == reason


def test_a_letter_is_read_as_a_capital() -> None:
    assert read_letter("(d)") == "D"
