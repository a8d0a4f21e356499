"""Does a response end in an endless repetition (metrics.md 7.10)?"""

import re
import zlib
from collections import Counter
from collections.abc import Callable

MAX_PERIOD = 512
"""Longest period, in tokens, that is looked for."""
MIN_PERIODS = 5
MIN_REPEATED = 200
"""Tokens that must repeat, however short the period."""
NGRAM = 8
NGRAM_WINDOW = 2048
NGRAM_REPETITION = 0.8
ZLIB_WINDOW = 4000
"""Characters."""
ZLIB_RATIO = 8.0

_TOKEN = re.compile(r"\w+|[^\w\s]")
_TAIL_CHARACTERS = 40_000
_TAIL_TOKENS = (MIN_PERIODS + 1) * MAX_PERIOD + 1


def find_loop(text: str) -> int | None:
    r"""Return where the repetition begins that a text ends in; null where it ends in none.

    Tokens are words and signs (`\w+|[^\w\s]`), as no tokenizer is at hand. Two ways: the last tokens repeat with one
    period at least five times and over 200 tokens; or the share of repeated 8-grams in the last 2048 tokens is above
    0.8 and zlib packs the last 4000 characters more than eightfold. The repetition begins with the first of its rounds,
    or with the first of the 8-grams, up to the end, that occur again.
    """
    tokens = _TOKEN.findall(text[-_TAIL_CHARACTERS:])
    period = tail_period(tokens)
    if period is not None:
        return _onset(text, lambda all_tokens: _periodic_from(all_tokens, period))
    if ngram_repetition(tokens[-NGRAM_WINDOW:]) > NGRAM_REPETITION and zlib_ratio(text) > ZLIB_RATIO:
        return _onset(text, _repeated_from)
    return None


def tail_period(tokens: list[str]) -> int | None:
    """Return the shortest period, up to 512, by which the last max(5 periods, 200) tokens equal those before."""
    overlaps = _prefix_overlaps(tokens[: -_TAIL_TOKENS - 1 : -1])
    return next(
        (
            period
            for period in range(1, min(MAX_PERIOD, len(overlaps) - 1) + 1)
            if overlaps[period] >= max(MIN_PERIODS * period, MIN_REPEATED)
        ),
        None,
    )


def _onset(text: str, first_of: Callable[[list[str]], int]) -> int:
    """Return where the token stands that a search in all tokens of a text gives; only a looping text is read whole."""
    matches = list(_TOKEN.finditer(text))
    return matches[first_of([match.group() for match in matches])].start()


def _periodic_from(tokens: list[str], period: int) -> int:
    place = len(tokens)
    while place > period and tokens[place - 1] == tokens[place - 1 - period]:
        place -= 1
    return place - period


def _repeated_from(tokens: list[str]) -> int:
    """Return the first of the last 8-grams in a row that occur twice among the last tokens."""
    first = max(0, len(tokens) - NGRAM_WINDOW)
    counts = Counter(tuple(tokens[k : k + NGRAM]) for k in range(first, len(tokens) - NGRAM + 1))
    repeated = {gram for gram, count in counts.items() if count > 1}
    place = next(k for k in range(first, len(tokens)) if tuple(tokens[k : k + NGRAM]) in repeated)
    while place > 0 and tuple(tokens[place - 1 : place - 1 + NGRAM]) in repeated:
        place -= 1
    return place


def _prefix_overlaps(tokens: list[str]) -> list[int]:
    """Return for each offset how many tokens from there on equal those at the start (the Z function, linear)."""
    overlaps = [0] * len(tokens)
    left = right = 0
    for offset in range(1, len(tokens)):
        length = min(right - offset, overlaps[offset - left]) if offset < right else 0
        while offset + length < len(tokens) and tokens[length] == tokens[offset + length]:
            length += 1
        if offset + length > right:
            left, right = offset, offset + length
        overlaps[offset] = length
    return overlaps


def ngram_repetition(tokens: list[str], n: int = NGRAM) -> float:
    """Return the share of n-grams that occurred before, in [0,1]; 0 where the text has fewer than n tokens."""
    grams = [tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1)]
    return 1 - len(set(grams)) / len(grams) if grams else 0.0


def zlib_ratio(text: str) -> float:
    """Return raw over compressed bytes of the last 4000 characters; above 1 where zlib saves anything."""
    raw = text[-ZLIB_WINDOW:].encode("utf-8", "surrogatepass")
    return len(raw) / len(zlib.compress(raw))
