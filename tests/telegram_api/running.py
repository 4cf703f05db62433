"""Bots that run against the loopback server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.channels.telegram_bot import TelegramBot
from bot.channels.telegram_bot.chats import Assistant
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
    api: TelegramApi, directory: Path, assistant: Assistant, *, webhook: bool = False, **more: Any
) -> AsyncIterator[TelegramBot]:
    """A bot that waits only milliseconds between attempts."""
    settings = settings_for(api, directory, **more)
    async with TelegramBot(
        assistant, settings, webhook=webhook, first_wait=0.01, longest_wait=0.05, grace=2.0
    ) as bot:
        yield bot


async def wait_for(condition: Callable[[], object], *, seconds: float = 5.0) -> None:
    """Returns when the condition holds; fails if it never does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.01)
