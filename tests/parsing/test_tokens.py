import pytest

from rest_bench.parsing import split_thinking
from rest_bench.parsing.tokens import count_thinking_tokens, count_tokens_before, share_tokens
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


def test_the_empty_line_behind_a_last_line_break_may_have_a_count_or_not() -> None:
    text = "<think>\nlong\n</think>\nfinal\n"
    assert count(text, line_tokens=(2, 40, 2, 5)) == count(text, line_tokens=(2, 40, 2, 5, 1)) == (44, False)


def share(text: str, *parts: str, **fields: object) -> tuple[int, ...] | None:
    """Return the tokens of the parts, which joined are the thinking of the text."""
    response = make_response(text, **fields)
    thinking = split_thinking(response)
    assert "".join(parts) == thinking.thinking
    ends = [len("".join(parts[: k + 1])) for k in range(len(parts))]
    return share_tokens(response, thinking.spans, ends)


def test_whole_lines_are_shared_out_exactly() -> None:
    text = "<think>\na\nb\n</think>\nfinal"
    assert share(text, "<think>\na\n", "b\n", "</think>", line_tokens=(1, 20, 30, 9, 5)) == (21, 30, 8)


def test_parts_of_one_line_share_its_tokens_and_add_up() -> None:
    assert share("<think>abc</think>", "<think>", "a", "b", "c", "</think>", line_tokens=(9,)) == (4, 0, 1, 0, 4)
    assert share("<think>abc</think>", "<think>abc</think>", line_tokens=(9,)) == (9,)


def test_a_part_may_lie_in_several_blocks() -> None:
    text = "<think>ab</think>\nfinal\n<think>cd</think>"
    assert share(text, "<think>ab</think><think>", "cd</think>", line_tokens=(18, 5, 17)) == (17 + 7, 10)


def test_the_line_where_reasoning_and_text_meet_belongs_to_both() -> None:
    assert share("final", "one\n", "two__", reasoning="one\ntwo__", line_tokens=(3, 10)) == (3, 5)


def test_without_tokens_per_line_parts_share_by_characters() -> None:
    assert share("<think>ab</think>" + "x" * 17, "<think>a", "b</think>", completion_tokens=68) == (16, 18)
    assert share("<think>ab</think>", "<think>a", "b</think>") is None


@pytest.mark.parametrize(("place", "tokens"), [(0, 0), (4, 10), (8, 15), (12, 20), (99, 20)])
def test_tokens_before_a_place_are_counted_by_line(place: int, tokens: int) -> None:
    response = make_response("7890123", reasoning="abc\n6", line_tokens=(10, 10), completion_tokens=20)
    assert count_tokens_before(response, place) == tokens


def test_without_a_count_there_are_no_tokens_before_a_place() -> None:
    assert count_tokens_before(make_response("text"), 2) is None
