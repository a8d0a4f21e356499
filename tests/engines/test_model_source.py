"""Where a model is, and one sentence where it is not."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import transformers
from huggingface_hub import constants, errors

from rest_bench.config import RunConfig
from rest_bench.engines.model_source import (
    ModelSource,
    end_token_ids,
    hash_folder,
    locate_model,
    model_info,
    weights_format,
)
from rest_bench.errors import EngineError
from tests.models import make_tokenizer

COMMIT = "0123456789abcdef" * 2 + "01234567"


def locate(model: Path | str, **settings: object) -> ModelSource:
    return locate_model(RunConfig.model_validate({"model": str(model), **settings}))


def sentence_of(model: Path | str, **settings: object) -> str:
    """Return the sentence with which locating fails."""
    with pytest.raises(EngineError) as caught:
        locate(model, **settings)
    return str(caught.value)


@pytest.fixture
def copied(tiny: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny model that a test may spoil."""
    return Path(shutil.copytree(tiny, tmp_path / "copied"))


# --- folders ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["./nowhere", "../nowhere", "/no/such/folder", "no/such/folder", "~/nowhere at all"])
def test_a_folder_that_is_not_there(model: str) -> None:
    assert sentence_of(model) == f"--model {model}: no such folder; name a model folder, or a hub id such as org/name"


def test_a_file_is_no_folder(tiny: Path) -> None:
    assert "is a file; name the folder that holds it" in sentence_of(tiny / "model.safetensors")


def test_the_bundled_model_is_found_by_its_name_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = locate("rest-nano")
    assert source.name == "rest-nano"
    assert (Path(source.location) / "model.safetensors").is_file()


def test_a_folder_of_ones_own_named_like_the_bundled_model_wins(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied.rename(tmp_path / "rest-nano")
    monkeypatch.chdir(tmp_path)
    assert locate("rest-nano").folder == Path("rest-nano")


def test_a_folder_hash_covers_names_and_contents_but_no_readme(copied: Path) -> None:
    first = hash_folder(copied)
    (copied / "README.md").write_text("about this model")
    (copied / ".cache").mkdir()
    (copied / ".cache" / "lock").touch()
    assert hash_folder(copied) == first
    weights = copied / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    second = hash_folder(copied)
    assert second != first
    (copied / "generation_config.json").rename(copied / "renamed.json")
    assert hash_folder(copied) not in (first, second)


# --- what is known of a model -----------------------------------------------------------------------------------------

ENDS = {
    "one of the generation config": (7, 5, 2, (7, 2)),
    "several, one of them the tokenizer's": ([7, 2], 5, 2, (7, 2)),
    "none there: that of the config": (None, 5, 2, (5, 2)),
    "only the tokenizer's": (None, None, 2, (2,)),
    "none at all": (None, None, None, ()),
}


@pytest.mark.parametrize(("generation", "config", "tokenizer", "expected"), ENDS.values(), ids=ENDS.keys())
def test_every_token_that_may_end_a_reply_is_known(
    generation: object, config: object, tokenizer: object, expected: tuple[int, ...]
) -> None:
    text_config = SimpleNamespace(eos_token_id=config)
    found = end_token_ids(
        SimpleNamespace(eos_token_id=generation),
        SimpleNamespace(get_text_config=lambda: text_config),
        SimpleNamespace(eos_token_id=tokenizer),
    )
    assert found == expected


def test_a_folder_is_known_by_its_hash_and_a_hub_model_by_its_commit(tiny: Path) -> None:
    tokenizer = make_tokenizer(chat_template=None)
    local = model_info(locate(tiny), tokenizer, engine="some", engine_version="1")
    assert (local.model, local.revision, local.chat_template_sha256) == (str(tiny), hash_folder(tiny), None)
    hub = ModelSource("org/name", "org/name", None, None, COMMIT, False)
    assert model_info(hub, tokenizer, engine="some", engine_version="1").revision == COMMIT


# --- the hub ----------------------------------------------------------------------------------------------------------


HUB = {
    "not there": ("RepositoryNotFoundError", "is neither a folder here nor a hub model"),
    "gated": ("GatedRepoError", "is gated; accept its terms on its hub page, then run `hf auth login`"),
    "no such revision": ("RevisionNotFoundError", "has no such revision; name a branch, tag or commit of it"),
}


@pytest.mark.parametrize(("raised", "expected"), HUB.values(), ids=HUB.keys())
def test_what_the_hub_says_becomes_one_sentence(raised: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def download(*_: object, **__: object) -> None:
        raise getattr(errors, raised)("from the hub", response=SimpleNamespace(headers={}, request=None))

    monkeypatch.setattr(transformers.utils.hub, "hf_hub_download", download)
    assert sentence_of("some-org/some-model", revision="v9").startswith(f"--model some-org/some-model: {expected}")


def test_a_hub_out_of_reach_becomes_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def download(*_: object, **__: object) -> None:
        raise errors.LocalEntryNotFoundError("connection failed")

    monkeypatch.setattr(transformers.utils.hub, "hf_hub_download", download)
    assert "is not in the cache, and the hub is out of reach" in sentence_of("some-org/model")


def test_offline_mode_without_the_model_becomes_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "is not in the cache, and the hub is out of reach" in sentence_of("some-org/some-model")


def test_a_name_that_no_hub_model_can_have_is_refused() -> None:
    assert "is neither a folder here nor a hub id such as org/name" in sentence_of("a--b..c")


def test_a_cached_hub_model_is_pinned_to_its_commit(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = tmp_path / "models--some-org--some-model"
    shutil.copytree(tiny, repository / "snapshots" / COMMIT)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert locate("some-org/some-model").revision == COMMIT


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (None, None),
        ({"quant_method": "gptq", "bits": 4}, "gptq 4-bit"),
        ({"quant_method": "fp8"}, "fp8"),
        (transformers.BitsAndBytesConfig(load_in_8bit=True), "bitsandbytes 8-bit"),
        (transformers.BitsAndBytesConfig(load_in_4bit=True), "bitsandbytes 4-bit"),
        ({"bits": 3}, "quantized 3-bit"),
    ],
)
def test_quantized_files_are_told(said: object, words: str | None) -> None:
    config = transformers.LlamaConfig()
    if said is not None:
        config.quantization_config = said
    assert weights_format(config) == words
    assert weights_format(SimpleNamespace(get_text_config=lambda: config)) == words
    assert weights_format(None) is None
