import hashlib
from collections.abc import Mapping
from typing import Any

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines import open_engine
from rest_bench.engines.openai_endpoints import GREEDY_QUESTION, read_facts
from rest_bench.engines.openai_servers import Secrets
from rest_bench.schema import Endpoint
from tests.engines.faulty_server import MODEL, FaultyServer, completion, refuses, replies

pytestmark = pytest.mark.usefixtures("quick")


def endpoints_of(*servers: FaultyServer, **settings: object) -> tuple[Endpoint, ...]:
    addresses = tuple(each.url for each in servers)
    config = RunConfig.model_validate({"model": MODEL, "base_url": addresses, **settings})
    with open_engine(config) as engine:
        return engine.info.endpoints


CARDS = {
    "vllm": (
        {"root": "/models/a", "parent": None, "owned_by": "vllm", "max_model_len": 4096, "created": 7},
        {"root": "/models/a", "owned_by": "vllm", "context": "4096"},
    ),
    "vllm with an adapter": ({"root": "/adapters/a", "parent": "base"}, {"root": "/adapters/a", "parent": "base"}),
    "llama.cpp": (
        {"owned_by": "llamacpp", "meta": {"n_ctx_train": 32768, "n_params": 8e9, "size": 5, "n_vocab": 9}},
        {"owned_by": "llamacpp", "context": "32768", "parameters": "8000000000.0", "size": "5", "vocabulary": "9"},
    ),
    "openrouter": ({"context_length": 200000}, {"context": "200000"}),
    "groq": ({"context_window": 131072, "active": True}, {"context": "131072"}),
    "odd kinds": ({"root": 7, "owned_by": ["x"], "max_model_len": True, "meta": "x", "parent": " "}, {"root": "7"}),
    "nothing": ({}, {}),
}


@pytest.mark.parametrize(("card", "facts"), CARDS.values(), ids=CARDS)
def test_what_a_card_says_of_the_model(card: Mapping[str, Any], facts: dict[str, str]) -> None:
    assert read_facts(card, Secrets(None, ())) == facts


def test_secrets_and_long_words_are_cut_out() -> None:
    secret = Secrets("sk-0123456789abcdef", ())
    assert read_facts({"root": "/of/sk-0123456789abcdef"}, secret) == {"root": "/of/[key]"}
    assert len(read_facts({"root": "x" * 1000}, secret)["root"]) == 300


def test_a_server_is_known_by_its_card_and_its_greedy_answer(server: FaultyServer) -> None:
    server.pages["/v1/models"] = {"data": [{"id": MODEL, "root": "/models/a", "created": 7}]}
    server.greedy = replies("It is 5. " * 40, reasoning="Hm.")
    (endpoint,) = endpoints_of(server)
    answer = "Hm.\n" + "It is 5. " * 40
    assert endpoint.address == server.url
    assert (dict(endpoint.facts), endpoint.created) == ({"root": "/models/a"}, 7)
    assert endpoint.greedy_answer == answer[:120]
    assert endpoint.greedy_sha256 == hashlib.sha256(answer.encode()).hexdigest()
    assert endpoint.greedy_stable


def test_it_is_asked_greedily_and_as_the_run_asks(server: FaultyServer) -> None:
    endpoints_of(server, temperature=0.7, system_prompt="Be brief.", extra_body='{"provider": "x"}')
    first, second = server.greedy_probes
    assert first == second
    assert (first["temperature"], first["provider"], first["max_tokens"]) == (0.0, "x", 64)
    assert [message["content"] for message in first["messages"]] == ["Be brief.", GREEDY_QUESTION]


def test_what_is_refused_is_left_out_of_it(server: FaultyServer) -> None:
    server.probe_script.append(refuses("Unsupported value", param="temperature", code="unsupported_value"))
    endpoints_of(server)
    assert all("temperature" not in body for body in server.greedy_probes)


def test_an_answer_that_varies_is_no_mark(server: FaultyServer) -> None:
    server.greedy = lambda _request: completion(f"answer {len(server.greedy_probes)}")
    (endpoint,) = endpoints_of(server)
    assert (endpoint.greedy_answer, endpoint.greedy_stable) == ("answer 1", False)


@pytest.mark.parametrize("act", [replies(""), replies(None), refuses("no", 400), refuses("no", 500)])
def test_a_server_without_an_answer_is_known_by_its_card_only(server: FaultyServer, act: Any) -> None:
    server.greedy = act
    (endpoint,) = endpoints_of(server, max_retries=1)
    assert (endpoint.greedy_answer, endpoint.greedy_sha256, endpoint.greedy_stable) == (None, None, False)
    assert dict(endpoint.facts) == {"owned_by": "somebody"}


def test_every_server_has_a_record_without_user_and_password(server: FaultyServer, second_server: FaultyServer) -> None:
    secret = server.url.replace("://", "://me:secret@")
    config = RunConfig.model_validate({"model": MODEL, "base_url": (secret, second_server.url)})
    with open_engine(config) as engine:
        assert [each.address for each in engine.info.endpoints] == [server.url, second_server.url]
        assert "secret" not in engine.info.model_dump_json()
