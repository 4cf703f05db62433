"""The Telegram bot as a whole: from settings to a running application, and to its orderly end."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, suppress
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, TypeHandler

from bot.channels.telegram_bot.bursts import QUIET, Bursts
from bot.channels.telegram_bot.carry_over import carry_over
from bot.channels.telegram_bot.chats import Assistant, Chats
from bot.channels.telegram_bot.connection import Connection, WatchedRequest, read_token, settle_libraries
from bot.channels.telegram_bot.delivery import Delivery
from bot.channels.telegram_bot.errors import StartError, StoreError
from bot.channels.telegram_bot.handlers import Handlers
from bot.channels.telegram_bot.inbox import Inbox
from bot.channels.telegram_bot.memory import Flood, Memory
from bot.channels.telegram_bot.menu import set_menu
from bot.channels.telegram_bot.repeats import Repeats
from bot.channels.telegram_bot.store import Store, lock_directory, read_key
from bot.channels.telegram_bot.updates import ChatOrder, InboxQueue
from bot.channels.telegram_bot.webhook import Webhook
from bot.database import Database
from bot.settings import Settings

log = logging.getLogger(__name__)

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
"""Seconds between attempts after 5xx and lost connections."""
GRACE = 5.0
"""Seconds in which replies that have begun may finish once the bot is stopped."""

_Application = Application[Any, Any, Any, Any, Any, Any]


class TelegramBot:
    """The bot in an event loop of someone's own: ``async with TelegramBot(...)``, or `start` and `stop`.

    The caller opens and closes the database, and serves `routes` where there are any.
    """

    def __init__(
        self,
        assistant: Assistant,
        settings: Settings,
        database: Database,
        *,
        webhook: bool = False,
        first_wait: float = FIRST_WAIT,
        longest_wait: float = LONGEST_WAIT,
        grace: float = GRACE,
        quiet: float = QUIET,
    ) -> None:
        self._assistant = assistant
        self._settings = settings
        self._database = database
        self._by_webhook = webhook
        self._waits = (first_wait, longest_wait)
        self._grace = grace
        self._quiet = quiet
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

    @property
    def routes(self) -> tuple[Route, ...]:
        """Where Telegram sends updates; none by long polling. Raises `StartError`.

        They may be served before `start` and after `stop`: Telegram is asked to come again.
        """
        return (self._webhook.route,) if self._by_webhook else ()

    @cached_property
    def _webhook(self) -> Webhook:
        return Webhook(read_key(self._settings))

    async def start(self) -> None:
        """Return once updates are being received; waits for Telegram to be reachable.

        Raises:
            StartError: the bot cannot run as it is set up.
            DatabaseError: it cannot be used.
        """
        settle_libraries()
        token = read_token(self._settings)
        if self._by_webhook and self._settings.public_url is None:
            raise StartError("no_public_url")
        directory = self._settings.data_dir
        async with AsyncExitStack() as ending:
            key = read_key(self._settings)
            ending.callback(lock_directory(directory).release)
            store = Store(directory / "telegram.sqlite3")
            ending.callback(store.close)
            try:
                await carry_over(store, self._database.choices)
            except StoreError as error:
                raise StartError("database", str(error)) from None
            queue, order = InboxQueue(key), ChatOrder()
            application = self._application(token, queue, order)
            ending.push_async_callback(application.bot.shutdown)
            connection = Connection(application, *self._waits)
            await connection.initialize()
            ending.push_async_callback(application.shutdown)
            inbox = Inbox(store, application.bot.id)
            queue.connect(inbox)
            chats = Chats(
                self._assistant,
                self._settings,
                key,
                choices=self._database.choices,
                store=store,
                inbox=inbox,
                memory=Memory(),
            )
            ending.callback(chats.close)
            repeats = Repeats(queue, first_wait=self._waits[0], longest_wait=self._waits[1])
            await self._work(application, queue, order, chats, inbox, repeats, ending)
            await queue.refill(application.bot)
            ending.push_async_callback(self._cease, connection, order)
            if self._by_webhook:
                # Before Telegram hears of it: what comes at once is taken at once.
                self._webhook.connect(application.bot, queue)
                ending.push_async_callback(self._webhook.disconnect, self._grace)
                await connection.announce(self._settings, self._webhook)
            else:
                await connection.poll()
            menu = asyncio.create_task(set_menu(application.bot, self._settings.default_language))
            ending.callback(menu.cancel)
            self._ending = ending.pop_all()
        log.info("the Telegram bot is running")

    async def stop(self) -> None:
        """Finish what has begun; what has not stays in the inbox for the next start."""
        await self._ending.aclose()

    async def run_until(self, stopping: asyncio.Event) -> None:
        """Start, answer until ``stopping``, and stop; it may end while Telegram has yet to be reached.

        Raises:
            StartError: as `start`; ``bad_token`` also where Telegram has come to know the token no longer.
            DatabaseError: as `start`.
        """
        stopped = asyncio.create_task(stopping.wait())
        revoked = asyncio.create_task(self.revoked.wait())
        starting = asyncio.create_task(self.start())
        try:
            await asyncio.wait((stopped, starting), return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                starting.cancel()
                with suppress(asyncio.CancelledError):
                    await starting
                return
            await starting
            await asyncio.wait((stopped, revoked), return_when=asyncio.FIRST_COMPLETED)
            await self.stop()
            if self.revoked.is_set():
                raise StartError("bad_token")
        finally:
            stopped.cancel()
            revoked.cancel()

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
        self,
        application: _Application,
        queue: InboxQueue,
        order: ChatOrder,
        chats: Chats,
        inbox: Inbox,
        repeats: Repeats,
        ending: AsyncExitStack,
    ) -> None:
        """Begin to answer what is queued."""
        delivery = Delivery(application.bot, first_wait=self._waits[0], longest_wait=self._waits[1])
        handlers = Handlers(
            application.bot,
            chats,
            inbox=inbox,
            delivery=delivery,
            flood=Flood(),
            repeats=repeats,
            bursts=Bursts(order, application.bot, quiet=self._quiet),
        )
        application.add_handler(TypeHandler(Update, handlers.on_update))
        await application.start()
        ending.push_async_callback(self._finish, application, queue, order, delivery)
        ending.callback(repeats.stop)

    async def _cease(self, connection: Connection, order: ChatOrder) -> None:
        order.close()
        await connection.close(self._grace)

    async def _finish(
        self, application: _Application, queue: InboxQueue, order: ChatOrder, delivery: Delivery
    ) -> None:
        order.close()
        delivery.stop()
        await order.finish(self._grace)
        delivery.close()
        # An application that is stopping would still begin with it.
        queue.drop()
        await application.stop()
