"""What every engine promises, whatever stands behind it."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines import ENGINES, Engine, open_engine, samples_at_once
from rest_bench.schema import Sampling
from tests.engines.faulty_server import MODEL, FaultyServer
from tests.engines.lm_eval_stand_in import LM, lm_eval
from tests.engines.prompts import make_prompt

__all__ = ["lm_eval"]

SAMPLING = Sampling(temperature=0.6, max_tokens=8)
PROMPTS = [make_prompt(number, "x" * number) for number in range(6)]

Opener = Callable[[], Engine]


# Importing vLLM warns of what others have deprecated.
VLLM_MARKS = [pytest.mark.vllm, pytest.mark.timeout(600), pytest.mark.filterwarnings("default")]


@pytest.fixture(params=[*sorted(set(ENGINES) - {"vllm"}), pytest.param("vllm", marks=VLLM_MARKS)])
def open_one(
    request: pytest.FixtureRequest, tiny: Path, tmp_path: Path, server: FaultyServer, lm_eval: list[LM]
) -> Opener:
    """Return a function that opens each engine in turn, able to answer all of PROMPTS."""
    replies = tmp_path / "replies.jsonl"
    lines = ({"pack_id": prompt.pack_id, "text": "\\boxed{1}", "finish_reason": "stop"} for prompt in PROMPTS)
    replies.write_text("".join(json.dumps(line) + "\n" for line in lines))
    settings_of: dict[str, dict[str, object]] = {
        "transformers": {"model": str(tiny), "device": "cpu", "batch_size": 2},
        "vllm": {"model": "rest-nano", "enforce_eager": True},
        "replay": {"model": "their-model", "responses": replies},
        "simulator": {"model": "simulator"},
        "lm-eval": {"model": str(tiny), "lm_eval_model": "hf", "device": "cpu", "lm_eval_slice_size": 1},
        "openai": {"model": MODEL, "base_url": (server.url,), "concurrency": 1},
    }
    settings = settings_of[request.param]
    return lambda: open_engine(RunConfig.model_validate({**settings, "engine": request.param}))


def test_every_prompt_has_exactly_one_response_with_its_ids(open_one: Opener) -> None:
    with open_one() as engine:
        responses = list(engine.generate(iter(PROMPTS), SAMPLING))
    ids = [
        (response.sample_id, response.pack_id, response.task, response.level, response.repeat) for response in responses
    ]
    assert sorted(ids) == [(str(each.sample_id), each.pack_id, each.task, each.level, each.repeat) for each in PROMPTS]
    assert all((response.error is None) is (response.finish_reason != "error") for response in responses)


def test_tokens_of_lines_fit_the_text(open_one: Opener) -> None:
    with open_one() as engine:
        for response in engine.generate(PROMPTS, SAMPLING):
            if response.line_tokens is not None:
                assert sum(response.line_tokens) == response.completion_tokens
                assert len(response.line_tokens) == ((response.reasoning or "") + response.text).count("\n") + 1


def test_asking_again_gives_the_same_texts(open_one: Opener) -> None:
    def texts() -> dict[str, str]:
        with open_one() as engine:
            return {response.sample_id: response.text for response in engine.generate(PROMPTS, SAMPLING)}

    assert texts() == texts()


def test_a_drained_engine_starts_nothing_new(open_one: Opener) -> None:
    with open_one() as engine:
        responses = engine.generate(PROMPTS, SAMPLING)
        next(responses)
        engine.drain()
        # vLLM has all of so few prompts at once, and gives back what it has begun.
        assert len(list(responses)) < (len(PROMPTS) if engine.info.engine == "vllm" else 2)


def test_an_engine_may_be_left_in_the_middle(open_one: Opener) -> None:
    with open_one() as engine, closing(engine.generate(PROMPTS, SAMPLING)) as responses:  # type: ignore[type-var]
        next(responses)


def test_an_engine_says_what_it_is(open_one: Opener, request: pytest.FixtureRequest) -> None:
    with open_one() as engine:
        assert engine.info.engine in request.node.callspec.params.values()
        # A server does not say which commit it serves.
        assert (engine.info.revision is None) == (engine.info.engine == "openai")


@pytest.mark.parametrize(
    ("settings", "at_once"),
    [
        ({"engine": "transformers", "batch_size": 4}, 4),
        ({"engine": "openai", "concurrency": 9}, 9),
        ({"base_url": ("http://a/v1",)}, 128),
        ({"engine": "lm-eval"}, 64),
        ({"engine": "vllm", "max_num_seqs": 7}, 7),
        ({"engine": "vllm"}, 256),
        ({"engine": "replay"}, 1),
    ],
)
def test_the_settings_say_how_many_samples_are_worked_on_together(settings: dict[str, object], at_once: int) -> None:
    assert samples_at_once(RunConfig.model_validate({"model": "m", **settings})) == at_once
