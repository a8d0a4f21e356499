"""The judge of a process: whoever judges one reply after the other must not start worker processes for each."""

import atexit
import os
import threading

from rest_bench.scoring.judge import Judge

_lock = threading.Lock()
_judges: dict[int, Judge] = {}
"""By process: a fork inherits that of its parent, whose workers answer the parent."""


def shared_judge() -> Judge:
    """Return the judge of this process, which ends with it; a process forked from this one gets its own."""
    pid = os.getpid()
    with _lock:
        if pid not in _judges:
            _judges[pid] = Judge()
            atexit.register(_close, pid)
        return _judges[pid]


def _close(pid: int) -> None:
    if os.getpid() == pid:  # a fork inherits what is to be done at exit, too
        _judges[pid].close()


def _renew_lock() -> None:
    global _lock  # noqa: PLW0603 - another thread of the parent may have held it in the moment of the fork
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)
