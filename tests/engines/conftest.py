"""Models and prompts that the tests of the engines share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rest_bench.engines import openai_requests, openai_servers
from tests.engines import vllm_stand_in
from tests.engines.faulty_server import FaultyServer
from tests.models import make_tiny_model


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny model with a chat template; read only."""
    return make_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def make_tiny(tmp_path: Path) -> Callable[..., Path]:
    """Return `make_tiny_model` for a folder of this test."""
    return lambda **settings: make_tiny_model(tmp_path / "model", **settings)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> vllm_stand_in.StandIn:
    """Return the stand-in for vLLM that the vLLM engine meets in this test."""
    return vllm_stand_in.install(monkeypatch)


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    """Return a server that answers every question."""
    made = FaultyServer()
    yield made
    made.stop()


@pytest.fixture
def second_server() -> Iterator[FaultyServer]:
    """Return another one."""
    made = FaultyServer()
    yield made
    made.stop()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every pause of the openai engine tiny."""
    monkeypatch.setattr(openai_requests, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(openai_requests, "LONGEST_PAUSE_S", 0.05)
    monkeypatch.setattr(openai_servers, "FIRST_REST_S", 0.2)
    monkeypatch.setattr(openai_servers, "LONGEST_REST_S", 0.2)
