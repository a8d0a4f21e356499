"""The table of scorers: answer type -> how one answer of that type is judged."""

from collections.abc import Callable
from typing import NamedTuple

from rest_bench.schema import AnswerType, Problem, Verdict
from rest_bench.scoring import choice, code, integer, math
from rest_bench.scoring.compare import Compare

SCORER_VERSION = "3"
"""Raised whenever any verdict changes; part of the manifest, and of the key under which a verdict is kept."""


class Question(NamedTuple):
    """What a judge is asked: is this answer as good as this gold?"""

    answer_type: AnswerType
    gold: str
    answer: str


class Scorer(NamedTuple):
    """The two things a scorer can do."""

    unreadable: Callable[[Problem], str | None]
    """Why it cannot read the gold of a problem, as the end of a sentence; null where it can. Never slow."""
    judge: Callable[[str, str, Compare], Verdict]
    """The verdict on (gold, answer). The third argument compares two expressions by algebra, or raises
    NeedsAlgebraError where there is none at hand."""


SCORERS: dict[AnswerType, Scorer] = {
    "integer": Scorer(integer.unreadable_gold, integer.judge),
    "math": Scorer(math.unreadable_gold, math.judge),
    "choice": Scorer(choice.unreadable_gold, choice.judge),
    "code": Scorer(code.unreadable_gold, code.judge),
}


def unreadable_gold(problem: Problem) -> str | None:
    """Return why the scorer of this problem's type cannot read its gold, as the end of a sentence, or null."""
    return SCORERS[problem.answer_type].unreadable(problem)
