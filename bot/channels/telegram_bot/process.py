"""The bot as a process of its own, until a signal ends it."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack

from bot.channels.telegram_bot.app import FIRST_WAIT, LONGEST_WAIT, TelegramBot
from bot.channels.telegram_bot.chats import Assistant
from bot.channels.telegram_bot.connection import read_token
from bot.database import Database
from bot.settings import Settings


def run_telegram(
    assistant: Assistant,
    settings: Settings,
    *,
    webhook: bool = False,
    first_wait: float = FIRST_WAIT,
    longest_wait: float = LONGEST_WAIT,
) -> None:
    """Run the bot until SIGINT or SIGTERM; a webhook is served at ``web_host`` and ``web_port``.

    Raises:
        StartError: the bot cannot run as it is set up.
        DatabaseError: the database cannot be used.
        ServeError: nothing can be served at ``web_host`` and ``web_port``.
    """
    asyncio.run(_run(assistant, settings, webhook, first_wait, longest_wait))


async def _run(
    assistant: Assistant, settings: Settings, webhook: bool, first_wait: float, longest_wait: float
) -> None:
    read_token(settings)
    async with AsyncExitStack() as ending:
        database = await Database.open(settings)
        ending.push_async_callback(database.close)
        bot = TelegramBot(
            assistant, settings, database, webhook=webhook, first_wait=first_wait, longest_wait=longest_wait
        )
        if bot.routes:
            # Only here, for polling needs no server.
            from bot.channels.telegram_bot.serving import serving

            await ending.enter_async_context(serving(bot.routes, settings))
        signalled = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, signalled.set)
        await bot.run_until(signalled)
