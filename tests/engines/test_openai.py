import json
import logging
import os
import signal
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from werkzeug import Request, Response

from rest_bench.config import RunConfig
from rest_bench.engines import Engine, open_engine, openai_bodies, openai_requests, resolve_engine
from rest_bench.errors import ConfigError, EngineError
from rest_bench.interrupts import Interrupted
from rest_bench.pipeline import evaluate
from rest_bench.schema import Prompt, Sampling
from rest_bench.schema import Response as Sample
from tests.engines.faulty_server import (
    MODEL,
    Act,
    FaultyServer,
    as_json,
    completion,
    cuts,
    refuses,
    replies,
    says,
    stalls,
)
from tests.engines.prompts import make_prompt

pytestmark = pytest.mark.usefixtures("quick")

SAMPLING = Sampling(max_tokens=100)
KEY = "sk-test-0123456789abcdef"


def config_of(*servers: FaultyServer, **settings: object) -> RunConfig:
    urls = tuple(each.url for each in servers)
    return RunConfig.model_validate({"model": MODEL, "base_url": urls, "max_tokens": 100, **settings})


def ask(*servers: FaultyServer, n_prompts: int = 1, **settings: object) -> list[Sample]:
    """Return the responses to so many prompts, in the order of their numbers."""
    with open_engine(config_of(*servers, **settings)) as engine:
        responses = list(engine.generate((make_prompt(number) for number in range(n_prompts)), SAMPLING))
    return sorted(responses, key=lambda response: response.sample_id)


def openai_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "openai"]


# --- choosing it ------------------------------------------------------------------------------------------------------


def test_an_address_means_this_engine() -> None:
    config = RunConfig(model="m", base_url=("http://localhost:8000/v1",))
    assert resolve_engine(config) == "openai"
    assert resolve_engine(RunConfig(model="m")) != "openai"


def test_it_needs_an_address() -> None:
    with pytest.raises(ConfigError, match="--engine openai: needs --base-url"):
        open_engine(RunConfig(model="m", engine="openai"))


def test_an_address_with_a_slash_at_its_end_works(server: FaultyServer) -> None:
    with open_engine(RunConfig(model=MODEL, base_url=(server.url + "/",))) as engine:
        assert len(list(engine.generate([make_prompt(0)], SAMPLING))) == 1


# --- requests and replies ---------------------------------------------------------------------------------------------


def test_a_request_has_the_messages_and_every_sampling_field(server: FaultyServer) -> None:
    prompt = make_prompt(3, "Q1: 1 + 1?")
    config = config_of(server, chat_template_kwargs={"enable_thinking": True}, extra_body={"priority": 2})
    with open_engine(config) as engine:
        list(engine.generate([prompt], Sampling(temperature=0.0, top_k=20, max_tokens=50)))
    assert server.requests == [
        {
            "model": MODEL,
            "messages": [{"role": "user", "content": "Q1: 1 + 1?"}],
            "temperature": 0.0,
            "top_p": 0.95,
            "top_k": 20,
            "min_p": 0.0,
            "repetition_penalty": 1.0,
            "skip_special_tokens": False,
            "max_tokens": 50,
            "seed": prompt.seed,
            "chat_template_kwargs": {"enable_thinking": True},
            "priority": 2,
        }
    ]


def test_llama_cpp_has_its_own_name_for_the_repetition_penalty(server: FaultyServer) -> None:
    server.pages["/v1/models"] = {"data": [{"id": MODEL, "owned_by": "llamacpp"}]}
    ask(server, repetition_penalty=1.0)
    assert server.requests[0]["repeat_penalty"] == 1.0


def test_a_reply_becomes_a_response(server: FaultyServer) -> None:
    server.script.append(replies(" 5\n", "stop", reasoning="hm"))
    (response,) = ask(server)
    assert (response.sample_id, response.pack_id, response.seed) == ("sample-0", f"{0:016x}", 2**62)
    assert (response.text, response.reasoning, response.finish_reason) == (" 5\n", "hm", "stop")
    assert (response.prompt_tokens, response.completion_tokens, response.line_tokens) == (11, 7, None)
    assert response.error is None
    assert not response.thinking_prefilled


def test_null_content_with_length_is_a_truncated_sample(server: FaultyServer) -> None:
    server.script.append(replies(None, "length", reasoning_content="hm, hm, hm"))
    (response,) = ask(server)
    assert (response.text, response.reasoning, response.finish_reason) == ("", "hm, hm, hm", "length")
    assert len(server.requests) == 1


def test_missing_usage_is_null(server: FaultyServer) -> None:
    answer = json.loads(completion().get_data())
    del answer["usage"]
    server.script.append(says(as_json(answer)))
    (response,) = ask(server)
    assert (response.prompt_tokens, response.completion_tokens) == (None, None)


@pytest.mark.parametrize("ending", ["content_filter", "tool_calls", "abort"])
def test_a_reply_with_another_end_is_an_error(server: FaultyServer, ending: str | None) -> None:
    server.script.append(replies("half", ending))
    (response,) = ask(server)
    assert (response.finish_reason, response.text) == ("error", "half")
    assert len(server.requests) == 1


def test_the_time_of_a_reply_is_that_of_the_try_that_was_answered(server: FaultyServer) -> None:
    server.script.extend([refuses("busy", 429, {"Retry-After": "1"}), stalls(0.1)])
    (response,) = ask(server)
    assert response.latency_s is not None
    assert 0.1 <= response.latency_s < 1


def test_what_vllm_opens_in_the_prompt_is_marked(server: FaultyServer) -> None:
    server.is_vllm(4096)
    server.pages["/tokenize"] = {"token_strs": ["<|assistant|>", "<think>", "\n"]}
    server.always = replies("well, 5", "length")
    (response,) = ask(server)
    assert response.thinking_prefilled


# --- faults -----------------------------------------------------------------------------------------------------------

PASSING: dict[str, Act] = {
    "429": refuses("slow down", 429),
    "500": refuses("oops", 500),
    "502": refuses("bad gateway", 502),
    "503": refuses("overloaded", 503),
    "504": refuses("gateway timeout", 504),
    "cut": cuts,
    "html": says(Response("<html>hello</html>", content_type="text/html")),
    "no choices": says(as_json({"choices": []})),
    "no message": says(as_json({"choices": [{"finish_reason": "stop"}]})),
    "an error with 200": says(as_json({"error": {"message": "upstream failed"}})),
    "stall": stalls(0.4),
}


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_loses_nothing(server: FaultyServer, fault: str) -> None:
    server.script.append(PASSING[fault])
    (response,) = ask(server, timeout_s=0.2 if fault == "stall" else 60)
    assert (response.text, response.error) == ("\\boxed{5}", None)
    assert len(server.requests) == 2
    assert server.requests[0] == server.requests[1]


@pytest.mark.parametrize("fault", sorted(set(PASSING) - {"cut", "502", "503"}))
def test_a_fault_that_stays_is_an_error_of_its_sample(server: FaultyServer, fault: str) -> None:
    server.always = PASSING[fault]
    (response,) = ask(server, max_retries=2, timeout_s=0.2 if fault == "stall" else 60)
    assert response.finish_reason == "error"
    assert server.url in str(response.error)
    assert "run the command again" in str(response.error)
    assert len(server.requests) == (2 if fault == "stall" else 3)


def test_a_server_is_left_alone_for_as_long_as_it_asks(server: FaultyServer) -> None:
    server.script.append(refuses("slow down", 429, {"Retry-After": "0.4"}))
    began = time.monotonic()
    ask(server)
    assert time.monotonic() - began > 0.4


def test_a_refused_prompt_is_an_error_with_the_servers_sentence(server: FaultyServer) -> None:
    server.script.extend([replies(), refuses("roles must alternate")])
    first, second = ask(server, n_prompts=2, concurrency=1)
    assert first.error is None
    assert second.error == f"{server.url}: HTTP 400: roles must alternate; the server refuses this prompt"


def test_a_refused_parameter_is_left_out_of_every_request(server: FaultyServer) -> None:
    server.probe_script.append(refuses("Unknown parameter: 'seed'", param="seed"))
    responses = ask(server, n_prompts=3)
    assert all(response.error is None for response in responses)
    assert len(server.probes) == 2
    assert not any("seed" in request for request in server.requests)
    assert all(response.seed is not None for response in responses)


def test_the_newer_name_of_the_budget_is_used_in_every_request(server: FaultyServer) -> None:
    server.probe_script.append(refuses("use 'max_completion_tokens', max_tokens is not supported", param="max_tokens"))
    ask(server)
    assert server.requests[0]["max_completion_tokens"] == 100
    assert "max_tokens" not in server.requests[0]


def test_a_budget_that_no_request_can_have_ends_the_run(server: FaultyServer) -> None:
    server.always = refuses("max_tokens must be at most 64 for this model", param="max_tokens")
    with pytest.raises(EngineError, match=r"^--max-tokens 100: .* refuses it \(HTTP 400: .*\); lower it"):
        ask(server, n_prompts=3)


def test_an_answer_without_end_is_broken_off(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_bodies, "MAX_REPLY_BYTES", 1000)
    server.script.append(replies("x" * 2000))
    responses = ask(server, max_retries=0)
    assert "ReadError: the answer is longer than" in str(responses[0].error)


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_what_no_sample_can_help_ends_the_run(server: FaultyServer, status: int) -> None:
    server.always = refuses("no", status)
    with pytest.raises(EngineError, match=server.url):
        ask(server, n_prompts=5)


# --- prompts that do not fit ------------------------------------------------------------------------------------------


def context_of(context: int, prompt: int) -> Act:
    """Behave like a server that refuses what does not fit, as vLLM did for long."""

    def act(request: Request) -> Response:
        budget = json.loads(request.get_data())["max_tokens"]
        if prompt + budget > context:
            return refuses(
                f"This model's maximum context length is {context} tokens. However, you requested {prompt + budget} "
                f"tokens ({prompt} in the messages, {budget} in the completion)."
            )(request)
        return completion()

    return act


def test_a_reply_gets_what_the_context_leaves_and_this_is_said_once(
    server: FaultyServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.always = context_of(90, 30)
    responses = ask(server, n_prompts=3)
    assert all(response.error is None for response in responses)
    assert sorted(request["max_tokens"] for request in server.requests) == [60, 60, 60, 100, 100, 100]
    assert caplog.text.count("--max-tokens 100") == 1
    assert "so replies get what is left (here 60 after 30)" in caplog.text


def test_a_server_that_keeps_one_token_for_itself_is_served_too(server: FaultyServer) -> None:
    def act(request: Request) -> Response:
        budget = json.loads(request.get_data())["max_tokens"]
        if 30 + budget >= 90:
            return refuses(
                "Requested token count exceeds the model's maximum context length of 90 tokens. You requested a total "
                f"of {30 + budget} tokens: 30 tokens from the input messages and {budget} tokens for the completion."
            )(request)
        return completion()

    server.always = act
    (response,) = ask(server)
    assert response.error is None
    assert [request["max_tokens"] for request in server.requests] == [100, 60, 59]


def test_a_prompt_that_does_not_fit_is_an_error_with_both_numbers(server: FaultyServer) -> None:
    server.always = context_of(90, 95)
    (response,) = ask(server)
    assert response.finish_reason == "error"
    assert str(response.error).startswith(f"the prompt has 95 tokens, but {MODEL} holds 90 with its reply; use a lower")
    assert len(server.requests) == 1


def test_an_overflow_without_numbers_is_an_error_that_says_what_to_do(server: FaultyServer) -> None:
    server.always = refuses("Please reduce the length of the messages or completion.")
    (response,) = ask(server)
    assert "prompt and --max-tokens 100 do not fit the context" in str(response.error)
    assert "use a lower level or a smaller --max-tokens" in str(response.error)


def test_vllm_gives_what_is_left_where_the_prompt_is_not_counted(server: FaultyServer) -> None:
    server.is_vllm(4096)
    server.script.append(
        refuses(
            "This model's maximum context length is 4096 tokens. However, you requested 100 output tokens and your "
            "prompt contains at least 3997 input tokens, for a total of at least 4097 tokens."
        )
    )
    (response,) = ask(server)
    assert response.error is None
    assert "max_tokens" not in server.requests[1]


def test_a_budget_is_never_larger_than_the_context(server: FaultyServer) -> None:
    server.is_vllm(64)
    ask(server)
    assert server.requests[0]["max_tokens"] == 64


def test_a_reply_that_a_server_cuts_early_is_said(server: FaultyServer, caplog: pytest.LogCaptureFixture) -> None:
    server.always = replies("half", "length")
    responses = ask(server, n_prompts=2)
    assert [response.finish_reason for response in responses] == ["length", "length"]
    assert caplog.text.count("the server caps replies at 7 tokens, --max-tokens asked for 100 (or its context") == 1
    assert caplog.text.count("2 of 2 replies were cut off below --max-tokens by the server") == 1


def test_a_reply_that_the_context_cuts_is_no_cap(server: FaultyServer, caplog: pytest.LogCaptureFixture) -> None:
    server.is_vllm(18)
    server.always = replies("half", "length")
    ask(server, n_prompts=2)
    assert caplog.text.count("holds 18 tokens with the prompt, so replies get what is left (here 7 after 11)") == 1
    assert "caps" not in caplog.text


# --- servers that go away ---------------------------------------------------------------------------------------------


def test_a_server_that_is_away_for_a_while_loses_nothing(server: FaultyServer) -> None:
    def goes_away(request: Request) -> Response:
        threading.Thread(target=away).start()
        return cuts(request)

    def away() -> None:
        server.stop()
        time.sleep(0.3)
        server.start_again()
        back.set()

    back = threading.Event()
    server.script.extend([replies(), goes_away])
    responses = ask(server, n_prompts=6, concurrency=2, max_retries=100)
    assert back.wait(10)
    assert [response.error for response in responses] == [None] * 6


def test_a_server_that_is_gone_for_good_ends_the_run(server: FaultyServer) -> None:
    def dies(request: Request) -> Response:
        threading.Thread(target=server.stop).start()
        return cuts(request)

    server.script.extend([replies(), dies])
    responses: list[Sample] = []
    with open_engine(config_of(server, concurrency=2, max_retries=2)) as engine:
        generated = engine.generate((make_prompt(number) for number in range(100)), SAMPLING)
        with pytest.raises(EngineError, match="cannot be reached"):
            responses.extend(generated)
    assert len(responses) < 6
    assert openai_threads() == []


def test_servers_share_the_work(server: FaultyServer, second_server: FaultyServer) -> None:
    server.always = second_server.always = stalls(0.02)
    responses = ask(server, second_server, n_prompts=20, concurrency=4)
    assert [response.error for response in responses] == [None] * 20
    assert min(len(server.requests), len(second_server.requests)) >= 5
    assert server.most_at_once <= 3


def test_one_of_two_servers_may_die(
    server: FaultyServer, second_server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_requests, "FIRST_PAUSE_S", 30.0)  # nobody waits: the other server is there

    def dies(request: Request) -> Response:
        threading.Thread(target=server.stop).start()
        return cuts(request)

    server.script.extend([replies(), dies])
    began = time.monotonic()
    responses = ask(server, second_server, n_prompts=12, concurrency=2)
    assert [response.error for response in responses] == [None] * 12
    assert len(second_server.requests) >= 8
    assert time.monotonic() - began < 15


def test_a_server_that_came_back_is_asked_again(server: FaultyServer, second_server: FaultyServer) -> None:
    server.script.append(refuses("restarting", 503))
    second_server.always = stalls(0.05)
    responses = ask(server, second_server, n_prompts=20, concurrency=2)
    assert [response.error for response in responses] == [None] * 20
    assert len(server.requests) > 1


# --- proxies ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
def test_a_server_on_this_machine_is_asked_past_a_proxy(
    server: FaultyServer, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv(variable, "http://user:hunter2@127.0.0.1:9")  # nobody listens there
    (response,) = ask(server)
    assert response.error is None


def test_a_failed_connection_names_the_variable_of_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://user:hunter2@127.0.0.1:9")
    config = RunConfig(model=MODEL, base_url=("http://server.invalid:8000/v1",), max_retries=0)
    with pytest.raises(EngineError, match="asked through the proxy in HTTP_PROXY, NO_PROXY goes past it") as caught:
        open_engine(config)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


# --- drain, leave, bounds ---------------------------------------------------------------------------------------------


def test_no_more_is_in_flight_than_asked_for_and_prompts_are_taken_as_needed(server: FaultyServer) -> None:
    server.always = stalls(0.02)
    taken = []

    def prompts() -> Iterator[Prompt]:
        for number in range(12):
            taken.append(number)
            yield make_prompt(number)

    with open_engine(config_of(server, concurrency=3)) as engine:
        responses = engine.generate(prompts(), SAMPLING)
        next(responses)
        assert len(taken) == 3
        assert len(list(responses)) == 11
    assert server.most_at_once == 3


def test_draining_lets_requests_finish_and_starts_none(server: FaultyServer) -> None:
    server.script.append(replies())
    server.always = stalls(0.5)
    prompts = (make_prompt(number) for number in range(50))
    with open_engine(config_of(server, concurrency=3)) as engine:
        responses = engine.generate(prompts, SAMPLING)
        next(responses)
        while len(server.requests) < 3:
            time.sleep(0.01)
        engine.drain()
        rest = list(responses)
    assert [response.error for response in rest] == [None] * 2
    assert len(list(prompts)) == 47


def test_draining_wakes_a_request_that_waits_for_another_try(server: FaultyServer) -> None:
    server.script.append(replies())
    server.always = refuses("slow down", 429, {"Retry-After": "100"})
    with open_engine(config_of(server, concurrency=3)) as engine:
        responses = engine.generate((make_prompt(number) for number in range(50)), SAMPLING)
        next(responses)
        threading.Timer(0.2, engine.drain).start()
        began = time.monotonic()
        assert list(responses) == []
        assert time.monotonic() - began < 5


def leave(engine: Engine) -> None:
    with closing(engine.generate([make_prompt(number) for number in range(9)], SAMPLING)) as responses:  # type: ignore[type-var]
        next(responses)


def test_leaving_early_cancels_what_is_in_flight(server: FaultyServer) -> None:
    server.script.append(replies())
    server.always = stalls(5)
    with open_engine(config_of(server)) as engine:
        leave(engine)
        began = time.monotonic()
        (asked,) = engine._servers.all  # type: ignore[attr-defined]
        while asked.in_flight:
            time.sleep(0.01)
    assert time.monotonic() - began < 4.5
    assert openai_threads() == []


def test_a_failed_start_leaves_no_thread(server: FaultyServer) -> None:
    server.pages["/v1/models"] = {"data": [{"id": "another"}]}
    with pytest.raises(EngineError):
        open_engine(config_of(server))
    assert openai_threads() == []


# --- whole runs -------------------------------------------------------------------------------------------------------


def run_config(tmp_path: Path, *servers: FaultyServer, **settings: object) -> RunConfig:
    return config_of(*servers, out=tmp_path / "run", levels=(1,), limit=8, **settings)


def test_an_interrupt_keeps_what_is_finished(server: FaultyServer, tmp_path: Path) -> None:
    def interrupts(request: Request) -> Response:
        os.kill(os.getpid(), signal.SIGINT)
        return completion()

    server.script.extend([replies(), interrupts])
    server.always = refuses("slow down", 429, {"Retry-After": "100"})
    config = run_config(tmp_path, server, concurrency=2)
    with pytest.raises(Interrupted):
        evaluate(config)
    lines = (tmp_path / "run" / "responses.jsonl").read_text().splitlines()
    assert 2 <= len(lines) < 8
    assert openai_threads() == []
    server.always = replies()
    assert evaluate(config).summary.tasks


def test_a_key_is_written_nowhere(
    server: FaultyServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    server.pages["/v1/models"] = {"data": [{"id": MODEL, "owned_by": "vllm"}]}
    server.pages["/version"] = {"version": f"1 {KEY}"}
    server.probe_script.append(refuses(f"Unknown parameter: 'seed' ({KEY})"))
    server.script.extend(
        [
            refuses(f"you sent {KEY}"),
            refuses(f"you sent {KEY}", 500),
            says(Response(f"<html>{KEY}</html>")),
            replies(f"{KEY} \\boxed{{1}}", "stop", reasoning=KEY),
            replies("x", KEY),
        ]
    )
    evaluate(run_config(tmp_path, server, max_retries=1))
    assert server.keys == {f"Bearer {KEY}"}
    written = "".join(path.read_text(errors="replace") for path in (tmp_path / "run").iterdir() if path.is_file())
    assert "you sent [key]" in written
    captured = capfd.readouterr()
    for words in (written, caplog.text, captured.out, captured.err):
        assert KEY not in words


def test_a_key_is_not_in_the_sentence_that_ends_a_run(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    server.probe_script.append(refuses(f"Incorrect API key provided: {KEY}", 401))
    with pytest.raises(EngineError, match="does not take the key in the environment variable MY_KEY") as caught:
        ask(server, api_key_env="MY_KEY")
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_key_is_not_in_the_traceback_of_a_run_that_ends_later(
    server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    server.always = refuses(f"Incorrect API key provided: {KEY}", 401)
    with pytest.raises(EngineError, match="does not take the key") as caught:
        ask(server)
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_an_account_without_credit_ends_the_run_with_its_key_unsaid(
    server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    server.script.append(replies())
    server.always = refuses(f"You exceeded your current quota ({KEY})", 429, code="insufficient_quota")
    sentence = "the account of the key in MY_KEY has no credit or quota left .* run the command again"
    with pytest.raises(EngineError, match=sentence) as caught:
        ask(server, n_prompts=3, concurrency=1, api_key_env="MY_KEY")
    assert KEY not in str(caught.value)
    assert len(server.requests) == 2


def test_a_missing_key_is_named_by_its_variable(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    server.pages["/v1/models"] = refuses("no key", 401)(None)  # type: ignore[arg-type]
    with pytest.raises(EngineError, match="wants a key; put it in the environment variable OPENAI_API_KEY"):
        ask(server)


def test_a_password_in_the_address_is_used_and_not_shown(
    server: FaultyServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = server.url.replace("http://", "http://user:hunter2@")
    server.script.append(refuses("no such thing"))
    config = run_config(tmp_path, server).model_copy(update={"base_url": (url,)})
    evaluate(config)
    assert all(str(key).startswith("Basic ") for key in server.keys)
    written = "".join(path.read_text(errors="replace") for path in (tmp_path / "run").iterdir() if path.is_file())
    assert "hunter2" not in written + caplog.text


def test_the_vendors_say_nothing_of_each_request(server: FaultyServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ask(server)
    assert [record.name for record in caplog.records if record.name.startswith(("httpx", "openai", "httpcore"))] == []
