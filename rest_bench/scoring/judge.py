"""Step 6 of 9, the part that decides: questions -> verdicts, cheap ones here and the others in worker processes."""

import hashlib
import json
import threading
from collections.abc import Sequence
from itertools import islice
from types import TracebackType
from typing import Self, cast, get_args

from rest_bench.schema import Verdict
from rest_bench.scoring.math import NeedsAlgebraError
from rest_bench.scoring.scorers import SCORER_VERSION, SCORERS, Question, find_scorer, judge_question
from rest_bench.scoring.workers import DEFAULT_TIMEOUT_S, WorkerPool

CACHE_SIZE = 50_000
"""Verdicts kept, those asked for last: models give the same answers again and again. 5 MB, however long these are."""
REHEARSAL = Question("math", r"\sqrt{8}", r"2\sqrt{2}")
"""Takes algebra: a worker that has answered it has loaded sympy."""


class Judge:
    """Gives verdicts; a context manager, usable from any thread.

    No process is started before a question needs algebra. A question whose judge raises, hangs or dies is `ungraded`.

    Args:
        workers: processes at most; by default one per processor, up to 4.
        timeout_s: processor seconds that one question may take.
    """

    def __init__(self, *, workers: int | None = None, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        self._pool = WorkerPool(
            "rest_bench.scoring.judge:judge_with_algebra", json.dumps(REHEARSAL), size=workers, timeout_s=timeout_s
        )
        self._verdicts: dict[bytes, Verdict] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker processes and forget the verdicts."""
        self._pool.close()
        with self._lock:
            self._verdicts.clear()

    def judge(self, questions: Sequence[Question]) -> tuple[Verdict, ...]:
        """Return one verdict per question, in order.

        Raises:
            ScoringError: the worker processes cannot start.
        """
        verdicts = {question: self._known(question) for question in dict.fromkeys(questions)}
        for question in [question for question, verdict in verdicts.items() if verdict is None]:
            verdicts[question] = judge_without_algebra(question)
        undecided = [question for question, verdict in verdicts.items() if verdict is None]
        replies = self._pool.map([json.dumps(question) for question in undecided]) if undecided else []
        for question, reply in zip(undecided, replies, strict=True):
            verdicts[question] = "ungraded" if reply is None else cast(Verdict, reply)
        self._keep(verdicts)
        return tuple(verdicts[question] or "ungraded" for question in questions)

    def _known(self, question: Question) -> Verdict | None:
        return self._verdicts.get(_key(question))

    def _keep(self, verdicts: dict[Question, Verdict | None]) -> None:
        with self._lock:
            for question, verdict in verdicts.items():
                if verdict is not None:
                    key = _key(question)
                    self._verdicts.pop(key, None)  # so that it becomes the newest
                    self._verdicts[key] = verdict
            for old in list(islice(self._verdicts, max(0, len(self._verdicts) - CACHE_SIZE))):
                del self._verdicts[old]


def _key(question: Question) -> bytes:
    """Return 16 bytes of a hash: one verdict in a cache takes as little memory for a long answer as for a short one."""
    return hashlib.sha256(json.dumps([SCORER_VERSION, *question]).encode()).digest()[:16]


def judge_without_algebra(question: Question) -> Verdict | None:
    """Return the verdict where text, numbers and structure decide it, else null.

    The scorers of other packages judge in a worker only, where a hang ends.
    """
    if question.answer_type not in SCORERS:
        find_scorer(question.answer_type)
        return None
    try:
        return judge_question(question, _no_algebra)
    except NeedsAlgebraError:
        return None
    except Exception:  # noqa: BLE001 - no answer may stop a run: the worker meets the same fault and says `ungraded`
        return None


def judge_with_algebra(job: str) -> Verdict:
    """Judge one question, given as JSON, in a worker process."""
    from rest_bench.scoring.algebra import equal

    question = Question(*json.loads(job))
    verdict = judge_question(question, equal)
    if verdict not in get_args(Verdict):
        raise ValueError(f"the scorer of {question.answer_type} said {verdict!r:.100}")
    return verdict


def _no_algebra(gold: str, answer: str) -> bool:  # noqa: ARG001 - it has the shape of a Compare
    raise NeedsAlgebraError
