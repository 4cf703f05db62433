"""Work on passwords, on threads of its own: a few at a time, and few that wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from bot.database.errors import PasswordsBusy

T = TypeVar("T")


class PasswordQueue:
    """Belongs to one event loop.

    Args:
        at_once: how many threads; each holds 64 MiB while it reckons.
        waiting: how many may wait for one.
    """

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="password")
        self._free = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._inside = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place in the queue, to take before anything else is done for the password.

        Raises:
            PasswordsBusy: they are all taken.
        """
        if self._inside >= self._most:
            raise PasswordsBusy
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    async def run(self, call: Callable[[], T]) -> T:
        """What ``call`` returns; for whoever has a place.

        Whoever is cancelled waits no longer. What a thread has begun with it finishes, and until then nobody
        else gets the thread.
        """
        await self._free.acquire()
        running = asyncio.get_running_loop().run_in_executor(self._threads, call)
        running.add_done_callback(lambda _: self._free.release())
        return await asyncio.shield(running)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
