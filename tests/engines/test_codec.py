"""Between prompts and tokens, with a tokenizer of one token per byte."""

import logging

import pytest

from rest_bench.engines.codec import Codec, EncodedPrompt
from rest_bench.schema import EngineInfo, Response, Sampling
from tests.engines.prompts import make_prompt
from tests.models import EOS, THINKING_TEMPLATE, make_tokenizer

SAMPLING = Sampling(temperature=0, max_tokens=10)


def make_codec(template: str | None = THINKING_TEMPLATE, context_tokens: int | None = 64) -> Codec:
    info = EngineInfo(
        engine="some",
        engine_version="1",
        model="tiny",
        chat_template_sha256="0" * 64 if template else None,
        max_context_tokens=context_tokens,
    )
    return Codec(make_tokenizer(template), info, end_token_ids=(EOS,))


def encode(codec: Codec, question: str, sampling: Sampling = SAMPLING) -> EncodedPrompt:
    encoded = codec.encode(make_prompt(1, question), sampling)
    assert isinstance(encoded, EncodedPrompt)
    return encoded


def byte_tokens(text: str) -> list[int]:
    return list(make_tokenizer()(text, add_special_tokens=False)["input_ids"])


def test_a_prompt_is_rendered_once_and_knows_that_it_opened_the_thinking() -> None:
    encoded = encode(make_codec(), "hi")
    assert make_tokenizer().decode(encoded.token_ids) == "<s><|user|>hi<|end|><|assistant|><think>\n"
    assert encoded.thinking_prefilled


def test_without_template_a_prompt_is_its_text_behind_one_bos() -> None:
    encoded = encode(make_codec(template=None), "hi")
    assert make_tokenizer().decode(encoded.token_ids) == "<s>hi"
    assert not encoded.thinking_prefilled


@pytest.mark.parametrize(("context_tokens", "expected"), [(None, 10), (64, 10), (12, 4), (9, 1)])
def test_the_budget_is_what_the_context_leaves(context_tokens: int | None, expected: int) -> None:
    encoded = encode(make_codec(context_tokens=context_tokens), "hi")
    assert len(encoded.token_ids) == 8
    assert encoded.budget_tokens == expected


def test_a_smaller_budget_than_asked_for_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    codec = make_codec(context_tokens=12)
    with caplog.at_level(logging.WARNING):
        encode(codec, "hi")
        encode(codec, "yo")
    assert caplog.text.count("tiny holds 12 tokens with the prompt, so replies get what is left (here 4 after 8)") == 1


def test_a_prompt_that_fills_the_context_is_an_error_naming_the_numbers() -> None:
    refused = make_codec(context_tokens=8).encode(make_prompt(1, "hi"), SAMPLING)
    assert isinstance(refused, Response)
    assert refused.finish_reason == "error"
    assert refused.prompt_tokens == 8
    assert "the prompt has 8 tokens, but tiny holds 8 with its reply" in str(refused.error)


REPLIES = {
    "ended": ("ab", [EOS], "ab", "stop", 3),
    "ended, and padding behind": ("ab", [EOS, EOS, 0, 0], "ab", "stop", 3),
    "ended, and more behind": ("ab", [EOS, 70, 71], "ab", "stop", 3),
    "cut by the budget": ("abcdefghij", [], "abcdefghij", "length", 10),
    "longer than the budget": ("abcdefghijk", [EOS], "abcdefghij", "length", 10),
    "ended with the last token of the budget": ("abcdefghi", [EOS], "abcdefghi", "stop", 10),
    "a blank at both ends": (" a ", [EOS], " a ", "stop", 4),
    "nothing": ("", [EOS], "", "stop", 1),
}


@pytest.mark.parametrize(("text", "behind", "expected", "finish_reason", "n_tokens"), REPLIES.values(), ids=REPLIES)
def test_a_reply_ends_at_its_end_token_or_its_budget(
    text: str, behind: list[int], expected: str, finish_reason: str, n_tokens: int
) -> None:
    codec = make_codec()
    response = codec.respond(encode(codec, "hi"), [*byte_tokens(text), *behind], latency_s=0.5)
    assert (response.text, response.finish_reason, response.completion_tokens) == (expected, finish_reason, n_tokens)
    assert (response.prompt_tokens, response.latency_s) == (8, 0.5)


def test_tokens_are_counted_by_line() -> None:
    codec = make_codec()
    response = codec.respond(encode(codec, "hi"), [*byte_tokens("ab\n\ncd"), EOS], latency_s=0.5)
    assert response.line_tokens == (3, 1, 3)
