"""The queue between python-telegram-bot's updater and its application, with the inbox before it."""

from __future__ import annotations

import asyncio

from telegram import Update
from telegram.error import TelegramError

from bot.channels.telegram_bot.choices import chat_hash
from bot.channels.telegram_bot.errors import StoreError
from bot.channels.telegram_bot.inbox import Inbox

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
            await self.requeue(item)
        return None

    async def requeue(self, update: Update) -> None:
        """Queue an update that is stored already."""
        self._held += 1
        await super().put(update)

    def task_done(self) -> None:
        super().task_done()
        self._held -= 1
        self._room.set()
