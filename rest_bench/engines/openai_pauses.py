"""How long a server asks to be left alone: in a header, or in its own words."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

_LIMITS = ("requests", "tokens", "input-tokens", "output-tokens")
_RESETS = (
    *((f"x-ratelimit-reset-{what}", f"x-ratelimit-remaining-{what}") for what in _LIMITS),
    ("x-ratelimit-reset", "x-ratelimit-remaining"),
    ("ratelimit-reset", "ratelimit-remaining"),
)
"""Header that says when a limit is lifted, and the one that says what is left of it."""
_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = r"(?:\d+(?:\.\d+)?\s?(?:ms|[smhd])\s?)+"
_IN_WORDS = re.compile(
    rf"(?:retry|again)\s(?:in|after)\s(?:(?P<duration>{_DURATION})\b|(?P<seconds>\d+(?:\.\d+)?)\ssec)"
    rf"|retry_?delay\W{{1,6}}(?P<delay>{_DURATION})",
    re.IGNORECASE,
)
_EPOCH_MS, _EPOCH_S = 1e11, 1e9
"""Larger numbers are points in time."""


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
    return _seconds_until(headers.get("retry-after", ""))


def read_reset(headers: Mapping[str, str]) -> float | None:
    """Return the seconds until the limit is lifted that is used up, by `x-ratelimit-reset` and its kin; null for none.

    Args:
        headers: with lower-case names.
    """
    pauses = [
        _read_reset(headers[reset])
        for reset, remaining in _RESETS
        if reset in headers and headers.get(remaining, "0").strip() == "0"
    ]
    return max((pause for pause in pauses if pause is not None), default=None)


def read_pause_in_words(words: str) -> float | None:
    """Return the pause in seconds that a sentence names, as in `try again in 1m30s`; null for none."""
    found = _IN_WORDS.search(words)
    if found is None:
        return None
    return float(found["seconds"]) if found["seconds"] else _read_duration(found["duration"] or found["delay"])


def _read_reset(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return _read_duration(value) if re.fullmatch(_DURATION, value.strip()) else _seconds_until(value)
    if not isfinite(number) or number < 0:
        return None
    if number < _EPOCH_S:
        return number
    return max(0.0, number / (1000 if number > _EPOCH_MS else 1) - datetime.now(UTC).timestamp())


def _read_duration(words: str) -> float:
    parts = re.findall(r"(\d+(?:\.\d+)?)\s?(ms|[smhd])", words.lower())
    return sum(float(number) * _UNITS_S[unit] for number, unit in parts)


def _seconds_until(value: str) -> float | None:
    try:
        date = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        try:
            date = datetime.fromisoformat(value)
        except ValueError:
            return None
    return max(0.0, (date.astimezone(UTC) - datetime.now(UTC)).total_seconds())
