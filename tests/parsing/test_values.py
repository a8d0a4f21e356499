import pytest

from tests.parsing.build import parse, read


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        *(
            ("12", "12"),
            ("12.", "12"),
            ("**12**", "12"),
            ("**12**.", "12"),
            ("`12`", "12"),
            ('"12"', "12"),
            ("_12_", "12"),
        ),
        *(
            ("$12$", "12"),
            ("$x = 12$.", "x = 12"),
            ("\\(12\\)", "12"),
            ("\\[12\\]", "12"),
            ("$\\frac{1}{2}$", "\\frac{1}{2}"),
        ),
        *(
            ("-5", "-5"),
            ("−5", "−5"),
            ("+5", "+5"),
            ("3.14", "3.14"),
            ("1,250", "1,250"),
            ("-3/4", "-3/4"),
            ("3 1/2", "3 1/2"),
        ),
        *(
            ("\\frac{1}{2}", "\\frac{1}{2}"),
            ("\\dfrac34", "\\dfrac34"),
            ("50%", "50%"),
            ("50\\%", "50\\%"),
            ("90°", "90°"),
        ),
        *(
            ("$5", "5"),
            ("€12", "€12"),
            ("12 cm", "12 cm"),
            ("5 m/s", "5 m/s"),
            ("12元", "12元"),
            ("12 \\text{ cm}", "12 \\text{ cm}"),
        ),
        *(("Answer: 12", "12"), ("**Answer:** 12", "12"), ("the final answer is 12", "12")),
        *(("12</answer>", "12"), ("12<|im_end|>", "12"), ("12 ", "12"), ("12,", "12")),
    ],
)
def test_a_value_alone_behind_its_label_is_a_lenient_answer(line: str, expected: str) -> None:
    first, second = parse(f"Q1: {line}\nQ2: \\boxed{{7}}", 2)
    assert (first.text, first.found_by, first.strict) == (expected, "lenient", False)
    assert (second.text, second.found_by, second.strict) == ("7", "label", True)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "see Q1, the method is the same",
            "about 12",
            "12, I think",
            "12 or 13",
            "12 square meters",
            "x = 12",
            "5 + 7",
        ),
        *("14/2 = 7", "14/2 = 7, hence **7**", "12 (see above)", "12 because it is", "12 and 13", "", "none", "(1, 2)"),
        *(
            "unknown",
            "12\\boxed{}",
            "\n12",
            "The answer is probably 12",
            "1.2.3",
            "12:30",
            "work\n\n12",
            "12" + " " * 2000 + "x",
        ),
    ],
)
def test_a_sentence_is_no_value(line: str) -> None:
    assert read(f"Q1: {line}\nQ2: \\boxed{{7}}", 2) == [None, "7"]


@pytest.mark.parametrize(
    "reply",
    [
        "| Question | Answer |\n|---|---|\n| Q1 | 12 |\n| Q2 | 7 |",
        "| # | Result |\n|:-:|:-:|\n| 1 | $12$ |\n| 2 | **7** |",
        "| Q1 | 12 | Q2 | 7 |",
        "<tr><td>Q1</td><td>12</td></tr>\n<tr><td>Q2</td><td>7</td></tr>",
        "Q1 is 12. Q2 is 7.",
        "Q2: 7; Q1: 12",
    ],
)
def test_cells_and_next_labels_end_a_value(reply: str) -> None:
    answers = parse(reply, 2)
    assert [answer.text for answer in answers] == ["12", "7"]
    assert not any(answer.strict for answer in answers)


def test_a_box_anywhere_in_the_question_beats_a_value() -> None:
    assert read("Q1: so \\boxed{12}\nQ2: x\nQ1: 13", 2) == ["12", None]


def test_nothing_is_taken_without_a_label() -> None:
    assert read("12", 1) == [None]
    assert read("12\n7", 2) == [None, None]
