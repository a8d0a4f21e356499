import pytest

from rest_bench.parsing import parse_response
from tests.parsing.build import make_pack, make_problem, make_response, parse, read

B12, B7, B30 = r"\boxed{12}", r"\boxed{7}", r"\boxed{30}"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (f"{B12}\n\n{B7}\n\n{B30}", ["12", "7", "30"]),
        (f"Each in \\boxed{{}}: {B12}, {B7}, {B30}", ["12", "7", "30"]),
        (f"Q1, Q2, Q3: {B12}, {B7}, {B30}", ["12", "7", "30"]),
        ("\\boxed{12}\n\\boxed{7}\n\\boxed{30", ["12", "7", None]),
        (f"{B12} {B7}", [None] * 3),
        (f"{B12} {B7} {B30} {B30}", [None] * 3),
        ("\\boxed{12", [None] * 3),
        ("", [None] * 3),
    ],
)
def test_without_labels_exactly_as_many_boxes_go_by_position(reply: str, expected: list[str | None]) -> None:
    answers = parse(reply, 3)
    assert [answer.text for answer in answers] == expected
    assert {answer.found_by for answer in answers if answer.text} <= {"order"}


def test_a_pack_may_mix_answer_types() -> None:
    pack = make_pack(make_problem("integer"), make_problem("choice"), make_problem("code"))
    labelled = "Q3:\n```python\nprint(1)\n```\nQ1: \\boxed{12}\nQ2: The answer is B."
    unlabelled = "\\boxed{12} then \\boxed{\\text{(B)}}\n```python\nprint(1)\n```"
    for reply in (labelled, unlabelled):
        assert [answer.text for answer in parse_response(make_response(reply), pack)] == ["12", "B", "print(1)"]
    out_of_order = "```python\nprint(1)\n```\n\\boxed{12} then \\boxed{B}"
    assert [answer.text for answer in parse_response(make_response(out_of_order), pack)] == [None] * 3


def test_statements_and_boxes_are_not_mixed_up_with_too_many_of_them() -> None:
    assert read("ANSWER: B\n\n\\boxed{C} \\boxed{D}", 2, "choice") == ["C", "D"]
    assert read("ANSWER: B\nANSWER: C\n\\boxed{A} \\boxed{C} \\boxed{D}", 2, "choice") == [None, None]
