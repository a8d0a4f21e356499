"""The table of scorers: answer type -> how one answer of that type is judged."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple, cast

from rest_bench.errors import PluginError
from rest_bench.plugins import load_plugin, owner, plugins
from rest_bench.schema import AnswerType, Problem, Verdict
from rest_bench.scoring import choice, code, integer, math
from rest_bench.scoring.cleanup import MAX_LENGTH
from rest_bench.scoring.compare import Compare
from rest_bench.scoring.counted import named_things

SCORER_VERSION = "4"
"""Raised whenever any verdict changes; part of the manifest, and of the key under which a verdict is kept."""


class Question(NamedTuple):
    """What a judge is asked: is this answer as good as this gold?"""

    answer_type: AnswerType
    gold: str
    answer: str
    named: str = ""
    """Words of the answer that the problem's own question names, see `ask`; most answers have none."""


class Scorer(NamedTuple):
    """The two things a scorer can do."""

    unreadable: Callable[[Problem], str | None]
    """Why it cannot read the gold of a problem, as the end of a sentence; null where it can. Never slow."""
    judge: Callable[..., Verdict]
    """The verdict on (gold, answer, compare); those of NAMING take a fourth, `Question.named`.

    `compare` compares two expressions by algebra, or raises NeedsAlgebraError where there is none at hand."""


SCORERS: dict[str, Scorer] = {
    "integer": Scorer(integer.unreadable_gold, integer.judge),
    "math": Scorer(math.unreadable_gold, math.judge),
    "choice": Scorer(choice.unreadable_gold, choice.judge),
    "code": Scorer(code.unreadable_gold, code.judge),
}
"""These names win over those of plug-ins."""


NAMING = ("integer", "math")
"""Answer types in which a number may stand before a word."""


def ask(problem: Problem, answer: str) -> Question:
    """Return what a judge is asked about one answer to a problem.

    Of the problem's question go along only the words that stand in the answer, too: equal answers stay equal questions.
    """
    has_words = problem.answer_type in NAMING and len(answer) <= MAX_LENGTH
    named = named_things(problem.question, answer) if has_words else ""
    return Question(problem.answer_type, problem.gold, answer, named)


def judge_question(question: Question, compare: Compare) -> Verdict:
    """Have the scorer of its type judge one question.

    Raises:
        PluginError: there is none, or another package adds it and it cannot be used.
        NeedsAlgebraError: by `compare`, where it takes algebra.
    """
    judge = find_scorer(question.answer_type).judge
    named = (question.named,) if question.named and question.answer_type in NAMING else ()
    return judge(question.gold, question.answer, compare, *named)


def find_scorer(answer_type: AnswerType) -> Scorer:
    """Return the scorer of an answer type.

    Raises:
        PluginError: there is none, or another package adds it and it cannot be used.
    """
    return SCORERS[answer_type] if answer_type in SCORERS else _plugin_scorer(answer_type)


@lru_cache
def _plugin_scorer(answer_type: AnswerType) -> Scorer:
    others = plugins("scorer")
    if answer_type not in others:
        known = ", ".join((*SCORERS, *others))
        raise PluginError(
            f"answer_type {answer_type:.60}: no such scorer; choose one of {known}, or install the package that adds it"
        )
    point = others[answer_type]
    found = load_plugin("scorer", point)
    if not all(callable(getattr(found, part, None)) for part in Scorer._fields):
        raise PluginError(
            f"scorer {answer_type} of {owner(point)}: `{point.value}` is {found!r:.100}, which has not both of "
            "unreadable(problem) and judge(gold, answer, compare); mend or uninstall that package"
        )
    return cast(Scorer, found)


def scorer_version(answer_types: Iterable[AnswerType]) -> str:
    """Return SCORER_VERSION, and the packages whose scorers judge any of these answer types."""
    others = sorted({answer_type for answer_type in answer_types if answer_type not in SCORERS})
    known = plugins("scorer") if others else {}
    return ", ".join([SCORER_VERSION, *(f"{name} by {owner(known[name])}" for name in others if name in known)])


def unreadable_gold(problem: Problem) -> str | None:
    """Return why the scorer of this problem's type cannot read its gold, as the end of a sentence, or null.

    Raises:
        PluginError: another package adds the scorer, and it cannot be used.
    """
    return find_scorer(problem.answer_type).unreadable(problem)
