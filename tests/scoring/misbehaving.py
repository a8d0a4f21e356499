"""What a worker process is asked to do in the tests of the pool; imported there, not here."""

import os
import signal
import sys
import time
from collections.abc import Callable


def act(job: str) -> str:
    """Do as told; a job without orders comes back in capitals."""
    order, _, rest = job.partition(" ")
    return ORDERS[order](rest) if order in ORDERS else job.upper()


def hang(rest: str) -> str:
    time.sleep(60)
    return rest


def nap(rest: str) -> str:
    time.sleep(1)
    return rest


def spin(rest: str) -> str:
    while True:
        rest = rest[::-1]


def leave(rest: str) -> str:
    os._exit(0)


def fail(rest: str) -> str:
    raise ValueError(rest)


def eat(rest: str) -> str:
    return str(len(bytearray(64 * 1024**3)))


def make_noise(rest: str) -> str:
    sys.stdout.write(rest * 100_000)
    os.write(1, b"noise\n" * 1000)
    return rest


def tell_pid(rest: str) -> str:
    return str(os.getpid())


def tell_signals(rest: str) -> str:
    return str(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)


ORDERS: dict[str, Callable[[str], str]] = {
    "hang": hang,
    "nap": nap,
    "spin": spin,
    "exit": leave,
    "raise": fail,
    "eat": eat,
    "print": make_noise,
    "long": lambda rest: rest * 1_000_000,
    "pid": tell_pid,
    "signals": tell_signals,
}


def refuse(job: str) -> str:
    raise RuntimeError("no rehearsal today")
