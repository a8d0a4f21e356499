import pytest

from tests.parsing.build import parse, read

B12, B7, B30 = r"\boxed{12}", r"\boxed{7}", r"\boxed{30}"
BODY = f"Q1: {B12}\n\nQ2: 14/2 is a number\n\nQ3: {B30}\n\n"


@pytest.mark.parametrize(
    "closing",
    [
        f"**Answer:** {B12}, {B7}, {B30}",
        f"So we have {B12}, {B7} and {B30}.",
        f"**Final answers**\n\n{B12}\n{B7}\n{B30}",
        f"**Final Answers:**\n1. {B12}\n2. {B7}\n3. {B30}",
        f"Summary\n\n| | |\n|---|---|\n| one | {B12} |\n| two | {B7} |\n| three | {B30} |",
        r"So the answers are \boxed{12, 7, 30}.",
        r"The answers, respectively: \boxed{12; 7; 30}",
        r"Final: \boxed{\text{Q3: }30, \text{Q1: }12, \text{Q2: }7}",
        f"- Q1: {B12}\n- Q2: {B7}\n- Q3: {B30}",
        f"| Q1 | Q2 | Q3 |\n|---|---|---|\n| {B12} | {B7} | {B30} |",
        f"最终答案：{B12}，{B7}，{B30}",
    ],
)
def test_a_closing_gives_the_answer_that_the_body_lacks(closing: str) -> None:
    answers = parse(BODY + closing, 3)
    assert [answer.text for answer in answers] == ["12", "7", "30"]
    assert [answer.found_by for answer in answers] == ["summary"] * 3


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (f"Q1: \\boxed{{11}}\nQ2: {B7}\n\nSummary:\n- Q1: {B12}\n- Q2: {B7}", ["12", "7"]),
        (f"Q1: \\boxed{{11}}\nQ2: {B7}\n\n| Q1 | {B12} |\n| Q2 | {B7} |", ["12", "7"]),
        (f"Q1: \\boxed{{11}}\nQ2: \\boxed{{8}}\n\nFinal answers: {B12}, {B7}", ["12", "7"]),
        (f"Q1: \\boxed{{11}}\nQ2: {B7}\n\nFinal: {B12}, {B7}", ["11", "12, 7"]),
        (f"Q1: {B12}\nQ2: \\boxed{{8}}\n\nThus {B12}, {B7}", ["12", "7"]),
        (f"Q1: {B12}\nQ2: {B7}\n\nSummary: Q1 = 13, Q2 = 8", ["12", "7"]),
        (f"Q1: {B12}\nQ2: {B7}\n\nSummary:\nQ1: \\boxed{{}}\nQ2: {B30}", ["12", "30"]),
        (f"Q1: is 12, I say\nQ2: is 7, I say\n\n**Final Answer**\n{B12}, {B7}", ["12", "7"]),
        (f"Q1: work\nQ2: work\nThe values are {B12} and {B7}, respectively.", ["12", "7"]),
        (f"Q1: work\nQ2: {B7}\n**Answer:** {B12}, {B7}", ["12", "7"]),
    ],
)
def test_a_summary_overrides_the_body_question_by_question(reply: str, expected: list[str]) -> None:
    assert read(reply, 2) == expected


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (f"Q1: {B12}\nQ2: the roots are\n\\boxed{{3}} and \\boxed{{5}}", ["12", "3, 5"]),
        (f"Q1: {B12}\nQ2: the answers are \\boxed{{3}} and \\boxed{{5}}", ["12", "3, 5"]),
        (f"Q1: {B12}\nQ2: two roots.\nThe answers are \\boxed{{3}}, \\boxed{{5}}", ["12", "3, 5"]),
        (f"Q1: {B12}\nQ2: two roots.\nThe answers are \\boxed{{3, 5}}", ["12", "3, 5"]),
        (f"Q1: {B12}\nQ2: {B7}\ncheck \\boxed{{5}} so {B7}", ["12", "7"]),
        (f"Q1: {B12}\nQ2: x\nIn summary, {B7}", ["12", "7"]),
        (f"Q1: {B12}\nQ2: x\nFinal answers: {B12}, {B7}, {B30}", ["12", "12, 7, 30"]),
    ],
)
def test_boxes_of_the_last_question_are_no_closing(reply: str, expected: list[str]) -> None:
    assert read(reply, 2) == expected
