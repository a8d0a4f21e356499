"""Replies made elsewhere: which lines are read, which are refused, and what becomes of packs without one."""

import hashlib
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.config import RunConfig
from rest_bench.engines import replay
from rest_bench.engines.replay import ReplayEngine
from rest_bench.errors import ConfigError, EngineError
from rest_bench.schema import Response, Sampling
from tests.engines.prompts import make_prompt

PROMPTS = [make_prompt(number) for number in range(4)]


def reply(number: int, text: str = "\\boxed{1}", finish_reason: str = "stop", **fields: object) -> dict[str, object]:
    """Return the line of a pack as a value."""
    return {"pack_id": f"{number:016x}", "text": text, "finish_reason": finish_reason, **fields}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes lines (values, or raw bytes) to a file."""

    def write_lines(*lines: dict[str, object] | bytes) -> Path:
        path = tmp_path / "replies.jsonl"
        path.write_bytes(
            b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
        )
        return path

    return write_lines


def open_replay(path: Path) -> ReplayEngine:
    return ReplayEngine(RunConfig(model="their-model", engine="replay", responses=path))


def answer(path: Path, numbers: range = range(4)) -> list[Response]:
    with open_replay(path) as engine:
        return list(engine.generate([make_prompt(number) for number in numbers], Sampling()))


def sentence_of(path: Path) -> str:
    """Return the sentence with which opening a file fails, without the file's name before it."""
    with pytest.raises(EngineError) as caught:
        open_replay(path)
    sentence = str(caught.value)
    assert sentence.startswith(f"--responses {path}")
    assert "\n" not in sentence
    return sentence.removeprefix(f"--responses {path}").lstrip(",: ")


# --- what is read -----------------------------------------------------------------------------------------------------


def test_three_fields_are_enough(write: Callable[..., Path]) -> None:
    path = write(reply(0, "first"), reply(1, "second", "length"))
    first, second = answer(path, range(2))
    assert (first.text, first.finish_reason, first.sample_id) == ("first", "stop", "sample-0")
    assert (second.text, second.finish_reason, second.sample_id) == ("second", "length", "sample-1")
    assert (first.prompt_tokens, first.line_tokens, first.thinking_prefilled, first.reasoning) == (
        None,
        None,
        False,
        None,
    )


def test_the_order_of_lines_does_not_matter(write: Callable[..., Path]) -> None:
    path = write(*(reply(number, f"text {number}") for number in (2, 0, 3, 1)))
    assert [response.text for response in answer(path)] == ["text 0", "text 1", "text 2", "text 3"]


def test_a_line_of_a_run_keeps_what_was_measured_there(write: Callable[..., Path]) -> None:
    stored = Response(
        sample_id="theirs",
        pack_id=PROMPTS[0].pack_id,
        task="toy",
        level=2,
        repeat=0,
        text="b\nc",
        reasoning="a",
        finish_reason="stop",
        prompt_tokens=10,
        completion_tokens=5,
        line_tokens=(3, 2),
        thinking_prefilled=True,
        seed=77,
        latency_s=1.5,
    )
    (response,) = answer(write(stored.model_dump_json().encode()), range(1))
    assert response == stored.model_copy(update={"sample_id": "sample-0"})


def test_a_seed_that_was_not_used_is_not_claimed(write: Callable[..., Path]) -> None:
    (response,) = answer(write(reply(0)), range(1))
    assert response.seed is None


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("replies") / "replies.jsonl"
    path.write_text(
        "\n".join(json.dumps(reply(number, text), ensure_ascii=number % 2 == 0) for number, text in enumerate(texts)),
        encoding="utf-8",
        newline="",
    )
    assert [response.text for response in answer(path, range(len(texts)))] == texts


READ = {
    "reasoning under its other name": (reply(0, reasoning_content="hm"), {"reasoning": "hm"}),
    "both names of reasoning, one empty": (reply(0, reasoning=None, reasoning_content="hm"), {"reasoning": "hm"}),
    "null text of a truncated reply": ({**reply(0, finish_reason="length"), "text": None}, {"text": ""}),
    "repeat 0": (reply(0, repeat=0), {"repeat": 0}),
    "an error with its sentence": (reply(0, "", "error", error="server died"), {"error": "server died"}),
    "an error without": (reply(0, "", "error"), {"error": "line 1 of replies.jsonl says error and gives no sentence"}),
    "a repetition": (reply(0, finish_reason="repetition"), {"finish_reason": "repetition"}),
    "lone surrogates": (
        b'{"pack_id": "%016d", "text": "a\\ud800b", "finish_reason": "stop"}' % 0,
        {"text": "a\ufffdb"},
    ),
    "a surrogate pair": (
        b'{"pack_id": "%016d", "text": "\\ud83d\\ude00", "finish_reason": "stop"}' % 0,
        {"text": "\N{GRINNING FACE}"},
    ),
    "a byte order mark": (b"\xef\xbb\xbf" + json.dumps(reply(0, "x")).encode(), {"text": "x"}),
    "windows line ends": (json.dumps(reply(0, "x")).encode() + b"\r\n", {"text": "x"}),
    "blank lines": (b"\n  \n" + json.dumps(reply(0, "x")).encode() + b"\n\n", {"text": "x"}),
}


@pytest.mark.parametrize(("line", "expected"), READ.values(), ids=READ.keys())
def test_a_line_is_read(line: dict[str, object] | bytes, expected: dict[str, Any], write: Callable[..., Path]) -> None:
    (response,) = answer(write(line), range(1))
    assert {key: getattr(response, key) for key in expected} == expected


# --- what is refused --------------------------------------------------------------------------------------------------

GOOD = json.dumps(reply(0)).encode() + b"\n"
REFUSED = {
    "not JSON": ([GOOD, b"{pack_id: 1}\n"], "line 2: is not JSON ("),
    "a key twice": (
        [b'{"pack_id": "00", "text": "a", "text": "b"}\n'],
        "line 1: is not JSON (the key 'text' occurs twice",
    ),
    "torn": ([GOOD, b'{"pack_id": "00", "te'], "line 2: is not JSON ("),
    "nested beyond reason": ([b"[" * 100_000], "line 1: is not JSON ("),
    "not UTF-8": ([GOOD, b'\n{"text": "\xff"}\n'], "line 3: byte 11 is not UTF-8; save the file as UTF-8"),
    "not an object": ([b"[1, 2]\n"], "line 1: is no JSON object; it needs pack_id, text and finish_reason"),
    "without pack_id": ([{"text": "", "finish_reason": "stop"}], "line 1: lacks pack_id; it needs"),
    "without text": ([{"pack_id": "0", "finish_reason": "length"}], "line 1: lacks text; it needs"),
    "without finish_reason": ([{"pack_id": "0", "text": ""}], "line 1: lacks finish_reason; it needs"),
    "a wrong finish_reason": (
        [reply(0, finish_reason="eos")],
        "line 1: finish_reason: input should be 'stop', 'length'",
    ),
    "null text of a finished reply": ([{**reply(0), "text": None}], "line 1: text: input should be a valid string"),
    "a misspelt key": (
        [reply(0, complection_tokens=1)],
        "line 1: has an unknown key 'complection_tokens'; take it out, or correct its spelling",
    ),
    "both names of reasoning": ([reply(0, reasoning="a", reasoning_content="b")], "line 1: has an unknown key 'reas"),
    "tokens as text": (
        [reply(0, completion_tokens="12")],
        "line 1: completion_tokens: input should be a valid integer",
    ),
    "tokens below zero": ([reply(0, prompt_tokens=-1)], "line 1: prompt_tokens: input should be greater than or equal"),
    "a latency that is no number": ([b'{"latency_s": NaN, ' + GOOD[1:]], "line 1: latency_s: input should be"),
    "line tokens as text": (
        [reply(0, completion_tokens=3, line_tokens=["1", "2"])],
        "line 1: line_tokens: input should be a valid integer",
    ),
    "line tokens that do not sum up": (
        [reply(0, completion_tokens=5, line_tokens=[1, 2])],
        "line 1: line_tokens do not sum to completion_tokens; mend them or leave line_tokens out",
    ),
    "two replies for a pack": (
        [reply(0, "a"), reply(1), reply(0, "b")],
        f"lines 1 and 3 give pack {0:016x} two different replies; keep one",
    ),
    "empty": ([], "holds no replies; it needs one JSON object per line"),
    "blank": ([b"\n\n"], "holds no replies; it needs one JSON object per line"),
}


@pytest.mark.parametrize(("lines", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_line_is_refused_with_its_number(
    lines: list[dict[str, object] | bytes], expected: str, write: Callable[..., Path]
) -> None:
    assert sentence_of(write(*lines)).startswith(expected)


def test_a_line_too_long_to_be_a_reply_is_refused(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "MAX_LINE_BYTES", 2 * 1024**2)
    assert sentence_of(write(reply(0), reply(1, "x" * 2 * 1024**2))).startswith("line 2: is longer than 2 MiB")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert sentence_of(tmp_path / "nowhere.jsonl") == "cannot be read (No such file or directory)"
    assert sentence_of(tmp_path) == "cannot be read (Is a directory)"


def test_no_file_named() -> None:
    with pytest.raises(ConfigError, match="--engine replay: needs --responses FILE"):
        ReplayEngine(RunConfig(model="their-model", engine="replay"))


# --- one reply per pack -----------------------------------------------------------------------------------------------


def test_the_same_reply_twice_counts_once(write: Callable[..., Path]) -> None:
    path = write(reply(0, "same", latency_s=1.0), reply(0, "same", latency_s=2.0))
    (response,) = answer(path, range(1))
    assert (response.text, response.latency_s) == ("same", 1.0)


@pytest.mark.parametrize("error_first", [True, False])
def test_an_error_gives_way_to_a_reply(error_first: bool, write: Callable[..., Path]) -> None:
    lines = [reply(0, "", "error", error="timed out"), reply(0, "good")]
    (response,) = answer(write(*(lines if error_first else lines[::-1])), range(1))
    assert (response.text, response.finish_reason) == ("good", "stop")


def test_the_last_of_several_errors_is_told(write: Callable[..., Path]) -> None:
    path = write(reply(0, "", "error", error="first try"), reply(0, "", "error", error="second try"))
    (response,) = answer(path, range(1))
    assert response.error == "second try"


def test_a_reply_for_another_repeat_of_the_pack_is_refused(write: Callable[..., Path]) -> None:
    path = write(reply(0), reply(1, repeat=3))
    with (
        open_replay(path) as engine,
        pytest.raises(EngineError, match=r"line 2: repeat is 3, but pack \w+ is of repeat 1"),
    ):
        list(engine.generate([make_prompt(0), make_prompt(1, repeat=1)], Sampling()))


def test_the_pack_decides_the_repeat(write: Callable[..., Path]) -> None:
    with open_replay(write(reply(0), reply(1, repeat=0), reply(2, repeat=5))) as engine:
        responses = list(engine.generate([make_prompt(number, repeat=5) for number in range(3)], Sampling()))
    assert [response.repeat for response in responses] == [5, 5, 5]


# --- packs and lines that do not meet ---------------------------------------------------------------------------------


def test_a_pack_without_a_line_is_an_error(write: Callable[..., Path], caplog: pytest.LogCaptureFixture) -> None:
    responses = {response.sample_id: response for response in answer(write(reply(1), reply(3)))}
    assert [responses[f"sample-{number}"].finish_reason for number in range(4)] == ["error", "stop", "error", "stop"]
    assert responses["sample-2"].error == f"replies.jsonl has no reply for pack {2:016x}; add it, and use a new --out"
    assert not caplog.records


def test_lines_without_a_pack_are_counted_in_one_warning(
    write: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    path = write(reply(0), reply(8), reply(1), reply(9))
    answer(path)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert f"2 of 4 replies were not asked for, the first being line 2 (pack {8:016x})" in record.getMessage()


def test_a_file_for_other_packs_answers_nothing(write: Callable[..., Path]) -> None:
    with open_replay(write(reply(8), reply(9))) as engine:
        responses = engine.generate(PROMPTS, Sampling())
        with pytest.raises(EngineError, match=r"none of its 2 replies .* 4 packs .* task, levels, design, seed"):
            next(responses)


def test_nothing_asked_is_nothing_answered(write: Callable[..., Path], caplog: pytest.LogCaptureFixture) -> None:
    assert answer(write(reply(0)), range(0)) == []
    assert not caplog.records


def test_draining_ends_before_the_next_pack(write: Callable[..., Path], caplog: pytest.LogCaptureFixture) -> None:
    with open_replay(write(*(reply(number) for number in range(4)))) as engine:
        responses = engine.generate(PROMPTS, Sampling())
        next(responses)
        engine.drain()
        assert list(responses) == []
    assert not caplog.records


# --- the engine -------------------------------------------------------------------------------------------------------


def test_the_engine_names_the_model_and_hashes_the_file(write: Callable[..., Path]) -> None:
    path = write(reply(0))
    with open_replay(path) as engine:
        assert (engine.info.engine, engine.info.model) == ("replay", "their-model")
        assert engine.info.revision == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_rewritten_while_it_is_read_is_noticed(write: Callable[..., Path]) -> None:
    path = write(reply(0), reply(1))
    with open_replay(path) as engine:
        write(reply(1), reply(0))
        with pytest.raises(EngineError, match="changed while it was read"):
            list(engine.generate(PROMPTS[:2], Sampling()))


def test_texts_are_not_held_in_memory(write: Callable[..., Path]) -> None:
    import tracemalloc

    path = write(*(reply(number, "x" * 100_000) for number in range(100)))
    tracemalloc.start()
    try:
        with open_replay(path) as engine:
            n_read = sum(len(each.text) for each in engine.generate(map(make_prompt, range(100)), Sampling()))
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert n_read == 100 * 100_000
    assert peak_bytes < 3_000_000
