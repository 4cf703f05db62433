"""The assistant as the event loop asks it: on threads of its own, so that no question stalls the others."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from fastapi import Request

from bot.assistant import Assistant

THREADS = 4
"""Questions answered at the same time. On two cores four threads answer 119 questions a second and one 67."""
LONGEST_QUEUE = 64
"""Questions that may wait for a thread: about a second's work on two cores. More would only wait longer."""

T = TypeVar("T")


class Overloaded(Exception):
    """Too many questions are waiting already; try again in a moment."""


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


class AsyncAssistant:
    """``await asking(lambda assistant: assistant.ask(...))``"""

    def __init__(
        self, assistant: Assistant, *, threads: int = THREADS, longest_queue: int = LONGEST_QUEUE
    ) -> None:
        self._assistant = assistant
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="web-answer")
        self._most = threads + longest_queue
        self._under_way = 0

    async def __call__(self, call: Callable[[Assistant], T]) -> T:
        """What ``call`` returns or raises. Raises `Overloaded` at once where too many are waiting.

        A caller that is cancelled takes its question back, if no thread has begun with it.
        """
        if self._under_way >= self._most:
            raise Overloaded
        self._under_way += 1
        running = self._threads.submit(call, self._assistant)
        loop = asyncio.get_running_loop()
        running.add_done_callback(lambda _: _tell(loop, self._ended))
        return await asyncio.wrap_future(running, loop=loop)

    def at_once(self, call: Callable[[Assistant], T]) -> T:
        """What ``call`` returns or raises, in the event loop itself and without a place in the queue: only
        for what takes microseconds, such as the list of municipalities."""
        return call(self._assistant)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ended(self) -> None:
        self._under_way -= 1


def _tell(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    # The loop may be closed by the time that a slow thread ends.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(call)


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What ``work`` returns, unless the client hangs up first. The request's body must have been read.

    Raises `ClientGone` then; a question that waits for a thread is taken back.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_hang_up(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()


async def _hang_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
