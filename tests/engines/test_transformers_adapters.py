"""LoRA adapters in transformers: real ones, made by peft, over a tiny model and over rest-nano."""

import json
import shutil
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from rest_bench.config import RunConfig, packaged_dir
from rest_bench.engines.prompt_tokens import open_prompt_tokens
from rest_bench.engines.transformers import TransformersEngine
from rest_bench.engines.transformers_loading import load_model
from rest_bench.errors import EngineError
from rest_bench.schema import EngineInfo, Prompt, Sampling
from tests.engines.prompts import make_prompt
from tests.models import make_adapter, make_tokenizer, write_adapter

NANO = packaged_dir("models") / "rest-nano"
PROMPTS = [make_prompt(number, f"What is {number} + {number}?") for number in range(1, 4)]
GREEDY = Sampling(temperature=0.0, max_tokens=40)


def config(model: object, **settings: object) -> RunConfig:
    return RunConfig.model_validate({"model": str(model), "engine": "transformers", "device": "cpu", **settings})


def replies(prompts: Iterable[Prompt], model: object, **settings: object) -> tuple[list[str], EngineInfo]:
    with TransformersEngine(config(model, **settings)) as engine:
        found = {response.sample_id: response.text for response in engine.generate(prompts, GREEDY)}
    return [found[str(prompt.sample_id)] for prompt in prompts], engine.info


def sentence_of(model: object, **settings: object) -> str:
    with pytest.raises(EngineError) as caught:
        load_model(config(model, **settings))
    return str(caught.value)


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an adapter over rest-nano that changes its replies; read only."""
    return make_adapter(tmp_path_factory.mktemp("adapters") / "adapter", NANO)


@pytest.fixture
def copied(adapter: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(adapter, tmp_path / "copied"))


def merged(adapter: Path, folder: Path) -> Path:
    """Write a whole model with the adapter's weights added to those of its base."""
    import peft
    from transformers import AutoModelForCausalLM

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model: Any = peft.PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(NANO), str(adapter))
        model.merge_and_unload().save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "generation_config.json"):
        shutil.copy(NANO / name, folder / name)
    return folder


def test_replies_are_those_of_the_merged_weights_and_not_those_of_the_base(adapter: Path, tmp_path: Path) -> None:
    texts, info = replies(PROMPTS, adapter)
    base, of_base = replies(PROMPTS, NANO)
    assert texts == replies(PROMPTS, merged(adapter, tmp_path / "merged"))[0]
    assert texts != base
    assert info.adapter is not None
    assert (info.adapter.base_model, info.adapter.base_revision) == (str(NANO), of_base.revision)
    assert info.model == str(adapter)
    assert info.revision == info.adapter.sha256 != of_base.revision
    assert info.chat_template_sha256 == of_base.chat_template_sha256
    assert of_base.adapter is None


def test_a_base_of_the_users_is_taken_in_place_of_the_one_that_is_not_here(copied: Path, adapter: Path) -> None:
    path = copied / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "base_model_name_or_path": "/home/someone/base"}))
    assert sentence_of(copied) == (
        f"--model {copied}: its base /home/someone/base is not on this machine; say where it is with --base-model, a "
        "folder or a hub id such as org/name"
    )
    assert replies(PROMPTS, copied, base_model="rest-nano")[0] == replies(PROMPTS, adapter)[0]


@pytest.mark.parametrize("base", ["../base", "./base", "checkpoints/run/base", "~/base of mine"])
def test_every_path_that_leads_nowhere_asks_for_the_base(base: str, tmp_path: Path) -> None:
    sentence = sentence_of(write_adapter(tmp_path / "adapter", base))
    assert f"its base {base} is not on this machine; say where it is with --base-model" in sentence


def test_an_adapter_that_names_no_base_asks_for_it(tmp_path: Path) -> None:
    assert "names no base model; give it with --base-model" in sentence_of(write_adapter(tmp_path / "adapter", None))


def test_a_whole_model_takes_no_base(tiny: Path) -> None:
    assert sentence_of(tiny, base_model="rest-nano").startswith(f"--base-model rest-nano: --model {tiny} is no adapter")
    with pytest.raises(EngineError, match="is no adapter"):
        open_prompt_tokens(config(tiny, base_model="rest-nano"))


def test_an_adapter_over_an_adapter_is_refused(tmp_path: Path) -> None:
    base = Path(shutil.copytree(NANO, tmp_path / "base"))
    (base / "adapter_config.json").write_text("{}")
    folder = write_adapter(tmp_path / "adapter", base)
    assert f"--model {folder}: its base {base} is an adapter itself; merge it" in sentence_of(folder)


def test_a_damaged_base_is_named_as_such(tmp_path: Path) -> None:
    base = Path(shutil.copytree(NANO, tmp_path / "base"))
    (base / "model.safetensors").unlink()
    folder = write_adapter(tmp_path / "adapter", base)
    assert f"--model {folder}: its base {base} holds no weights" in sentence_of(folder)


def test_an_adapter_of_another_base_is_refused(adapter: Path, tiny: Path) -> None:
    assert sentence_of(adapter, base_model=str(tiny)).startswith(f"--model {adapter}: ")


@pytest.mark.parametrize("n_layers", [2, 6])
def test_an_adapter_of_a_deeper_or_shallower_base_is_refused(n_layers: int, adapter: Path, tmp_path: Path) -> None:
    """Each layer fits, and peft would only warn of those that are left over, or say nothing."""
    from transformers import AutoModelForCausalLM

    base = Path(shutil.copytree(NANO, tmp_path / "base"))
    path = base / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "num_hidden_layers": n_layers}))
    settings = AutoModelForCausalLM.from_pretrained(NANO).config
    settings.num_hidden_layers = n_layers
    AutoModelForCausalLM.from_config(settings).save_pretrained(base)
    sentence = sentence_of(adapter, base_model=str(base))
    assert ("lacks " if n_layers > 4 else "has, beyond what its base has a place for, ") in sentence
    assert sentence.endswith("get the adapter again, or give the base that it was trained on with --base-model")


def test_damaged_weights_are_one_sentence(copied: Path) -> None:
    weights = copied / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    assert sentence_of(copied).startswith(f"--model {copied}: ")


def test_without_peft_the_extra_is_named(adapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "peft", None)
    assert "pip install 'rest-bench[peft]'" in sentence_of(adapter)


def test_one_precision_holds_for_model_and_adapter(adapter: Path) -> None:
    import torch

    loaded = load_model(config(adapter, dtype="bfloat16"))
    assert {parameter.dtype for parameter in loaded.model.parameters()} == {torch.bfloat16}


# --- tokenizer and chat template --------------------------------------------------------------------------------------


def test_a_chat_template_of_the_adapters_goes_before_that_of_its_base(copied: Path) -> None:
    (copied / "chat_template.jinja").write_text("{{ messages[0]['content'] }} four more")
    own, of_base = open_prompt_tokens(config(copied)), open_prompt_tokens(config(NANO))
    assert own is not None
    assert of_base is not None
    assert own.count(PROMPTS[0]) != of_base.count(PROMPTS[0])
    assert own.max_context_tokens == of_base.max_context_tokens == 1024
    assert load_model(config(copied)).info.chat_template_sha256 != load_model(config(NANO)).info.chat_template_sha256


def test_a_tokenizer_of_the_adapters_goes_before_that_of_its_base(copied: Path) -> None:
    make_tokenizer(chat_template=None).save_pretrained(copied)
    loaded = load_model(config(copied))
    assert len(loaded.tokenizer) == len(make_tokenizer())
    assert loaded.tokenizer.chat_template == (NANO / "chat_template.jinja").read_text()


def test_a_tokenizer_with_more_tokens_than_the_base_holds_is_refused(copied: Path) -> None:
    tokenizer = make_tokenizer()
    tokenizer.add_tokens([f"<word {number}>" for number in range(500)])
    tokenizer.save_pretrained(copied)
    assert f"its tokenizer has {len(tokenizer)} tokens, and its base {NANO} holds 381" in sentence_of(copied)


def test_prompts_are_counted_without_the_network_where_the_base_is_on_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_adapter(tmp_path / "adapter", "org/base")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert open_prompt_tokens(config(folder)) is None
    snapshot = tmp_path / "models--org--base" / "snapshots" / ("0" * 40)
    shutil.copytree(NANO, snapshot)
    (tmp_path / "models--org--base" / "refs").mkdir()
    (tmp_path / "models--org--base" / "refs" / "main").write_text("0" * 40)
    tokens = open_prompt_tokens(config(folder))
    assert tokens is not None
    assert tokens.max_context_tokens == 1024
