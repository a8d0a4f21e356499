"""One worker process of the pool: reads a job per line from stdin, answers each with a line on stdout.

Started by workers.py; it answers a rehearsal before its first job, so that no job pays for imports.
"""

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import BinaryIO

MEMORY_BYTES = 4 * 1024**3
"""Address space of one worker: an expression that explodes ends itself and not the machine."""


def main(target: str, timeout_s: float, rehearsal: str) -> None:
    """Answer jobs until stdin closes.

    Args:
        target: `module:function`; the function takes one text and returns one.
        timeout_s: processor seconds of one job, after which the system ends this process.
        rehearsal: a job to answer before the first one, so that every library it takes is loaded.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair: it drains first
    replies = _take_stdout()
    _limit_memory()
    try:
        function = _load(target)
        function(rehearsal)
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the parent tells the user
        _reply(replies, {"failed": f"{type(error).__name__}: {error}"})
        return
    _reply(replies, {"ready": True})

    jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(jobs,), daemon=True).start()
    while True:
        job = jobs.get()
        _limit_processor_time(timeout_s)
        try:
            reply: dict[str, object] = {"value": function(job)}
        except Exception as error:  # noqa: BLE001 - a job that raises must not end the worker
            reply = {"raised": type(error).__name__}
        _limit_processor_time(0)
        _reply(replies, reply)


def _load(target: str) -> Callable[[str], str]:
    module, _, name = target.partition(":")
    function: Callable[[str], str] = getattr(import_module(module), name)
    return function


def _take_stdout() -> BinaryIO:
    """Keep stdout for replies alone: what libraries print goes nowhere."""
    replies = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return replies


def _reply(replies: BinaryIO, reply: dict[str, object]) -> None:
    replies.write(json.dumps(reply).encode("ascii") + b"\n")
    replies.flush()


def _read_jobs(jobs: "queue.SimpleQueue[str]") -> None:
    """Runs beside the job, so that a worker whose parent is gone ends even in the middle of one."""
    for line in sys.stdin.buffer:
        jobs.put(json.loads(line))
    os._exit(0)


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    for kind, amount in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        allowed = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (allowed, hard))


def _limit_processor_time(timeout_s: float) -> None:
    """Let the system end a job that computes for too long, also when nobody is left to do it; 0 lifts the limit."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, timeout_s)
