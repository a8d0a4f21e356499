"""Judge a mathematical answer: text first, then exact numbers and structure, and algebra where nothing else decides."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from rest_bench.schema import Problem, Verdict
from rest_bench.scoring.cleanup import MAX_LENGTH, clean
from rest_bench.scoring.compare import Compare, same
from rest_bench.scoring.compounds import read_compound
from rest_bench.scoring.counted import pieces
from rest_bench.scoring.latex import WORDS, balanced, nesting, plain
from rest_bench.scoring.multipliers import factor_of
from rest_bench.scoring.numbers import read_number
from rest_bench.scoring.shapes import Collection, Equation, Parts, Shape, Value, name_things
from rest_bench.scoring.size import is_too_big
from rest_bench.scoring.structure import read_shape
from rest_bench.scoring.units import abbreviated, split_unit

# The golds of a task, and the same answers again and again.
_clean = lru_cache(4096)(clean)
_shape = lru_cache(4096)(read_shape)

MAX_NESTING = 24
"""Brackets in brackets that are followed; deeper ones are compared as text."""


class NeedsAlgebraError(Exception):
    """Text, numbers and structure do not decide; raised by a comparison that has no algebra at hand."""


class UndecidableError(Exception):
    """Nobody can tell: both sides are too big to compute, or the gold cannot be read."""


def unreadable_gold(problem: Problem) -> str | None:
    """Return why the gold cannot be read, as the end of a sentence, or null."""
    return _unreadable(problem.gold)


def judge(gold: str, answer: str, compare: Compare, named: str = "") -> Verdict:
    """Judge one answer by the policy of verdicts: what a careful, consistent grader would say.

    Args:
        gold: says what was asked for.
        answer: any text.
        compare: decides by algebra.
        named: words of the answer that the question names, as `named_things` returns them: units, whatever they are.

    Raises:
        NeedsAlgebraError: by `compare`, where it takes algebra.
    """
    if _unreadable(gold):
        return "ungraded"
    try:
        return "correct" if _equal(gold.strip(), answer.strip(), compare, named) else "incorrect"
    except UndecidableError:
        return "ungraded"


def read(text: str) -> Shape | None:
    """Return the shape of a text as a judge reads it; null where it can only be compared as text."""
    if not text or len(text) > MAX_LENGTH or not balanced(text) or nesting(cleaned := _clean(text)) > MAX_NESTING:
        return None
    return _shape(cleaned)


def exact_number(text: str) -> Fraction | None:
    """Return the value of a text that is one number, with or without a unit, else null."""
    quantity = split_unit(_join(clean(text[:MAX_LENGTH])))
    number = read_number(quantity.value)
    return number and number.value * quantity.scale


def _join(text: str) -> str:
    return text if "," not in text or not re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", text) else text.replace(",", "")


def _unreadable(gold: str) -> str | None:
    if not gold.strip():
        return "is empty"
    return None if balanced(gold) else "has a brace without its partner"


def _equal(gold: str, answer: str, compare: Compare, named: str) -> bool:
    if gold == answer:
        return True
    if not answer or max(len(gold), len(answer)) > MAX_LENGTH or not balanced(answer):
        return False
    gold, answer = _clean(gold), _clean(answer)
    if plain(gold) == plain(answer):
        return True
    if max(nesting(gold), nesting(answer)) > MAX_NESTING:
        return False
    gold_shape = _shape(gold)
    readings = _readings(gold_shape, answer)
    if named:
        readings = (name_things(shape, frozenset(named.split())) for shape in readings)
    if any(same(gold_shape, shape, _bounded(compare)) for shape in readings):
        return True
    answer_shape = _shape(answer)
    return any(same(shape, answer_shape, _bounded(compare)) for shape in _gold_readings(gold, answer_shape))


def _gold_readings(gold: str, answer: Shape) -> Iterator[Shape]:
    """Yield what a gold may say beside an answer that is one number or ratio: `2,5 km` is one quantity then."""
    if isinstance(answer, Parts) and _TO.fullmatch(gold):
        yield _shape(_TO.sub(r"\1:\2", gold))
    elif isinstance(answer, Value) and answer.number:
        if (comma := _DECIMAL_COMMA.fullmatch(gold)) and (comma["behind"] or gold[0] in "\\€£¥₹"):
            yield _shape(gold.replace(",", ".", 1))
        if _TERMS_WITH_AND.fullmatch(gold):
            yield _shape(gold.replace(r"\text{and}", " "))


def _readings(gold: Shape, answer: str) -> Iterator[Shape]:
    """Yield what an answer may say: a comma in `1,234` groups thousands, but parts a list where the gold is one.

    Beside a number, `2,5` is a decimal, `2 and 1/2` a mixed number and `2 h 30 min` one quantity.
    """
    yield _shape(answer)
    if isinstance(gold, Collection):
        yield _shape(answer, join_thousands=False)
    elif isinstance(gold, Parts) and _TO.fullmatch(answer):
        yield _shape(_TO.sub(r"\1:\2", answer))
    elif (value := _named_value(gold)) and value.number:
        if (comma := _DECIMAL_COMMA.fullmatch(answer)) and (value.number.decimals or _has_factor(comma["behind"])):
            yield _shape(answer.replace(",", ".", 1))
        if (long := abbreviated(answer)) is not None:
            yield _shape(long)
        if _TERMS_WITH_AND.fullmatch(answer) or _MIXED_IN_WORDS.fullmatch(answer):
            yield _shape(answer.replace(r"\text{and}", " "))
        if (quantity := read_compound(answer)) is not None:
            yield quantity


def _named_value(gold: Shape) -> Value | None:
    """Return the value of a gold that is one, with its name or without."""
    if isinstance(gold, Equation) and gold.name and len(gold.sides) == 2:
        gold = gold.sides[1]
    return gold if isinstance(gold, Value) else None


def _has_factor(words: str) -> bool:
    """Say whether a multiplier follows, so that no list can be meant: `2,5 Millionen`."""
    return any(factor_of(piece) for word in WORDS.sub(r" \1 ", words).split() for piece in pieces(word))


_DECIMAL_COMMA = re.compile(
    r"(?:[A-Za-z]\s*=\s*)?(?:\\\$|[€£¥₹])?\s*[+-]?(?![1-9]\d{0,2},\d{3}(?!\d))\d+,\d+"
    r"(?P<behind>(?:\s*(?:\\text\{[^{}]*\}|\\%|\^\\circ(?: [CF])?|[./€£¥₹msgh]|\\\$|\^\{\d\}))*)"
)
"""A decimal comma, perhaps with a name before it and a unit behind."""
_TERMS_WITH_AND = re.compile(r"\d[\d.]* \\text\{[^{}]*\}(?: \\text\{and\} \d[\d.]*(?: \\text\{[^{}]*\})?)+")
_TO = re.compile(r"(\d+) \\text\{to\} (\d+)")
_MIXED_IN_WORDS = re.compile(r"\d+ \\text\{and\} (?:\d+/\d+|\\frac\{\d+\}\{\d+\})(?: \\text\{[^{}]*\})?")


def _bounded(compare: Compare) -> Compare:
    """Keep from algebra what would never come back.

    What is too big to compute is not equal to what is not; whether two such things are equal stays open.
    """

    def compare_bounded(gold: str, answer: str) -> bool:
        sizes = (is_too_big(gold), is_too_big(answer))
        if all(sizes):
            raise UndecidableError
        return not any(sizes) and compare(gold, answer)

    return compare_bounded
