import pytest

from rest_bench.parsing.letters import letter_at, letter_in_box

OTHER = "no letter"


def value(text: str, *, has_filler: bool = True, offered: str = "ABCD") -> str | None:
    letter = letter_at(text, 0, len(text), offered, has_filler=has_filler)
    return OTHER if letter is None else letter.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("B", "B"), (" **(B)**", "B"), ("\\text{B}", "B"), ("Ｂ", "B"), ("option B", "B"), ("b.", "B"), ("b", "B")),
        *(("E", None), ("AC", None), ("A, C", None), ("A or C", None), ("a or c.", OTHER), ("B, B", "B")),
        *(
            ("b is", OTHER),
            ("A car", OTHER),
            ("A because", "A"),
            ("I'd", OTHER),
            ("X-ray", OTHER),
            ("Both", OTHER),
            ("5", OTHER),
        ),
    ],
)
def test_a_letter_stands_alone(text: str, expected: str | None) -> None:
    assert value(text) == expected


def test_words_before_a_letter_are_skipped_only_in_a_statement() -> None:
    assert value("option B", has_filler=False) == OTHER


def test_the_offered_letters_decide() -> None:
    assert value("J", offered="ABCDEFGHIJ") == "J"
    assert value("I think", offered="ABCDEFGHIJ") == OTHER
    assert value("I", offered="ABCDEFGHIJ") == "I"


def test_a_lower_case_letter_is_told_from_a_capital() -> None:
    letter = letter_in_box("b", "ABCD")
    assert letter is not None
    assert (letter.value, letter.is_capital) == ("B", False)
    assert letter_in_box("7.5", "ABCD") is None
    assert letter_in_box("B " * 1000, "ABCD") is None
