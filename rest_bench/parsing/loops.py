"""Does a response end in an endless repetition (metrics.md 7.10)?"""

import re
import zlib

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


def is_looping(text: str) -> bool:
    r"""Return whether the end of a text repeats itself.

    Tokens are words and signs (`\w+|[^\w\s]`), as no tokenizer is at hand. Two ways: the last tokens repeat with one
    period at least five times and over 200 tokens; or the share of repeated 8-grams in the last 2048 tokens is above
    0.8 and zlib packs the last 4000 characters more than eightfold.
    """
    tokens = _TOKEN.findall(text[-_TAIL_CHARACTERS:])
    if has_tail_period(tokens):
        return True
    return ngram_repetition(tokens[-NGRAM_WINDOW:]) > NGRAM_REPETITION and zlib_ratio(text) > ZLIB_RATIO


def has_tail_period(tokens: list[str]) -> bool:
    """Return whether the last max(5 periods, 200) tokens equal those one period before, for a period up to 512."""
    overlaps = _prefix_overlaps(tokens[: -_TAIL_TOKENS - 1 : -1])
    return any(
        overlaps[period] >= max(MIN_PERIODS * period, MIN_REPEATED)
        for period in range(1, min(MAX_PERIOD, len(overlaps) - 1) + 1)
    )


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
