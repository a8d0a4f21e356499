from pathlib import Path

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines import prompt_tokens
from rest_bench.engines.prompt_tokens import open_prompt_tokens
from rest_bench.errors import ConfigError, EngineError
from tests.engines.prompts import make_prompt
from tests.models import CHAT_TEMPLATE, make_tiny_model

TEXT = "What is 1 + 1?"


def config(model: object, **changes: object) -> RunConfig:
    return RunConfig.model_validate({"model": str(model), "engine": "transformers", **changes})


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("tiny"), context_tokens=77)


def test_prompts_are_counted_as_the_model_reads_them(tiny: Path) -> None:
    tokens = open_prompt_tokens(config(tiny))
    assert tokens is not None
    # One token per byte, and one each for <s>, <|user|>, <|end|> and <|assistant|>.
    assert tokens.count(make_prompt(1, TEXT)) == len(TEXT) + 4
    assert "<|assistant|>" in CHAT_TEMPLATE
    assert tokens.max_context_tokens == 77


def test_variables_of_the_chat_template_count(tmp_path: Path) -> None:
    template = "{{ 'abc' if deep else '' }}" + CHAT_TEMPLATE
    tokens = open_prompt_tokens(config(make_tiny_model(tmp_path, chat_template=template)))
    deep = open_prompt_tokens(config(tmp_path, chat_template_kwargs={"deep": True}))
    assert tokens is not None
    assert deep is not None
    assert deep.count(make_prompt(1, TEXT)) == tokens.count(make_prompt(1, TEXT)) + 3


def test_the_bundled_model_is_at_hand() -> None:
    tokens = open_prompt_tokens(config("rest-nano"))
    assert tokens is not None
    assert tokens.max_context_tokens == 1024


def test_a_context_asked_of_vllm_is_the_one_that_holds(tiny: Path) -> None:
    asked = open_prompt_tokens(config(tiny, engine="vllm", max_model_len=50))
    assert asked is not None
    assert asked.max_context_tokens == 50


@pytest.mark.parametrize(
    "settings",
    [
        {"model": "some-org/no-such-model"},
        {"model": "./no/such/folder"},
        {"model": "rest-nano", "engine": "replay"},
        {"model": "rest-nano", "engine": "auto", "base_url": ("http://localhost:1/v1",)},
    ],
)
def test_a_tokenizer_that_is_not_at_hand_is_none(settings: dict[str, object]) -> None:
    assert open_prompt_tokens(RunConfig.model_validate({"engine": "transformers", **settings})) is None


def test_without_transformers_there_is_no_tokenizer(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_tokens, "find_spec", lambda _name: None)
    assert open_prompt_tokens(config(tiny)) is None


def in_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in a hub cache of its own that holds org/tiny."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    snapshot = tmp_path / "models--org--tiny" / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    refs = tmp_path / "models--org--tiny" / "refs"
    refs.mkdir()
    (refs / "main").write_text("0" * 40)
    return snapshot


def test_a_hub_model_in_the_cache_is_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = make_tiny_model(in_cache(tmp_path, monkeypatch), context_tokens=33)
    (snapshot / "model.safetensors").unlink()
    tokens = open_prompt_tokens(config("org/tiny"))
    assert tokens is not None
    assert tokens.max_context_tokens == 33
    assert open_prompt_tokens(config("org/tiny", revision="v2")) is None


def test_a_hub_model_of_which_the_cache_has_a_part_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = make_tiny_model(in_cache(tmp_path, monkeypatch))
    for path in snapshot.glob("tokenizer*"):
        path.unlink()
    assert open_prompt_tokens(config("org/tiny")) is None


def test_a_folder_that_is_no_model_is_refused_as_eval_does(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"holds no config\.json"):
        open_prompt_tokens(config(tmp_path))


def test_an_unknown_engine_is_refused(tiny: Path) -> None:
    with pytest.raises(ConfigError, match="no such engine"):
        open_prompt_tokens(config(tiny, engine="vlm"))
