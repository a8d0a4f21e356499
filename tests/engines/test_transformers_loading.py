"""Loading a model: what it is, and one sentence for everything that can be wrong with it."""

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import transformers

from rest_bench.config import RunConfig
from rest_bench.engines.model_source import hash_folder
from rest_bench.engines.transformers_loading import choose_device, load_model
from rest_bench.errors import EngineError
from tests.models import CHAT_TEMPLATE, EOS


def sentence_of(model: Path | str, **settings: object) -> str:
    """Return the sentence with which loading fails."""
    with pytest.raises(EngineError) as caught:
        load_model(RunConfig.model_validate({"model": str(model), "device": "cpu", **settings}))
    return str(caught.value)


@pytest.fixture
def copied(tiny: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny model that a test may spoil."""
    return Path(shutil.copytree(tiny, tmp_path / "copied"))


# --- what was loaded --------------------------------------------------------------------------------------------------


def test_the_engine_says_what_it_has_loaded(tiny: Path) -> None:
    info = load_model(RunConfig(model=str(tiny), device="cpu")).info
    assert (info.engine, info.engine_version) == ("transformers", transformers.__version__)
    assert (info.model, info.dtype, info.device, info.max_context_tokens) == (str(tiny), "float32", "cpu", 512)
    assert info.revision == hash_folder(tiny)
    assert info.chat_template_sha256 is not None


def test_the_chat_template_hash_is_that_of_its_text(make_tiny: Callable[..., Path]) -> None:
    info = load_model(RunConfig(model=str(make_tiny()), device="cpu")).info
    assert info.chat_template_sha256 == hashlib.sha256(CHAT_TEMPLATE.encode()).hexdigest()


def test_the_precision_is_the_one_asked_for(tiny: Path) -> None:
    loaded = load_model(RunConfig(model=str(tiny), device="cpu", dtype="bfloat16"))
    assert loaded.info.dtype == "bfloat16"
    assert {parameter.dtype for parameter in loaded.model.parameters()} == {torch.bfloat16}


def test_only_special_tokens_are_left_of_the_models_generation_settings(make_tiny: Callable[..., Path]) -> None:
    folder = make_tiny(generation={"eos_token_id": [5, 6], "top_k": 3, "repetition_penalty": 1.1, "do_sample": True})
    loaded = load_model(RunConfig(model=str(folder), device="cpu"))
    assert loaded.end_token_ids == (5, 6, EOS)
    kept = loaded.model.generation_config
    assert (kept.top_k, kept.repetition_penalty, kept.do_sample) == (None, None, None)


def test_vendor_settings_are_as_before(tiny: Path) -> None:
    from transformers.utils import logging as vendor_logging

    before = vendor_logging.get_verbosity(), vendor_logging.is_progress_bar_enabled()
    load_model(RunConfig(model=str(tiny), device="cpu"))
    sentence_of("no/such/folder")
    assert (vendor_logging.get_verbosity(), vendor_logging.is_progress_bar_enabled()) == before


# --- devices ----------------------------------------------------------------------------------------------------------


def test_auto_prefers_cuda_then_mps_then_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert choose_device("auto") == "cuda:0"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto") == "mps"
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert choose_device("auto") == "cpu"


@pytest.mark.parametrize("device", ["gpu", "", "cuda:x", "meta", "xpu"])
def test_an_unknown_device_is_refused(device: str) -> None:
    with pytest.raises(EngineError, match="no such device; choose auto, cpu, cuda, cuda:N or mps"):
        choose_device(device)


def test_a_device_that_this_machine_lacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert choose_device("cuda:1") == "cuda:1"
    for device in ("cuda:2", "mps"):
        with pytest.raises(EngineError, match=f"--device {device}: PyTorch .* finds no such device here"):
            choose_device(device)


# --- folders ----------------------------------------------------------------------------------------------------------


def remove(*patterns: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        for pattern in patterns:
            for path in folder.glob(pattern):
                path.unlink()

    return spoil


def write(name: str, content: str | bytes) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    return spoil


def set_config(**fields: object) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))

    return spoil


def cut_weights(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])


def drop_tensor(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    del tensors["model.layers.1.mlp.up_proj.weight"]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def two_gguf_files(folder: Path) -> None:
    (folder / "config.json").unlink()
    (folder / "a.gguf").touch()
    (folder / "b.gguf").touch()


def make_bert(folder: Path) -> None:
    settings = transformers.BertConfig(
        vocab_size=265, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8
    )
    transformers.BertForMaskedLM(settings).save_pretrained(folder)


def make_t5(folder: Path) -> None:
    settings = transformers.T5Config(vocab_size=265, d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2)
    transformers.T5ForConditionalGeneration(settings).save_pretrained(folder)


def make_vit(folder: Path) -> None:
    settings = transformers.ViTConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8)
    transformers.ViTModel(settings).save_pretrained(folder)


def own_code(folder: Path) -> None:
    set_config(model_type="homemade", auto_map={"AutoConfig": "configuration_homemade.HomemadeConfig"})(folder)
    (folder / "configuration_homemade.py").write_text("raise SystemExit('this code must not run')\n")


SPOILED = {
    "no config": (remove("config.json"), "holds no config.json and no .gguf file, so it is no model folder"),
    "two gguf files": (two_gguf_files, "holds no config.json and 2 GGUF files; give one a folder of its own"),
    "no weights": (remove("*.safetensors"), "holds no weights (*.safetensors); copy the whole model folder"),
    "no tokenizer": (remove("tokenizer*"), "holds no tokenizer (tokenizer.json)"),
    "config is no JSON": (write("config.json", "{"), "cannot be loaded ("),
    "an unknown architecture": (set_config(model_type="unheard-of"), "cannot be loaded ("),
    "tokenizer is no tokenizer": (write("tokenizer.json", "{}"), "cannot be loaded ("),
    "weights cut off": (cut_weights, "its weights are damaged ("),
    "weights are no safetensors": (write("model.safetensors", b"\xff" * 100), "its weights are damaged ("),
    "a tensor is missing": (
        drop_tensor,
        "its weights lack 1 tensors, the first being model.layers.1.mlp.up_proj.weight; "
        "transformers would fill them with random numbers, so get the model again",
    ),
    "another shape": (set_config(intermediate_size=128), "cannot be loaded ("),
    "a masked model": (make_bert, "is BertForMaskedLM, not a causal language model; choose one that generates text"),
    "an encoder-decoder": (make_t5, "is T5ForConditionalGeneration, not a causal language model"),
    "a vision model": (make_vit, "is not a causal language model; choose one that generates text"),
    "code of its own": (own_code, "comes with Python code of its own; if you trust it, add --trust-remote-code"),
}


@pytest.mark.parametrize(("spoil", "expected"), SPOILED.values(), ids=SPOILED.keys())
def test_a_spoiled_folder_is_refused_in_one_sentence(
    spoil: Callable[[Path], None], expected: str, copied: Path
) -> None:
    spoil(copied)
    sentence = sentence_of(copied)
    assert sentence.startswith(f"--model {copied}: {expected}")
    assert "\n" not in sentence


def test_code_of_a_trusted_model_runs(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own_code(copied)
    with pytest.raises(SystemExit, match="this code must not run"):
        load_model(RunConfig(model=str(copied), device="cpu", trust_remote_code=True))


# --- packages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_a_missing_package_is_named_with_its_extra(package: str, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    sentence = sentence_of(tiny)
    assert package in sentence
    assert "pip install 'rest-bench[transformers]'" in sentence


def test_a_gguf_file_without_its_reader_names_the_extra(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove("config.json", "model.safetensors")(copied)
    (copied / "model.gguf").touch()
    monkeypatch.setitem(sys.modules, "gguf", None)
    assert "is a GGUF file; install its reader with pip install 'rest-bench[gguf]'" in sentence_of(copied)
