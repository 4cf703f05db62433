"""Chats are served side by side, the messages of one chat one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.channels.telegram_bot.queue import LIMIT


class ChatOrder(BaseUpdateProcessor):
    """Keeps the queue's order: tasks start, and locks are granted, first come first served."""

    def __init__(self) -> None:
        # Every queued update may wait here, or one chat's backlog would hold up the others.
        super().__init__(max_concurrent_updates=2 * LIMIT)
        # A lock lives as long as someone holds or awaits it.
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._closed = False
        self._active = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        chat = update.effective_chat if isinstance(update, Update) else None
        lock = self._locks.setdefault(chat.id, asyncio.Lock()) if chat else asyncio.Lock()
        async with lock:
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

    def close(self) -> None:
        """Begin no more updates."""
        self._closed = True

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
