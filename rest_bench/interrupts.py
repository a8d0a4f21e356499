"""What Ctrl-C and SIGTERM do to an evaluation: the first one drains it, the second one stops it."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted(KeyboardInterrupt):
    """An evaluation was interrupted; what was finished is on disk, and the same call goes on from there."""


@contextmanager
def draining_on_signal(*drain: Callable[[], None]) -> Iterator[None]:
    """Let the first SIGINT or SIGTERM end the block early, and the second one at once.

    Args:
        drain: called, in this order, at the first signal; the block then comes to its end by itself.

    Raises:
        Interrupted: at the end of the block, or at the second signal.
    """
    arrived: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        if arrived:
            raise Interrupted
        arrived.append(number)
        for call in drain:
            call()

    with _signal_handlers(on_signal):
        yield
    if arrived:
        raise Interrupted


@contextmanager
def _signal_handlers(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    earlier = {}
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            earlier[number] = signal.signal(number, handler)
    except ValueError:  # only the main thread may set handlers; elsewhere the caller's own are in force
        yield
        return
    try:
        yield
    finally:
        for number, previous in earlier.items():
            signal.signal(number, previous)
