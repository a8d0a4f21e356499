"""How settings reach vLLM, around a stand-in for vLLM itself."""

import json
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing import resource_tracker
from pathlib import Path

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines.codec import EncodedPrompt
from rest_bench.engines.vllm import VllmEngine
from rest_bench.errors import EngineError
from tests.engines.prompts import make_prompt
from tests.engines.vllm_stand_in import StandIn, open_engine


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
    def refuse(_arguments: object, usage_context: str) -> None:
        raise ValueError("head size 16\nis not supported")

    monkeypatch.setattr(sys.modules["vllm.v1.engine.async_llm"].AsyncLLM, "from_engine_args", refuse)
    with pytest.raises(EngineError, match=r"vLLM cannot load it \(ValueError: head size 16 is not supported\)"):
        open_engine(tiny)


def test_without_vllm_the_extra_is_named(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vllm", None)
    with pytest.raises(EngineError, match=r"pip install 'rest-bench\[vllm\]'"):
        open_engine(tiny)


def test_no_setting_of_vllm_is_dropped_on_the_way(stand_in: StandIn, tiny: Path) -> None:
    settings = {
        "pipeline_parallel_size": 2,
        "data_parallel_size": 3,
        "enable_expert_parallel": True,
        "max_num_seqs": 7,
        "max_model_len": 50,
        "quantization": "fp8",
        "kv_cache_dtype": "fp8",
        "trust_remote_code": True,
        "seed": 5,
    }
    with open_engine(tiny, **settings):
        pass
    assert {name: getattr(stand_in.made_with, name) for name in settings} == settings


def test_as_many_requests_run_at_once_as_vllm_allows_for_offline_work(stand_in: StandIn, tiny: Path) -> None:
    """Left to itself, AsyncLLM takes the 128 of a server that must answer each quickly."""
    with open_engine(tiny):
        pass
    assert stand_in.made_for == "offline"


def test_what_is_not_given_is_left_to_vllm(stand_in: StandIn, tiny: Path) -> None:
    with open_engine(tiny):
        pass
    assert not hasattr(stand_in.made_with, "max_num_seqs")
    assert not hasattr(stand_in.made_with, "max_model_len")
    assert stand_in.made_with.quantization is None
    assert stand_in.made_with.kv_cache_dtype == "auto"


def test_the_context_has_room_for_the_longest_prompt_and_its_reply(stand_in: StandIn, tiny: Path) -> None:
    prompts = [make_prompt(1, "x"), make_prompt(2, "x" * 20)]
    config = RunConfig(model=str(tiny), max_tokens=10)
    with VllmEngine(config, lambda: prompts) as engine:
        asked = engine._codec.encode(prompts[1], config.sampling)
    assert isinstance(asked, EncodedPrompt)
    n_tokens = len(asked.token_ids)
    assert n_tokens + 10 <= stand_in.made_with.max_model_len <= 1.05 * n_tokens + 11


def test_a_context_that_the_model_was_not_trained_for_is_left_to_vllm(stand_in: StandIn, tiny: Path) -> None:
    with VllmEngine(RunConfig(model=str(tiny), max_tokens=10_000), lambda: [make_prompt(1)]):
        pass
    assert not hasattr(stand_in.made_with, "max_model_len")


def test_a_cpu_computes_prompts_in_one_piece_and_a_gpu_as_vllm_likes(
    stand_in: StandIn, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_engine(tiny):
        pass
    assert stand_in.made_with.enable_chunked_prefill is False
    monkeypatch.setattr(sys.modules["vllm.platforms"].current_platform, "is_cpu", lambda: False)
    with open_engine(tiny):
        pass
    assert not hasattr(stand_in.made_with, "enable_chunked_prefill")


def test_batch_invariance_is_refused_where_there_is_none(
    stand_in: StandIn, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLLM_BATCH_INVARIANT", "0")  # put back what the engine sets
    with pytest.raises(EngineError, match="no batch-invariant kernels for CPUs"):
        open_engine(tiny, deterministic=True)


def test_batch_invariance_is_switched_on_and_recorded(
    stand_in: StandIn, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLLM_BATCH_INVARIANT", "0")
    monkeypatch.setattr(sys.modules["vllm.platforms"].current_platform, "is_cpu", lambda: False)
    with open_engine(tiny, deterministic=True) as engine:
        assert engine.info.deterministic
    assert os.environ["VLLM_BATCH_INVARIANT"] == "1"


def test_processes_of_vllm_never_see_an_interrupt(
    stand_in: StandIn, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Starting a process may start the resource tracker first, which unblocks the interrupt."""
    started: list[bool] = []

    def start_process(*_arguments: object) -> None:
        resource_tracker.ensure_running()
        started.append(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))

    monkeypatch.setattr(resource_tracker, "_resource_tracker", resource_tracker.ResourceTracker())
    monkeypatch.setattr(resource_tracker, "ensure_running", resource_tracker._resource_tracker.ensure_running)
    stand_in.when_made = start_process
    with open_engine(tiny):
        pass
    assert started == [True]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


@pytest.mark.parametrize(
    ("settings", "said", "expected"),
    [
        ({}, {}, (None, None, None, None)),
        ({"quantization": "fp8", "kv_cache_dtype": "fp8"}, {}, ("fp8", "fp8", None, None)),
        ({"max_model_len": 50}, {}, (None, None, 50, None)),
        ({"kv_cache_dtype": "float32"}, {}, (None, None, None, None)),  # the model's own precision
        ({}, {"quant_method": "gptq", "bits": 4}, (None, None, None, "gptq 4-bit")),
        ({"quantization": "gptq"}, {"quant_method": "gptq", "bits": 4}, (None, None, None, "gptq 4-bit")),
        ({"quantization": "gptq_marlin"}, {"quant_method": "gptq"}, ("gptq_marlin", None, None, "gptq")),
    ],
)
def test_what_vllm_made_of_a_model_is_recorded(
    stand_in: StandIn, make_tiny: Callable[[], Path], settings: dict[str, object], said: object, expected: object
) -> None:
    tiny = make_tiny()
    if said:
        config = json.loads((tiny / "config.json").read_text())
        (tiny / "config.json").write_text(json.dumps({**config, "quantization_config": said}))
    with open_engine(tiny, **settings) as engine:
        info = engine.info
    assert (info.quantization, info.kv_cache_dtype, info.max_model_len, info.weights_format) == expected


def test_what_vllm_itself_says_counts_more_than_the_flag(stand_in: StandIn, tiny: Path) -> None:
    def downgrade() -> None:
        stand_in.vllm_config.cache_config.cache_dtype = "fp8_e4m3"
        stand_in.vllm_config.model_config.quantization = "fp8_per_tensor"

    stand_in.when_made = downgrade
    with open_engine(tiny, quantization="fp8", kv_cache_dtype="fp8") as engine:
        assert (engine.info.quantization, engine.info.kv_cache_dtype) == ("fp8_per_tensor", "fp8_e4m3")
