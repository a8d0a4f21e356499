"""An event loop in a thread of its own: for engines that are asynchronous inside and not outside."""

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

Result = TypeVar("Result")


class LoopThread:
    """Runs coroutines for callers that are not asynchronous; `close` ends whatever still runs."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Start a coroutine; cancelling its future cancels it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Return the result of a coroutine, or raise what it raises."""
        return self.submit(work).result()

    def call(self, function: Callable[[], object]) -> None:
        """Call a function on the loop, soon; safe in a signal handler, and nothing happens after `close`."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function)

    def cancel_all(self) -> None:
        """Cancel what still runs, and wait for its end."""
        self.run(_cancel_all())

    def close(self) -> None:
        """Cancel what still runs, end the thread and close the loop."""
        if self._loop.is_closed():
            return
        self.run(_end_everything())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _cancel_all() -> None:
    """Cancel each task once, when it has begun: one that never ran would leave what it wraps behind, unawaited."""
    cancelled: set[asyncio.Task[Any]] = set()
    while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
        begun = {task for task in tasks - cancelled if not _is_new(task)}
        for task in begun:
            task.cancel()
        cancelled |= begun
        if tasks <= cancelled:
            await asyncio.gather(*tasks, return_exceptions=True)
        else:
            await asyncio.sleep(0)


def _is_new(task: asyncio.Task[Any]) -> bool:
    work = task.get_coro()
    return inspect.iscoroutine(work) and inspect.getcoroutinestate(work) == inspect.CORO_CREATED


async def _end_everything() -> None:
    await _cancel_all()
    loop = asyncio.get_running_loop()
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()
