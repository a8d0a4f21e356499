import pytest

from rest_bench.parsing import split_thinking
from rest_bench.parsing.tokens import count_thinking_tokens
from tests.parsing.build import make_response, parse


def count(text: str, **fields: object) -> tuple[int | None, bool]:
    response = make_response(text, **fields)
    return tuple(count_thinking_tokens(response, split_thinking(response).spans))  # type: ignore[return-value]


def test_a_response_without_thinking_has_no_thinking_tokens() -> None:
    assert count("final", completion_tokens=9) == (0, False)
    assert count("final") == (0, False)


def test_whole_lines_are_counted_exactly() -> None:
    assert count("<think>\nlong\n</think>\nfinal\n", line_tokens=(2, 40, 2, 5), completion_tokens=49) == (44, False)


def test_a_line_that_is_partly_thinking_is_shared_out_by_characters() -> None:
    assert count("<think>ab</think>" + "x" * 17, line_tokens=(10,)) == (5, False)


def test_reasoning_and_text_share_a_line_where_they_meet() -> None:
    assert count("final", reasoning="one\ntwo__", line_tokens=(3, 10)) == (8, False)


def test_two_blocks_on_one_line_both_count() -> None:
    assert count("<think></think>" * 2 + "x" * 30, line_tokens=(60,)) == (30, False)


@pytest.mark.parametrize("fields", [{"completion_tokens": 80}, {"line_tokens": (30, 30, 20)}])
def test_without_tokens_per_line_the_total_is_shared_out_by_characters(fields: dict[str, object]) -> None:
    assert count("<think>abc</think>" + "x" * 18, **fields) == (40, True)


def test_without_any_count_there_is_none() -> None:
    assert count("<think>abc</think>final") == (None, False)


def test_every_answer_carries_the_thinking_tokens_of_its_response() -> None:
    answers = parse("<think>abc</think>" + "x" * 18, 2, completion_tokens=80)
    assert [(answer.thinking_tokens, answer.tokens_estimated) for answer in answers] == [(40, True)] * 2
