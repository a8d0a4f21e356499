import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import openai
import pytest

from rest_bench.engines.openai_faults import (
    Kind,
    ServerError,
    read_error_in_answer,
    read_fault,
    read_overflow,
    refused_parameter,
    wants_completion_budget,
)
from rest_bench.engines.openai_pauses import read_retry_after

REQUEST = httpx2.Request("POST", "http://server/v1/chat/completions")


def fault_of(status: int, answer: object, headers: dict[str, str] | None = None) -> ServerError:
    """Return the fault that the openai package's exception for this answer is read as."""
    content = answer if isinstance(answer, str) else json.dumps(answer)
    response = httpx2.Response(status, headers=headers, content=content, request=REQUEST)
    client = openai.OpenAI(api_key="none", base_url="http://server/v1")
    return read_fault(client._make_status_error_from_response(response))


def refusal(message: str, **fields: object) -> ServerError:
    return fault_of(400, {"error": {"message": message, **fields}})


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Kind.REFUSED),
        (401, Kind.LOCKED),
        (402, Kind.LOCKED),
        (403, Kind.LOCKED),
        (404, Kind.MISSING),
        (408, Kind.BROKEN),
        (409, Kind.BROKEN),
        (413, Kind.REFUSED),
        (422, Kind.REFUSED),
        (425, Kind.BROKEN),
        (429, Kind.BUSY),
        (500, Kind.BROKEN),
        (502, Kind.AWAY),
        (503, Kind.AWAY),
        (504, Kind.BROKEN),
        (529, Kind.BROKEN),
    ],
)
def test_a_status_says_what_can_be_done(status: int, kind: Kind) -> None:
    assert fault_of(status, {"error": {"message": "no"}}).kind is kind


def test_an_account_without_credit_is_nobodys_sample() -> None:
    answer = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
    assert fault_of(429, answer).kind is Kind.LOCKED


def test_a_broken_connection_is_read_with_its_cause() -> None:
    error = openai.APIConnectionError(request=REQUEST)
    error.__cause__ = httpx2.ConnectError("All connection attempts failed")
    fault = read_fault(error)
    assert fault.kind is Kind.AWAY
    assert "All connection attempts failed" in fault.sentence


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"error": {"message": "no\n such  thing"}}, "no such thing"),
        ({"error": "no such thing"}, "no such thing"),
        ({"object": "error", "message": "no such thing", "code": 400}, "no such thing"),
        ({"detail": "no such thing"}, "no such thing"),
        ({"detail": [{"loc": ["body", "top_k"], "msg": "Extra inputs are not permitted"}]}, "top_k: Extra inputs"),
        ("<html><style>p {}</style><h1>Bad</h1> <p>Request</p></html>", "Bad Request"),
        ({"something": 1}, '{"something": 1}'),
        ([], ""),
    ],
)
def test_a_servers_sentence_is_found_in_any_shape(answer: object, words: str) -> None:
    assert words in fault_of(400, answer).sentence


def test_a_sentence_is_not_endless() -> None:
    assert len(refusal("x" * 50_000).sentence) < 11_000


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_pause_a_server_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    assert read_retry_after(headers) == seconds


def test_a_pause_may_be_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert read_retry_after({"retry-after": later}) == pytest.approx(90, abs=2)
    assert read_retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0


def test_the_pause_is_read_from_the_answer() -> None:
    assert fault_of(429, {}, {"Retry-After": "12"}).retry_after_s == 12


def test_a_pause_may_stand_anywhere() -> None:
    assert fault_of(429, {"error": {"message": "please try again in 20s"}}).retry_after_s == 20
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "33s"}]
    assert fault_of(429, [{"error": {"code": 429, "message": "quota", "details": details}}]).retry_after_s == 33
    assert fault_of(429, {}, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "8"}).retry_after_s == 8
    upstream = {"headers": {"X-RateLimit-Reset": "9", "X-RateLimit-Remaining": "0"}}
    answer = {"error": {"message": "slow", "code": 429, "metadata": upstream}}
    fault = read_error_in_answer(answer, has_reply=False)
    assert fault is not None
    assert (fault.kind, fault.retry_after_s) == (Kind.BUSY, 9)


def test_a_blank_error_beside_a_reply_is_none() -> None:
    assert read_error_in_answer({"error": {"code": 0, "message": ""}}, has_reply=True) is None
    assert read_error_in_answer({"error": None}, has_reply=True) is None
    assert read_error_in_answer({"message": "loading"}, has_reply=True) is None
    assert read_error_in_answer({"message": "loading"}, has_reply=False) is not None


# Sentences of vLLM (0.5 to 0.32), SGLang, llama.cpp, OpenAI, Mistral.
OVERFLOWS = [
    (
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (1000 in the messages, "
        "4000 in the completion). Please reduce the length of the messages or completion.",
        (4096, 1000, True),
    ),
    (
        "'max_tokens' or 'max_completion_tokens' is too large: 32768. This model's maximum context length is 4096 "
        "tokens and your request has 20 input tokens (32768 > 4096 - 20).",
        (4096, 20, True),
    ),
    (
        "This model's maximum context length is 16384 tokens. However, you requested 8192 output tokens and your "
        "prompt contains at least 8193 input tokens, for a total of at least 16385 tokens.",
        (16384, 8193, False),
    ),
    (
        "This model's maximum context length is 512 tokens. However, your prompt contains 600 input tokens, which "
        "exceeds this limit even without any output tokens. Please reduce the length of the input prompt.",
        (512, 600, True),
    ),
    ("max_tokens=5000 cannot be greater than max_model_len=max_total_tokens=4096. ", (4096, None, True)),
    ("max_tokens=5000 cannot be greater than max_model_len=4096. Please request fewer", (4096, None, True)),
    ("Input length (600) exceeds model's maximum context length (512).", (512, 600, True)),
    (
        "Requested token count exceeds the model's maximum context length of 64000 tokens. You requested a total of "
        "71897 tokens: 7897 tokens from the input messages and 64000 tokens for the completion.",
        (64000, 7897, True),
    ),
    ("The input (5000 tokens) is longer than the model's context length (4096 tokens).", (4096, 5000, True)),
    ("request (9412 tokens) exceeds the available context size (8192 tokens), try increasing it", (8192, 9412, True)),
    (
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens. Please "
        "reduce the length of the messages.",
        (8192, 9000, True),
    ),
    (
        "Prompt contains 235396 tokens and 0 draft tokens, too large for model with 131072 maximum context length",
        (131072, 235396, True),
    ),
    ("Please reduce the length of the messages or completion.", (None, None, True)),
]


@pytest.mark.parametrize(("message", "numbers"), OVERFLOWS)
def test_the_numbers_of_an_overflow_are_read(message: str, numbers: tuple[int | None, int | None, bool]) -> None:
    fault = refusal(message)
    assert fault.kind is Kind.OVERFLOW
    overflow = read_overflow(fault)
    assert (overflow.context_tokens, overflow.prompt_tokens, overflow.exact) == numbers


def test_an_overflow_may_be_told_by_its_code_or_have_numbers_of_its_own() -> None:
    assert refusal("too long", code="context_length_exceeded").kind is Kind.OVERFLOW
    fault = refusal("no", type="exceed_context_size_error", n_prompt_tokens=900, n_ctx=512)
    assert read_overflow(fault).left_tokens == 512 - 900


def test_an_overflow_is_one_with_status_500_too() -> None:
    answer = {"error": {"message": "the request exceeds the available context size"}}
    assert fault_of(500, answer).kind is Kind.OVERFLOW


def test_what_is_left_is_unknown_without_both_numbers() -> None:
    assert read_overflow(refusal("maximum context length is 5 tokens")).left_tokens is None


SENT = ("min_p", "top_k", "seed", "top_p", "temperature", "max_tokens")


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        (refusal("Unrecognized request argument supplied: top_k"), "top_k"),
        (refusal("Unsupported value", param="temperature"), "temperature"),
        (refusal("Bad", param="body.seed"), "seed"),
        (fault_of(422, {"detail": [{"loc": ["body", "min_p"], "msg": "Extra inputs are not permitted"}]}), "min_p"),
        (refusal("Extra inputs are not permitted, field: 'top_k', value: -1"), "top_k"),
        (refusal("property 'min_p' is unsupported"), "min_p"),
        (refusal('Unknown name "seed": Cannot find field.'), "seed"),
        (refusal("Argument not supported on this model: topP"), "top_p"),
        (refusal("seed must be less than or equal to 4294967295"), "seed"),
        (refusal("Unknown argument min_p; allowed are temperature, top_p, max_tokens"), "min_p"),
        (refusal("the prompt is offensive, whatever its temperature"), None),
        (refusal("I do not support my_top_k_list"), None),
        (refusal("Invalid request"), None),
    ],
)
def test_the_refused_parameter_is_named(fault: ServerError, name: str | None) -> None:
    assert refused_parameter(fault, SENT) == name


def test_the_newer_name_of_the_budget_is_asked_for() -> None:
    assert wants_completion_budget(refusal("'max_tokens' is not supported, use 'max_completion_tokens' instead"))
    assert not wants_completion_budget(refusal("'max_tokens' is not supported"))
