import json

import pytest

from rest_bench.engines.openai_faults import Kind, ServerError
from rest_bench.engines.openai_replies import Reply, Usage, make_response, read_reply, read_usage, shows_thinking
from rest_bench.engines.openai_servers import Secrets
from tests.engines.prompts import make_prompt

NO_SECRETS = Secrets(None, ())


def body(message: object, finish_reason: object = "stop", usage: object = None) -> bytes:
    return json.dumps({"choices": [{"message": message, "finish_reason": finish_reason}], "usage": usage}).encode()


def test_text_reasoning_and_tokens_are_read() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 9}
    reply = read_reply(body({"content": " \n4 ", "reasoning": " hm\n"}, "stop", usage))
    assert reply == Reply(" \n4 ", " hm\n", "stop", 3, 9)


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
def test_reasoning_has_two_names(name: str) -> None:
    assert read_reply(body({"content": "4", name: "hm"})).reasoning == "hm"


def test_the_name_that_holds_something_counts() -> None:
    assert read_reply(body({"content": "4", "reasoning": None, "reasoning_content": "hm"})).reasoning == "hm"
    assert read_reply(body({"content": "4", "reasoning": "", "reasoning_content": None})).reasoning is None


def test_a_reply_that_holds_its_reasoning_twice_is_left_as_it_is() -> None:
    reply = read_reply(body({"content": "<think>hm</think>4", "reasoning": "hm"}))
    assert (reply.text, reply.reasoning) == ("<think>hm</think>4", "hm")


@pytest.mark.parametrize("message", [{"content": None}, {}, {"content": None, "refusal": None}])
def test_content_may_be_null(message: dict[str, object]) -> None:
    assert read_reply(body(message, "length")).text == ""


def test_a_refusal_is_what_the_model_said() -> None:
    assert read_reply(body({"content": None, "refusal": "I will not"})).text == "I will not"


@pytest.mark.parametrize(
    "usage", [None, {}, {"prompt_tokens": "3"}, {"prompt_tokens": -1}, {"prompt_tokens": True}, []]
)
def test_missing_counts_are_null(usage: object) -> None:
    reply = read_reply(body({"content": "4"}, usage=usage))
    assert (reply.prompt_tokens, reply.completion_tokens) == (None, None)


@pytest.mark.parametrize("count", [-1, 2**31, 2**63, 10**400, -(2**63), 1e30, 7.0, "7", True, [7], {"a": 7}])
@pytest.mark.parametrize("name", ["prompt_tokens", "completion_tokens", "total_tokens"])
def test_what_is_no_count_is_null_and_said(name: str, count: object) -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 9, "total_tokens": 12, name: count}
    reply = read_reply(body({"content": "4"}, usage=usage))
    known = {"prompt_tokens": 3, "completion_tokens": 9, name: None}
    assert (reply.prompt_tokens, reply.completion_tokens) == (known["prompt_tokens"], known["completion_tokens"])
    assert str(reply.no_count).startswith(f"{name} ")


def test_a_sum_that_is_no_count_is_null() -> None:
    assert read_usage({"completion_tokens": 1, "reasoning_tokens": 10**9}).completion_tokens is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>bad gateway</html>",
        b"\xff\xfe",
        b"[]",
        b"3",
        b"{}",
        b'{"choices": []}',
        b'{"choices": null}',
        b'{"choices": [null]}',
        b'{"choices": [{"finish_reason": "stop"}]}',
        b'{"choices": [{"message": "4"}]}',
        b'{"choices": [{"message": {"content": 4}}]}',
        b'{"choices": [{"message": {"content": "4", "reasoning": ["hm"]}}]}',
        b'{"choices": [{"message": {"content": "4"',
        b"[" * 100_000,
    ],
)
def test_what_is_no_reply_is_the_servers_fault(content: bytes) -> None:
    with pytest.raises(ServerError) as caught:
        read_reply(content)
    assert caught.value.kind is Kind.BROKEN
    assert len(caught.value.sentence) < 11_000


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        ({"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}, Usage(11, 7)),
        ({"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18, "reasoning_tokens": 5}, Usage(11, 7)),
        ({"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 68, "reasoning_tokens": 50}, Usage(11, 57)),
        ({"prompt_tokens": 11, "completion_tokens": 70, "total_tokens": 131, "reasoning_tokens": 50}, Usage(11, 120)),
        ({"completion_tokens": 7, "completion_tokens_details": {"reasoning_tokens": 50}}, Usage(None, 57)),
        ({"completion_tokens": 57, "completion_tokens_details": {"reasoning_tokens": 50}}, Usage(None, 57)),
        ({"completion_tokens": 7, "completion_tokens_details": None}, Usage(None, 7)),
        ({"prompt_tokens": 11, "completion_tokens": 18, "total_tokens": 18}, Usage(11, 18, counts_prompt=True)),
        ({"prompt_tokens": 0, "completion_tokens": 18, "total_tokens": 18}, Usage(None, 18)),
        ({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}, Usage(None, None)),
    ],
)
def test_thinking_is_counted_once(usage: object, counted: Usage) -> None:
    assert read_usage(usage) == counted


def test_lone_surrogates_are_replaced() -> None:
    reply = read_reply(rb'{"choices": [{"message": {"content": "a\ud800b", "reasoning": "\udfff"}}]}')
    assert (reply.text, reply.reasoning) == ("a�b", "�")


def test_a_response_carries_what_was_generated() -> None:
    reply = Reply("4\n", "hm", "length", 3, 9)
    response = make_response(make_prompt(7), reply, NO_SECRETS, 1.5, prefilled=False)
    assert (response.sample_id, response.text, response.reasoning) == ("sample-7", "4\n", "hm")
    assert (response.finish_reason, response.error) == ("length", None)
    assert (response.prompt_tokens, response.completion_tokens, response.line_tokens) == (3, 9, None)
    assert (response.latency_s, response.seed) == (1.5, 2**62 + 7)


@pytest.mark.parametrize(
    ("said", "meant"), [("stop", "stop"), ("eos_token", "stop"), ("length", "length"), ("repetition", "repetition")]
)
def test_finish_reasons(said: str, meant: str) -> None:
    response = make_response(make_prompt(1), Reply("4", None, said, None, None), NO_SECRETS, 0, prefilled=False)
    assert response.finish_reason == meant


@pytest.mark.parametrize("said", ["content_filter", "tool_calls", "abort"])
def test_a_reply_that_did_not_end_by_itself_is_an_error_that_keeps_its_text(said: str) -> None:
    response = make_response(make_prompt(1), Reply("half", None, said, 3, 9), NO_SECRETS, 0, prefilled=False)
    assert (response.finish_reason, response.text) == ("error", "half")
    assert f"finish_reason {said}:" in str(response.error)


def test_a_key_that_a_server_writes_into_its_reply_is_taken_out() -> None:
    secrets = Secrets("sk-0123456789abcdef", ())
    reply = Reply("<sk-0123456789abcdef>", "sk-0123456789abcdef", "stop", None, None)
    response = make_response(make_prompt(1), reply, secrets, 0, prefilled=False)
    assert (response.text, response.reasoning) == ("<[key]>", "[key]")


def test_a_short_key_does_not_change_texts() -> None:
    response = make_response(
        make_prompt(1), Reply("1234", None, "stop", None, None), Secrets("1234", ()), 0, prefilled=False
    )
    assert response.text == "1234"


@pytest.mark.parametrize(
    ("text", "reasoning", "shown"),
    [
        ("4", "hm", True),
        ("<think>hm</think>4", None, True),
        ("hm</think>4", None, True),
        ("[THINK]hm[/THINK]4", None, True),
        ("<|channel|>analysis<|message|>hm", None, True),
        ("I think that it is 4", None, False),
    ],
)
def test_thinking_shows_in_a_field_or_in_tags(text: str, reasoning: str | None, shown: bool) -> None:
    assert shows_thinking(Reply(text, reasoning, "stop", None, None)) is shown
