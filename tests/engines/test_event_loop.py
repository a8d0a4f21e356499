import asyncio
import gc
import threading
import time
from collections.abc import Coroutine

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


def test_what_has_not_begun_is_not_thrown_away_unseen() -> None:
    """A task group wraps coroutines of its own: cancelled before the first step, they would never be awaited."""
    ended: list[str] = []
    children: list[asyncio.Task[None]] = []

    async def child() -> None:
        try:
            await asyncio.sleep(10)
        finally:
            ended.append("child")

    async def wrapper(inner: Coroutine[None, None, None]) -> None:
        await inner

    async def parent() -> None:
        children.append(asyncio.create_task(wrapper(child())))
        await asyncio.sleep(10)

    loop = LoopThread("test")
    loop.call(lambda: time.sleep(0.05))  # both begin in the same round of the loop
    future = loop.submit(parent())
    loop.cancel_all()
    loop.close()
    gc.collect()
    assert future.cancelled()
    assert ended == ["child"]
