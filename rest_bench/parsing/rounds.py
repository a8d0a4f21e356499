"""Which rounds of a solution are new, and which repeat an earlier one (metrics.md 7.3)."""

import re
from collections.abc import Sequence

NGRAM = 3
"""Words and signs in a row."""
SIMILAR = 0.5
"""Jaccard similarity, of sets of n-grams, from which a round repeats another."""
MOST_ROUNDS = 32
"""That are compared: later ones count as one."""

_TOKEN = re.compile(r"\w+|[^\w\s]")


def are_new(rounds: Sequence[str]) -> list[bool]:
    """Return for each round whether it is unlike all earlier ones: the share of n-grams in common is below `SIMILAR`.

    A cheap proxy of the clustering by strategy in arXiv 2412.21187: it sees a repeated calculation, not a repeated
    idea in other words. The first round is always new.
    """
    seen: list[frozenset[tuple[str, ...]]] = []
    new = []
    for text in rounds:
        grams = _ngrams(text)
        new.append(all(_jaccard(grams, earlier) < SIMILAR for earlier in seen))
        seen.append(grams)
    return new


def _ngrams(text: str) -> frozenset[tuple[str, ...]]:
    tokens = [token.lower() for token in _TOKEN.findall(text)]
    return frozenset(tuple(tokens[k : k + NGRAM]) for k in range(max(1, len(tokens) - NGRAM + 1)))


def _jaccard(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common)
