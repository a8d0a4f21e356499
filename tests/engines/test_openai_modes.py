"""What servers are known to do, one by one, and what comes of it."""

import logging
from collections.abc import Iterator

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines import open_engine
from rest_bench.errors import EngineError
from rest_bench.schema import Response, Sampling
from tests.engines.faulty_server import MODEL, FaultyServer
from tests.engines.prompts import make_prompt
from tests.engines.server_modes import BUDGET, GOOD, MODES, STOPPED, Mode

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture(scope="module")
def any_server() -> Iterator[FaultyServer]:
    """Return one server for all modes."""
    server = FaultyServer()
    yield server
    server.stop()


def answer(server: FaultyServer, n_prompts: int = 1) -> list[Response]:
    config = RunConfig(model=MODEL, base_url=(server.url,), max_tokens=BUDGET, max_retries=2)
    with open_engine(config) as engine:
        prompts = (make_prompt(number) for number in range(n_prompts))
        return list(engine.generate(prompts, Sampling(max_tokens=BUDGET)))


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_what_a_server_does_has_its_outcome(
    any_server: FaultyServer, mode: Mode, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    any_server.requests.clear()
    any_server.script.clear()
    any_server.script.append(mode.act)
    any_server.always = GOOD if mode.once else mode.act
    if mode.finish_reason == STOPPED:
        with pytest.raises(EngineError) as caught:
            answer(any_server)
        assert mode.error in str(caught.value)
    else:
        (response,) = answer(any_server)
        assert (response.finish_reason, response.text, response.reasoning, response.completion_tokens) == (
            mode.finish_reason,
            mode.text,
            mode.reasoning,
            mode.tokens,
        )
        assert mode.error in (response.error or "")
        assert (response.error is None) is (mode.error == "")
    assert len(any_server.requests) == mode.n_requests
    said = "\n".join(record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING)
    assert mode.warns in said
    assert bool(said) is bool(mode.warns)
