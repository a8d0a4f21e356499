"""The reply in what an OpenAI-compatible server sends, and the response that is made of it."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from rest_bench.engines.openai_endings import FINISH_REASONS, Ending, read_ending
from rest_bench.engines.openai_faults import READ_CHARACTERS, Kind, ServerError, read_error_in_answer
from rest_bench.engines.openai_servers import Secrets
from rest_bench.engines.openai_shapes import ShapeError, read_message, read_stream
from rest_bench.engines.tokens import mend_surrogates, respond
from rest_bench.parsing import has_thinking_tag
from rest_bench.schema import Prompt, Response, is_count

_REMEDIES: dict[Ending, str] = {
    "filtered": "its content filter ended it; use a server without one",
    "called": "it was read as a tool call; start the server without a tool parser",
    "aborted": "run the command again",
}
"""An ending without an answer to what can be done."""
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
    """All that was generated, thinking included."""
    model: str | None = None
    """The name of the model as the server says it."""
    counts_prompt: bool = False
    """The count of what was generated may hold the prompt as well."""
    no_count: str | None = None
    """What its usage says instead of a number of tokens; null where there is no fault in it."""
    calls_tool: bool = False
    """The server read a call of a tool out of it."""
    budget: int | None = None
    """Tokens that the request allowed; null where that was left to the server."""

    @property
    def ending(self) -> Ending:
        """How it ended, by all that the server says of it.

        A reply that has all the tokens it may have was cut, whatever the server calls it (llama.cpp #7198, LiteLLM
        #10768), and one whose whole text went into a tool call is no answer.
        """
        ending = read_ending(self.finish_reason)
        if ending in ("stop", "unsaid", "unknown"):
            is_counted = self.completion_tokens is not None and not self.counts_prompt
            if is_counted and self.completion_tokens == self.budget:
                return "length"
            if self.calls_tool and not self.text.strip():
                return "called"
        return ending


def read_reply(content: bytes) -> Reply:
    """Read the body of an answer with status 200.

    Raises:
        ServerError: it holds no reply, or an error; with the kind of the HTTP status that the error names.
    """
    answer = _read_object(content)
    choice = _first_choice(answer)
    for part, has_reply in ((answer, choice is not None), (choice or {}, True)):
        if error := read_error_in_answer(part, has_reply=has_reply):
            raise error
    finish_reason = None if choice is None else _finish_reason(choice)
    ending = read_ending(finish_reason)
    message = None if choice is None else _message(choice, ending)
    if message is None:
        raise _no_reply("has no choice with a message", content)
    if ending == "failed":
        raise ServerError(Kind.BROKEN, f"the server ended the reply with finish_reason {finish_reason}")
    try:
        words = read_message(message)
    except ShapeError:
        raise _no_reply("has a message whose content is no text", content) from None
    if ending in ("unsaid", "unknown") and not (words.text or words.reasoning or words.calls_tool):
        raise _no_reply(f"is empty and has finish_reason {finish_reason}", content)
    usage = read_usage(answer.get("usage"))
    model = answer.get("model")
    return Reply(
        text=mend_surrogates(words.text),
        reasoning=mend_surrogates(words.reasoning) if words.reasoning else None,
        finish_reason=finish_reason,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        counts_prompt=usage.counts_prompt,
        no_count=usage.no_count,
        model=mend_surrogates(model) if isinstance(model, str) else None,
        calls_tool=words.calls_tool,
    )


def _read_object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = read_stream(content)
        if answer is None:
            raise _no_reply("is no JSON", content) from None
    if isinstance(answer, list) and len(answer) == 1:  # so Gemini wraps its errors
        answer = answer[0]
    if not isinstance(answer, dict):
        raise _no_reply("is no JSON object", content)
    return cast(dict[str, Any], answer)


def _first_choice(answer: dict[str, Any]) -> dict[str, Any] | None:
    """Return the choice with the lowest index; one is asked for, but some servers give more."""
    choices = answer.get("choices")
    objects = [choice for choice in choices if isinstance(choice, dict)] if isinstance(choices, list) else []
    return min(objects, key=lambda choice: index if isinstance(index := choice.get("index"), int) else 0, default=None)


def _finish_reason(choice: dict[str, Any]) -> str | None:
    said = choice.get("finish_reason", choice.get("finishReason"))
    if isinstance(said, dict):  # SGLang's own: {"type": "length", "length": 100}
        said = said.get("type")
    return None if said is None else str(said)[:READ_CHARACTERS]


def _message(choice: dict[str, Any], ending: Ending) -> dict[str, Any] | None:
    """Return the message of a choice, an empty one where the ending says why there is none; null for no reply."""
    for message in (choice.get("message"), choice.get("delta")):
        if isinstance(message, dict):
            return message
    if isinstance(choice.get("text"), str):  # as in answers to plain completions
        return {"content": choice["text"]}
    return {} if choice.get("message") is None and ending in ("length", "filtered") else None


def _no_reply(what: str, content: bytes) -> ServerError:
    shown = mend_surrogates(" ".join(content[:READ_CHARACTERS].decode(errors="replace").split()))
    return ServerError(Kind.BROKEN, f"the answer {what}, it begins with {shown!r}")


# --- tokens -----------------------------------------------------------------------------------------------------------


class Usage(NamedTuple):
    """What a prompt and its reply took; null what is not known."""

    prompt_tokens: int | None
    completion_tokens: int | None
    """All that was generated, thinking included."""
    counts_prompt: bool = False
    """The sum says so: it is no larger than the second of its two parts."""
    no_count: str | None = None
    """A field that should be a number of tokens and cannot be, with what it holds."""


def read_usage(usage: object) -> Usage:
    """Read the usage of an answer; a reply of 0 tokens is one that nobody counted.

    Some servers (xAI, Gemini) count thinking apart: it is added, where the total or its own size tells.
    """
    prompt, completion, total = (_count(usage, name) for name in _COUNTS)
    details = usage.get("completion_tokens_details") if isinstance(usage, dict) else None
    thinking = _count(details, "reasoning_tokens") or _count(usage, "reasoning_tokens") or 0
    counts_prompt = bool(prompt and completion and total == completion)
    is_apart = total is not None and total == (prompt or 0) + (completion or 0) + thinking
    if completion is not None and (is_apart or thinking > completion):
        completion += thinking
    if not is_count(completion):
        completion = None
    return Usage(prompt or None, completion or None, counts_prompt, _no_count(usage))


_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")


def _no_count(usage: object) -> str | None:
    if not isinstance(usage, dict):
        return None
    wrong = (name for name in _COUNTS if usage.get(name) is not None and not is_count(usage[name]))
    return next((f"{name} {mend_surrogates(str(usage[name]))}" for name in wrong), None)


def _count(usage: object, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and is_count(value) else None


# --- the response -----------------------------------------------------------------------------------------------------


def make_response(prompt: Prompt, reply: Reply, secrets: Secrets, latency_s: float, *, prefilled: bool) -> Response:
    """Return the response of a reply.

    One that was filtered, aborted or read as a tool call is an `error` with its text; where the server does not say
    how it ended, or in a word that nobody knows, the finish reason is null.
    """
    ending = reply.ending
    finish_reason = FINISH_REASONS[ending]
    fields: dict[str, object] = {}
    if finish_reason == "error":
        reason = secrets.scrub(mend_surrogates(str(reply.finish_reason)))[:_SHOWN]
        fields["error"] = f"the server ended the reply with finish_reason {reason}: {_REMEDIES[ending]}"
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
