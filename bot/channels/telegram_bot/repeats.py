"""What must be done, however long the database is away: its updates come back until it is."""

from __future__ import annotations

import asyncio

from telegram import Update

from bot.channels.telegram_bot.updates import InboxQueue

LARGEST_POWER = 32
"""Of two, in a wait; by then every wait is the longest."""


class Repeats:
    """Queues updates again after a while; a stop or a kill leaves them in the inbox for the next start."""

    def __init__(self, queue: InboxQueue, *, first_wait: float, longest_wait: float) -> None:
        """The waits are in seconds; each is twice the one before."""
        self._queue = queue
        self._waits = (first_wait, longest_wait)
        self._tried: dict[int, int] = {}
        self._coming: dict[int, asyncio.TimerHandle] = {}
        self._stopped = False

    def __contains__(self, update: int) -> bool:
        """Whether the update has been tried before, in this process."""
        return update in self._tried

    def again(self, update: Update) -> None:
        if self._stopped:
            return
        id = update.update_id
        tried = self._tried.get(id, 0)
        self._tried[id] = tried + 1
        first, longest = self._waits
        wait = min(first * 2 ** min(tried, LARGEST_POWER), longest)
        self._coming[id] = asyncio.get_running_loop().call_later(wait, self._queue.admit, update)

    def done(self, update: int) -> None:
        self._tried.pop(update, None)
        self._coming.pop(update, None)

    def stop(self) -> None:
        """Bring nothing back any more."""
        self._stopped = True
        for one in self._coming.values():
            one.cancel()
