"""A stand-in for vLLM itself, put where the engine imports it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Literal, NamedTuple

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines.vllm import VllmEngine
from tests.models import EOS, make_tokenizer


class EngineDeadError(Exception):
    """As vLLM raises when its process is gone."""


class EngineGenerateError(Exception):
    """As vLLM raises when one request failed."""


@dataclass
class PEFTHelper:
    """Knows fewer fields than adapters have, as every version of vLLM does."""

    r: int
    use_dora: bool = False

    @classmethod
    def from_local_dir(cls, folder: str, _max_position_embeddings: int | None) -> "PEFTHelper":
        settings = json.loads((Path(folder) / "adapter_config.json").read_text())
        return cls(settings["r"], settings["use_dora"])

    def validate_legal(self, _config: object) -> None:
        if self.use_dora:
            raise ValueError("vLLM does not yet support DoRA.")


class LoRARequest(NamedTuple):
    """As requests carry it."""

    lora_name: str
    lora_int_id: int
    lora_path: str


class StandIn:
    """Answers every request with its number of x, after `wait`; notes what it was asked."""

    max_num_seqs = 2
    max_model_len = 64
    made_with: SimpleNamespace
    made_for: str

    def __init__(self) -> None:
        self.requests: dict[str, tuple[dict[str, Any], SimpleNamespace]] = {}
        self.is_shut_down = self.is_dead = False
        self.n_started = 0
        self.adapters: list[SimpleNamespace] = []
        self.asked_with: list[object] = []
        self.adapter_fault: str | None = None
        self.adapter_is_used = True
        self.when_made: Callable[[], object] = lambda: None
        self.wait: Callable[[str], float] = lambda _id: 0.0
        self.fail: Callable[[str], BaseException | None] = lambda _id: None
        self.finish_reason = "stop"
        self.load(SimpleNamespace())

    def load(self, arguments: SimpleNamespace) -> None:
        """Say of itself what vLLM says once it has loaded a model with these arguments."""
        given = vars(arguments)
        dtype = {"auto": "float32"}.get(given.get("dtype", "auto"), given.get("dtype"))
        self.vllm_config = SimpleNamespace(
            model_config=SimpleNamespace(
                dtype=f"torch.{dtype}",
                max_model_len=self.max_model_len,
                quantization=given.get("quantization"),
            ),
            cache_config=SimpleNamespace(cache_dtype=given.get("kv_cache_dtype", "auto")),
            scheduler_config=SimpleNamespace(max_num_seqs=self.max_num_seqs),
            device_config=SimpleNamespace(device_type="cpu"),
        )

    async def add_lora(self, request: SimpleNamespace) -> bool:
        if self.adapter_fault is not None:
            raise Exception(self.adapter_fault)
        self.adapters.append(request)
        return True

    async def generate(
        self, tokens: dict[str, Any], parameters: SimpleNamespace, name: str, lora_request: object = None
    ) -> AsyncIterator[Any]:
        if name.startswith("probe"):
            probability = SimpleNamespace(logprob=-2.0 if lora_request is not None and self.adapter_is_used else -1.0)
            yield SimpleNamespace(outputs=[SimpleNamespace(logprobs=[{7: probability}])])
            return
        self.asked_with.append(lora_request)
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


def install(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Put a stand-in for vLLM where the engine imports it."""
    llm = StandIn()

    def from_engine_args(arguments: SimpleNamespace, usage_context: str) -> StandIn:
        llm.made_with, llm.made_for = arguments, usage_context
        llm.load(arguments)
        llm.when_made()
        llm.n_started += 1
        llm.is_dead = False
        return llm

    modules = (
        module("vllm", AsyncEngineArgs=SimpleNamespace, SamplingParams=SimpleNamespace, __version__="9.9"),
        module("vllm.platforms", current_platform=SimpleNamespace(is_cpu=lambda: True)),
        module("vllm.sampling_params", RequestOutputKind=SimpleNamespace(FINAL_ONLY="final")),
        module("vllm.config"),
        module("vllm.config.lora", LoRAConfig=SimpleNamespace, MaxLoRARanks=Literal[1, 8, 16]),
        module("vllm.lora"),
        module("vllm.lora.peft_helper", PEFTHelper=PEFTHelper),
        module("vllm.lora.request", LoRARequest=LoRARequest),
        module("vllm.usage"),
        module("vllm.usage.usage_lib", UsageContext=SimpleNamespace(LLM_CLASS="offline")),
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
