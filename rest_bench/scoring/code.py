"""Programs cannot be judged yet: they run only in a sandbox, and there is none. Every program is `ungraded`."""

from rest_bench.schema import Problem, Verdict
from rest_bench.scoring.compare import Compare


def unreadable_gold(problem: Problem) -> str | None:
    """Return why this problem cannot be judged even with a sandbox, or null."""
    return None if problem.tests else "has no tests"


def judge(gold: str, answer: str, compare: Compare) -> Verdict:  # noqa: ARG001 - it has the shape of every scorer
    """Return `ungraded`: no program is run without a sandbox."""
    return "ungraded"
