import os
import signal
import threading

import pytest

from rest_bench.interrupts import Interrupted, draining_on_signal


def interrupted_by(*numbers: int) -> list[str]:
    """Return what happened to a block that sends itself these signals, one after the other."""
    said: list[str] = []

    def block() -> None:
        with draining_on_signal(lambda: said.append("engine drains"), lambda: said.append("monitor says so")):
            for number in numbers:
                os.kill(os.getpid(), number)
            said.append("the rest of the block")

    with pytest.raises(Interrupted):
        block()
    return said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_drains_and_the_block_ends_by_itself(number: int) -> None:
    assert interrupted_by(number) == ["engine drains", "monitor says so", "the rest of the block"]


def test_the_second_signal_ends_the_block_at_once() -> None:
    assert interrupted_by(signal.SIGTERM, signal.SIGINT) == ["engine drains", "monitor says so"]


def test_the_handlers_of_before_come_back() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with draining_on_signal():
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] != before
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_outside_the_main_thread_the_callers_handlers_stay_in_force() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def work() -> None:
        with draining_on_signal():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
