"""Equality that takes algebra, by math-verify and sympy; only worker processes import this module.

math-verify reads the LaTeX. Numbers and expressions are then compared by evaluating both to many digits, as its own
comparison rounds to six places (2e-7 would equal 1e-7); it decides what cannot be evaluated.
"""

import logging
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

from rest_bench.scoring.compare import is_rounding
from rest_bench.scoring.numbers import read_number

DIGITS = 60
"""Digits to which both sides are evaluated."""
TOLERANCE = 1e-40
"""Relative difference up to which two values evaluated to DIGITS are equal."""
POINTS = (Fraction(37, 29), Fraction(-53, 31), Fraction(71, 19), Fraction(-17, 43), Fraction(211, 67))
"""Where expressions with names are evaluated: no round numbers, both signs, below and above 1."""
MIN_POINTS = 3

logging.getLogger("math_verify").setLevel(logging.ERROR)  # it warns that its own timers are off

_DECIMAL = re.compile(r"(?<![\d.])(\d*)\.(\d+)(?![\d.])")
_REPEATING = re.compile(r"\d{0,60}\.\d{0,60}\\(?:overline|bar|dot)\s*\{\d{1,60}\}")
_PRODUCT = re.compile(r"(?<=[\d)])\s*(?=\()|(?<=\))\s*(?=\d|\\frac)")
"""Where a product has no sign: math-verify takes `2(4)` for the mixed number 2 + 4."""
_ANGLE = re.compile(r"(\d+(?:\.\d+)?)\s*\^\\circ")


def equal(gold: str, answer: str) -> bool:
    """Say whether two cleaned expressions, equations or inequalities are equal.

    Raises:
        ValueError: math-verify cannot read the gold.
    """
    from sympy import Expr

    if _differ_in_case(gold, answer) or _differ_in_primes(gold, answer):
        return False
    right, given = _read(gold), _read(answer)
    if right is None:
        raise ValueError(f"math-verify cannot read the gold {gold!r}")
    if given is None:
        return False
    verdict = None
    if getattr(right, "is_Relational", False) and getattr(given, "is_Relational", False):
        verdict = _same_relation(right, given)
    elif isinstance(right, Expr) and isinstance(given, Expr):
        verdict = _same_expression(right, given, answer)
    return _verify(right, given) if verdict is None else verdict


_LETTER = re.compile(r"\\[A-Za-z]+|[A-Za-z]")


def _differ_in_case(gold: str, answer: str) -> bool:
    """Say whether one has `X` where the other has `x`: math-verify takes them for the same name."""
    left, right = (set(_LETTER.findall(text)) for text in (gold, answer))
    return any(len(name) == 1 and name.swapcase() in left ^ right for name in left ^ right)


def _differ_in_primes(gold: str, answer: str) -> bool:
    """Say whether one has `f'`, `f''`, `10'00` or `A^T` where the other has no such sign: math-verify drops it."""
    return set(_PRIMES.findall(gold)) != set(_PRIMES.findall(answer))


_PRIMES = re.compile(r"'+|\^\s*\{?\s*(?:T|\\top|\\intercal|\\dagger)(?![A-Za-z])")


@lru_cache(2048)  # a gold is asked for again and again
def _read(text: str) -> Any | None:
    from latex2sympy2_extended.latex2sympy2 import NormalizationConfig
    from math_verify import LatexExtractionConfig, parse
    from sympy import I

    # Units were taken off before: math-verify would take the `m` of `2m` for metres.
    reading = NormalizationConfig(basic_latex=True, units=False, malformed_operators=True, nits=False, boxed="all")
    text = _REPEATING.sub(lambda match: _as_fraction(match.group()), text)
    marked = _ANGLE.sub(r"(\1\\cdot\\frac{\\pi}{180})", _PRODUCT.sub(r"\\cdot ", text))
    exact = _DECIMAL.sub(lambda match: rf"\frac{{{int(match[1] + match[2])}}}{{1{'0' * len(match[2])}}}", marked)
    found = parse(
        rf"\boxed{{{exact}}}",
        (LatexExtractionConfig(normalization_config=reading),),
        fallback_mode="no_fallback",
        extraction_mode="first_match",
        parsing_timeout=None,
        raise_on_error=True,
    )
    if not found:
        return None
    # An i beside a number and one alone are read as two different names.
    imaginary = {symbol: I for symbol in found[0].free_symbols if symbol.name == "i"}
    return found[0].subs(imaginary) if imaginary else found[0]


def _as_fraction(repeating: str) -> str:
    number = read_number(repeating)
    return repeating if number is None else rf"\frac{{{number.value.numerator}}}{{{number.value.denominator}}}"


def _verify(gold: Any, answer: Any) -> bool:
    from math_verify import verify

    return bool(verify(gold, answer, allow_set_relation_comp=True, timeout_seconds=None, raise_on_error=True))


def _same_expression(gold: Any, answer: Any, written: str) -> bool | None:
    """Compare at several points; null where the values cannot be had."""
    differences = list(_evaluated(gold, answer))
    if not (gold.free_symbols or answer.free_symbols) and differences:
        return _are_equal(*differences[0]) or _rounds(gold, written)
    if any(not _are_equal(*pair) for pair in differences):
        return False
    return True if len(differences) >= MIN_POINTS else None


def _evaluated(gold: Any, answer: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the values of both at each point where both have one; one pair where neither has a name in it."""
    from sympy import Rational

    symbols = gold.free_symbols | answer.free_symbols
    names = sorted({symbol.name for symbol in symbols})
    for start in range(len(POINTS) if names else 1):
        place = {name: POINTS[(start + k) % len(POINTS)] * (1 + k // len(POINTS)) for k, name in enumerate(names)}
        # One name may be two symbols to math-verify, with different assumptions.
        point = {symbol: Rational(*place[symbol.name].as_integer_ratio()) for symbol in symbols}
        values = [_value(side, point) for side in (gold, answer)]
        if None not in values:
            yield values[0], values[1]


def _value(expression: Any, point: dict[Any, Any]) -> Any | None:
    if getattr(expression, "is_Matrix", False):
        return None
    exact = expression.subs(point).doit()
    value = exact if exact.is_Rational else exact.evalf(DIGITS)
    return value if value.is_number and value.is_finite else None


def _are_equal(left: Any, right: Any) -> bool:
    """Say whether two values are equal: exactly where both are rational."""
    if left.is_Rational and right.is_Rational:
        return bool(left == right)
    # What is not comparable has no digit that is certain: it is zero as far as anybody can see.
    sizes = [abs(value) if value.is_comparable or not value.is_real else 0 for value in (left, right)]
    return bool(abs(left - right) <= TOLERANCE * max(sizes)) or not any(sizes)


def _rounds(gold: Any, written: str) -> bool:
    """Say whether the answer is a decimal that writes out a gold without end."""
    number, value = read_number(written), gold.evalf(DIGITS)
    return bool(number and value.is_real and is_rounding(number, Fraction(str(value))))


def _same_relation(gold: Any, answer: Any) -> bool | None:
    """Say whether one relation is the other times a constant; null where it is not, but may have the same solutions."""
    ratios = _ratios(gold.lhs - gold.rhs, answer.lhs - answer.rhs)
    if len(ratios) < MIN_POINTS or not all(_are_equal(ratio, ratios[0]) for ratio in ratios):
        return None
    return bool((gold.reversed if ratios[0].is_negative else gold).rel_op == answer.rel_op)


def _ratios(gold: Any, answer: Any) -> list[Any]:
    pairs = [pair for pair in _evaluated(gold, answer) if not all(value.is_zero for value in pair)]
    return [left / right for left, right in pairs] if all(right != 0 != left for left, right in pairs) else []
