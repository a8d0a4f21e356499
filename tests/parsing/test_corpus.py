"""The corpora of replies: every certain reading, and every reading of the paper's code.

`answers.jsonl` and `answers_2.jsonl` hold real-world replies, `own.jsonl` many more of the same kinds,
each made to be misread.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from rest_bench.parsing import parse_response
from rest_bench.parsing.plain import without_marks
from rest_bench.schema import Answer, Pack, Response
from tests.parsing.build import make_pack, make_problem, make_response

FOLDER = Path(__file__).parents[1] / "data/cases"
CASES = [
    json.loads(line)
    for name in ("answers.jsonl", "answers_2.jsonl", "own.jsonl")
    for line in (FOLDER / name).read_text(encoding="utf-8").split("\n")  # splitlines would cut at U+2028, too
    if line
]


def as_response(case: dict[str, Any]) -> tuple[Response, Pack]:
    options = case.get("options") or [None] * case["stress_level"]
    pack = make_pack(*(make_problem(case["answer_type"], shown) for shown in options))
    response: Response = make_response(
        case["response"],
        level=case["stress_level"],
        finish_reason=case.get("finish_reason", "stop"),
        thinking_prefilled=case.get("thinking_prefilled", False),
        reasoning=case.get("reasoning_content"),
    )
    return response, pack


def parse_case(case: dict[str, Any]) -> tuple[Answer, ...]:
    return parse_response(*as_response(case))


def test_every_reply_has_a_name_of_its_own() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_certain_reply_is_read_right(case: dict[str, Any]) -> None:
    read = {answer.position: answer.text for answer in parse_case(case)}
    expected = dict(enumerate(case["expected_answers"], start=1))
    for position in case["arguable_positions"]:
        del read[position], expected[position]
    # A read answer keeps no marks that nobody sees, whatever the line holds (rule 17).
    assert read == {position: None if text is None else without_marks(text) for position, text in expected.items()}


PAPER = [case for case in CASES if case["paper_answers"] is not None]


@pytest.mark.parametrize("case", PAPER, ids=[case["id"] for case in PAPER])
def test_the_paper_reading_is_that_of_the_papers_code(case: dict[str, Any]) -> None:
    assert [answer.paper for answer in parse_case(case)] == case["paper_answers"]


# Of the second collection what is arguable is not demanded.
ARGUABLE = [case for case in CASES if case["arguable"] and not case["id"].startswith("N-")]


@pytest.mark.parametrize("case", ARGUABLE, ids=[case["id"] for case in ARGUABLE])
def test_arguable_replies_follow_the_policy_too(case: dict[str, Any]) -> None:
    assert [answer.text for answer in parse_case(case)] == case["expected_answers"]
