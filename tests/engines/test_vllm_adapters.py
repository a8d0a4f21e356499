"""LoRA adapters in the vLLM engine, around a stand-in for vLLM itself; test_vllm_real.py runs the real one."""

from pathlib import Path

import pytest

from rest_bench.engines.vllm_adapters import NEUTRAL
from rest_bench.errors import EngineError
from rest_bench.schema import Sampling
from tests.engines.prompts import make_prompt
from tests.engines.vllm_stand_in import StandIn, open_engine
from tests.models import write_adapter

PROMPTS = [make_prompt(number, "x" * number) for number in range(3)]


def test_each_request_carries_the_adapter(stand_in: StandIn, tiny: Path, tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", tiny)
    with open_engine(folder) as engine:
        assert len(list(engine.generate(PROMPTS, Sampling(max_tokens=8)))) == len(PROMPTS)
    (request,) = stand_in.adapters
    assert request.lora_path == str(folder)
    assert stand_in.asked_with == [request] * len(PROMPTS)
    made = stand_in.made_with
    assert (made.model, made.enable_lora, made.max_loras, made.max_lora_rank) == (str(tiny), True, 1, 8)
    assert engine.info.adapter is not None
    assert engine.info.adapter.base_model == str(tiny)


def test_without_an_adapter_nothing_is_said_of_one(stand_in: StandIn, tiny: Path) -> None:
    with open_engine(tiny) as engine:
        list(engine.generate(PROMPTS, Sampling(max_tokens=8)))
    assert not hasattr(stand_in.made_with, "enable_lora")
    assert stand_in.asked_with == [None] * len(PROMPTS)
    assert stand_in.adapters == []


@pytest.mark.parametrize(("rank", "expected"), [(1, 1), (2, 8), (8, 8), (9, 16), (16, 16)])
def test_the_rank_is_the_next_that_vllm_takes(
    rank: int, expected: int, stand_in: StandIn, tiny: Path, tmp_path: Path
) -> None:
    with open_engine(write_adapter(tmp_path / "adapter", tiny, r=rank)):
        pass
    assert stand_in.made_with.max_lora_rank == expected


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "a rank beyond all": ({"r": 17}, "has rank 17, and vLLM takes at most 16"),
    "a rank that vLLM does not read": ({"rank_pattern": {"q_proj": 2}}, "this vLLM leaves out its rank_pattern"),
    "a scale that vLLM does not read": ({"alpha_pattern": {"q_proj": 2}}, "this vLLM leaves out its alpha_pattern"),
    "rsLoRA": ({"use_rslora": True}, "this vLLM leaves out its use_rslora"),
    "whole modules": ({"modules_to_save": ["lm_head"]}, "this vLLM leaves out its modules_to_save"),
    "biases": ({"bias": "all"}, "this vLLM leaves out its bias"),
    "a base that is changed": ({"init_lora_weights": "pissa"}, "this vLLM leaves out its init_lora_weights"),
    "tokens": ({"trainable_token_indices": [1]}, "this vLLM leaves out its trainable_token_indices"),
    "DoRA": ({"use_dora": True}, r"vLLM refuses it \(ValueError: vLLM does not yet support DoRA\.\)"),
}


@pytest.mark.parametrize(("settings", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_vllm_would_do_wrong_is_refused(
    settings: dict[str, object], sentence: str, stand_in: StandIn, tiny: Path, tmp_path: Path
) -> None:
    folder = write_adapter(tmp_path / "adapter", tiny, **settings)
    with pytest.raises(EngineError, match=f"^--model {folder}: {sentence}; use --engine transformers, or merge it"):
        open_engine(folder)
    assert stand_in.n_started == 0


def test_what_does_nothing_is_not_refused(stand_in: StandIn, tiny: Path, tmp_path: Path) -> None:
    neutral = {name: values[-1] for name, values in NEUTRAL.items()}
    with open_engine(write_adapter(tmp_path / "adapter", tiny, **neutral)):
        pass
    assert len(stand_in.adapters) == 1


def test_an_adapter_that_vllm_cannot_load_is_one_sentence(stand_in: StandIn, tiny: Path, tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", tiny)
    stand_in.adapter_fault = "Call to add_lora method failed: expected target modules"
    with pytest.raises(EngineError, match=r"vLLM cannot load it \(Exception: Call to add_lora method failed"):
        open_engine(folder)
    assert stand_in.is_shut_down


def test_an_adapter_that_changes_nothing_is_refused(stand_in: StandIn, tiny: Path, tmp_path: Path) -> None:
    stand_in.adapter_is_used = False
    with pytest.raises(EngineError, match="answers with it as its base does, so the adapter was never trained"):
        open_engine(write_adapter(tmp_path / "adapter", tiny))
    assert stand_in.is_shut_down


def test_a_process_that_is_started_again_has_the_adapter_again(stand_in: StandIn, tiny: Path, tmp_path: Path) -> None:
    with open_engine(write_adapter(tmp_path / "adapter", tiny)) as engine:
        engine._restart()
    assert len(stand_in.adapters) == 2
