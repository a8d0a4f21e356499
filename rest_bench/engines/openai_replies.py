"""The reply in what an OpenAI-compatible server sends, and the response that is made of it."""

import json
from dataclasses import dataclass
from typing import Any, cast

from rest_bench.engines.openai_faults import READ_CHARACTERS, Kind, ServerError
from rest_bench.engines.openai_servers import Secrets
from rest_bench.engines.tokens import mend_surrogates, respond
from rest_bench.parsing import has_thinking_tag
from rest_bench.schema import FinishReason, Prompt, Response

_ENDINGS: dict[str, FinishReason] = {
    "stop": "stop",
    "eos_token": "stop",
    "length": "length",
    "model_length": "length",
    "repetition": "repetition",
}
"""A server's finish reason to ours."""

_REMEDIES = {
    "content_filter": "its content filter ended it; use a server without one",
    "tool_calls": "it was read as a tool call; start the server without a tool parser",
    "function_call": "it was read as a function call; start the server without a tool parser",
}
_SHOWN = 200


@dataclass(frozen=True)
class Reply:
    """What a server generated."""

    text: str
    reasoning: str | None
    finish_reason: str | None
    """As the server says it."""
    prompt_tokens: int | None
    completion_tokens: int | None


def read_reply(content: bytes) -> Reply:
    """Read the body of an answer with status 200.

    Raises:
        ServerError: it holds no reply.
    """
    answer = _read_object(content)
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise _no_reply("has no choice with a message", content)
    text = message.get("content")
    if text is None:  # also where the budget went before any final text
        text = message.get("refusal") or ""
    reasoning = message.get("reasoning") or message.get("reasoning_content")
    if not isinstance(text, str) or not isinstance(reasoning, str | None):
        raise _no_reply("has a message whose content is no text", content)
    usage = answer.get("usage")
    finish_reason = choice.get("finish_reason")
    return Reply(
        text=mend_surrogates(text),
        reasoning=mend_surrogates(reasoning) if reasoning else None,
        finish_reason=None if finish_reason is None else str(finish_reason)[:READ_CHARACTERS],
        prompt_tokens=_count(usage, "prompt_tokens"),
        completion_tokens=_count(usage, "completion_tokens"),
    )


def _read_object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise _no_reply("is no JSON", content) from None
    if not isinstance(answer, dict):
        raise _no_reply("is no JSON object", content)
    return cast(dict[str, Any], answer)


def _no_reply(what: str, content: bytes) -> ServerError:
    shown = mend_surrogates(" ".join(content[:READ_CHARACTERS].decode(errors="replace").split()))
    return ServerError(Kind.BROKEN, f"the answer {what}, it begins with {shown!r}")


def _count(usage: object, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def make_response(prompt: Prompt, reply: Reply, secrets: Secrets, latency_s: float, *, prefilled: bool) -> Response:
    """Return the response of a reply; one that did not end by itself or by its budget is an `error` with its text."""
    finish_reason = _ENDINGS.get(reply.finish_reason or "", "error")
    fields: dict[str, object] = {}
    if finish_reason == "error":
        reason = secrets.scrub(mend_surrogates(str(reply.finish_reason)))[:_SHOWN]
        remedy = _REMEDIES.get(reason, "run the command again")
        fields["error"] = f"the server ended the reply with finish_reason {reason}: {remedy}"
    return respond(
        prompt,
        secrets.scrub_text(reply.text),
        finish_reason,
        reasoning=None if reply.reasoning is None else secrets.scrub_text(reply.reasoning),
        prompt_tokens=reply.prompt_tokens,
        completion_tokens=reply.completion_tokens,
        thinking_prefilled=prefilled,
        latency_s=latency_s,
        **fields,
    )


# --- thinking ---------------------------------------------------------------------------------------------------------


def shows_thinking(reply: Reply) -> bool:
    """Return whether a reply's thinking can be told from its final text."""
    return reply.reasoning is not None or has_thinking_tag(reply.text)
