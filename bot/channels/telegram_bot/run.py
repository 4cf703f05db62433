"""The bot as a process of its own, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

from bot.channels.telegram_bot.app import FIRST_WAIT, LONGEST_WAIT, TelegramBot
from bot.channels.telegram_bot.assistant import Assistant
from bot.channels.telegram_bot.errors import StartError
from bot.settings import Settings


def run_telegram(
    assistant: Assistant,
    settings: Settings,
    *,
    webhook: bool = False,
    first_wait: float = FIRST_WAIT,
    longest_wait: float = LONGEST_WAIT,
) -> None:
    """Run the bot until SIGINT or SIGTERM. Raises `StartError`."""
    bot = TelegramBot(assistant, settings, webhook=webhook, first_wait=first_wait, longest_wait=longest_wait)
    asyncio.run(_run(bot))


async def _run(bot: TelegramBot) -> None:
    loop = asyncio.get_running_loop()
    signalled = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, signalled.set)
    stopped = asyncio.create_task(signalled.wait())
    started = asyncio.create_task(bot.start())
    await asyncio.wait((stopped, started), return_when=asyncio.FIRST_COMPLETED)
    if not started.done():
        # It may still be trying to reach Telegram.
        started.cancel()
        with suppress(asyncio.CancelledError):
            await started
        return
    await started
    revoked = asyncio.create_task(bot.revoked.wait())
    await asyncio.wait((stopped, revoked), return_when=asyncio.FIRST_COMPLETED)
    await bot.stop()
    if revoked.done():
        raise StartError("bad_token")
    revoked.cancel()
