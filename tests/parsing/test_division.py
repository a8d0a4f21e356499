import random

from hypothesis import given
from hypothesis import strategies as st

from rest_bench.parsing import parse_response
from rest_bench.parsing.division import Division, divide_reply
from rest_bench.schema import Response
from tests.records import make_pack, make_response

PACK = make_pack(0)


def divided(response: Response) -> Division:
    answers = parse_response(response, PACK)
    return divide_reply(response, PACK, [(answer.text, answer.found_by) for answer in answers])


def whole(division: Division) -> str:
    return "".join(part.text for block in division.blocks for part in block.parts)


def test_thinking_goes_to_its_questions_and_answers_are_marked() -> None:
    text = "<think>Both.\n\nQ1: 0 + 1 is 1.\n\nQ2: 1 + 1 is 2.</think>\nQ1: \\boxed{1}\nQ2: \\boxed{2}"
    division = divided(make_response(PACK, text))
    thinking, final = division.blocks
    assert thinking.is_thinking
    assert [part.numbers for part in thinking.parts][-2:] == [(1,), (2,)]
    assert {part.numbers: part.text for part in final.parts if part.numbers} == {(1,): "\\boxed{1}", (2,): "\\boxed{2}"}
    assert division.sure


def test_blocks_keep_the_order_of_the_reply() -> None:
    text = "Hello.<think>Q1: one</think>Q1: \\boxed{1}\n<think>Q2: two</think>Q2: \\boxed{2}"
    division = divided(make_response(PACK, text))
    assert [block.is_thinking for block in division.blocks] == [False, True, False, True, False]
    assert [
        part.text for block in division.blocks if not block.is_thinking for part in block.parts if part.numbers
    ] == [
        "\\boxed{1}",
        "\\boxed{2}",
    ]
    assert whole(division) == text


def test_reasoning_that_a_server_split_off_comes_first() -> None:
    response = make_response(PACK, "Q1: \\boxed{1}").model_copy(update={"reasoning": "Q1: easy"})
    division = divided(response)
    assert [block.is_thinking for block in division.blocks] == [True, False]
    assert whole(division) == "Q1: easyQ1: \\boxed{1}"


def test_without_thinking_nothing_is_sure_or_unsure() -> None:
    assert divided(make_response(PACK, "\\boxed{1}")).sure is None
    assert divided(make_response(PACK, "")).blocks == ()


PIECES = [
    "<think>",
    "</think>",
    "Q1: ",
    "Q2: ",
    "\\boxed{1}",
    "\\boxed{",
    "}",
    "\n\n",
    "word ",
    "0 + 1",
    "\x00",
    "\ud83d\ude00",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.integers(0, 2**32))
def test_nothing_of_a_reply_is_lost_or_doubled(pieces: list[str], seed: int) -> None:
    reasoning = "".join(random.Random(seed).choices(PIECES, k=seed % 4)) or None
    response = make_response(PACK, "".join(pieces)).model_copy(update={"reasoning": reasoning})
    assert whole(divided(response)) == (reasoning or "") + response.text
