"""Rules 8, 9 and 15: summaries, replies without labels, and how an answer was found."""

import pytest

from rest_bench.parsing import parse_response
from tests.parsing.build import make_pack, make_problem, make_response, parse, read

B12, B7, B30 = r"\boxed{12}", r"\boxed{7}", r"\boxed{30}"
BODY = f"Q1: {B12}\n\nQ2: 14/2 is a number\n\nQ3: {B30}\n\n"


@pytest.mark.parametrize(
    ("reply", "expected", "found_by"),
    [
        (f"A tile is \\boxed{{4}}. In all {B12}.", "12", "order"),
        (f"1. Add 5.\n2. Add 7: {B12}.", "12", "order"),
        ("The roots are \\boxed{3} and \\boxed{5}.", "3, 5", "order"),
        (f"Q1: {B12}", "12", "label"),
        ("Q1: 12", "12", "lenient"),
        (f"{B12} in \\boxed{{}}", "12", "order"),
        ("rough \\boxed{4}, exactly \\boxed{4.", None, "none"),
        ("nothing", None, "none"),
    ],
)
def test_level_1(reply: str, expected: str | None, found_by: str) -> None:
    (answer,) = parse(reply, 1)
    assert (answer.text, answer.found_by) == (expected, found_by)


def test_an_answer_carries_the_identity_of_its_slot() -> None:
    pack = make_pack(make_problem("math"), make_problem("math"))
    answers = parse_response(make_response("Q2: \\boxed{7}", repeat=3), pack)
    assert [(a.pack_id, a.repeat, a.position, a.problem_id) for a in answers] == [
        (pack.pack_id, 3, 1, "p0"),
        (pack.pack_id, 3, 2, "p1"),
    ]


def test_golds_are_never_looked_at() -> None:
    problem = make_problem("integer")
    reply = make_response("Q1: \\boxed{7}, or 12?\nQ2: 7 or 12")
    other = [problem.model_copy(update={"gold": gold}) for gold in ("12", "7")]
    assert parse_response(reply, make_pack(*other)) == parse_response(reply, make_pack(problem, problem))


@pytest.mark.parametrize("answer_type", ["integer", "math", "choice", "code"])
def test_an_error_response_has_no_answers(answer_type: str) -> None:
    pack = make_pack(*[make_problem(answer_type)] * 2)
    answers = parse_response(make_response("Q1: \\boxed{B}", finish_reason="error", error="no route"), pack)
    assert [(answer.text, answer.found_by, answer.strict) for answer in answers] == [(None, "none", False)] * 2


def test_a_users_own_tags_are_thinking() -> None:
    response = make_response("((plan))Q1: \\boxed{9}((/plan))Q1: \\boxed{12}")
    pack = make_pack(make_problem("math"), make_problem("math"))
    answers = parse_response(response, pack, extra_tags=(("((plan))", "((/plan))"),))
    assert [answer.text for answer in answers] == ["12", None]


@pytest.mark.parametrize(
    "reply",
    [
        f"### Q1: A train goes 5 km.\n1. a\n2. b\n**Answer:** {B12}\n\n---\n\n### Q2: And Q1?\n**Answer:** {B7}",
        f"Problem 1 (5 points): so {B12}\nProblem 2 (5 points): {B7}",
        f"Q1\n\n$$\n{B12}\n$$\n\nQ2\n\n\\[\n{B7}\n\\]",
        f"Q1: work\n**Final Answer**\n{B12}\n\nQ2: work\n**Final Answer**\n{B7}",
        f"> **Q1:** {B12}\n>\n> **Q2:** {B7}",
        f"Q1a: \\boxed{{1}}\nQ1b: {B12}\nQ2: {B7}",
        f"Q1: \\boxed{{11}}\nQ2: {B7}\nWait, Q1: {B12}",
        f"Answers:\n\nQ2: {B7}\nQ1: {B12}",
        f"Q1-Q2:\n{B12}\n{B7}",
        f"<answer1>{B12}</answer1>\n<answer2>{B7}</answer2>",
        f"\\begin{{aligned}} \\text{{Q1: }} & {B12} \\\\ \\text{{Q2: }} & {B7} \\end{{aligned}}",
        '{"Q1": "12", "Q2": "7"}',
        '{\n  "Q1": 12,\n  "Q2": 7\n}',
        "1. 12\n2. $7$",
        "Q1 → 12 | Q2 → 7",
    ],
)
def test_whole_replies(reply: str) -> None:
    assert read(reply, 2) == ["12", "7"]
