"""Generation with a real model, SmolLM2-135M-Instruct, in float32 so that rounding does not depend on the batch."""

import json
from pathlib import Path

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines.transformers import TransformersEngine
from rest_bench.schema import Response, Sampling
from tests.engines.prompts import make_prompt
from tests.models import smollm2_folder

pytestmark = [pytest.mark.real_model, pytest.mark.timeout(600)]

GREEDY = Sampling(temperature=0, max_tokens=48)
SAMPLED = Sampling(temperature=0.6, top_p=0.95, max_tokens=48)
QUESTIONS = (
    "What is the capital of France?",
    "Count from 1 to 30, one number per line.",
    "Q1: What is 2 + 3?\n\nQ2: What is 7 * 8?\n\nAnswer the above questions one by one.",
    "Say hello in three languages.",
    "Name a colour.",
)
PROMPTS = [make_prompt(number, question) for number, question in enumerate(QUESTIONS)]


@pytest.fixture(scope="module")
def folder() -> Path:
    return smollm2_folder()


@pytest.fixture(scope="module")
def engine(folder: Path) -> TransformersEngine:
    return TransformersEngine(RunConfig(model=str(folder), device="cpu", dtype="float32", batch_size=len(PROMPTS)))


def answer(engine: TransformersEngine, sampling: Sampling, one_by_one: bool = False) -> dict[str, Response]:
    calls = [[prompt] for prompt in PROMPTS] if one_by_one else [PROMPTS]
    return {each.sample_id: each for prompts in calls for each in engine.generate(prompts, sampling)}


def test_the_folder_is_a_plain_model_folder_and_fetched_once(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    assert config["architectures"] == ["LlamaForCausalLM"]
    assert "quantization_config" not in config
    assert {"config.json", "generation_config.json", "model.safetensors", "tokenizer.json"} <= {
        path.name for path in folder.iterdir()
    }
    changed = (folder / "model.safetensors").stat().st_mtime_ns
    assert smollm2_folder() == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == changed


def test_it_answers_in_english_through_its_chat_template(engine: TransformersEngine) -> None:
    response = answer(engine, GREEDY)["sample-0"]
    assert response.text == "The capital of France is Paris."
    assert response.finish_reason == "stop"
    # The template's system turn (20 tokens and a line feed), the user's turn (12), and the opening of the reply (3),
    # each special token once: another template around it, or a second BOS, would add to them.
    assert response.prompt_tokens == 37
    assert response.completion_tokens == 8
    assert response.thinking_prefilled is False
    assert engine.info.chat_template_sha256 is not None
    assert engine.info.max_context_tokens == 8192


@pytest.mark.parametrize("sampling", [GREEDY, SAMPLED], ids=["greedy", "sampled"])
def test_a_sample_is_the_same_alone_and_in_a_batch(sampling: Sampling, engine: TransformersEngine) -> None:
    together, alone = answer(engine, sampling), answer(engine, sampling, one_by_one=True)
    assert {key: each.text for key, each in together.items()} == {key: each.text for key, each in alone.items()}
    assert {key: each.line_tokens for key, each in together.items()} == {
        key: each.line_tokens for key, each in alone.items()
    }


def test_tokens_are_counted_by_line_and_budgets_kept(engine: TransformersEngine) -> None:
    responses = answer(engine, GREEDY)
    assert {response.finish_reason for response in responses.values()} == {"stop", "length"}
    for response in responses.values():
        assert response.line_tokens is not None
        assert sum(response.line_tokens) == response.completion_tokens
        assert len(response.line_tokens) == len(response.text.split("\n"))
        if response.finish_reason == "length":
            assert response.completion_tokens == GREEDY.max_tokens
    # "1. 1" and its line feed are five tokens of this tokenizer.
    assert responses["sample-1"].text.startswith("1. 1\n2. 2\n3. 3\n")
    assert (responses["sample-1"].line_tokens or ())[:3] == (5, 5, 5)
