"""One served name, and what stands behind it: whole calls of `eval` against a server that changes in between."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rest_bench.cli import app
from rest_bench.comparing import compare_runs
from rest_bench.config import RunConfig
from rest_bench.errors import RestBenchError, StoreError, UnreachableError
from rest_bench.pipeline import evaluate, extract
from rest_bench.schema import Invocation
from rest_bench.store import Run
from tests.engines.conftest import quick, second_server, server
from tests.engines.faulty_server import MODEL, FaultyServer, completion, replies

__all__ = ["quick", "second_server", "server"]

pytestmark = pytest.mark.usefixtures("quick")


def config(out: Path, *servers: FaultyServer, **changes: object) -> RunConfig:
    settings = {"model": MODEL, "base_url": tuple(each.url for each in servers), "levels": (1,), "limit": 4, "out": out}
    return RunConfig.model_validate({**settings, **changes})


def card(**facts: Any) -> dict[str, Any]:
    return {"data": [{"id": MODEL, **facts}]}


def without_record(run: Run) -> None:
    """Make a folder look like one of a version that recorded nothing of servers."""
    path = run.path / "manifest.json"
    written = json.loads(path.read_text())
    del written["engine"]["endpoints"]
    for invocation in written["invocations"]:
        del invocation["addresses"], invocation["n_asked"]
    path.write_text(json.dumps(written))


@pytest.fixture
def done(server: FaultyServer, tmp_path: Path) -> Run:
    """Return a complete run on a server that is a vLLM."""
    server.pages["/v1/models"] = card(root="/models/a", owned_by="vllm", created=1, max_model_len=4096)
    return evaluate(config(tmp_path / "run", server))


def test_a_run_records_its_server_and_what_each_call_asked(done: Run, server: FaultyServer) -> None:
    manifest = done.manifest
    (endpoint,) = manifest.engine.endpoints
    assert endpoint.greedy_stable
    (call,) = manifest.invocations
    assert (call.addresses, call.n_asked) == ((server.url,), 4)
    evaluate(config(done.path, server))
    assert [each.n_asked for each in done.manifest.invocations] == [4, 0]


OTHER_MODELS: dict[str, tuple[dict[str, Any], str]] = {
    "other weights": ({}, "greedy answer"),
    "another root": ({"root": "/models/b"}, "another root"),
    "another context": ({"max_model_len": 8192}, "another context"),
    "another owner": ({"owned_by": "sglang"}, "another owned_by"),
}


@pytest.mark.parametrize("limit", [4, 6], ids=["complete", "with samples left"])
@pytest.mark.parametrize(("facts", "words"), OTHER_MODELS.values(), ids=OTHER_MODELS)
def test_the_same_name_with_another_model_behind_it_prints_no_number(
    done: Run, server: FaultyServer, facts: dict[str, Any], words: str, limit: int
) -> None:
    before = (done.path / "responses.jsonl").read_bytes()
    server.pages["/v1/models"] = card(
        **{"root": "/models/a", "owned_by": "vllm", "created": 2, "max_model_len": 4096, **facts}
    )
    if not facts:
        server.greedy = replies("The sum is five.")
    with pytest.raises(StoreError, match=words):
        evaluate(config(done.path, server, limit=limit))
    assert (done.path / "responses.jsonl").read_bytes() == before
    trusted = evaluate(config(done.path, server, limit=limit, trust_endpoint=True))
    assert len(trusted.manifest.engine.endpoints) == 2


def test_the_command_line_says_one_sentence_and_exits_with_2(done: Run, server: FaultyServer) -> None:
    server.greedy = replies("The sum is five.")
    found = CliRunner().invoke(app, arguments(done, server))
    assert found.stdout == ""
    assert isinstance(found.exception, StoreError)  # `main` says it and exits with 2


def arguments(run: Run, *servers: FaultyServer) -> list[str]:
    addresses = [part for each in servers for part in ("--base-url", each.url)]
    return ["eval", "--model", MODEL, *addresses, "--levels", "1", "--limit", "4", "--out", str(run.path)]


def test_a_server_that_was_started_anew_goes_on(
    done: Run, server: FaultyServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.pages["/v1/models"] = card(root="/models/a", owned_by="vllm", created=2, max_model_len=4096)
    evaluate(config(done.path, server, limit=6))
    assert [each.n_asked for each in done.manifest.invocations] == [4, 2]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_the_same_model_behind_another_port_goes_on(
    done: Run, second_server: FaultyServer, caplog: pytest.LogCaptureFixture
) -> None:
    second_server.pages["/v1/models"] = card(root="/models/a", owned_by="vllm", created=9, max_model_len=4096)
    evaluate(config(done.path, second_server, limit=6))
    assert [each.address for each in done.manifest.engine.endpoints] == [second_server.url]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_server_whose_answers_vary_goes_on_with_a_word(
    done: Run, server: FaultyServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.greedy = lambda _request: completion(f"answer {len(server.greedy_probes)}")
    evaluate(config(done.path, server, limit=6))
    assert "gives no stable greedy answer now" in caplog.text


def test_two_servers_of_two_models_are_not_mixed(
    server: FaultyServer, second_server: FaultyServer, tmp_path: Path
) -> None:
    second_server.greedy = replies("The sum is five.")
    with pytest.raises(StoreError, match="two models under one name"):
        evaluate(config(tmp_path / "run", server, second_server))
    assert server.requests == second_server.requests == []


def test_a_folder_from_before_the_record_goes_on_and_has_it_then(done: Run, server: FaultyServer) -> None:
    ids = (done.path / "responses.jsonl").read_bytes()
    without_record(done)
    evaluate(config(done.path, server))
    assert (done.path / "responses.jsonl").read_bytes() == ids
    server.greedy = replies("The sum is five.")
    with pytest.raises(StoreError, match="greedy answer"):
        evaluate(config(done.path, server))


# --- nothing asked ----------------------------------------------------------------------------------------------------


def dated(run: Run, *days: str) -> None:
    manifest = run.manifest
    calls: list[Invocation] = [
        each.model_copy(update={"started_at": f"{day}T10:00:00+00:00", "finished_at": f"{day}T11:00:00+00:00"})
        for each, day in zip(manifest.invocations, days, strict=True)
    ]
    text = manifest.model_copy(update={"invocations": tuple(calls)}).model_dump_json()
    (run.path / "manifest.json").write_text(text)


def test_where_nothing_is_asked_the_output_says_so_first(done: Run, server: FaultyServer) -> None:
    dated(done, "2026-01-02")
    n_asked = len(server.requests)
    said = CliRunner().invoke(app, arguments(done, server))
    assert said.exit_code == 0
    assert said.stdout.startswith(f"nothing asked: all 4 replies are of 2026-01-02 from {server.url}\n")
    assert len(server.requests) == n_asked
    as_json = CliRunner().invoke(app, [*arguments(done, server), "--json"])
    assert json.loads(as_json.stdout)["model"] == MODEL
    assert "nothing asked" in as_json.stderr


def test_a_call_that_asks_says_nothing_of_the_kind(done: Run, server: FaultyServer) -> None:
    said = CliRunner().invoke(app, [*arguments(done, server), "--limit", "6"])
    assert said.exit_code == 0
    assert "nothing asked" not in said.output


def test_a_complete_folder_can_be_printed_when_its_server_is_gone(done: Run, server: FaultyServer) -> None:
    dated(done, "2026-01-02")
    before = (done.path / "manifest.json").read_bytes()
    server.stop()
    said = CliRunner().invoke(app, arguments(done, server))
    assert said.exit_code == 0
    first = said.stdout.splitlines()[0]
    assert first.startswith(
        f"nothing asked: all 4 replies are of 2026-01-02 from {server.url}; no server can be reached"
    )
    assert "cannot be reached" in (done.path / "log.jsonl").read_text()
    assert (done.path / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("changes", [{"limit": 6}, {"max_tokens": 9}, {"seed": 1}, {"temperature": 0.1}])
def test_a_folder_that_lacks_samples_needs_its_server(
    done: Run, server: FaultyServer, changes: dict[str, object]
) -> None:
    server.stop()
    with pytest.raises(UnreachableError):
        evaluate(config(done.path, server, max_retries=0, **changes))


def test_a_server_that_serves_something_else_is_not_gone(done: Run, server: FaultyServer) -> None:
    server.pages["/v1/models"] = {"data": [{"id": "another"}]}
    with pytest.raises(RestBenchError, match="does not serve it"):
        evaluate(config(done.path, server))


# --- beside the line --------------------------------------------------------------------------------------------------


def test_a_second_model_is_known_again_too(done: Run, server: FaultyServer) -> None:
    asked = config(done.path, server, temperature=0.0)
    extract(done.path, asked)
    server.greedy = replies("The sum is five.")
    with pytest.raises(StoreError, match=r"extractions.jsonl: .* greedy answer .*; remove extractor.json"):
        extract(done.path, asked)


def test_compare_names_what_tells_two_servers_apart(done: Run, second_server: FaultyServer, tmp_path: Path) -> None:
    second_server.pages["/v1/models"] = card(root="/models/a", owned_by="vllm", max_model_len=4096)
    second_server.greedy = replies("The sum is five.")
    other = evaluate(config(tmp_path / "other", second_server))
    compared = compare_runs(done.path, other.path)
    assert {each.field: each.role for each in compared.differences} == {
        "greedy answer": "compared",
        "address": "harmless",
    }
    assert not any("differ in nothing" in caution for caution in compared.cautions)
