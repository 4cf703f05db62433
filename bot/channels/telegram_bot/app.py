"""The Telegram bot as a whole: from settings to a running application, and to its orderly end."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, TypeHandler

from bot.channels.telegram_bot.assistant import Assistant
from bot.channels.telegram_bot.connection import Connection, WatchedRequest
from bot.channels.telegram_bot.delivery import Delivery
from bot.channels.telegram_bot.desk import Desk
from bot.channels.telegram_bot.errors import StartError
from bot.channels.telegram_bot.flood import Flood
from bot.channels.telegram_bot.handlers import Handlers
from bot.channels.telegram_bot.inbox import Inbox
from bot.channels.telegram_bot.libraries import settle_libraries
from bot.channels.telegram_bot.memory import Memory
from bot.channels.telegram_bot.menu import set_menu
from bot.channels.telegram_bot.order import ChatOrder
from bot.channels.telegram_bot.queue import InboxQueue
from bot.channels.telegram_bot.store import Store
from bot.settings import Settings

log = logging.getLogger(__name__)

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
"""Seconds between attempts after 5xx and lost connections."""
GRACE = 5.0
"""Seconds in which replies that have begun may finish once the bot is stopped."""
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")


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
        token = self._token()
        if self._webhook and self._settings.public_url is None:
            raise StartError("no_public_url")
        directory = self._settings.data_dir
        async with AsyncExitStack() as ending:
            key = _secret(self._settings)
            lock = _lock(directory / "telegram.lock")
            ending.callback(lock.release)
            store = Store(directory / "telegram.sqlite3")
            ending.callback(store.close)
            queue = InboxQueue(key)
            order = ChatOrder()
            application = self._application(token, queue, order)
            connection = Connection(application, *self._waits)
            ending.push_async_callback(application.bot.shutdown)
            await connection.initialize()
            ending.push_async_callback(application.shutdown)
            inbox = Inbox(store, application.bot.id)
            queue.connect(inbox)
            delivery = Delivery(application.bot, first_wait=self._waits[0], longest_wait=self._waits[1])
            desk = Desk(self._assistant, self._settings, key, store=store, inbox=inbox, memory=Memory())
            ending.callback(desk.close)
            pending = await inbox.pending()
            handlers = Handlers(
                application.bot,
                desk,
                inbox=inbox,
                delivery=delivery,
                flood=Flood(),
                progress={waiting.id: waiting.progress for waiting in pending},
            )
            application.add_handler(TypeHandler(Update, handlers.on_update))
            await application.start()
            ending.push_async_callback(self._finish, application, order, delivery)
            for waiting in pending:
                try:
                    update = Update.de_json(waiting.content, application.bot)
                except Exception as error:
                    # One that another version stored must not stop every start from now on.
                    log.error("update %d cannot be read again: %s", waiting.id, type(error).__name__)
                    await inbox.handled(waiting.id)
                else:
                    await queue.requeue(update)
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

    async def _cease(self, connection: Connection, order: ChatOrder) -> None:
        order.close()
        await connection.close(self._grace)

    async def _finish(self, application: _Application, order: ChatOrder, delivery: Delivery) -> None:
        order.close()
        delivery.stop()
        await order.finish(self._grace)
        delivery.close()
        await application.stop()

    def _token(self) -> str:
        secret = self._settings.telegram_token
        token = secret.get_secret_value().strip() if secret else ""
        if not token:
            raise StartError("no_token")
        if not TOKEN.fullmatch(token):
            raise StartError("bad_token")
        return token

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


_Application = Application[Any, Any, Any, Any, Any, Any]


def _secret(settings: Settings) -> bytes:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return settings.reveal_secret_key()
    except OSError as error:
        raise StartError("database", f"{settings.data_dir}: {error.strerror}") from None


def _lock(path: Path) -> FileLock:
    """Two processes would answer the same inbox twice."""
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StartError("locked", str(path)) from None
    except OSError as error:
        raise StartError("database", f"{path}: {error.strerror}") from None
    return lock
