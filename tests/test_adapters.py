"""What an adapter says of itself, and one sentence where it cannot be used; no model is loaded."""

import json
import shutil
from pathlib import Path

import pytest
from huggingface_hub import constants

from rest_bench.adapters import LoraAdapter, base_name, find_adapter
from rest_bench.config import RunConfig
from rest_bench.errors import EngineError
from tests.models import write_adapter

COMMIT = "0123456789abcdef" * 2 + "01234567"


def config(model: object, **settings: object) -> RunConfig:
    return RunConfig.model_validate({"model": str(model), **settings})


def found(model: object, **settings: object) -> LoraAdapter:
    adapter = find_adapter(config(model, **settings))
    assert adapter is not None
    return adapter


def test_an_adapter_is_known_by_its_config(tmp_path: Path) -> None:
    adapter = found(write_adapter(tmp_path / "adapter", "org/base", r=8, rank_pattern={"q_proj": 32}))
    assert (adapter.base, adapter.rank, adapter.revision) == ("org/base", 32, None)
    assert not adapter.has_tokenizer
    assert adapter.chat_template is None


def test_a_whole_model_is_none(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    assert find_adapter(config(tmp_path)) is None


@pytest.mark.parametrize("model", ["rest-nano", "./nowhere", "/no/such/folder", "a/b/c", "a--b..c"])
def test_what_is_no_folder_and_no_hub_id_is_none(model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_adapter(config(model)) is None


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "prefix tuning": ({"peft_type": "PREFIX_TUNING"}, "is a PREFIX_TUNING adapter, and only LoRA adapters can be laid"),
    "IA3": ({"peft_type": "IA3"}, "is a IA3 adapter, and only LoRA adapters"),
    "LoHa": ({"peft_type": "LOHA"}, "is a LOHA adapter, and only LoRA adapters"),
    "no kind": ({"peft_type": None}, "is a peft adapter, and only LoRA adapters"),
    "aLoRA": ({"alora_invocation_tokens": [1, 2]}, "is an activated LoRA"),
    "no rank": ({"r": None}, "says no rank"),
    "rank 0": ({"r": 0}, "says no rank"),
}


@pytest.mark.parametrize(("settings", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_other_adapters_are_refused(settings: dict[str, object], sentence: str, tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", "org/base", **settings)
    with pytest.raises(EngineError, match=f"^--model {folder}: .*{sentence}"):
        find_adapter(config(folder))


SPOILED = {
    "no JSON": ("adapter_config.json", "{", r"its adapter_config\.json cannot be read"),
    "no object": ("adapter_config.json", "[]", r"its adapter_config\.json is no JSON object"),
    "a whole model beside it": ("model.safetensors", "", r"holds a whole model \(model\.safetensors\) and an adapter"),
    "a part of one": ("model-00001-of-00002.safetensors", "", "holds a whole model"),
    "an old one": ("pytorch_model.bin", "", "holds a whole model"),
    "GGUF": ("name.Q4_K_M.gguf", "", "holds a whole model"),
}


@pytest.mark.parametrize(("name", "content", "sentence"), SPOILED.values(), ids=SPOILED.keys())
def test_a_folder_that_two_libraries_would_read_in_two_ways_is_refused(
    name: str, content: str, sentence: str, tmp_path: Path
) -> None:
    folder = write_adapter(tmp_path / "adapter", "org/base")
    (folder / name).write_text(content)
    with pytest.raises(EngineError, match=sentence):
        find_adapter(config(folder))


def test_an_adapter_without_weights_is_refused(tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", "org/base")
    (folder / "adapter_model.safetensors").unlink()
    with pytest.raises(EngineError, match=r"holds no weights \(adapter_model\.safetensors\)"):
        find_adapter(config(folder))


def test_only_what_replies_depend_on_is_hashed(tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", "org/base")
    for name in ("README.md", "training_args.bin", "optimizer.pt", "config.json"):
        (folder / name).touch()
    (folder / "tokenizer.json").touch()
    (folder / "checkpoint-10").mkdir()
    assert [path.name for path in found(folder).files()] == [
        "adapter_config.json",
        "adapter_model.safetensors",
        "tokenizer.json",
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"chat_template.jinja": "A"}, "A"),
        ({"tokenizer_config.json": json.dumps({"chat_template": "B"})}, "B"),
        ({"chat_template.jinja": "A", "tokenizer_config.json": json.dumps({"chat_template": "B"})}, "A"),
        ({"tokenizer_config.json": "{}"}, None),
    ],
)
def test_its_chat_template_is_found_where_it_lies(files: dict[str, str], expected: str | None, tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", "org/base")
    for name, content in files.items():
        (folder / name).write_text(content)
    assert found(folder).chat_template == expected


# --- the name of the base ---------------------------------------------------------------------------------------------


def test_the_base_is_named_by_the_user_or_the_adapter(tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", "org/base")
    assert base_name(config(folder)) == "org/base"
    assert base_name(config(folder, base_model="other/base")) == "other/base"
    assert base_name(config(folder, engine="replay")) is None
    assert base_name(config(folder, base_url=("http://localhost:1/v1",))) is None
    assert base_name(config("rest-nano")) is None


# --- the hub ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in a hub cache of its own that holds the adapter org/adapter."""
    repository = tmp_path / "models--org--adapter"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(COMMIT)
    (repository / "snapshots").mkdir()
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return write_adapter(repository / "snapshots" / COMMIT, "org/base")


@pytest.mark.parametrize("from_hub", [True, False])
def test_an_adapter_in_the_cache_of_the_hub_is_pinned_to_its_commit(cached: Path, from_hub: bool) -> None:
    adapter = find_adapter(config("org/adapter"), from_hub=from_hub)
    assert adapter is not None
    assert (adapter.name, adapter.folder, adapter.revision) == ("org/adapter", cached, COMMIT)
    assert base_name(config("org/adapter")) is None  # the hub is not asked


def test_a_hub_model_out_of_reach_is_none(cached: Path) -> None:
    shutil.rmtree(cached)
    assert find_adapter(config("org/adapter")) is None
    assert find_adapter(config("org/other")) is None
    assert base_name(config("org/other")) is None
