"""What a server answers instead of a reply, read once into what it is and what can be done about it."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from math import isfinite
from typing import Any

from rest_bench.errors import one_line

READ_CHARACTERS = 10_000
"""Of a server's words. They are cut to what is shown when secrets are out: half a key would not be found any more."""

_AWAY_STATUSES = frozenset({502, 503})
_RETRIED_STATUSES = frozenset({408, 409, 425, 429})
"""And everything from 500 on."""


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


class ServerError(Exception):
    """A fault of one request, in words that hold no secret."""

    def __init__(
        self,
        kind: Kind,
        sentence: str,
        *,
        retry_after_s: float | None = None,
        body: object = None,
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
        return _read_status(error.status_code, dict(error.response.headers), error.body)
    cause = error.__cause__ or error
    return ServerError(Kind.AWAY, f"no connection ({one_line(cause, READ_CHARACTERS)})")


def _read_status(status: int, headers: Mapping[str, str], body: object) -> ServerError:
    words = _message(body)
    kind = _kind(status, body, words)
    sentence = f"HTTP {status}" + (f": {words[:READ_CHARACTERS]}" if words else "")
    return ServerError(kind, sentence, retry_after_s=read_retry_after(headers), body=body)


def _kind(status: int, body: object, words: str) -> Kind:
    code = str(_field(body, "code") or "")
    if status in (401, 402, 403) or code == "insufficient_quota":
        return Kind.LOCKED
    if status == 404:
        return Kind.MISSING
    if status == 429:
        return Kind.BUSY
    if status in _AWAY_STATUSES:
        return Kind.AWAY
    # Some servers answer 500 to a prompt that is too long.
    if _is_overflow(body, words):
        return Kind.OVERFLOW
    return Kind.BROKEN if status >= 500 or status in _RETRIED_STATUSES else Kind.REFUSED


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the pause in seconds that a server asks for: milliseconds, seconds or a date; null for none or nonsense.

    Args:
        headers: with lower-case names.
    """
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        return seconds if isfinite(seconds) and seconds >= 0 else None
    try:
        date = parsedate_to_datetime(headers.get("retry-after", ""))
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, (date.astimezone(UTC) - datetime.now(UTC)).total_seconds())


# --- a server's own words ---------------------------------------------------------------------------------------------


def _field(body: object, name: str) -> Any:
    return body.get(name) if isinstance(body, Mapping) else None


def _message(body: object) -> str:
    """Return the sentence in an error's body, whatever shape the server gives it, on one line."""
    if isinstance(body, Mapping):
        for name in ("message", "error", "detail", "msg"):
            if body.get(name):
                return _message(body[name])
    if isinstance(body, list):
        return "; ".join(_message_of_entry(entry) for entry in body[:5])
    if isinstance(body, str):
        text = re.sub(r"<(style|script)\b.*?</\1>|<[^>]{0,200}>", " ", body, flags=re.DOTALL | re.IGNORECASE)
        return " ".join(text.split())
    return "" if body is None else json.dumps(body, ensure_ascii=False, default=str)


def _message_of_entry(entry: object) -> str:
    """Return one entry of pydantic's list of faults: where and what."""
    where = _field(entry, "loc")
    names = [str(part) for part in where if part != "body"] if isinstance(where, list) else []
    return ": ".join([*names[:1], _message(entry)])


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
    codes = {str(_field(body, "code")), str(_field(body, "type"))}
    return bool(codes & _OVERFLOW_CODES) or _OVERFLOW.search(words) is not None


def read_overflow(fault: ServerError) -> Overflow:
    """Return the numbers of an overflow; null what the server does not say."""
    words = _message(fault.body)
    context, prompt = _CONTEXT_TOKENS.search(words), _PROMPT_TOKENS.search(words)
    context_tokens = _field(fault.body, "n_ctx") or (context and next(filter(None, context.groups())))
    prompt_tokens = _field(fault.body, "n_prompt_tokens") or (prompt and (prompt["a"] or prompt["b"] or prompt["c"]))
    return Overflow(
        context_tokens=int(context_tokens) if context_tokens else None,
        prompt_tokens=int(prompt_tokens) if prompt_tokens else None,
        exact=prompt is None or prompt["least"] is None,
    )


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
    words = _message(fault.body)
    param = str(_field(fault.body, "param") or "").rpartition(".")[2]
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
    return "max_completion_tokens" in _message(fault.body)
