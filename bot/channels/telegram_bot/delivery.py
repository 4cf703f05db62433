"""The one place from which anything is sent to Telegram, with its retries."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential, wait_random

from bot.channels.telegram_bot.errors import Stopped
from bot.channels.telegram_bot.inbox import Inbox
from bot.channels.telegram_bot.message import Message, Place, dump, load

log = logging.getLogger(__name__)
T = TypeVar("T")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Delivery:
    """Sends until Telegram has accepted or refused, or until the bot stops.

    Plain functions and not python-telegram-bot's `BaseRateLimiter`: that may only repeat after a 429, knows
    nothing of the inbox, and would also hold up the best-effort calls.
    """

    def __init__(self, bot: Bot, *, first_wait: float, longest_wait: float) -> None:
        """The waits, in seconds, are those after 5xx and lost connections; a 429 says its own."""
        self._bot = bot
        self._backoff = wait_exponential(multiplier=first_wait, max=longest_wait) + wait_random(0, first_wait)
        # One new message in flight in the whole bot, with its count in the inbox: a kill then leaves at most
        # one whose fate is unknown. It costs little: Telegram admits about 30 messages a second anyway.
        self._lane = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._closed = False

    async def send(self, place: Place, message: Message, accepted: Callable[[], Awaitable[None]]) -> None:
        """Send a new message and await ``accepted`` before another may be sent.

        Raises:
            Stopped: the bot is stopping; not known to be accepted.
            BadRequest, Forbidden: refused for good.
        """
        chat = place.chat
        quote = ReplyParameters(place.reply_to, allow_sending_without_reply=True) if place.reply_to else None

        async def attempt() -> None:
            async with self._lane:
                if self._closed:
                    raise Stopped
                await self._bot.send_message(
                    chat,
                    message.html,
                    parse_mode=ParseMode.HTML,
                    reply_markup=message.keyboard,
                    link_preview_options=NO_PREVIEW,
                    message_thread_id=place.thread,
                    reply_parameters=quote,
                )
                await accepted()

        try:
            await self._insist(attempt)
        except ChatMigrated as moved:
            # The new chat has neither the old one's message ids nor its topics.
            await self.send(Place(moved.new_chat_id), message, accepted)

    async def edit(self, place: Place, message_id: int, message: Message) -> bool:
        """Show ``message`` in place of the old one; false if it cannot be edited. Repeating it does no harm.

        Raises `Stopped` and `Forbidden` as `send` does.
        """

        async def attempt() -> None:
            if self._closed:
                raise Stopped
            await self._bot.edit_message_text(
                message.html,
                place.chat,
                message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=message.keyboard,
                link_preview_options=NO_PREVIEW,
            )

        try:
            await self._insist(attempt)
        except BadRequest as error:
            return "not modified" in error.message.lower()
        except ChatMigrated:
            return False
        return True

    async def try_once(self, call: Callable[[], Awaitable[object]]) -> None:
        """For what is pleasant but not owed: an indicator, a toast."""
        try:
            await call()
        except TelegramError as error:
            log.debug("not delivered: %s", type(error).__name__)

    def stop(self) -> None:
        """Give up waiting: what fails from now on stays in the inbox."""
        self._stopping.set()

    def close(self) -> None:
        """Send nothing more."""
        self._closed = True

    async def _insist(self, attempt: Callable[[], Awaitable[T]]) -> T:
        retrying = AsyncRetrying(
            retry=retry_if_exception(_passing), wait=self._wait, sleep=self._pause, reraise=True
        )
        return await retrying(attempt)

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        seconds = retry_after(error) if isinstance(error, RetryAfter) else self._backoff(state)
        log.warning("Telegram: %s, trying again in %.1f s", type(error).__name__, seconds)
        return seconds

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
        raise Stopped


def retry_after(error: RetryAfter) -> float:
    """Seconds that Telegram asks us to wait."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


def _passing(error: BaseException) -> bool:
    """Whether the same call may succeed later."""
    if isinstance(error, BadRequest | Forbidden | ChatMigrated):
        return False
    if isinstance(error, NetworkError) and isinstance(error.__cause__, ValueError | TypeError):
        # The request could not be built: a fault of ours that no waiting mends.
        return False
    return isinstance(error, TelegramError)


class Reply:
    """Sends messages in order, and leaves out those that were accepted before a restart."""

    def __init__(self, update: int, place: Place, *, inbox: Inbox, delivery: Delivery) -> None:
        self.update = update
        self.place = place
        self.others: tuple[int, ...] = ()
        """Further updates that it answers."""
        self._progress = inbox.progress(update)
        self._inbox = inbox
        self._delivery = delivery
        self._position = 0

    async def resume(self) -> bool:
        """Send the rest of a reply that was cut off between two messages; false if there is none."""
        if self._progress.reply is None:
            return False
        await self._send_all(load(self._progress.reply))
        return True

    async def send(self, *messages: Message) -> None:
        """Send the messages, each counted once it is accepted. Raises as `Delivery.send`."""
        if len(messages) > 1 or self.others:
            await self._inbox.keep_reply(self.update, dump(messages), self.others)
        await self._send_all(messages)

    async def _send_all(self, messages: tuple[Message, ...]) -> None:
        for message in messages:
            self._position += 1
            if self._position > self._progress.sent:
                await self._delivery.send(self._quoting(), message, self._count)

    async def _count(self) -> None:
        await self._inbox.count(self.update, self._position)

    def _quoting(self) -> Place:
        """The first message alone quotes the question."""
        return self.place if self._position == 1 else Place(self.place.chat, self.place.thread)

    async def edit(self, message_id: int, message: Message) -> None:
        """Show the message in place of another, or as a new one where that is impossible."""
        if self._position < self._progress.sent or not await self._delivery.edit(
            self.place, message_id, message
        ):
            await self.send(message)
