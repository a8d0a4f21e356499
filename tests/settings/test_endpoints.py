import logging
from typing import Any

import pytest

from rest_bench.errors import StoreError
from rest_bench.schema import Endpoint, EngineInfo, Manifest, Sampling
from rest_bench.settings.endpoints import (
    compared_endpoints,
    endpoint_differences,
    is_unproven,
    joined_endpoints,
    know_again,
)
from tests.records import make_manifest

FACTS: dict[str, Any] = {"root": "/models/a", "owned_by": "vllm", "context": "4096"}
HOSTED: dict[str, Any] = {"owned_by": "system"}


def endpoint(answer: str | None = "5", *, stable: bool = True, address: str = "http://a/v1", **facts: Any) -> Endpoint:
    created = facts.pop("created", None)
    return Endpoint(
        address=address,
        facts=facts or FACTS,
        created=created,
        greedy_answer=answer,
        greedy_sha256=None if answer is None else f"sha of {answer}",
        greedy_stable=stable and answer is not None,
    )


def info(*endpoints: Endpoint) -> EngineInfo:
    return EngineInfo(engine="openai", engine_version="1", model="served", endpoints=endpoints)


def manifest(*endpoints: Endpoint, **changes: Any) -> Manifest:
    return make_manifest().model_copy(update={"engine": info(*endpoints), **changes})


SAME = {
    "the very same": (endpoint(), endpoint(), None),
    "started anew": (endpoint(**FACTS, created=1), endpoint(**FACTS, created=2), logging.INFO),
    "at another port, with the same answer": (endpoint(), endpoint(address="http://b/v1"), logging.INFO),
    "at another port, with an answer that varies": (
        endpoint(),
        endpoint("6", stable=False, address="http://b/v1"),
        logging.WARNING,
    ),
    "with an answer that varies now": (endpoint(), endpoint("6", stable=False), logging.WARNING),
    "with an answer that varied then": (endpoint("6", stable=False), endpoint(), None),
    "that always varies": (endpoint("6", stable=False), endpoint("7", stable=False), None),
    "without an answer": (endpoint(None), endpoint(), None),
    "without a list of models now": (
        endpoint(),
        endpoint().model_copy(update={"facts": {}}),
        None,
    ),
    "hosted, with another date and the same answer": (
        endpoint(**HOSTED, created=1),
        endpoint(**HOSTED, created=2),
        logging.INFO,
    ),
    "hosted, with another date and an answer that varies": (
        endpoint("6", stable=False, **HOSTED, created=1),
        endpoint("7", stable=False, **HOSTED, created=2),
        logging.WARNING,
    ),
}


@pytest.mark.parametrize(("before", "now", "level"), SAME.values(), ids=SAME)
def test_the_same_model_goes_on_and_what_changed_is_said(
    before: Endpoint, now: Endpoint, level: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    (known,) = know_again("run", info(before), info(now)).endpoints
    assert known.address == now.address
    assert {**now.facts, **before.facts} == known.facts
    assert max((record.levelno for record in caplog.records), default=None) == level


OTHER = {
    "root": (endpoint(**FACTS | {"root": "/models/b"}), "another root (/models/a there, /models/b now)"),
    "owner": (endpoint(**FACTS | {"owned_by": "sglang"}), "another owned_by (vllm there, sglang now)"),
    "context": (endpoint(**FACTS | {"context": "8192"}), "another context (4096 there, 8192 now)"),
    "answer": (endpoint("six"), "its greedy answer is now 'six', twice the same, and was '5'"),
    "two facts": (
        endpoint(**FACTS | {"root": "/b", "context": "1"}),
        "another root (/models/a there, /b now) and context (4096 there, 1 now)",
    ),
    "root, behind another address": (endpoint(**FACTS | {"root": "/b"}, address="http://b/v1"), "than http://b/v1"),
    "root, with the same answer and a new start": (endpoint(**FACTS | {"root": "/b"}, created=9), "another root"),
    "answer, behind another address": (endpoint("six", address="http://b/v1"), "than http://b/v1 serves as served"),
}


@pytest.mark.parametrize(("now", "words"), OTHER.values(), ids=OTHER)
def test_another_model_under_the_same_name_is_refused(now: Endpoint, words: str) -> None:
    with pytest.raises(StoreError) as caught:
        know_again("runs/mine", info(endpoint()), info(now))
    sentence = str(caught.value)
    assert sentence.startswith("runs/mine: holds replies of ")
    assert words in sentence
    assert sentence.endswith("; use another --out, or --trust-endpoint if it is the same model all the same")


@pytest.mark.parametrize(("now", "words"), OTHER.values(), ids=OTHER)
def test_a_user_who_knows_better_goes_on_with_both_on_record(
    now: Endpoint, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    both = know_again("run", info(endpoint()), info(now), trusted=True)
    assert set(both.endpoints[0].facts.items()) == set(now.facts.items())
    assert both.endpoints == (now, endpoint())
    assert words.partition(" there")[0] in caplog.text
    assert "--trust-endpoint" in caplog.text
    for known in (now, endpoint()):
        know_again("run", both, info(known))


def test_a_day_of_answers_that_vary_leads_to_no_other_model() -> None:
    known = know_again("run", info(endpoint()), info(endpoint("6", stable=False)))
    know_again("run", known, info(endpoint()))
    with pytest.raises(StoreError, match="greedy answer"):
        know_again("run", known, info(endpoint("7")))


def test_a_list_of_models_that_was_away_once_leads_to_no_other_model() -> None:
    silent = endpoint().model_copy(update={"facts": {}})
    known = know_again("run", info(endpoint()), info(silent))
    with pytest.raises(StoreError, match="root"):
        know_again("run", known, info(endpoint(root="/models/b")))


def test_an_older_folder_gets_the_record_and_nothing_is_compared(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert know_again("run", info(), info(endpoint())).endpoints == (endpoint(),)
    assert "is older than the record of servers" in caplog.text


def test_engines_without_servers_are_left_alone() -> None:
    assert know_again("run", info(endpoint()), info()) == info()


# --- several servers --------------------------------------------------------------------------------------------------

A, B = endpoint(), endpoint(address="http://b/v1")


def test_each_server_is_known_by_one_of_the_folder() -> None:
    smaller = endpoint(**FACTS | {"context": "2048"}, address="http://c/v1")
    assert know_again("run", info(A, smaller), info(smaller, A)).endpoints == (smaller, A)
    assert know_again("run", info(A, smaller), info(A)).endpoints == (A, smaller)
    with pytest.raises(StoreError, match="another context"):
        know_again("run", info(A, smaller), info(endpoint(**FACTS | {"context": "99"})))


def test_two_servers_with_two_answers_are_not_mixed() -> None:
    other = endpoint("six", address="http://b/v1")
    with pytest.raises(StoreError, match=r"http://a/v1 and http://b/v1 serve two models under one name.*give one of"):
        know_again("run", None, info(A, other))
    assert know_again("run", None, info(A, other), trusted=True).endpoints == (A, other)


@pytest.mark.parametrize(("answer", "stable", "is_doubtful"), [("5", True, False), ("6", False, True)])
def test_two_servers_with_two_roots_are_a_doubt_unless_they_answer_alike(
    answer: str, stable: bool, is_doubtful: bool, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = endpoint(answer, stable=stable, **FACTS | {"root": "/data/a"}, address="http://b/v1")
    know_again("run", None, info(A, elsewhere))
    assert ("may serve two models under one name: their root differs" in caplog.text) is is_doubtful


def test_shards_of_two_models_are_said(caplog: pytest.LogCaptureFixture) -> None:
    other = endpoint("six", address="http://b/v1")
    assert joined_endpoints({"one": info(A), "two": info(B), "three": info(A)}) == (A, B)
    assert caplog.text == ""
    assert joined_endpoints({"one": info(A), "two": info(other)}) == (A, other)
    assert "two: was answered by a server with another greedy answer ('six', elsewhere '5')" in caplog.text


# --- two runs ---------------------------------------------------------------------------------------------------------


def test_two_runs_on_one_model_differ_in_the_address_only() -> None:
    differences = list(compared_endpoints(manifest(A), manifest(B)))
    assert differences == [("address", "harmless", "http://a/v1", "http://b/v1")]
    assert not is_unproven(manifest(A), manifest(B))


@pytest.mark.parametrize(
    ("now", "field", "role"),
    [
        (endpoint("six"), "greedy answer", "compared"),
        (endpoint(**FACTS | {"root": "/b"}), "root of the server's model", "harmless"),
        (endpoint("6", stable=False, **FACTS | {"root": "/b"}), "root of the server's model", "compared"),
    ],
)
def test_what_tells_two_models_apart_is_what_is_compared(now: Endpoint, field: str, role: str) -> None:
    assert [each[:2] for each in compared_endpoints(manifest(A), manifest(now))] == [(field, role)]


def test_hosted_models_have_dates() -> None:
    one, other = (endpoint("x", stable=False, **HOSTED, created=date) for date in (1, 2))
    assert list(compared_endpoints(manifest(one), manifest(other))) == [("created", "compared", "1", "2")]
    assert endpoint_differences(one, other) == ()


def test_greedy_answers_to_other_requests_say_nothing() -> None:
    briefer = manifest(endpoint("six"), sampling=Sampling(max_tokens=8))
    assert list(compared_endpoints(manifest(A), briefer)) == []
    assert is_unproven(manifest(A), briefer)


def test_two_model_names_and_older_runs_have_no_servers_to_compare() -> None:
    other = manifest(A).model_copy(update={"engine": info(endpoint("six")).model_copy(update={"model": "other"})})
    assert list(compared_endpoints(manifest(A), other)) == []
    assert list(compared_endpoints(manifest(), manifest(A))) == []
    assert not is_unproven(manifest(A), other)
    assert is_unproven(manifest(), manifest())
