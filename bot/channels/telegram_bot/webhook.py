"""The webhook: where Telegram sends updates, as a route that any ASGI application may serve."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.channels.telegram_bot.updates import InboxQueue

log = logging.getLogger(__name__)

LIMIT = 1_000_000
"""Bytes; an update takes some thousands."""
HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST_ID = 2**63 - 1


class Webhook:
    """Under a path and with a secret that only the key's owner can know.

    An update is stored before the answer of 200: any other answer makes Telegram send it again. Before
    `connect` and after `disconnect` that answer is 503.
    """

    def __init__(self, key: bytes) -> None:
        self.path = f"/{_derive(key, 'telegram webhook path')[:32]}"
        self.secret = _derive(key, "telegram webhook secret")
        self.route = Route(self.path, self._receive, methods=["POST"], include_in_schema=False)
        self._bot: Bot | None = None
        self._queue: InboxQueue | None = None
        self._storing: set[asyncio.Task[None]] = set()

    def connect(self, bot: Bot, queue: InboxQueue) -> None:
        """Take updates from now on."""
        self._bot, self._queue = bot, queue

    async def disconnect(self, seconds: float) -> None:
        """Take no more; what is being stored has this long."""
        self._bot = self._queue = None
        if self._storing:
            _, late = await asyncio.wait(self._storing, timeout=seconds)
            for one in late:
                one.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _receive(self, request: Request) -> Response:
        given = request.headers.get(HEADER, "")
        # In the same time for every wrong one; and before anything of the body is read.
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return _respond(HTTPStatus.FORBIDDEN)
        if request.headers.get("content-type", "").partition(";")[0].strip().casefold() != "application/json":
            return _respond(HTTPStatus.BAD_REQUEST)
        try:
            body = await _read(request)
        except ClientDisconnect:
            return _respond(HTTPStatus.BAD_REQUEST)
        if body is None:
            return _respond(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        # Only now: the bot may have been stopped while the body arrived.
        if self._bot is None or self._queue is None:
            return _respond(HTTPStatus.SERVICE_UNAVAILABLE)
        update = _update(body, self._bot)
        if update is None:
            return _respond(HTTPStatus.BAD_REQUEST)
        return await self._store(update, self._queue)

    async def _store(self, update: Update, queue: InboxQueue) -> Response:
        # A task of its own: it ends what it has begun also where Telegram has hung up.
        storing = asyncio.create_task(queue.put(update))
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        await asyncio.wait((storing,))
        error = None if storing.cancelled() else storing.exception()
        if isinstance(error, TelegramError):
            log.error("update %d was not taken: %s", update.update_id, error)
        elif error:
            log.error("update %d was not taken: %s", update.update_id, type(error).__name__)
        return _respond(HTTPStatus.SERVICE_UNAVAILABLE if error or storing.cancelled() else HTTPStatus.OK)


async def _read(request: Request) -> bytes | None:
    """The body, unless it is too large."""
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated[:20]) > LIMIT:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LIMIT:
            return None
    return bytes(body)


def _update(body: bytes, bot: Bot) -> Update | None:
    try:
        content = json.loads(body)
        update = Update.de_json(content, bot)
        id = update.update_id
    except Exception as error:
        # Whatever it is, it comes from outside, and may hold what a person wrote.
        log.warning("an update could not be read: %s", type(error).__name__)
        return None
    return update if type(id) is int and 0 <= id <= _LARGEST_ID else None


def _respond(status: HTTPStatus) -> Response:
    return Response(status_code=status)


def _derive(key: bytes, purpose: str) -> str:
    return hmac.new(key, purpose.encode(), hashlib.sha256).hexdigest()
