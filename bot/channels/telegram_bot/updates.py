"""Updates on their way from Telegram to the handlers: stored, queued, and each chat's in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import BaseUpdateProcessor

from bot.channels.telegram_bot.errors import StoreError
from bot.channels.telegram_bot.inbox import Inbox
from bot.channels.telegram_bot.store import chat_hash

log = logging.getLogger(__name__)
LIMIT = 1000
"""Unanswered updates in memory; past it Telegram keeps them until there is room."""


class InboxQueue(asyncio.Queue[object]):
    """Stores each update before it is queued, and drops those that are stored or answered already.

    This is the seam at which nothing is lost: the updater puts every update of a fetch here before its next
    getUpdates confirms them, and the webhook puts it here before the response of 200 is sent. A `put` that
    raises leaves the update unconfirmed in both cases, so Telegram delivers it again.
    """

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key
        self._inbox: Inbox | None = None
        self._held = 0
        self._room = asyncio.Event()

    def connect(self, inbox: Inbox) -> None:
        """The application wants its queue before the bot, and so the inbox, knows who it is."""
        self._inbox = inbox

    async def put(self, item: object) -> None:
        if not isinstance(item, Update):
            return await super().put(item)
        if self._inbox is None:
            raise TelegramError("the inbox is not open")
        chat = item.effective_chat
        name = chat_hash(self._key, chat.id) if chat else None
        try:
            new = await self._inbox.store(item.update_id, name, item.to_dict())
        except StoreError as error:
            # The only kind of error after which the updater polls again.
            raise TelegramError(f"the inbox cannot be written: {error}") from None
        if new:
            while self._held >= LIMIT:
                self._room.clear()
                await self._room.wait()
            self.admit(item)
        return None

    async def refill(self, bot: Bot) -> None:
        """Queue what was left unanswered at the last stop."""
        assert self._inbox is not None
        for waiting in await self._inbox.pending():
            try:
                update = Update.de_json(waiting.content, bot)
            except Exception as error:
                # One that another version stored must not stop every start from now on.
                log.error("update %d cannot be read again: %s", waiting.id, type(error).__name__)
                await self._inbox.handled(waiting.id)
            else:
                self.admit(update)

    def admit(self, update: Update) -> None:
        """Queue an update that is stored."""
        self._held += 1
        self.put_nowait(update)

    def drop(self) -> None:
        """Forget what is queued: it stays in the inbox for the next start."""
        while not self.empty():
            self.get_nowait()
            self.task_done()

    def task_done(self) -> None:
        super().task_done()
        self._held -= 1
        self._room.set()


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """An update that is to be answered, or is being answered."""

    update: Update
    at: float
    """When it came, by the event loop's clock."""


class Line:
    """A chat's updates in the order in which they came; the first is under way."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.turn = asyncio.Lock()


class ChatOrder(BaseUpdateProcessor):
    """Keeps the queue's order: tasks start, and locks are granted, first come first served."""

    def __init__(self) -> None:
        # Every queued update may wait here, or one chat's backlog would hold up the others.
        super().__init__(max_concurrent_updates=2 * LIMIT)
        # A line lives as long as someone stands in it.
        self._lines: WeakValueDictionary[int, Line] = WeakValueDictionary()
        self._news = asyncio.Event()
        self._closed = False
        self._active = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        assert isinstance(update, Update)
        chat = update.effective_chat
        line = self._lines.setdefault(chat.id, Line()) if chat else Line()
        arrival = Arrival(update, asyncio.get_running_loop().time())
        line.arrivals.append(arrival)
        self._news.set()
        try:
            async with line.turn:
                await self._process(coroutine)
        finally:
            line.arrivals.remove(arrival)

    async def _process(self, coroutine: Awaitable[Any]) -> None:
        if self._closed:
            # Never begun: it stays in the inbox.
            if asyncio.iscoroutine(coroutine):
                coroutine.close()
            return
        self._active += 1
        self._idle.clear()
        try:
            await coroutine
        finally:
            self._active -= 1
            if not self._active:
                self._idle.set()

    async def arrival(self, chat: int, place: int, until: float) -> Arrival | None:
        """Who stands at this place of the chat's line, from 0, or comes to it before the event loop's clock
        says ``until``. Nobody is waited for once the order is closed."""
        while True:
            line = self._lines.get(chat)
            if line and len(line.arrivals) > place:
                return line.arrivals[place]
            if self._closed:
                return None
            self._news.clear()
            try:
                async with asyncio.timeout_at(until):
                    await self._news.wait()
            except TimeoutError:
                return None

    def close(self) -> None:
        """Begin no more updates."""
        self._closed = True
        self._news.set()

    async def finish(self, seconds: float) -> None:
        """Wait for the updates that have begun, but no longer than this."""
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""
