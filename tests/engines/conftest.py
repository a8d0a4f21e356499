"""Models and prompts that the tests of the engines share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engines import vllm_stand_in
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
