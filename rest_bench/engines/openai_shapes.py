"""The shapes in which servers put the text and the thinking of one message: strings, lists of parts, streams."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

_THINKING_PARTS = frozenset(
    {
        *("thinking", "reasoning", "reasoning_content", "reasoning_text", "thought", "thoughts", "summary"),
        *("summary_text", "reasoning.text", "reasoning.summary"),
    }
)
"""Types of parts; those of text are all others that hold words."""
_CALL_PARTS = frozenset({"tool_use", "tool_call", "function_call", "server_tool_use"})
_SILENT_PARTS = frozenset(
    {
        *("redacted_thinking", "redacted_reasoning", "reasoning.encrypted", "encrypted", "reference", "citation"),
        *("image_url", "image", "audio", "document", "document_url", "step_start", "step-start", "signature"),
    }
)
"""Parts without words of the model."""
_WORDS = ("text", "thinking", "reasoning", "reasoning_content", "thought", "refusal", "content", "summary")
"""Fields of a part that hold its words."""
_REASONING = ("reasoning", "reasoning_content", "thinking", "reasoning_details", "thought", "thoughts")
"""Fields of a message that hold thinking; the first that holds some counts, as some servers write it twice."""
_LONGEST_NESTING = 4


class ShapeError(ValueError):
    """A message holds something that is no text."""


class Content(NamedTuple):
    """The words of one message."""

    text: str
    reasoning: str | None
    calls_tool: bool
    """It calls a tool."""


def read_message(message: Mapping[str, Any]) -> Content:
    """Return the text and the thinking of a message.

    Raises:
        ShapeError: its content is no text, in a shape that is not known.
    """
    content = message.get("content")
    calls_tool = any(message.get(name) for name in ("tool_calls", "function_call"))
    text, inside = "", ""
    if isinstance(content, str):
        text = content
    elif content is not None:
        parts = content if isinstance(content, list) else [content]
        text = "".join(_words(part) for part in parts if not _is_thinking(part))
        inside = "\n".join(filter(None, map(_words, filter(_is_thinking, parts))))
        calls_tool = calls_tool or any(_kind(part) in _CALL_PARTS for part in parts)
    if content is None and isinstance(message.get("refusal"), str):
        text = message["refusal"]
    apart = next(filter(None, (_reasoning(message.get(name)) for name in _REASONING)), "")
    return Content(text, apart or inside or None, calls_tool)


def _reasoning(value: object) -> str:
    """Return the thinking in a field of a message: a string, an object, or a list of parts."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list) and all(isinstance(part, dict) for part in value):
        return "\n".join(filter(None, map(_words, value)))
    if isinstance(value, dict):
        return _words(value)
    raise ShapeError


def _kind(part: object) -> str:
    return str(part.get("type") or "") if isinstance(part, dict) else ""


def _is_thinking(part: object) -> bool:
    if not isinstance(part, dict):
        return False
    untyped = not _kind(part) and "thinking" in part and "text" not in part
    return part.get("thought") is True or _kind(part) in _THINKING_PARTS or untyped


def _words(part: object, depth: int = 0) -> str:
    """Return the words of a part, which may hold parts itself."""
    if isinstance(part, str):
        return part
    if isinstance(part, list) and depth < _LONGEST_NESTING:
        return "".join(_words(each, depth + 1) for each in part)
    if not isinstance(part, dict):
        raise ShapeError
    if _kind(part) in _SILENT_PARTS | _CALL_PARTS:
        return ""
    words = [part[name] for name in _WORDS if isinstance(part.get(name), str | list | dict)]
    if not words:
        if any(part.get(name, "") is None for name in _WORDS):
            return ""
        raise ShapeError
    return _words(words[0], depth + 1)


# --- a stream that nobody asked for -----------------------------------------------------------------------------------


def read_stream(content: bytes) -> dict[str, Any] | None:
    """Return the answer in a stream of server-sent events as one object; null where the bytes are no such stream.

    Some gateways stream whether asked to or not. A stream without a finish reason and without its end was cut.
    """
    lines = content.decode(errors="replace").splitlines()
    events = [line.removeprefix("data:").strip() for line in lines if line.startswith("data:")]
    begun = next((line for line in lines if line.strip()), "")
    if not events or not begun.startswith(("data:", "event:", "id:", ":")):
        return None
    chunks = [chunk for chunk in map(_loads, events) if isinstance(chunk, dict)]
    if any(chunk.get("error") for chunk in chunks):
        return next(chunk for chunk in chunks if chunk.get("error"))
    choices = [chunk["choices"][0] for chunk in chunks if _has_choice(chunk)]
    ends = [choice["finish_reason"] for choice in choices if choice.get("finish_reason")]
    if not ends and "[DONE]" not in events:
        return {"choices": None}
    deltas = [part for choice in choices if isinstance(part := choice.get("delta") or choice.get("message"), dict)]
    message = {name: _joined(deltas, name) for name in ("content", *_REASONING, "tool_calls", "function_call")}
    last = _last(chunks)
    return {
        "choices": [{"message": message, "finish_reason": ends[-1] if ends else None}],
        "usage": last("usage"),
        "model": last("model"),
    }


def _loads(event: str) -> object:
    try:
        return json.loads(event)
    except (ValueError, RecursionError):
        return None


def _has_choice(chunk: Mapping[str, Any]) -> bool:
    choices = chunk.get("choices")
    return isinstance(choices, list) and bool(choices) and isinstance(choices[0], dict)


def _joined(deltas: list[dict[str, Any]], name: str) -> Any:
    """Return the pieces of a field together: texts joined, lists one behind the other."""
    pieces = [delta[name] for delta in deltas if delta.get(name)]
    if not pieces:
        return None
    if all(isinstance(piece, str) for piece in pieces):
        return "".join(pieces)
    return [part for piece in pieces for part in (piece if isinstance(piece, list) else [piece])]


def _last(chunks: list[dict[str, Any]]) -> Callable[[str], Any]:
    return lambda name: next((chunk[name] for chunk in reversed(chunks) if chunk.get(name)), None)
