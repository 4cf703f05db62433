"""Where the library ``limits`` counts: in this process, in bounded memory, without threads."""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

from limits import RateLimitItem, WindowStats
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

MOST_CLIENTS = 20_000
"""Clients that are counted at a time. Past that the one that has been quiet longest is forgotten."""
SWEEPS = 4
"""Looks in one length of a window for what is past, whether somebody asks or not."""
SHORTEST_WAIT = 2
"""Seconds; never one, so that every sentence may say "seconds"."""


class WindowStorage(MemoryStorage):
    """Moving windows of one common length. Needs a running event loop, and forgets in it.

    The library's own storage in memory looks through all clients after every request, one hop to a thread
    for each: with 1,000 clients that took longer than an answer.
    """

    def __init__(
        self, *, most_clients: int = MOST_CLIENTS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._clock = clock
        self._most_clients = most_clients
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()
        """Times of a client's requests, oldest first; the client that came last stands last."""
        self._sweep: asyncio.TimerHandle | None = None
        """Only while somebody is counted."""

    def __len__(self) -> int:
        return len(self._hits)

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        now = self._clock()
        self._forget(now - expiry, room=key not in self._hits)
        hits = self._hits.setdefault(key, deque())
        while hits and hits[0] <= now - expiry:
            hits.popleft()
        if self._sweep is None:
            self._sweep_later(expiry)
        if len(hits) + amount > limit:
            return False
        hits.extend([now] * amount)
        self._hits.move_to_end(key)
        return True

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        # The library adds the length to the start and takes the result for the time of the clock.
        now = self._clock()
        inside = [hit for hit in self._hits.get(key, ()) if hit > now - expiry]
        start = inside[0] if inside else now
        return time.time() - (now - start), len(inside)

    def _forget(self, before: float, *, room: bool = False) -> None:
        most = self._most_clients - room
        while self._hits:
            first = next(iter(self._hits.values()))
            if len(self._hits) <= most and first and first[-1] > before:
                return
            self._hits.popitem(last=False)

    def _sweep_later(self, expiry: float) -> None:
        # What is counted are addresses of people: they must not stay because nobody comes after them.
        loop = asyncio.get_running_loop()
        self._sweep = loop.call_later(expiry / SWEEPS, self._sweep_now, expiry)

    def _sweep_now(self, expiry: float) -> None:
        self._sweep = None
        self._forget(self._clock() - expiry)
        if self._hits:
            self._sweep_later(expiry)


class Windows:
    """What is counted in several moving windows at once, such as those of an address and of its site."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(WindowStorage())

    async def count(self, limits: Sequence[tuple[RateLimitItem, str]]) -> int:
        """Seconds to wait; 0: counted under each key. Where one is full it is counted under none.

        Otherwise a client that goes on although it is refused would use up what it shares with others.
        """
        for limit, key in limits:
            window = await self._limiter.get_window_stats(limit, key)
            if window.remaining <= 0:
                return seconds_to_wait(window)
        for limit, key in limits:
            await self._limiter.hit(limit, key)
        return 0


def seconds_to_wait(window: WindowStats) -> int:
    """Until a full window has room again."""
    return max(SHORTEST_WAIT, math.ceil(window.reset_time - time.time()))
