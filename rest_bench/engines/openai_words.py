"""A server's own words about an error, in whatever shape: its sentence, its class, its status, an empty account."""

import json
import re
from collections.abc import Mapping
from typing import Any

_CLASS_CHARACTERS = 200
"""At the begin of a sentence, in which an error's class is looked for: it may go on with the prompt."""


def field(body: object, name: str) -> Any:
    """Return a field of a JSON object; null where it has none, or is no object."""
    return body.get(name) if isinstance(body, Mapping) else None


def unwrapped(body: object) -> object:
    """Return what stands inside `{"error": ...}` or `[{"error": ...}]`; Gemini sends the latter."""
    if isinstance(body, list) and len(body) == 1 and isinstance(field(body[0], "error"), Mapping):
        body = body[0]
    inner = field(body, "error")
    return inner if isinstance(inner, Mapping) else body


def codes(body: object) -> str:
    """Return the words by which a body names the class of its error."""
    return " ".join(str(field(body, name) or "") for name in ("code", "type", "status"))


_SENTENCES = ("message", "error", "detail", "msg", "error_msg", "errorMessage")
"""Fields that hold an error's sentence, or what holds it."""
_STATUS_FIELDS = ("code", "status", "status_code", "statusCode", "http_code")
_STATUS_WORDS = (
    (re.compile(r"insufficient_(?:user_)?(?:quota|balance|credit|fund)|billing|payment|arrearage"), 402),
    (re.compile(r"rate_?limit|too_?many|resource_?exhausted|throttl|quota"), 429),
    (re.compile(r"authenticat|unauthori|api_key|invalid_token"), 401),
    (re.compile(r"permission|forbidden"), 403),
    (re.compile(r"not_found_error|model(?:_\w+)?_not_found|model(?:_\w+)?_does_not_exist|unexpected_endpoint"), 404),
    (re.compile(r"overloaded|unavailable|loading_model"), 503),
    (re.compile(r"timeout|timed_out"), 504),
    (re.compile(r"invalid_?request|bad_?request|invalid_?argument|validation|content_?filter|context_length"), 400),
)
"""Words in the code, type or sentence of an error without a status, to the status that says the same."""


def status_in(error: object) -> int | None:
    """Return the HTTP status that an error in a body names, in a number or in words; null for none."""
    for name in _STATUS_FIELDS:
        value = str(field(error, name) or "")
        if len(value) == 3 and value.isascii() and value.isdigit() and 400 <= int(value) <= 599:
            return int(value)
    for words in (codes(error), message(error)[:_CLASS_CHARACTERS]):
        spelled = re.sub(r"\W+", "_", words.lower())
        for pattern, status in _STATUS_WORDS:
            if pattern.search(spelled):
                return status
    return None


def has_sentence(body: object) -> bool:
    """Return whether a JSON object holds a sentence where errors have theirs."""
    return any(isinstance(field(body, name), str) and field(body, name) for name in _SENTENCES)


def message(body: object) -> str:
    """Return the sentence in an error's body, whatever shape the server gives it, on one line."""
    if isinstance(body, Mapping):
        raw = field(body.get("metadata"), "raw")  # OpenRouter's message says only that there was an error
        for name in _SENTENCES:
            if body.get(name):
                return message(body[name]) + (f": {message(raw)}" if raw else "")
    if isinstance(body, list):
        return "; ".join(_of_entry(entry) for entry in body[:5])
    if isinstance(body, str):
        text = re.sub(r"<(style|script)\b.*?</\1>|<[^>]{0,200}>", " ", body, flags=re.DOTALL | re.IGNORECASE)
        return " ".join(text.split())
    return "" if body is None else json.dumps(body, ensure_ascii=False, default=str)


def _of_entry(entry: object) -> str:
    """Return one entry of pydantic's list of faults: where and what."""
    where = field(entry, "loc")
    names = [str(part) for part in where if part != "body"] if isinstance(where, list) else []
    return ": ".join([*names[:1], message(entry)])


# --- accounts ---------------------------------------------------------------------------------------------------------

_UNPAID_CODES = re.compile(
    r"""insufficient_(?:user_)?(?:quota|balance|credits?|funds) | billing_(?:hard_limit|not_active) | payment_required
      | quota_exhausted | credit_limit | out_of_credits? | arrearage | insufficientquota""",
    re.IGNORECASE | re.VERBOSE,
)
_UNPAID = re.compile(
    r"""insufficient[ _](?:quota|balance|credits?|funds) | exceeded\ your\ current\ quota | billing[ _]hard[ _]limit
      | credit\ balance\ is\ too\ low | credit\ limit\ exceeded | out\ of\ credits?
      | requires\ (?:more|at\ least).{0,20}\ credits | payment\ required | account\ is\ not\ active""",
    re.IGNORECASE | re.VERBOSE,
)
_UNPAID_STATUSES = frozenset({400, 403, 429})
"""Besides 402, those with which servers say that an account is empty."""
_MODERATED = re.compile(r"moderation|flagged|content[ _]filter|content[ _]policy|content\ management", re.IGNORECASE)


def says_unpaid(status: int, body: object, words: str, retry_after_s: float | None) -> bool:
    """Return whether an account has no credit or quota left, of these words under this status.

    Args:
        status: of HTTP.
        body: the error.
        words: its sentence.
        retry_after_s: the pause that the server asks for, if any: then waiting helps.
    """
    if status == 402 or _UNPAID_CODES.search(codes(body)):
        return True
    # Gemini says of a limit per minute that the quota is exceeded, and when to come again.
    return (
        status in _UNPAID_STATUSES and retry_after_s is None and _UNPAID.search(words[:_CLASS_CHARACTERS]) is not None
    )


def says_moderated(body: object, words: str) -> bool:
    """Return whether a prompt was refused for what it says."""
    return _MODERATED.search(f"{codes(body)} {words[:_CLASS_CHARACTERS]}") is not None
