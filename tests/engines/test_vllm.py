"""The vLLM engine around a stand-in for vLLM itself; test_conformance.py and test_rest_nano.py run the real one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rest_bench.errors import EngineError
from rest_bench.schema import Prompt, Response, Sampling
from tests.engines.prompts import make_prompt
from tests.engines.vllm_stand_in import EngineDeadError, StandIn, open_engine
from tests.models import EOS

SAMPLING = Sampling(temperature=0.6, top_p=0.9, top_k=20, min_p=0.1, repetition_penalty=1.1, max_tokens=8)
PROMPTS = [make_prompt(number, "x" * number) for number in range(6)]


def test_each_response_comes_the_moment_it_is_finished(stand_in: StandIn, tiny: Path) -> None:
    stand_in.wait = lambda name: 0.5 if name == "sample-5" else 0.0
    with open_engine(tiny) as engine:
        responses = list(engine.generate(PROMPTS, SAMPLING))
    assert [response.sample_id for response in responses][-1] == "sample-5"
    assert {response.sample_id: response.text for response in responses} == {f"sample-{n}": "y" * n for n in range(6)}
    assert stand_in.is_shut_down


def test_every_sampling_field_reaches_vllm_with_the_samples_own_seed(stand_in: StandIn, tiny: Path) -> None:
    with open_engine(tiny) as engine:
        list(engine.generate(PROMPTS[:2], SAMPLING))
    _, parameters = stand_in.requests["sample-1"]
    fields = ("temperature", "top_p", "top_k", "min_p", "repetition_penalty", "max_tokens")
    assert {name: getattr(parameters, name) for name in fields} == SAMPLING.model_dump()
    assert parameters.seed == PROMPTS[1].seed
    assert parameters.stop_token_ids == [EOS]
    assert parameters.detokenize is False


def test_prompts_are_begun_in_the_order_given_and_taken_as_they_are_needed(stand_in: StandIn, tiny: Path) -> None:
    taken: list[str | None] = []

    def coming() -> Iterator[Prompt]:
        for prompt in reversed(PROMPTS):
            taken.append(prompt.sample_id)
            yield prompt

    stand_in.wait = lambda _id: 0.1  # so that those handed over have all arrived
    with open_engine(tiny) as engine:
        responses = engine.generate(coming(), SAMPLING)
        next(responses)
        assert list(stand_in.requests) == taken == ["sample-5", "sample-4", "sample-3", "sample-2"]
        list(responses)
    assert list(stand_in.requests)[4:] == ["sample-1", "sample-0"]


def test_more_copies_of_the_model_get_more_at_once(stand_in: StandIn, tiny: Path) -> None:
    stand_in.wait = lambda _id: 0.1
    prompts = [make_prompt(number) for number in range(12)]
    with open_engine(tiny, data_parallel_size=2) as engine:
        responses = engine.generate(prompts, SAMPLING)
        next(responses)
        assert len(stand_in.requests) == 8
        list(responses)


def test_draining_ends_with_what_vllm_already_has(stand_in: StandIn, tiny: Path) -> None:
    stand_in.wait = lambda _id: 0.1
    with open_engine(tiny) as engine:
        responses = engine.generate(PROMPTS, SAMPLING)
        first = next(responses)
        engine.drain()
        rest = list(responses)
    assert {response.sample_id for response in (first, *rest)} == {"sample-0", "sample-1", "sample-2", "sample-3"}


def test_a_request_that_vllm_refuses_is_an_error_of_its_own(stand_in: StandIn, tiny: Path) -> None:
    stand_in.fail = lambda name: ValueError("too odd\na prompt") if name == "sample-2" else None
    with open_engine(tiny) as engine:
        responses = {response.sample_id: response for response in engine.generate(PROMPTS, SAMPLING)}
    assert responses["sample-2"].error == "vLLM refused the prompt (ValueError: too odd a prompt)"
    assert [name for name, response in responses.items() if response.finish_reason == "error"] == ["sample-2"]


def test_a_request_that_vllm_gave_up_is_asked_again_another_time(stand_in: StandIn, tiny: Path) -> None:
    stand_in.finish_reason = "abort"
    with open_engine(tiny) as engine:
        (response,) = engine.generate(PROMPTS[:1], SAMPLING)
    assert response.finish_reason == "error"
    assert "vLLM ended the request with 'abort'" in str(response.error)


def test_an_engine_that_dies_is_started_again_and_asked_once_more(
    stand_in: StandIn, tiny: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def die_once(name: str) -> BaseException | None:
        if name == "sample-2":
            stand_in.is_dead = True
            stand_in.fail = lambda _name: EngineDeadError() if stand_in.is_dead else None
        return EngineDeadError() if stand_in.is_dead else None

    stand_in.fail = die_once
    with open_engine(tiny) as engine:
        responses = [response.sample_id for response in engine.generate(PROMPTS, SAMPLING)]
    assert sorted(responses) == [f"sample-{number}" for number in range(6)]
    assert stand_in.n_started == 2
    assert "vLLM's engine died; starting it again" in caplog.text


def test_an_engine_that_dies_twice_stops_the_run_in_one_sentence(stand_in: StandIn, tiny: Path) -> None:
    stand_in.fail = lambda name: EngineDeadError() if name == "sample-3" else None
    finished: list[Response] = []
    with open_engine(tiny) as engine, pytest.raises(EngineError, match="its engine died twice while answering"):
        finished.extend(engine.generate(PROMPTS, SAMPLING))
    assert stand_in.n_started == 2
    assert len(finished) >= 2


def test_an_engine_that_dies_of_the_interrupt_ends_the_run_without_an_error(
    stand_in: StandIn, tiny: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.wait = lambda name: 0.0 if name == "sample-0" else 0.2
    stand_in.fail = lambda name: None if name == "sample-0" else EngineDeadError()
    with open_engine(tiny) as engine:
        responses = engine.generate(PROMPTS, SAMPLING)
        assert next(responses).sample_id == "sample-0"
        engine.drain()
        assert list(responses) == []
    assert "3 samples in progress are lost" in caplog.text


def test_a_prompt_longer_than_the_context_never_reaches_vllm(stand_in: StandIn, tiny: Path) -> None:
    with open_engine(tiny) as engine:
        (response,) = engine.generate([make_prompt(1, "x" * 100)], SAMPLING)
    assert response.finish_reason == "error"
    assert not stand_in.requests
