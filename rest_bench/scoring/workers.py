"""A pool of worker processes with a hard deadline per job: one that hangs or dies costs its own job and no other.

A worker is `python -c` with lines of JSON over its pipes. `multiprocessing` would import the user's main module again
in each child, which breaks in a script without a main guard, in a notebook and in `python -c`; forking would copy the
parent's threads and models.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from rest_bench.errors import ScoringError

DEFAULT_TIMEOUT_S = 5.0
PATIENCE = 6
"""How many times longer by the clock than in processor time a job may take: on a busy machine it waits for its turn,
and a verdict must not depend on what else runs."""
START_TIMEOUT_S = 120.0
"""Importing sympy from a cold network disk is slow; no job has begun by then."""
MAX_WORKERS = 4
BOOT = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from rest_bench.scoring.worker import main; main(sys.argv[2], float(sys.argv[3]), sys.argv[4])"
)
"""The child looks for modules where the parent does, whatever the parent did to its path."""


class WorkerPool:
    """Processes that answer texts with texts; usable from any thread, started when first needed.

    Args:
        target: `module:function` of a function from text to text, importable in a new process.
        rehearsal: a job that loads all that jobs need; a new process answers it before it counts as started.
        size: processes at most; by default one per processor, up to 4.
        timeout_s: processor seconds a job may take before its worker is ended; by the clock `PATIENCE` times as many.
    """

    def __init__(
        self, target: str, rehearsal: str, *, size: int | None = None, timeout_s: float = DEFAULT_TIMEOUT_S
    ) -> None:
        self._target = target
        self._rehearsal = rehearsal
        self._timeout_s = timeout_s
        self._size = size or min(MAX_WORKERS, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(self._size, thread_name_prefix="rest-bench-judge")
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        self._workers: list[Worker] = []
        self._lock = threading.Lock()
        self._closed = False

    def map(self, jobs: Sequence[str]) -> list[str | None]:
        """Answer each job, in order; null where its worker raised, died, or ran out of time.

        Raises:
            ScoringError: a worker cannot start, or the pool is closed.
        """
        if self._closed:
            raise ScoringError("the judge is closed; make a new one")
        return list(self._threads.map(self._answer, jobs))

    def close(self) -> None:
        """Kill every worker, also one in the middle of a job, and wait until it is gone."""
        with self._lock:
            self._closed = True
            workers = tuple(self._workers)
        for worker in workers:
            worker.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in workers:
            worker.stop()

    def _answer(self, job: str) -> str | None:
        worker = self._take()
        try:
            return None if self._closed else worker.answer(job)
        finally:
            self._idle.put(worker)

    def _take(self) -> "Worker":
        with suppress(queue.Empty):
            return self._idle.get_nowait()
        worker = Worker(
            self._target, self._rehearsal, self._timeout_s
        )  # one per thread of the executor, hence `size` at most
        with self._lock:
            self._workers.append(worker)
        return worker


class Worker:
    """One process, replaced after a failure; used by one thread at a time, except for `kill`."""

    def __init__(self, target: str, rehearsal: str, timeout_s: float) -> None:
        self._arguments = [json.dumps(sys.path), target, str(timeout_s), rehearsal]
        self._timeout_s = timeout_s
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False

    def answer(self, job: str) -> str | None:
        """Return the reply to one job, or null where it failed.

        Raises:
            ScoringError: the process cannot start.
        """
        if self._process is None:
            self._start()
        if self._killed:
            return None
        reply = self._exchange(json.dumps(job).encode("ascii") + b"\n", self._timeout_s * PATIENCE)
        return None if reply is None else reply.get("value")

    def kill(self) -> None:
        """End the process for good, from any thread; a waiting `answer` returns null."""
        self._killed = True
        if (process := self._process) is not None:
            process.kill()

    def stop(self) -> None:
        """Kill the process and leave nothing of it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        with suppress(BrokenPipeError):
            process.communicate()

    def _start(self) -> None:
        command = [sys.executable, "-P", "-c", BOOT, *self._arguments]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in the terminal does not reach it
            )
        except OSError as error:
            raise ScoringError(f"the judge cannot start a process with {sys.executable}: {error}") from error
        reply = self._exchange(b"", START_TIMEOUT_S)
        if self._killed or (reply and "ready" in reply):
            return
        reason = reply["failed"] if reply else "it ended, or did not answer, before its first job"
        raise ScoringError(f"a worker process of the judge does not start with {sys.executable}: {reason}")

    def _exchange(self, line: bytes, timeout_s: float) -> dict[str, str] | None:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def expire() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(timeout_s, expire)
        timer.daemon = True
        timer.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            reply = process.stdout.readline()
        except BrokenPipeError:
            reply = b""
        finally:
            timer.cancel()
            timer.join()  # from here on it has fired or never will: the next job cannot be killed for this one
        if late.is_set() or not reply.endswith(b"\n"):
            self.stop()
            return None
        answer: dict[str, str] = json.loads(reply)
        return answer
