import logging
import threading
import time

import pytest
from werkzeug import Response

from rest_bench.config import RunConfig
from rest_bench.engines import open_engine, openai_probe
from rest_bench.errors import EngineError
from rest_bench.schema import EngineInfo
from tests.engines.faulty_server import MODEL, FaultyServer, as_json, completion, refuses, replies, says, stalls

pytestmark = pytest.mark.usefixtures("quick")


def config_of(*servers: FaultyServer, **settings: object) -> RunConfig:
    return RunConfig.model_validate({"model": MODEL, "base_url": tuple(each.url for each in servers), **settings})


def info_of(*servers: FaultyServer, **settings: object) -> EngineInfo:
    with open_engine(config_of(*servers, **settings)) as engine:
        return engine.info


def failure(*servers: FaultyServer, **settings: object) -> str:
    with pytest.raises(EngineError) as caught:
        open_engine(config_of(*servers, **settings))
    return str(caught.value)


# --- models and versions ----------------------------------------------------------------------------------------------


def test_a_vllm_server_is_known_by_its_version_and_context(server: FaultyServer) -> None:
    server.is_vllm(max_model_len=4096)
    info = info_of(server)
    assert info.engine == "openai"
    assert info.engine_version.startswith("openai ")
    assert info.engine_version.endswith(", vllm 0.32.0")
    assert (info.model, info.max_context_tokens, info.revision) == (MODEL, 4096, None)


@pytest.mark.parametrize(
    ("owner", "page", "answer", "version"),
    [
        ("sglang", "/get_server_info", {"version": "0.5.1"}, "sglang 0.5.1"),
        ("llamacpp", "/props", {"build_info": "b6000-abc"}, "llamacpp b6000-abc"),
        ("vllm", "/nothing", {}, "vllm"),
        ("somebody", "/version", {"version": "0.9"}, "vllm 0.9"),
    ],
)
def test_other_servers_are_known_too(server: FaultyServer, owner: str, page: str, answer: object, version: str) -> None:
    server.pages["/v1/models"] = {"data": [{"id": MODEL, "owned_by": owner}]}
    server.pages[page] = answer
    assert info_of(server).engine_version.partition(", ")[2] == version


def test_an_unknown_server_is_only_the_package(server: FaultyServer) -> None:
    assert "," not in info_of(server).engine_version


def test_the_smallest_context_of_several_servers_counts(server: FaultyServer, second_server: FaultyServer) -> None:
    server.is_vllm(4096)
    second_server.is_vllm(2048)
    info = info_of(server, second_server)
    assert info.max_context_tokens == 2048
    assert info.engine_version.count("vllm 0.32.0") == 1


def test_a_model_that_is_not_served_is_refused_with_those_that_are(server: FaultyServer) -> None:
    server.pages["/v1/models"] = {"data": [{"id": f"model-{number}"} for number in range(7)]}
    sentence = failure(server)
    assert sentence.startswith(f"--model {MODEL}: {server.url} does not serve it, but model-0, ")
    assert "model-4 and 2 more; name one of these" in sentence


def test_a_key_among_the_names_is_not_shown(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789")
    server.pages["/v1/models"] = {"data": [{"id": "for sk-0123456789"}]}
    assert "does not serve it, but for [key];" in failure(server)


def test_every_server_must_serve_the_model(server: FaultyServer, second_server: FaultyServer) -> None:
    second_server.pages["/v1/models"] = {"data": [{"id": "another"}]}
    assert second_server.url in failure(server, second_server)


@pytest.mark.parametrize("page", [None, {"data": []}, {"data": None}, [1], "x"])
def test_a_server_without_a_list_of_models_is_asked_all_the_same(server: FaultyServer, page: object) -> None:
    server.pages["/v1/models"] = page
    assert info_of(server).max_context_tokens is None


# --- reaching the server ----------------------------------------------------------------------------------------------


def test_a_server_that_cannot_be_reached_is_named(server: FaultyServer) -> None:
    server.stop()
    sentence = failure(server)
    assert sentence.startswith(f"--base-url {server.url}: cannot be reached (no connection (ConnectError: ")
    assert sentence.endswith("); start the server or correct the address")


def test_patience_with_a_server_that_starts_is_bounded(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.stop()
    monkeypatch.setattr(openai_probe, "STARTUP_PATIENCE_S", 0.2)
    began = time.monotonic()
    failure(server, max_retries=10_000)
    assert time.monotonic() - began < 5


def test_a_server_that_is_starting_is_waited_for(server: FaultyServer) -> None:
    server.stop()
    timer = threading.Timer(0.3, server.start_again)
    timer.start()
    assert info_of(server, max_retries=1000).model == MODEL
    timer.join()


def test_a_model_that_is_loading_is_waited_for(server: FaultyServer) -> None:
    server.probe_script.extend([refuses("Loading model", 503), refuses("Loading model", 503)])
    info_of(server)
    assert len(server.probes) == 3


def test_a_wrong_address_is_told_from_a_wrong_model(server: FaultyServer) -> None:
    server.probe_script.append(refuses("The model `m` does not exist.", 404, param="model"))
    assert "correct --model, or the address, which usually ends in /v1" in failure(server)


def test_a_server_that_answers_nonsense_is_no_server(server: FaultyServer) -> None:
    server.probe_script.extend([says(as_json({"choices": []}))] * 3)
    assert "cannot answer a short request (the answer has no choice with a message" in failure(server, max_retries=2)


def test_a_stalled_server_is_not_waited_for(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_probe, "_REPLY_TIMEOUT_S", 0.05)
    server.probe_script.extend([stalls(0.3), stalls(0.3)])
    assert "no reply within 0.05 s" in failure(server)


# --- parameters -------------------------------------------------------------------------------------------------------


def test_the_short_question_has_the_runs_own_parameters(server: FaultyServer) -> None:
    info_of(server, temperature=0.7, top_k=20, system_prompt="Be brief.", reasoning_effort="low")
    (probe,) = server.probes
    assert (probe["temperature"], probe["top_k"], probe["reasoning_effort"]) == (0.7, 20, "low")
    assert probe["max_tokens"] == 64
    assert probe["seed"] > 2**32
    assert [message["role"] for message in probe["messages"]] == ["system", "user"]


def test_a_refused_parameter_is_found_said_and_recorded(server: FaultyServer, caplog: pytest.LogCaptureFixture) -> None:
    server.probe_script.extend(
        [
            refuses("Unrecognized request argument supplied: top_k"),
            refuses("seed must be less than or equal to 4294967295", 422),
        ]
    )
    assert info_of(server, top_k=20).refused_parameters == ("seed", "top_k")
    assert "top_k" not in server.probes[-1]
    (warning,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warning == f"--base-url {server.url}: refuses seed, top_k, so every request goes without"


def test_what_is_off_anyway_is_dropped_without_a_warning(
    server: FaultyServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.probe_script.extend(
        [refuses(f"Unrecognized request argument supplied: {name}") for name in ("min_p", "top_k")]
    )
    assert info_of(server).refused_parameters == ("min_p", "top_k")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_refusal_that_names_nothing_is_tried_without_what_is_off(server: FaultyServer) -> None:
    server.probe_script.append(refuses("Bad request"))
    refused = info_of(server).refused_parameters
    assert refused == ("min_p", "repetition_penalty", "skip_special_tokens", "top_k")


def test_a_run_that_cannot_follow_the_protocol_says_so(server: FaultyServer, caplog: pytest.LogCaptureFixture) -> None:
    server.probe_script.extend(
        [
            refuses("Unsupported value", param="temperature", code="unsupported_value"),
            refuses("Unsupported parameter: 'top_p'", param="top_p"),
        ]
    )
    assert info_of(server).refused_parameters == ("temperature", "top_p")
    assert "without top_p and temperature this run does not follow the protocol" in caplog.text


def test_a_server_may_want_the_newer_name_of_the_budget(server: FaultyServer) -> None:
    server.probe_script.append(
        refuses("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", param="max_tokens")
    )
    assert info_of(server).refused_parameters == ()
    assert "max_tokens" not in server.probes[-1]
    assert server.probes[-1]["max_completion_tokens"] == 64


def test_a_budget_that_is_refused_by_both_names_is_left_out(
    server: FaultyServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.probe_script.extend(
        [
            refuses("'max_tokens' is not supported, use 'max_completion_tokens'", param="max_tokens"),
            refuses("'max_completion_tokens' is not supported", param="max_completion_tokens"),
        ]
    )
    assert info_of(server).refused_parameters == ("max_completion_tokens",)
    assert "without max_completion_tokens this run does not follow the protocol" in caplog.text


@pytest.mark.parametrize("words", ["model is not supported", "messages: not permitted", "no", ""])
def test_what_cannot_be_left_out_ends_the_run(server: FaultyServer, words: str) -> None:
    server.probe_script.extend([refuses(words, param="messages")] * 20)
    assert f"cannot answer a short request (HTTP 400{words and ': '}{words}" in failure(server)
    assert len(server.probes) < 10


def test_parameters_are_dropped_for_all_servers(server: FaultyServer, second_server: FaultyServer) -> None:
    second_server.probe_script.append(refuses("Unknown parameter: 'seed'"))
    assert info_of(server, second_server).refused_parameters == ("seed",)


# --- thinking ---------------------------------------------------------------------------------------------------------


def prefilled_server(server: FaultyServer, tokens: list[str]) -> None:
    server.is_vllm(4096)
    server.pages["/tokenize"] = {"count": 9, "tokens": [1], "token_strs": tokens}


@pytest.mark.parametrize(
    ("tokens", "prefilled"),
    [
        (["<|im_start|>", "assistant", "Ċ", "<think>", "Ċ"], True),
        (["<|im_start|>", "assistant", "Ċ"], False),
        (["<think>", "Ċ", "</think>", "Ċ"], False),
    ],
)
def test_vllm_tells_whether_the_template_opens_the_thinking(
    server: FaultyServer, tokens: list[str], prefilled: bool
) -> None:
    prefilled_server(server, tokens)
    with open_engine(config_of(server)) as engine:
        assert engine._found.thinking_prefilled is prefilled  # type: ignore[attr-defined]


def test_a_server_that_splits_thinking_off_leaves_no_open_block(server: FaultyServer) -> None:
    prefilled_server(server, ["<think>", "Ċ"])
    server.probe_script.append(replies(None, "length", reasoning="Well, 2 + 3"))
    with open_engine(config_of(server)) as engine:
        assert engine._found.thinking_prefilled is False  # type: ignore[attr-defined]


@pytest.mark.parametrize("answer", [{}, {"token_strs": None}, [1], "x"])
def test_a_server_that_does_not_tell_is_not_prefilled(server: FaultyServer, answer: object) -> None:
    server.is_vllm(4096)
    server.pages["/tokenize"] = answer
    with open_engine(config_of(server)) as engine:
        assert engine._found.thinking_prefilled is False  # type: ignore[attr-defined]


def test_a_thinking_model_that_shows_none_is_said_once(server: FaultyServer, caplog: pytest.LogCaptureFixture) -> None:
    server.pages["/v1/models"] = {"data": [{"id": "org/deepseek-r1-some"}]}
    info_of(server, model="org/deepseek-r1-some")
    assert caplog.text.count("its reply shows no thinking") == 1


@pytest.mark.parametrize(
    "reply", [completion("<think>hm</think>5"), completion("5", reasoning="hm"), completion("hm", "length")]
)
def test_no_alarm_where_it_shows_or_the_reply_was_cut(
    server: FaultyServer, caplog: pytest.LogCaptureFixture, reply: object
) -> None:
    server.pages["/v1/models"] = {"data": [{"id": "org/deepseek-r1-some"}]}
    server.probe_script.append(lambda _request: reply)  # type: ignore[arg-type,return-value]
    info_of(server, model="org/deepseek-r1-some")
    assert "thinking" not in caplog.text


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (completion("5", "glorp"), "finish_reason 'glorp', which says nothing here"),
        (completion("5", None), "does not say how a reply ended"),
        (completion(None, reasoning="2 + 3 is 5"), "start the server without a reasoning parser"),
        (completion(None), "the text of a reply of 7 tokens that ended by itself is empty"),
        (completion("5", "length"), "the server caps replies at 7 tokens"),
        (as_json({"model": "other", "choices": [{"message": {"content": "5"}, "finish_reason": "stop"}]}), "'other'"),
    ],
)
def test_what_replies_will_lack_is_said_before_the_first_sample(
    server: FaultyServer, caplog: pytest.LogCaptureFixture, reply: Response, words: str
) -> None:
    server.probe_script.append(says(reply))
    info_of(server)
    (warning,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert words in warning


def test_a_short_question_that_takes_all_its_tokens_was_cut(
    server: FaultyServer, caplog: pytest.LogCaptureFixture
) -> None:
    answer = {"choices": [{"message": {"content": "5"}, "finish_reason": "stop"}], "usage": {"completion_tokens": 64}}
    server.probe_script.append(says(as_json(answer)))
    info_of(server)
    assert "ends a reply of 64 tokens, all that it was allowed, with finish_reason stop" in caplog.text
