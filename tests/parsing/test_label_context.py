import pytest

from rest_bench.parsing.label_context import (
    Lines,
    is_list_gap,
    is_pair_box,
    is_pair_value,
    opens_pair_line,
    starts_label,
)


@pytest.mark.parametrize(
    ("before", "behind", "is_label"),
    [
        *(
            ("", " x", True),
            ("- **", "** x", True),
            ("so the answer to ", " is", True),
            ("x\n> ", "", True),
            ("🎉 ", " x", True),
        ),
        *(
            ("12, ", ": 7", True),
            ("12, ", " 7", False),
            ("12. ", " is 7", True),
            ("12, ", " is 7", False),
            ("12 and ", ": 7", True),
        ),
        *(
            ("thousand ", ": 7", False),
            ("by ", ": 7", False),
            ("by\n", " we", False),
            ("by\n", ": we", True),
            ("| 12 | ", " |", True),
        ),
        *(
            ("| 12 | ", " + 1 |", False),
            ("12; now for ", ": 7", True),
            ("12; look at ", ": 7", False),
            ("", " and 2 are", False),
        ),
    ],
)
def test_a_name_is_a_label_by_what_stands_before_and_behind_it(before: str, behind: str, is_label: bool) -> None:
    text = f"{before}Q2{behind}"
    assert (starts_label(Lines(text), len(before), len(before) + 2) is not None) is is_label


def test_the_block_of_a_label_begins_with_its_line_or_behind_the_punctuation() -> None:
    text = "Q1: 12\n**Answer to Q2:** 7, and Q3: 30"
    lines = Lines(text)
    assert starts_label(lines, text.index("Q2"), text.index("Q2") + 2) == text.index("**Answer")
    assert starts_label(lines, text.index("Q3"), text.index("Q3") + 2) == text.index(" Q3")


@pytest.mark.parametrize(
    ("gap", "expected"),
    [(" and ", True), (", ", True), ("–", True), ("** & **", True), (": 12, ", False), (" = ", False), (" ", False)],
)
def test_names_with_only_a_joiner_between_them_are_a_list(gap: str, expected: bool) -> None:
    assert is_list_gap(gap) is expected


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [("", True), ("- ", True), ("So the answers are ", True), ("Final answers: ", True), ("Recall that ", False)],
)
def test_nothing_but_an_announcement_stands_before_a_line_of_pairs(prefix: str, expected: bool) -> None:
    assert opens_pair_line(Lines(f"{prefix}Q1 = 12, Q2 = 7"), len(prefix)) is expected


def test_a_pair_holds_one_value_a_letter_or_a_box() -> None:
    assert is_pair_value(" = 12, ")
    assert is_pair_value("-B, ")
    assert not is_pair_value(" by ")
    assert is_pair_box(": $", "$, and ")
    assert not is_pair_box(": so ", "")
    assert not is_pair_box(": ", " is it")
