"""Judge an answer whose gold is a whole number: the rules of mathematics, and the gold is checked."""

from rest_bench.schema import Problem, Verdict
from rest_bench.scoring import math
from rest_bench.scoring.compare import Compare


def unreadable_gold(problem: Problem) -> str | None:
    """Return why the gold is no whole number, as the end of a sentence, or null."""
    return _unreadable(problem.gold)


def judge(gold: str, answer: str, compare: Compare, named: str = "") -> Verdict:
    """Judge one answer as `math.judge` does; `ungraded` where the gold is no whole number."""
    return "ungraded" if _unreadable(gold) else math.judge(gold, answer, compare, named)


def _unreadable(gold: str) -> str | None:
    number = math.exact_number(gold)
    return None if number is not None and number.denominator == 1 else "is not an integer"
