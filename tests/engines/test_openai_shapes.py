import json

import pytest

from rest_bench.engines.openai_shapes import Content, ShapeError, read_message, read_stream

TEXT, THOUGHT = {"type": "text", "text": "5"}, {"type": "thinking", "thinking": "hm"}


@pytest.mark.parametrize(
    ("message", "content"),
    [
        ({"content": "5"}, Content("5", None, False)),
        ({"content": None}, Content("", None, False)),
        ({}, Content("", None, False)),
        ({"content": []}, Content("", None, False)),
        ({"content": [TEXT, TEXT]}, Content("55", None, False)),
        ({"content": [THOUGHT, TEXT]}, Content("5", "hm", False)),
        ({"content": [TEXT, THOUGHT, THOUGHT]}, Content("5", "hm\nhm", False)),
        ({"content": [{"text": "5", "thought": True}, TEXT]}, Content("5", "5", False)),
        ({"content": [{"thinking": "hm"}, {"text": "5"}]}, Content("5", "hm", False)),
        ({"content": [THOUGHT, TEXT], "reasoning": "apart"}, Content("5", "apart", False)),
        ({"content": [{"type": "text", "text": {"value": "5", "content": "5"}}]}, Content("5", None, False)),
        ({"content": [{"type": "text", "text": None}, TEXT]}, Content("5", None, False)),
        ({"content": "5", "reasoning": {"content": "hm"}}, Content("5", "hm", False)),
        ({"content": "5", "reasoning": {"type": "summary", "summary": ["h", "m"]}}, Content("5", "hm", False)),
        ({"content": "5", "reasoning_content": [{"text": "hm"}]}, Content("5", "hm", False)),
        ({"content": "5", "reasoning": "", "thinking": "hm"}, Content("5", "hm", False)),
        ({"content": None, "refusal": "no"}, Content("no", None, False)),
        ({"content": "5", "tool_calls": []}, Content("5", None, False)),
        ({"content": "5", "tool_calls": [{"id": 1}]}, Content("5", None, True)),
        ({"content": [{"type": "tool_use"}]}, Content("", None, True)),
    ],
)
def test_words_are_found_in_any_shape(message: dict[str, object], content: Content) -> None:
    assert read_message(message) == content


@pytest.mark.parametrize(
    "message",
    [
        {"content": 5},
        {"content": True},
        {"content": [5]},
        {"content": [{"type": "glorp", "data": 1}]},
        {"content": "5", "reasoning": 5},
        {"content": "5", "reasoning": ["hm"]},
        {"content": [[[[[[["deep"]]]]]]]},
    ],
)
def test_what_is_no_text_is_refused(message: dict[str, object]) -> None:
    with pytest.raises(ShapeError):
        read_message(message)


def events(*chunks: object, end: str = "data: [DONE]\n") -> bytes:
    return ("".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + end).encode()


def chunk(finish_reason: str | None = None, **delta: object) -> dict[str, object]:
    return {"choices": [{"delta": delta, "finish_reason": finish_reason}]}


def test_a_stream_is_read_as_one_answer() -> None:
    answer = read_stream(
        b": keep-alive\n\n"
        + events(chunk(content="a", reasoning="h"), chunk("stop", content="b"), {"choices": [], "usage": {"x": 1}})
    )
    assert answer is not None
    (choice,) = answer["choices"]
    assert (choice["message"]["content"], choice["message"]["reasoning"], choice["finish_reason"]) == (
        "ab",
        "h",
        "stop",
    )
    assert (answer["usage"], answer["model"]) == ({"x": 1}, None)


def test_parts_in_a_stream_stay_parts() -> None:
    answer = read_stream(events(chunk(content=[THOUGHT]), chunk("stop", content=[TEXT])))
    assert answer is not None
    assert answer["choices"][0]["message"]["content"] == [THOUGHT, TEXT]


@pytest.mark.parametrize("content", [b"", b"<html>data: x</html>", b"hello\ndata: {}", b"\xff", b"event: ping\n\n"])
def test_what_is_no_stream_is_none(content: bytes) -> None:
    assert read_stream(content) is None


def test_a_stream_without_its_end_holds_no_reply() -> None:
    assert read_stream(events(chunk(content="a"), end="")) == {"choices": None}


def test_an_error_in_a_stream_is_the_answer() -> None:
    assert read_stream(events(chunk(content="a"), {"error": {"code": 502}})) == {"error": {"code": 502}}
