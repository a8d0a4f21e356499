"""The vLLM engine around a stand-in for vLLM itself; test_conformance.py and test_rest_nano.py run the real one."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines.vllm import VllmEngine
from rest_bench.errors import EngineError
from rest_bench.schema import Sampling
from tests.engines.prompts import make_prompt
from tests.models import EOS, make_tokenizer

SAMPLING = Sampling(temperature=0.6, top_p=0.9, top_k=20, min_p=0.1, repetition_penalty=1.1, max_tokens=8)
PROMPTS = [make_prompt(number, "x" * number) for number in range(6)]


class EngineDeadError(Exception):
    """As vLLM raises when its process is gone."""


class EngineGenerateError(Exception):
    """As vLLM raises when one request failed."""


class StandIn:
    """Answers every request with its number of x, after `wait`; notes what it was asked."""

    max_num_seqs = 2
    made_with: SimpleNamespace

    def __init__(self) -> None:
        self.requests: dict[str, tuple[dict[str, Any], SimpleNamespace]] = {}
        self.is_shut_down = False
        self.wait: Callable[[str], float] = lambda _id: 0.0
        self.fail: Callable[[str], BaseException | None] = lambda _id: None
        self.finish_reason = "stop"
        model = SimpleNamespace(dtype="torch.float32", max_model_len=64)
        self.vllm_config = SimpleNamespace(
            model_config=model,
            scheduler_config=SimpleNamespace(max_num_seqs=self.max_num_seqs),
            device_config=SimpleNamespace(device_type="cpu"),
        )

    async def generate(self, tokens: dict[str, Any], parameters: SimpleNamespace, name: str) -> AsyncIterator[Any]:
        self.requests[name] = (tokens, parameters)
        await asyncio.sleep(self.wait(name))
        if error := self.fail(name):
            raise error
        n_x = make_tokenizer().decode(tokens["prompt_token_ids"]).count("x")
        reply = [*make_tokenizer()("y" * n_x, add_special_tokens=False)["input_ids"], EOS]
        output = SimpleNamespace(token_ids=reply, finish_reason=self.finish_reason)
        yield SimpleNamespace(outputs=[output])

    def shutdown(self, timeout: float) -> None:
        self.is_shut_down = timeout > 0


def module(name: str, **attributes: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(attributes)
    return made


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Put a stand-in for vLLM where the engine imports it."""
    llm = StandIn()

    def from_engine_args(arguments: SimpleNamespace) -> StandIn:
        llm.made_with = arguments
        return llm

    modules = (
        module("vllm", AsyncEngineArgs=SimpleNamespace, SamplingParams=SimpleNamespace, __version__="9.9"),
        module("vllm.platforms", current_platform=SimpleNamespace(is_cpu=lambda: True)),
        module("vllm.sampling_params", RequestOutputKind=SimpleNamespace(FINAL_ONLY="final")),
        module("vllm.v1", engine=None),
        module("vllm.v1.engine"),
        module("vllm.v1.engine.async_llm", AsyncLLM=SimpleNamespace(from_engine_args=from_engine_args)),
        module("vllm.v1.engine.exceptions", EngineDeadError=EngineDeadError, EngineGenerateError=EngineGenerateError),
    )
    for each in modules:
        monkeypatch.setitem(sys.modules, each.__name__, each)
    return llm


def open_engine(tiny: Path, **settings: object) -> VllmEngine:
    return VllmEngine(RunConfig.model_validate({"model": str(tiny), **settings}))


def test_each_response_comes_the_moment_it_is_finished(stand_in: StandIn, tiny: Path) -> None:
    stand_in.wait = lambda name: 0.5 if name == "sample-5" else 0.0
    with open_engine(tiny) as engine:
        responses = list(engine.generate(PROMPTS, SAMPLING))
    assert [response.sample_id for response in responses][-1] == "sample-5"
    assert {response.sample_id: response.text for response in responses} == {f"sample-{n}": "y" * n for n in range(6)}
    assert stand_in.is_shut_down


def test_every_sampling_field_reaches_vllm_with_the_samples_own_seed(stand_in: StandIn, tiny: Path) -> None:
    with open_engine(tiny) as engine:
        list(engine.generate(PROMPTS[:2], SAMPLING))
    _, parameters = stand_in.requests["sample-1"]
    fields = ("temperature", "top_p", "top_k", "min_p", "repetition_penalty", "max_tokens")
    assert {name: getattr(parameters, name) for name in fields} == SAMPLING.model_dump()
    assert parameters.seed == PROMPTS[1].seed
    assert parameters.stop_token_ids == [EOS]
    assert parameters.detokenize is False


def test_the_longest_prompts_go_first_and_few_wait_at_once(stand_in: StandIn, tiny: Path) -> None:
    stand_in.wait = lambda _id: 0.1  # so that those handed over have all arrived
    with open_engine(tiny) as engine:
        responses = engine.generate(PROMPTS, SAMPLING)
        next(responses)
        assert list(stand_in.requests) == ["sample-5", "sample-4", "sample-3", "sample-2"]
        list(responses)
    assert list(stand_in.requests)[4:] == ["sample-1", "sample-0"]


def test_draining_ends_with_what_vllm_already_has(stand_in: StandIn, tiny: Path) -> None:
    stand_in.wait = lambda _id: 0.1
    with open_engine(tiny) as engine:
        responses = engine.generate(PROMPTS, SAMPLING)
        first = next(responses)
        engine.drain()
        rest = list(responses)
    assert {response.sample_id for response in (first, *rest)} == {"sample-5", "sample-4", "sample-3", "sample-2"}


def test_a_request_that_vllm_refuses_is_an_error_of_its_own(stand_in: StandIn, tiny: Path) -> None:
    stand_in.fail = lambda name: ValueError("too odd\na prompt") if name == "sample-2" else None
    with open_engine(tiny) as engine:
        responses = {response.sample_id: response for response in engine.generate(PROMPTS, SAMPLING)}
    assert responses["sample-2"].error == "vLLM refused the prompt (ValueError: too odd a prompt)"
    assert [name for name, response in responses.items() if response.finish_reason == "error"] == ["sample-2"]


def test_a_request_that_vllm_gave_up_is_asked_again_another_time(stand_in: StandIn, tiny: Path) -> None:
    stand_in.finish_reason = "abort"
    with open_engine(tiny) as engine:
        (response,) = engine.generate(PROMPTS[:1], SAMPLING)
    assert response.finish_reason == "error"
    assert "vLLM ended the request with 'abort'" in str(response.error)


def test_a_dead_engine_stops_the_run_in_one_sentence(stand_in: StandIn, tiny: Path) -> None:
    stand_in.fail = lambda name: EngineDeadError() if name == "sample-3" else None
    with open_engine(tiny) as engine, pytest.raises(EngineError, match="its engine died while answering"):
        list(engine.generate(PROMPTS, SAMPLING))


def test_an_engine_that_dies_of_the_interrupt_ends_the_run_without_an_error(
    stand_in: StandIn, tiny: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.wait = lambda name: 0.0 if name == "sample-5" else 0.2
    stand_in.fail = lambda name: None if name == "sample-5" else EngineDeadError()
    with open_engine(tiny) as engine:
        responses = engine.generate(PROMPTS, SAMPLING)
        assert next(responses).sample_id == "sample-5"
        engine.drain()
        assert list(responses) == []
    assert "3 samples in progress are lost" in caplog.text


def test_a_prompt_longer_than_the_context_never_reaches_vllm(stand_in: StandIn, tiny: Path) -> None:
    with open_engine(tiny) as engine:
        (response,) = engine.generate([make_prompt(1, "x" * 100)], SAMPLING)
    assert response.finish_reason == "error"
    assert not stand_in.requests


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"dtype": "float32", "gpu_memory_utilization": 0.4, "tensor_parallel_size": 1, "enforce_eager": False}),
        (
            {"dtype": "bfloat16", "gpu_memory_utilization": 0.7, "tensor_parallel_size": 2, "enforce_eager": True},
            {"dtype": "bfloat16", "gpu_memory_utilization": 0.7, "tensor_parallel_size": 2, "enforce_eager": True},
        ),
    ],
)
def test_settings_reach_vllm(
    settings: dict[str, object], expected: dict[str, object], stand_in: StandIn, tiny: Path
) -> None:
    with open_engine(tiny, **settings):
        pass
    assert {name: getattr(stand_in.made_with, name) for name in expected} == expected
    assert stand_in.made_with.generation_config == "vllm"


def test_what_vllm_says_of_a_model_it_cannot_load_becomes_one_sentence(
    stand_in: StandIn, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_arguments: object) -> None:
        raise ValueError("head size 16\nis not supported")

    monkeypatch.setattr(sys.modules["vllm.v1.engine.async_llm"].AsyncLLM, "from_engine_args", refuse)
    with pytest.raises(EngineError, match=r"vLLM cannot load it \(ValueError: head size 16 is not supported\)"):
        open_engine(tiny)


def test_without_vllm_the_extra_is_named(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vllm", None)
    with pytest.raises(EngineError, match=r"pip install 'rest-bench\[vllm\]'"):
        open_engine(tiny)
