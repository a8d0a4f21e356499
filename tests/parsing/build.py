"""Packs and responses for the tests of parsing."""

from collections.abc import Mapping
from typing import Any

from rest_bench.parsing import parse_response
from rest_bench.schema import Answer, AnswerType, Option, Pack, Problem, Response

PACK_ID = "0123456789abcdef"


def make_problem(
    answer_type: AnswerType, options: Mapping[str, str] | None = None, id: str = "p", question: str = "What?"
) -> Problem:
    shown = tuple(Option(letter=letter, text=text) for letter, text in (options or {}).items())
    return Problem(id=id, question=question, gold="unseen", answer_type=answer_type, options=shown)


def make_pack(*problems: Problem) -> Pack:
    named = tuple(problem.model_copy(update={"id": f"p{k}"}) for k, problem in enumerate(problems))
    return Pack(pack_id=PACK_ID, task="toy", level=len(problems), design="cyclic", seed=0, repeat=0, problems=named)


def make_response(text: str, **fields: Any) -> Response:
    required = {"sample_id": "s", "pack_id": PACK_ID, "task": "toy", "level": 1, "repeat": 0, "finish_reason": "stop"}
    return Response.model_validate({**required, "text": text, **fields})


def parse(text: str, level: int, answer_type: AnswerType = "math", **fields: Any) -> tuple[Answer, ...]:
    options = fields.pop("options", None)
    pack = make_pack(*[make_problem(answer_type, options)] * level)
    return parse_response(make_response(text, **fields), pack)


def read(text: str, level: int, answer_type: AnswerType = "math", **fields: Any) -> list[str | None]:
    return [answer.text for answer in parse(text, level, answer_type, **fields)]
