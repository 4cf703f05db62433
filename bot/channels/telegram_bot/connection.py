"""How updates reach the application: by long polling or by webhook."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.ext import Application, Updater
from telegram.request import HTTPXRequest
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential

from bot.channels.telegram_bot.errors import StartError
from bot.channels.telegram_bot.webhook import Webhook
from bot.settings import Settings

log = logging.getLogger(__name__)
UPDATES = ("message", "callback_query")
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
TALKATIVE = (
    "telegram.Bot",
    "telegram.ext.Application",
    "telegram.ext.ExtBot",
    "telegram.ext.Updater",
)
"""They log what they received when they cannot make sense of it."""


class Connection:
    """Starts and stops the updater of an application, and waits for Telegram where that helps."""

    def __init__(
        self, application: Application[Any, Any, Any, Any, Any, Any], first_wait: float, longest_wait: float
    ) -> None:
        assert application.updater is not None
        self._application = application
        self._updater: Updater = application.updater
        self._wait = wait_exponential(multiplier=first_wait, max=longest_wait)

    async def initialize(self) -> None:
        """Learn who the bot is. Raises `StartError` for a token that Telegram does not know."""
        await self._insist(self._application.initialize)

    async def poll(self) -> None:
        await self._insist(
            lambda: self._updater.start_polling(allowed_updates=UPDATES, error_callback=_on_error)
        )

    async def announce(self, settings: Settings, webhook: Webhook) -> None:
        """Tell Telegram where to send updates from now on."""
        url = f"{str(settings.public_url).rstrip('/')}{webhook.path}"
        await self._insist(
            lambda: self._application.bot.set_webhook(
                url, secret_token=webhook.secret, allowed_updates=UPDATES
            )
        )

    async def close(self, seconds: float) -> None:
        """Receive no more updates."""
        if not self._updater.running:
            return
        try:
            # After failures the updater sleeps up to 30 s without looking up.
            await asyncio.wait_for(self._updater.stop(), seconds)
        except (TelegramError, TimeoutError) as error:
            log.info("the updater ended with %s", type(error).__name__)

    async def _insist(self, call: Callable[[], Awaitable[object]]) -> None:
        fault: StartError

        async def attempt() -> None:
            # tenacity awaits coroutine functions alone: it would take a lambda's coroutine for its result.
            await call()

        try:
            retrying = AsyncRetrying(
                retry=retry_if_exception(_passing), wait=self._wait, before_sleep=_report, reraise=True
            )
            await retrying(attempt)
            return
        except InvalidToken:
            # Its message quotes the token: it must not hang on to our error as its context.
            fault = StartError("bad_token")
        except BadRequest as error:
            fault = StartError("webhook", error.message)
        raise fault


class WatchedRequest(HTTPXRequest):
    """For getUpdates: after a refused token the updater ends without telling anyone."""

    def __init__(self, revoked: Callable[[], None]) -> None:
        super().__init__(connection_pool_size=1)
        self._revoked = revoked

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **kwargs)
        if code in (401, 404):
            self._revoked()
        return code, payload


def _passing(error: BaseException) -> bool:
    return isinstance(error, TelegramError) and not isinstance(error, InvalidToken | BadRequest)


def _report(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.warning("Telegram cannot be reached (%s), trying again", type(error).__name__)


def _on_error(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.warning("another program receives this bot's messages; end it, or use a token of your own")
    else:
        log.warning("fetching messages failed: %s", type(error).__name__)


def settle_libraries() -> None:
    """Keep the token and people's words out of the log, and choose python-telegram-bot's coming behaviour."""
    # URLs hold the token. python-telegram-bot logs whole updates at DEBUG, and at ERROR, with a traceback
    # each time, what it also raises or hands to us: we log that in one line.
    for name, level in (
        ("httpx", logging.WARNING),
        ("httpcore", logging.WARNING),
        ("telegram", logging.CRITICAL),
    ):
        logger = logging.getLogger(name)
        logger.setLevel(max(level, logger.level))
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        if without_content not in logger.filters:
            logger.addFilter(without_content)
    # Without it every 429 raises a deprecation warning where it is read.
    os.environ.setdefault("PTB_TIMEDELTA", "true")


def without_content(record: logging.LogRecord) -> bool:
    """A logging filter that keeps a record's own words and drops what was filled in."""
    record.args = ()
    if record.exc_info and record.exc_info[0]:
        record.msg = f"{record.msg} ({record.exc_info[0].__name__})"
        record.exc_info = None
    return True


def read_token(settings: Settings) -> str:
    """Raises `StartError` for one that is missing, or that no bot can have."""
    secret = settings.telegram_token
    token = secret.get_secret_value().strip() if secret else ""
    if not token:
        raise StartError("no_token")
    if not TOKEN.fullmatch(token):
        raise StartError("bad_token")
    return token
