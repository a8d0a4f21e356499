import asyncio
import threading

import pytest

from rest_bench.engines.event_loop import LoopThread


async def double(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


async def fail() -> None:
    raise ValueError("no")


def test_a_coroutine_is_run_on_another_thread() -> None:
    loop = LoopThread("test-loop")
    assert loop.run(double(4)) == 8
    with pytest.raises(ValueError, match="no"):
        loop.run(fail())
    loop.close()


def test_closing_cancels_what_runs_and_ends_the_thread() -> None:
    loop = LoopThread("test-loop-to-close")
    waiting = loop.submit(asyncio.sleep(60))
    loop.close()
    assert waiting.cancelled()
    assert "test-loop-to-close" not in {thread.name for thread in threading.enumerate()}
    loop.close()


def test_a_cancelled_future_cancels_its_coroutine() -> None:
    loop = LoopThread("test-loop")
    seen = []

    async def wait() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    waiting = loop.submit(wait())
    loop.run(asyncio.sleep(0))
    waiting.cancel()
    loop.run(asyncio.sleep(0.01))
    loop.close()
    assert seen == ["cancelled"]


def test_nothing_is_called_after_the_end() -> None:
    loop = LoopThread("test-loop")
    loop.close()
    loop.call(lambda: None)
