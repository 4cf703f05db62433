"""What is pleasant but not owed: tried once, and nothing is lost where it does not arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.constants import ChatAction, ParseMode

from bot.channels.telegram_bot.delivery import Delivery
from bot.channels.telegram_bot.message import Message, Place

TYPING_EVERY = 4.5
"""Seconds; Telegram shows the indicator for five."""


class Gestures:
    """None of these raises `TelegramError`."""

    def __init__(self, bot: Bot, delivery: Delivery) -> None:
        self._bot = bot
        self._delivery = delivery

    async def toast(self, query: str, text: str) -> None:
        """End the waiting sign of a button, with a passing line if there is something to say."""
        await self._delivery.try_once(lambda: self._bot.answer_callback_query(query, text=text or None))

    async def remark(self, place: Place, message: Message) -> None:
        """A message beside the reply."""
        await self._delivery.try_once(
            lambda: self._bot.send_message(
                place.chat, message.html, parse_mode=ParseMode.HTML, message_thread_id=place.thread
            )
        )

    @asynccontextmanager
    async def typing(self, place: Place) -> AsyncIterator[None]:
        """Show that an answer is on its way, as long as it is."""

        async def show() -> None:
            while True:
                await self._delivery.try_once(
                    lambda: self._bot.send_chat_action(
                        place.chat, ChatAction.TYPING, message_thread_id=place.thread
                    )
                )
                await asyncio.sleep(TYPING_EVERY)

        task = asyncio.create_task(show())
        try:
            yield
        finally:
            task.cancel()
