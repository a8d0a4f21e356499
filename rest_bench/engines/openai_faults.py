"""What a server answers instead of a reply, read once into what it is and what can be done about it."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from rest_bench.engines.openai_pauses import read_pause_in_words, read_reset, read_retry_after
from rest_bench.engines.openai_words import (
    field,
    has_sentence,
    message,
    says_moderated,
    says_unpaid,
    status_in,
    unwrapped,
)
from rest_bench.errors import one_line
from rest_bench.schema import is_count

READ_CHARACTERS = 10_000
"""Of a server's words. They are cut to what is shown when secrets are out: half a key would not be found any more."""


class Kind(Enum):
    """What can be done about a fault."""

    AWAY = "away"
    """No connection, or a gateway that says so: another server may answer, or this one later."""
    BUSY = "busy"
    """Too many requests: as AWAY, after the pause that the server asks for."""
    BROKEN = "broken"
    """A server's own failure, or a reply that is none: the same request may work later."""
    STALLED = "stalled"
    """No reply within the time limit."""
    REFUSED = "refused"
    """This request cannot be answered as it is."""
    OVERFLOW = "overflow"
    """Prompt and budget do not fit the context."""
    LOCKED = "locked"
    """The key is wrong, missing or without credit: nobody's request can be answered."""
    MISSING = "missing"
    """No such model, or nothing at this address."""


_KINDS = {
    **dict.fromkeys((401, 402, 403), Kind.LOCKED),
    **dict.fromkeys((404, 405, 410), Kind.MISSING),
    # A proxy that wants a login, a gateway, and Cloudflare whose server is down or cannot be found.
    **dict.fromkeys((407, 502, 503, 521, 522, 523, 530), Kind.AWAY),
    429: Kind.BUSY,
    **dict.fromkeys((408, 409, 425), Kind.BROKEN),
}
"""A status to what can be done about it; others from 500 on are BROKEN, others below REFUSED."""
_CAN_OVERFLOW = frozenset({Kind.REFUSED, Kind.BROKEN})
"""Some servers answer 500 to a prompt that is too long."""


class ServerError(Exception):
    """A fault of one request, in words that hold no secret."""

    def __init__(
        self,
        kind: Kind,
        sentence: str,
        *,
        retry_after_s: float | None = None,
        body: object = None,
        status: int | None = None,
    ) -> None:
        super().__init__()  # a traceback shows the sentence as it is when all secrets are out of it
        self.kind = kind
        self.sentence = sentence
        self.retry_after_s = retry_after_s
        """The pause that the server asks for."""
        self.where = ""
        """The server's address."""
        self.n_sent = 1
        """How often the request was sent."""
        self.body = body
        """The server's own words as sent, keys included where it echoes them: for reading, never for printing."""
        self.status = status
        """Of HTTP, also where it stands in the body of a 200; null where none came."""

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class Overflow:
    """The numbers of a prompt that does not fit, where the server gives them."""

    context_tokens: int | None
    prompt_tokens: int | None
    exact: bool
    """The prompt has this many tokens, not at least this many."""

    @property
    def left_tokens(self) -> int | None:
        """What the context leaves for the reply; null where the server does not say enough."""
        if self.context_tokens is None or self.prompt_tokens is None:
            return None
        return self.context_tokens - self.prompt_tokens


def read_fault(error: Exception) -> ServerError:
    """Return the fault behind an exception of the openai package."""
    import openai

    if isinstance(error, openai.APIStatusError):
        response = error.response
        fault = _make_fault(error.status_code, f"HTTP {error.status_code}", dict(response.headers), error.body)
        if response.history:
            fault.sentence += f" (redirected to {_shown_url(response.url)})"
        return fault
    cause = error.__cause__ or error
    kind, what = _BROKEN_CONNECTIONS.get(type(cause).__name__, (Kind.AWAY, "no connection"))
    return ServerError(kind, f"{what} ({one_line(cause, READ_CHARACTERS)})")


_BROKEN_CONNECTIONS = {
    "DecodingError": (Kind.BROKEN, "the answer cannot be unpacked"),
    "RedirectError": (Kind.MISSING, "the address leads to another server"),
    "TooManyRedirects": (Kind.MISSING, "the address leads in a circle"),
    "UnsupportedProtocol": (Kind.MISSING, "the address leads to another that is none"),
    "InvalidURL": (Kind.MISSING, "the address leads to another that is none"),
}
"""Exceptions of httpx that are more than a lost connection."""


def read_error_in_answer(answer: Mapping[str, Any], *, has_reply: bool) -> ServerError | None:
    """Return the fault that the body of a 200 holds, read like the same HTTP status; null for none.

    Gateways that have begun to answer cannot take their 200 back (one-api #2148, OpenRouter, LM Studio #618).

    Args:
        answer: the JSON object, or one of its choices.
        has_reply: it looks like a reply otherwise, so that only an `error` counts.
    """
    error = answer.get("error")
    is_blank = isinstance(error, Mapping) and not any(error.values())
    if not error or (is_blank and has_reply):
        says_error = answer.get("object") == "error" or answer.get("type") == "error"
        if has_reply or not (says_error or has_sentence(answer)):
            return None
        error = answer
    status = status_in(error) or status_in(answer)
    sentence = f"HTTP 200 with an error{'' if status is None else f' {status}'}"
    return _make_fault(status or 500, sentence, {}, error)


def _make_fault(status: int, sentence: str, headers: Mapping[str, str], body: object) -> ServerError:
    body = unwrapped(body)
    words = message(body)
    retry_after_s = _pause(status, headers, body, words)
    return ServerError(
        _kind(status, body, words, retry_after_s),
        sentence + (f": {words[:READ_CHARACTERS]}" if words else ""),
        retry_after_s=retry_after_s,
        body=body,
        status=status,
    )


def _pause(status: int, headers: Mapping[str, str], body: object, words: str) -> float | None:
    """Return how long the server asks to be left alone, in whatever place it says so; null where it does not."""
    told = field(field(body, "metadata"), "headers")  # OpenRouter's, of its upstream
    inner = {name.lower(): str(value) for name, value in told.items()} if isinstance(told, Mapping) else {}
    asked = read_retry_after(headers or inner)
    if asked is not None or status not in (429, 503):
        return asked
    in_words = read_pause_in_words(f"{words} {json.dumps(field(body, 'details'), default=str)}")
    return read_reset(headers or inner) if in_words is None else in_words


def _kind(status: int, body: object, words: str, retry_after_s: float | None) -> Kind:
    kind = _KINDS.get(status, Kind.BROKEN if status >= 500 else Kind.REFUSED)
    if says_unpaid(status, body, words, retry_after_s):
        return Kind.LOCKED
    if status == 403 and says_moderated(body, words):
        return Kind.REFUSED
    return Kind.OVERFLOW if kind in _CAN_OVERFLOW and _is_overflow(body, words) else kind


def is_unpaid(fault: ServerError) -> bool:
    """Return whether an account has no credit or quota left: waiting would not help."""
    return fault.kind is Kind.LOCKED and says_unpaid(fault.status or 0, fault.body, message(fault.body), None)


def _shown_url(url: Any) -> str:
    """Return an address without user, password and query."""
    return str(url.copy_with(username=None, password=None, query=None))


# --- prompts that do not fit ------------------------------------------------------------------------------------------

_OVERFLOW_CODES = frozenset({"context_length_exceeded", "exceed_context_size_error", "model_context_window_exceeded"})
_OVERFLOW = re.compile(
    r"""maximum\ (?:context|prompt|model)\ length | model's\ context\ length | context\ (?:size|window)
      | max_model_len | max_total_tokens | prompt\ is\ too\ long | reduce\ the\ length\ of\ the\ (?:messages|input)
      | too\ large\ for\ model""",
    re.IGNORECASE | re.VERBOSE,
)
_CONTEXT_TOKENS = re.compile(
    r"""(?:context|prompt|model)\ (?:length|size|window)(?:\ is|\ of|:)?\ \(?(\d+)
      | max_(?:model_len|total_tokens)\s?=\s?(\d+)
      | model\ with\ (\d+)""",
    re.IGNORECASE | re.VERBOSE,
)
_PROMPT_TOKENS = re.compile(
    r"""(?:contains|resulted\ in|has|have)\ (?P<least>at\ least\ )?(?P<a>\d+)\ (?:input\ )?tokens
      | (?P<b>\d+)\ (?:tokens\ )?(?:in|from)\ the\ (?:input\ )?(?:messages|prompt)
      | (?:input|request)\ (?:length\ )?\((?P<c>\d+)""",
    re.IGNORECASE | re.VERBOSE,
)


def _is_overflow(body: object, words: str) -> bool:
    codes = {str(field(body, "code")), str(field(body, "type"))}
    return bool(codes & _OVERFLOW_CODES) or _OVERFLOW.search(words) is not None


def read_overflow(fault: ServerError) -> Overflow:
    """Return the numbers of an overflow; null what the server does not say."""
    words = message(fault.body)
    context, prompt = _CONTEXT_TOKENS.search(words), _PROMPT_TOKENS.search(words)
    context_tokens = field(fault.body, "n_ctx") or (context and next(filter(None, context.groups())))
    prompt_tokens = field(fault.body, "n_prompt_tokens") or (prompt and (prompt["a"] or prompt["b"] or prompt["c"]))
    return Overflow(
        context_tokens=_tokens(context_tokens),
        prompt_tokens=_tokens(prompt_tokens),
        exact=prompt is None or prompt["least"] is None,
    )


def _tokens(said: object) -> int | None:
    """Return a number of tokens above 0; null for anything else that a server may say."""
    if isinstance(said, str) and re.fullmatch(r"\d{1,10}", said):
        said = int(said)
    if isinstance(said, float) and said.is_integer():
        said = int(said)
    return said if isinstance(said, int) and said and is_count(said) else None


# --- parameters that are refused --------------------------------------------------------------------------------------

_REFUSING = re.compile(
    r"""support | recogni[sz]ed | unknown | permitted | allowed | unexpected | extra | invalid | cannot\ find
      | only\ the\ default | must\ be | should\ be | less\ than | greater\ than | out\ of\ range | deprecated
      | cannot\ be | can't | not\ available""",
    re.IGNORECASE | re.VERBOSE,
)


def refused_parameter(fault: ServerError, sent: Iterable[str]) -> str | None:
    """Return which of the sent parameters a refusal is about, the first in the order of `sent`; null for none.

    Sentences may list what is allowed as well: one parameter is named at a time, and the next refusal names the next.
    """
    words = message(fault.body)
    param = str(field(fault.body, "param") or "").rpartition(".")[2]
    names = tuple(sent)
    if param in names:
        return param
    if _REFUSING.search(words) is None:
        return None
    return next((name for name in names if _names(name, words)), None)


def _names(name: str, words: str) -> bool:
    """Whether a sentence names a parameter, in snake case or in camel case."""
    spelled = re.escape(name).replace("_", "_?")
    return re.search(rf"(?<![\w]){spelled}(?!\w)", words, re.IGNORECASE) is not None


def wants_completion_budget(fault: ServerError) -> bool:
    """Return whether a server asks for `max_completion_tokens` in place of `max_tokens`."""
    return "max_completion_tokens" in message(fault.body)
