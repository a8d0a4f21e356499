"""Judge while the engine works: what is left to judge at the end is little."""

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from rest_bench.errors import ScoringError
from rest_bench.schema import Pack, Response
from rest_bench.scoring.judge import Judge
from rest_bench.scoring.scores import ReadSample, score_many

logger = logging.getLogger(__name__)

MAX_WAITING = 64
"""Responses that wait to be judged; more are left for the end, as replies may be long."""
MAX_TOGETHER = 8
"""Responses judged in one go, so that every worker has something to do and an interrupt does not wait long."""

Waiting = tuple[Pack, Response]


class JudgingAhead:
    """Reads and judges responses in a thread of its own, only so that the judge knows the verdicts later.

    It changes no result: a response that it never came to is judged when its turn comes.

    Args:
        judge: learns the verdicts.
        read: reads the answers of a response.
    """

    def __init__(self, judge: Judge, read: Callable[[Pack, Response], ReadSample]) -> None:
        self._judge = judge
        self._read = read
        self._waiting: queue.Queue[Waiting | None] = queue.Queue(MAX_WAITING)
        self._stopped = threading.Event()
        # A daemon: where a run breaks off, nobody waits for it.
        self._thread = threading.Thread(target=self._work, name="rest-bench-judging-ahead", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        with suppress(queue.Full):  # then there is something to do, and the thread sees that it is stopped
            self._waiting.put_nowait(None)
        if kind is None:
            self._thread.join()

    def offer(self, pack: Pack, response: Response) -> None:
        """Have a response judged if there is time; never waits."""
        if not self._stopped.is_set():
            with suppress(queue.Full):
                self._waiting.put_nowait((pack, response))

    def _work(self) -> None:
        try:
            while not self._stopped.is_set():
                samples = [self._read(pack, response) for pack, response in self._next()]
                for _ in score_many(samples, self._judge):
                    pass
        except ScoringError as error:
            # Said again, and loudly, when the run is scored; until then the engine's work goes on.
            logger.info("judging ahead stopped: %s", error)
            self._stopped.set()

    def _next(self) -> Iterator[Waiting]:
        """Yield what waits, at least one response unless this ends."""
        first = self._waiting.get()
        if first is None:
            return
        yield first
        for _ in range(MAX_TOGETHER - 1):
            try:
                following = self._waiting.get_nowait()
            except queue.Empty:
                return
            if following is None:
                return
            yield following
