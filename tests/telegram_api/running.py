"""Bots that run against the loopback server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from waiting import PATIENCE

from bot.channels.telegram_bot import StartError, TelegramBot
from bot.channels.telegram_bot.chats import Assistant
from bot.channels.telegram_bot.serving import serving
from bot.database import Database
from bot.settings import Settings
from telegram_api.server import TelegramApi

TOKEN = "4711:AAH-a_token_of_the_tests"


def settings_for(api: TelegramApi, directory: Path, **more: Any) -> Settings:
    return Settings(
        data_dir=directory,
        telegram_token=TOKEN,
        telegram_base_url=api.base_url,
        secret_key="k" * 40,
        **more,
    )


@asynccontextmanager
async def running(
    api: TelegramApi,
    directory: Path,
    assistant: Assistant,
    *,
    webhook: bool = False,
    quiet: float = 0.0,
    **more: Any,
) -> AsyncIterator[TelegramBot]:
    """A bot that waits only milliseconds between attempts; its webhook is served on the port.

    Each message is a question of its own, unless a ``quiet`` time makes bursts of them.
    """
    settings = settings_for(api, directory, **more)
    async with AsyncExitStack() as ending:
        database = await Database.open(settings)
        ending.push_async_callback(database.close)
        bot = TelegramBot(
            assistant,
            settings,
            database,
            webhook=webhook,
            first_wait=0.01,
            longest_wait=0.05,
            grace=PATIENCE,
            quiet=quiet,
        )
        if webhook:
            await ending.enter_async_context(serving(bot.routes, settings))
        yield await ending.enter_async_context(bot)


async def start_refused(assistant: Assistant, settings: Settings, *, webhook: bool = False) -> StartError:
    """Why the bot cannot start."""
    database = await Database.open(settings)
    try:
        with pytest.raises(StartError) as caught:
            await TelegramBot(assistant, settings, database, webhook=webhook).start()
    finally:
        await database.close()
    return caught.value
