import pytest

from rest_bench.parsing.boxes import find_boxes, last_list
from tests.parsing.build import read


def contents(text: str) -> list[str | None]:
    return [box.content if box.complete else None for box in find_boxes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\boxed{12} \fbox{7}", ["12", "7"]),
        (r"\boxed {12} \boxed" + "\n{7}", ["12", "7"]),
        (r"\boxed 12 \boxed -3.5, \boxed1,250. \boxed B.", ["12", "-3.5", "1,250", "B"]),
        (r"\boxed answer \boxed AB \boxed. \boxed", []),
        (r"\boxedtext{1} \fboxsep{2}", []),
        (r"\boxed{\{1,2\}} \boxed{\left\{x\right.}", [r"\{1,2\}", r"\left\{x\right."]),
        (r"\boxed{\frac{1}{\sqrt{2}}}", [r"\frac{1}{\sqrt{2}}"]),
        (r"\\boxed{\\frac{1}{2}}", [r"\\frac{1}{2}"]),
        (r"{ \boxed{1} } } \boxed{2}", ["1", "2"]),
        (r"`\boxed{1}`" + "\n```latex\n\\boxed{2}\n```", ["1", "2"]),
    ],
)
def test_boxes_are_found_with_their_braces_matched(text: str, expected: list[str]) -> None:
    assert contents(text) == expected


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (r"\boxed{ 12 }", "12"),
        ("\\boxed{\n30\n}", "30"),
        (r"\boxed{$7$}", "7"),
        (r"\boxed{$$7$$}", "7"),
        (r"\boxed{ $ 7 $ }", "7"),
        (r"\boxed{$3$ and $5$}", "$3$ and $5$"),
        (r"\boxed{\$5}", r"\$5"),
        (r"\boxed{\boxed{12}}", "12"),
        (r"\boxed{x = \fbox{5}}", "x = 5"),
        (r"\boxed{\text{Q1: } 12}", r"\text{Q1: } 12"),
        (r"\boxed{12.}", "12."),
    ],
)
def test_the_content_is_kept_as_written_but_for_blanks_dollars_and_inner_boxes(box: str, expected: str) -> None:
    assert contents(box) == [expected]


@pytest.mark.parametrize(
    "box",
    [r"\boxed{}", r"\boxed{ }", r"\boxed{$ $}", r"\boxed{\ }", r"\boxed{...}", r"\boxed{\quad}", r"\boxed{\text{}}"],
)
def test_an_empty_box_is_skipped(box: str) -> None:
    assert contents(rf"\boxed{{12}} {box}") == ["12"]


@pytest.mark.parametrize("box", [r"\boxed{0}", r"\boxed{\emptyset}", r"\boxed{.5}", r"\boxed{\{\}x}", r"\boxed{?}"])
def test_a_box_that_holds_little_is_not_empty(box: str) -> None:
    assert len(contents(box)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\\boxed{12", [None]),
        ("\\boxed{1\n so \\boxed{12}", [None, "12"]),
        ("\\boxed{1 \\boxed{12}", [None]),
        ("\\boxed{f(x)={1}\n\\boxed{2}", [None, "2"]),
        ("\\boxed{1\n\nQ2: \\boxed{7}\n\na stray }", [None, "7"]),
        ("\\boxed{\n\n12\n\n}", ["12"]),
    ],
)
def test_a_cut_box_ends_with_its_line(text: str, expected: list[str | None]) -> None:
    assert contents(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\boxed{3} and \boxed{5}", "3, 5"),
        (r"$\boxed{3}$, $\boxed{5}$, and $\boxed{8}$.", "3, 5, 8"),
        (r"x = \boxed{3}, y = \boxed{5}", "3, 5"),
        (r"x_1 = \boxed{3}; x_2 = \boxed{5}", "3, 5"),
        (r"x = \boxed{3} or x = \boxed{5}", "3, 5"),
        (r"\boxed{3} \text{ and } \boxed{5}", "3, 5"),
        (r"\boxed{3}，\boxed{5}和\boxed{8}", "3, 5, 8"),
        (r"(a) \boxed{3} (b) \boxed{5}", "3, 5"),
        (r"\boxed{12}, \boxed{12}", "12"),
        (r"\boxed{1 2}, \boxed{12}", "12"),
        (r"\boxed{4} gives \boxed{3} and \boxed{5}", "3, 5"),
        (r"\boxed{3} \boxed{5}", "5"),
        ("\\boxed{3}\n\n\\boxed{5}", "5"),
        (r"\boxed{3}. \boxed{5}", "5"),
        (r"\boxed{3}, no, \boxed{5}", "5"),
        ("x = \\boxed{3}\nx = \\boxed{5}", "5"),
        (r"\boxed{3} and \boxed{5", None),
    ],
)
def test_boxes_with_only_a_joiner_between_them_are_one_list(text: str, expected: str | None) -> None:
    assert last_list(text, find_boxes(text)) == expected


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("Q1: \\boxed{5}, wait: \\boxed{12}\nQ2: \\boxed{7}", ["12", "7"]),
        ("Q1: \\boxed{12}\nQ2: \\boxed{7}\n\nAll answers are in \\boxed{}.", ["12", "7"]),
        ("Q1: \\boxed{12}\nQ2: \\boxed{}", ["12", None]),
        ("Q1: \\boxed{12}\nQ2: rough \\boxed{7}. Exactly \\boxed{7.", ["12", None]),
        ("Q1: \\boxed{12}\nQ2: 7, that is \\boxed{7", ["12", None]),
        ("Q1: \\boxed{12}\nQ2: 7\nQ2: \\boxed{7", ["12", None]),
    ],
)
def test_the_last_complete_box_of_a_question_wins_and_a_cut_one_is_no_answer(reply: str, expected: list[str]) -> None:
    assert read(reply, 2) == expected
