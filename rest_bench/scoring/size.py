"""How big an expression could become if it were computed, so that power towers and factorials cost no time."""

import re
from math import prod

from rest_bench.scoring.latex import group_end
from rest_bench.scoring.numbers import MAX_DIGITS

MAX_POWER_DIGITS = 20_000
"""Digits that a power may have."""
MAX_FACTORIAL = 2_000
"""Greatest number under a factorial or in a binomial coefficient."""
_HUGE = 10**9

_FACTORIAL = re.compile(r"(?:(\d+)|\(([^()!^]*)\)|([)}\]]))\s*!(\s*!)?")
_BINOMIAL = re.compile(r"\\binom\s*(?:\{([^{}^]*)\}\s*\{[^{}^]*\})?")
_POWER = re.compile(r"\^\s*\{")


def is_too_big(text: str) -> bool:
    """Say whether computing a cleaned text could take more time or memory than an answer is worth."""
    longest = max((len(number) for number in re.findall(r"\d+", text)), default=1)
    return longest > MAX_DIGITS or longest * _power(text) > MAX_POWER_DIGITS or _has_great_factorial(text)


def _power(text: str) -> int:
    """Return a bound for the exponents of a text: those on brackets multiply, of the others the greatest counts."""
    on_brackets, others, position = [1], [1], 0
    while match := _POWER.search(text, position):
        position = group_end(text, match.end() - 1)
        group = on_brackets if text[: match.start()].rstrip()[-1:] in (")", "}", "]") else others
        group.append(_value_bound(text[match.end() : position - 1]))
    return min(prod(on_brackets) * max(others), _HUGE)


def _value_bound(exponent: str) -> int:
    """Return a bound for the value of an exponent, itself perhaps with exponents."""
    base = prod(max(1, int(number[:12])) for number in re.findall(r"\d+", exponent.split("^", maxsplit=1)[0]))
    power = _power(exponent)
    if power == 1 or base == 1:
        return min(base, _HUGE)
    return _HUGE if power * len(str(base)) > len(str(_HUGE)) else min(base**power, _HUGE)


def _has_great_factorial(text: str) -> bool:
    for plain, bracketed, nested, twice in _FACTORIAL.findall(text):
        if (
            nested
            or twice
            or prod(max(1, int(number[:12])) for number in re.findall(r"\d+", plain or bracketed)) > MAX_FACTORIAL
        ):
            return True
    return any(
        not above or max((int(number[:12]) for number in re.findall(r"\d+", above)), default=0) > MAX_FACTORIAL
        for above in _BINOMIAL.findall(text)
    )
