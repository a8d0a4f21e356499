"""lm-eval's models as an engine, with a stand-in for lm-eval; the real ones run in tests/integrations."""

import json
import logging
from itertools import count
from typing import Any

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines import open_engine
from rest_bench.errors import EngineError
from rest_bench.schema import Prompt, Response, Sampling
from tests.engines.lm_eval_stand_in import LM, PLACEHOLDER, lm_eval
from tests.engines.prompts import make_prompt

__all__ = ["lm_eval"]

GREEDY = Sampling(temperature=0, max_tokens=8)
PROMPTS = [make_prompt(number, "x" * number) for number in range(7)]


def config(kind: str = "hf", **settings: Any) -> RunConfig:
    fields = {"model": "org/model", "engine": "lm-eval", "lm_eval_model": kind, "max_tokens": 8, "device": "cpu"}
    return RunConfig.model_validate({**fields, **settings})


def ask(prompts: list[Prompt], sampling: Sampling = GREEDY, **settings: Any) -> list[Response]:
    with open_engine(config(**settings), lambda: prompts) as engine:
        return list(engine.generate(iter(prompts), sampling))


def test_samples_go_in_slices_and_each_slice_comes_back_before_the_next_begins(lm_eval: list[LM]) -> None:
    with open_engine(config(lm_eval_slice_size=3)) as engine:
        responses = engine.generate(iter(PROMPTS), GREEDY)
        (lm,) = lm_eval
        asked = []
        for _ in PROMPTS:
            next(responses)
            asked.append(len(lm.requests))
    assert asked == [1, 1, 1, 2, 2, 2, 3]
    assert [len(each) for each in lm.requests] == [3, 3, 1]


def test_prompts_go_through_the_chat_template_and_replies_come_whole(lm_eval: list[LM]) -> None:
    responses = ask(PROMPTS)
    contexts = [context for requests in lm_eval[0].requests for context, _ in requests]
    assert contexts == [f"<u>{'x' * number}<a>" for number in range(7)]
    assert [each.text for each in responses] == [f"\\boxed{{{number}}}" for number in range(7)]


def test_what_lm_eval_does_not_hand_over_is_null_and_said_once(
    lm_eval: list[LM], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="rest_bench"):
        responses = ask(PROMPTS, lm_eval_slice_size=2)
    for response in responses:
        assert (response.finish_reason, response.prompt_tokens, response.completion_tokens) == (None, None, None)
        assert (response.line_tokens, response.seed) == (None, None)
    (said,) = caplog.messages
    assert "hands over text alone" in said


def test_the_end_of_a_prompt_tells_whether_the_thinking_has_begun(
    lm_eval: list[LM], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.engines.lm_eval_stand_in.Local.apply_chat_template",
        lambda _self, messages: f"{messages[-1]['content']}<think>\n",
    )
    assert all(response.thinking_prefilled for response in ask(PROMPTS))


def test_the_reply_that_a_server_never_sent_is_empty(lm_eval: list[LM]) -> None:
    with open_engine(config("local-chat-completions", lm_eval_args='{"base_url": "http://localhost"}')) as engine:
        lm_eval[0].reply = lambda context: PLACEHOLDER if "xx" in context else None
        responses = list(engine.generate(PROMPTS, GREEDY))
    assert [response.text for response in responses] == [""] * 7


# --- sampling ---------------------------------------------------------------------------------------------------------


def fields_asked(lm: LM) -> list[dict[str, Any]]:
    return [fields for requests in lm.requests for _, fields in requests]


def test_greedy_requests_hold_nothing_else(lm_eval: list[LM]) -> None:
    ask(PROMPTS)
    assert fields_asked(lm_eval[0])[0] == {"until": [], "max_gen_toks": 8, "temperature": 0.0, "do_sample": False}


def test_every_sampling_field_is_set_for_a_local_model(lm_eval: list[LM]) -> None:
    ask(PROMPTS, Sampling(temperature=0.6, max_tokens=8, repetition_penalty=1.1))
    assert fields_asked(lm_eval[0])[0] == {
        "until": [],
        "max_gen_toks": 8,
        "temperature": 0.6,
        "do_sample": True,
        "top_p": 0.95,
        "top_k": 0,
        "min_p": 0.0,
        "repetition_penalty": 1.1,
    }


def test_a_server_is_not_sent_what_is_switched_off(lm_eval: list[LM]) -> None:
    server = {"kind": "local-chat-completions", "lm_eval_args": '{"base_url": "http://localhost"}'}
    ask(PROMPTS, Sampling(temperature=0.6, max_tokens=8), **server)
    assert fields_asked(lm_eval[0])[0] == {
        "until": [],
        "max_gen_toks": 8,
        "temperature": 0.6,
        "do_sample": True,
        "top_p": 0.95,
    }


def test_vllm_gets_the_seed_of_every_sample_and_others_say_that_they_had_none(lm_eval: list[LM]) -> None:
    sampled = Sampling(temperature=0.6, max_tokens=8)
    responses = ask(PROMPTS, sampled, kind="vllm")
    assert [fields["seed"] for fields in fields_asked(lm_eval[0])] == [prompt.seed for prompt in PROMPTS]
    assert [response.seed for response in responses] == [prompt.seed for prompt in PROMPTS]
    assert [response.seed for response in ask(PROMPTS, sampled)] == [None] * 7
    assert [response.seed for response in ask(PROMPTS, GREEDY, kind="vllm")] == [None] * 7


# --- budgets and faults -----------------------------------------------------------------------------------------------


def test_a_short_context_gives_all_replies_one_budget_and_cuts_no_prompt(lm_eval: list[LM]) -> None:
    long = [make_prompt(0, "x" * 10), make_prompt(1, "x" * 50)]
    responses = ask(long, Sampling(temperature=0, max_tokens=40), max_tokens=40)
    assert [fields["max_gen_toks"] for fields in fields_asked(lm_eval[0])] == [64 - 56] * 2
    assert all(response.error is None for response in responses)


def test_a_prompt_that_does_not_fit_is_told_by_its_numbers(lm_eval: list[LM]) -> None:
    responses = ask([make_prompt(0, "x"), make_prompt(1, "x" * 70)])
    failed, answered = sorted(responses, key=lambda each: each.error is None)
    assert answered.text == "\\boxed{1}"
    assert failed.error is not None
    assert failed.error.startswith("the prompt has 76 tokens, but org/model holds 64 with 8 of its reply")


def test_a_slice_that_fails_is_asked_one_by_one(lm_eval: list[LM], caplog: pytest.LogCaptureFixture) -> None:
    def reply(context: str) -> str:
        if context == "<u>xxx<a>":
            raise RuntimeError("three is too many")
        return "fine"

    with open_engine(config()) as engine:
        lm_eval[0].reply = reply
        responses = list(engine.generate(PROMPTS, GREEDY))
    assert [response.text for response in responses] == ["fine"] * 3 + [""] + ["fine"] * 3
    assert responses[3].error == "lm-eval hf failed (RuntimeError: three is too many); run the command again"
    assert "a slice of 7 samples failed" in caplog.text


def test_a_model_that_always_fails_stops_the_run(lm_eval: list[LM]) -> None:
    def reply(_context: str) -> str:
        raise RuntimeError("the device is gone")

    with open_engine(config()) as engine:
        lm_eval[0].reply = reply
        responses = engine.generate(PROMPTS, GREEDY)
        with pytest.raises(EngineError, match=r"3 samples in a row failed \(RuntimeError: the device is gone"):
            list(responses)


def test_a_drain_ends_after_the_slice_in_progress(lm_eval: list[LM]) -> None:
    with open_engine(config(lm_eval_slice_size=2)) as engine:
        numbers = count()
        for _ in engine.generate(PROMPTS, GREEDY):
            engine.drain()
            next(numbers)
    assert next(numbers) == 2
    assert json.loads(engine.info.arguments or "") == {"lm_eval_model": "hf"}
