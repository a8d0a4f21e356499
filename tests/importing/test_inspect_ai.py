"""What is read of inspect_ai's outputs; its logs are read with inspect_ai itself in tests/integrations."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rest_bench.config import make_config
from rest_bench.engines.openai_replies import Reply, make_response
from rest_bench.engines.openai_servers import Secrets
from rest_bench.errors import EngineError
from rest_bench.importing import open_inspect_log
from rest_bench.importing.inspect_ai import reply_of
from rest_bench.planning import make_plan


def output(content: Any, stop_reason: str = "stop", usage: Any = None) -> SimpleNamespace:
    choice = SimpleNamespace(message=SimpleNamespace(content=content), stop_reason=stop_reason)
    return SimpleNamespace(choices=[choice], usage=usage, time=1.5)


def text(words: str) -> SimpleNamespace:
    return SimpleNamespace(type="text", text=words)


def reasoning(words: str, *, redacted: bool = False) -> SimpleNamespace:
    return SimpleNamespace(type="reasoning", reasoning=words, redacted=redacted)


def test_reasoning_is_kept_apart_from_the_text() -> None:
    reply = reply_of(output([reasoning("hm. "), reasoning("aha"), text("Q1: "), text("\\boxed{7}")]))
    assert (reply["reasoning"], reply["text"]) == ("hm. aha", "Q1: \\boxed{7}")


def test_reasoning_that_was_blacked_out_is_none() -> None:
    reply = reply_of(output([reasoning("c2VjcmV0", redacted=True), text("7")]))
    assert (reply["reasoning"], reply["text"]) == (None, "7")


def test_plain_text_is_all_that_there_is() -> None:
    reply = reply_of(output("<think>hm</think>7"))
    assert (reply["reasoning"], reply["text"]) == (None, "<think>hm</think>7")


@pytest.mark.parametrize(
    ("stop_reason", "finish_reason"),
    [
        ("stop", "stop"),
        ("max_tokens", "length"),
        ("model_length", "length"),
        ("content_filter", "error"),
        ("tool_calls", "error"),
        ("unknown", None),
        ("novel", None),
    ],
)
def test_the_end_of_a_reply_is_known_where_inspect_knows_it(stop_reason: str, finish_reason: str | None) -> None:
    assert reply_of(output("x", stop_reason))["finish_reason"] == finish_reason


@pytest.mark.parametrize("finish_reason", ["content_filter", "tool_calls", "stop"])
def test_an_ending_is_the_outcome_that_it_is_in_the_openai_engine(finish_reason: str) -> None:
    said = Reply("x", None, finish_reason, None, None)
    sample = make_plan(make_config({"model": "m", "levels": (1,), "limit": 1})).samples()
    prompt = next(sample).prompt.model_copy(update={"sample_id": "0"})
    asked = make_response(prompt, said, Secrets(None, ()), 1.0, prefilled=False)
    found = reply_of(output("x", finish_reason))
    assert (found["finish_reason"], found["error"] is None) == (asked.finish_reason, asked.error is None)


def test_tokens_from_a_cache_count_as_prompt() -> None:
    usage = SimpleNamespace(input_tokens=10, input_tokens_cache_read=5, input_tokens_cache_write=None, output_tokens=7)
    reply = reply_of(output("x", usage=usage))
    assert (reply["prompt_tokens"], reply["completion_tokens"]) == (15, 7)
    assert reply_of(output("x"))["completion_tokens"] is None


def test_no_output_is_an_empty_reply() -> None:
    assert reply_of(SimpleNamespace(choices=[])) == {"text": "", "finish_reason": None}


def test_without_inspect_its_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    monkeypatch.setitem(sys.modules, "inspect_ai.log", None)
    with pytest.raises(EngineError, match=r"pip install 'rest-bench\[inspect\]'"):
        open_inspect_log([Path("log.eval")])
