from rest_bench.schema import CodeTest, Problem
from rest_bench.scoring.code import judge, unreadable_gold


def never(gold: str, answer: str) -> bool:
    raise AssertionError("programs need no algebra")


def test_no_program_is_judged_without_a_sandbox() -> None:
    assert judge("", "print(1)", never) == "ungraded"


def test_a_problem_needs_tests() -> None:
    problem = Problem(id="1", question="?", gold="", answer_type="code")
    assert unreadable_gold(problem) == "has no tests"
    assert unreadable_gold(problem.model_copy(update={"tests": (CodeTest(input="", output="1"),)})) is None
