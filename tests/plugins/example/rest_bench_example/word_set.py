"""A scorer of another package: words in any order."""

from rest_bench.schema import Problem, Verdict
from rest_bench.scoring import Scorer


def unreadable(problem: Problem) -> str | None:
    """Return why a gold cannot be judged, or null."""
    return None if _words(problem.gold) else "it names no word"


def judge(gold: str, answer: str, compare: object) -> Verdict:
    """Return whether two lists hold the same words."""
    if answer == "a scorer that hangs":
        while True:
            pass
    if answer == "a scorer that raises":
        raise RuntimeError("this scorer has a fault")
    return "correct" if _words(gold) == _words(answer) else "incorrect"


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in text.lower().replace(",", " ").replace("and", " ").split() if word.isalpha())


SCORER = Scorer(unreadable, judge)
