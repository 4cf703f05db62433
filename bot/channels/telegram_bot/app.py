"""The Telegram bot as a whole: from settings to a running application, and to its orderly end."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Any, Self

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, TypeHandler

from bot.channels.telegram_bot.chats import Assistant, Chats
from bot.channels.telegram_bot.connection import Connection, WatchedRequest, read_token, settle_libraries
from bot.channels.telegram_bot.delivery import Delivery
from bot.channels.telegram_bot.errors import StartError
from bot.channels.telegram_bot.handlers import Handlers
from bot.channels.telegram_bot.inbox import Inbox
from bot.channels.telegram_bot.memory import Flood, Memory
from bot.channels.telegram_bot.menu import set_menu
from bot.channels.telegram_bot.store import Store, lock_directory, read_key
from bot.channels.telegram_bot.updates import ChatOrder, InboxQueue
from bot.settings import Settings

log = logging.getLogger(__name__)

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
"""Seconds between attempts after 5xx and lost connections."""
GRACE = 5.0
"""Seconds in which replies that have begun may finish once the bot is stopped."""

_Application = Application[Any, Any, Any, Any, Any, Any]


class TelegramBot:
    """The bot in an event loop of someone's own: ``async with TelegramBot(...)``, or `start` and `stop`."""

    def __init__(
        self,
        assistant: Assistant,
        settings: Settings,
        *,
        webhook: bool = False,
        first_wait: float = FIRST_WAIT,
        longest_wait: float = LONGEST_WAIT,
        grace: float = GRACE,
    ) -> None:
        self._assistant = assistant
        self._settings = settings
        self._webhook = webhook
        self._waits = (first_wait, longest_wait)
        self._grace = grace
        self._ending = AsyncExitStack()
        self.revoked = asyncio.Event()
        """Set when Telegram no longer knows the token: nothing more will arrive."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Return once updates are being received; waits for Telegram to be reachable.

        Raises:
            StartError: the bot cannot run as it is set up.
        """
        settle_libraries()
        token = read_token(self._settings)
        if self._webhook and self._settings.public_url is None:
            raise StartError("no_public_url")
        directory = self._settings.data_dir
        async with AsyncExitStack() as ending:
            key = read_key(self._settings)
            ending.callback(lock_directory(directory).release)
            store = Store(directory / "telegram.sqlite3")
            ending.callback(store.close)
            queue, order = InboxQueue(key), ChatOrder()
            application = self._application(token, queue, order)
            ending.push_async_callback(application.bot.shutdown)
            connection = Connection(application, *self._waits)
            await connection.initialize()
            ending.push_async_callback(application.shutdown)
            inbox = Inbox(store, application.bot.id)
            queue.connect(inbox)
            chats = Chats(self._assistant, self._settings, key, store=store, inbox=inbox, memory=Memory())
            ending.callback(chats.close)
            await self._work(application, order, chats, inbox, ending)
            await queue.refill(application.bot)
            ending.push_async_callback(self._cease, connection, order)
            if self._webhook:
                await connection.listen(self._settings, key)
            else:
                await connection.poll()
            menu = asyncio.create_task(set_menu(application.bot, self._settings.default_language))
            ending.callback(menu.cancel)
            self._ending = ending.pop_all()
        log.info("the Telegram bot is running")

    async def stop(self) -> None:
        """Finish what has begun; what has not stays in the inbox for the next start."""
        await self._ending.aclose()

    def _application(self, token: str, queue: InboxQueue, order: ChatOrder) -> _Application:
        return (
            ApplicationBuilder()
            .token(token)
            .base_url(self._settings.telegram_base_url)
            .get_updates_request(WatchedRequest(self.revoked.set))
            .update_queue(queue)
            .concurrent_updates(order)
            .job_queue(None)
            .build()
        )

    async def _work(
        self, application: _Application, order: ChatOrder, chats: Chats, inbox: Inbox, ending: AsyncExitStack
    ) -> None:
        """Begin to answer what is queued."""
        delivery = Delivery(application.bot, first_wait=self._waits[0], longest_wait=self._waits[1])
        handlers = Handlers(application.bot, chats, inbox=inbox, delivery=delivery, flood=Flood())
        application.add_handler(TypeHandler(Update, handlers.on_update))
        await application.start()
        ending.push_async_callback(self._finish, application, order, delivery)

    async def _cease(self, connection: Connection, order: ChatOrder) -> None:
        order.close()
        await connection.close(self._grace)

    async def _finish(self, application: _Application, order: ChatOrder, delivery: Delivery) -> None:
        order.close()
        delivery.stop()
        await order.finish(self._grace)
        delivery.close()
        await application.stop()


def run_telegram(
    assistant: Assistant,
    settings: Settings,
    *,
    webhook: bool = False,
    first_wait: float = FIRST_WAIT,
    longest_wait: float = LONGEST_WAIT,
) -> None:
    """Run the bot as a process of its own, until SIGINT or SIGTERM. Raises `StartError`."""
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
