"""From an update to its reply, and what becomes of it when something fails."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

from telegram import Bot, Update
from telegram.error import BadRequest, Forbidden

from bot.channels.telegram_bot.actions import Actions, Stale
from bot.channels.telegram_bot.bursts import Bursts
from bot.channels.telegram_bot.buttons import answer_rows, parse
from bot.channels.telegram_bot.chats import Chats, Turn
from bot.channels.telegram_bot.commands import Commands
from bot.channels.telegram_bot.delivery import Delivery, Reply
from bot.channels.telegram_bot.errors import Stopped, StoreError, Unfinished
from bot.channels.telegram_bot.gestures import Gestures
from bot.channels.telegram_bot.inbox import Inbox, Progress
from bot.channels.telegram_bot.incoming import Moved, Pressed, Said, read
from bot.channels.telegram_bot.memory import Flood
from bot.channels.telegram_bot.message import Message
from bot.channels.telegram_bot.repeats import Repeats
from bot.channels.telegram_bot.views import answer_view, plain
from bot.texts import load_texts

log = logging.getLogger(__name__)
ALBUMS = 1000


class Handlers:
    """Answers updates, each of them once."""

    def __init__(
        self,
        bot: Bot,
        chats: Chats,
        *,
        inbox: Inbox,
        delivery: Delivery,
        flood: Flood,
        repeats: Repeats,
        bursts: Bursts,
    ) -> None:
        self._bot = bot
        self._chats = chats
        self._inbox = inbox
        self._delivery = delivery
        self._gestures = Gestures(bot, delivery)
        self._flood = flood
        self._repeats = repeats
        self._bursts = bursts
        self._commands = Commands(chats)
        self._actions = Actions(chats)
        self._albums: OrderedDict[str, None] = OrderedDict()
        self._suspects = asyncio.Lock()

    async def on_update(self, update: Update, _: object) -> None:
        """Answer, then forget; what could not be sent because the bot stops stays in the inbox."""
        if self._bursts.took(update.update_id):
            return
        try:
            await self._serve(update)
            await self._inbox.handled(update.update_id)
            self._repeats.done(update.update_id)
        except Stopped:
            log.info("stopping: update %d stays in the inbox", update.update_id)
        except StoreError as error:
            log.error("update %d stays in the inbox: %s", update.update_id, error)
        except Unfinished as error:
            log.error("update %d is tried again: %s", update.update_id, error)
            self._repeats.again(update)

    async def _serve(self, update: Update) -> None:
        """Answer the update, if need be with an apology. Raises `Stopped`, `StoreError` and `Unfinished`."""
        asked = reply = None
        try:
            asked = read(update, self._bot.bot)
            if isinstance(asked, Moved):
                await self._chats.move(asked.old, asked.new)
            elif asked:
                reply = Reply(update.update_id, asked.place, inbox=self._inbox, delivery=self._delivery)
                await self._answer(asked, reply)
        except (BadRequest, Forbidden) as error:
            # Blocked, removed, or not to be sent: its description may repeat the text, so it is not logged.
            log.warning("Telegram refused the reply to update %d: %s", update.update_id, type(error).__name__)
        except (Stopped, StoreError):
            raise
        except Unfinished:
            if isinstance(asked, Said) and update.update_id not in self._repeats:
                turn = await self._chats.begin(asked.place.chat, asked.locale)
                await self._gestures.remark(asked.place, *plain(turn.texts("telegram.later")).messages)
            raise
        except Exception as error:
            _log_without_content(update.update_id, error)
            if reply and isinstance(asked, Said | Pressed):
                await self._apologise(asked, reply)

    async def _answer(self, asked: Said | Pressed, reply: Reply) -> None:
        if self._inbox.progress(reply.update).deadly:
            log.error("update %d ended the process again and again: not tried any more", reply.update)
            await self._apologise(asked, reply)
        elif isinstance(asked, Said):
            await self._on_said(asked, reply)
        else:
            await self._gestures.toast(asked.query, await self._on_pressed(asked, reply))

    async def _on_said(self, said: Said, reply: Reply) -> None:
        again = reply.update in self._repeats
        verdict = "pass" if again else self._flood.judge(("said", said.person), said.at)
        repeated = self._seen(said)
        if verdict == "ignore" or (said.kind == "unsupported" and repeated):
            return
        if await reply.resume():
            return
        turn = await self._chats.begin(said.place.chat, said.locale)
        if verdict == "tell":
            await reply.send(*plain(turn.texts("telegram.flood")).messages)
        elif said.kind == "question":
            async with self._gestures.typing(said.place):
                question = said.text
                # What was begun before a stop is answered as it was begun.
                if self._inbox.progress(reply.update) == Progress():
                    question, reply.others = await self._bursts.gather(said)
                async with self._attempt(reply.update):
                    messages = await self._messages(question, turn)
            await reply.send(*messages)
        elif said.kind == "command":
            async with self._attempt(reply.update):
                messages = await self._commands.run(said.command, said.text, turn, reply.update)
            await reply.send(*messages)
        else:
            await reply.send(*plain(turn.texts(f"telegram.{said.kind}")).messages)

    async def _messages(self, question: str, turn: Turn) -> tuple[Message, ...]:
        answer = await self._chats.ask(question, turn.conversation)
        every = await self._chats.goals(answer.language)
        token = self._chats.memory.keep(turn.chat, answer.conversation)
        texts = load_texts(answer.language)
        return answer_view(answer, texts, answer_rows(answer, texts, token, every)).messages

    @asynccontextmanager
    async def _attempt(self, update: int) -> AsyncIterator[None]:
        """Around the work on an answer, counted beforehand: a crash is not repeated for ever."""
        suspect = self._inbox.progress(update).begun > 0
        # What was under way at a crash is tried one by one, so that the next crash accuses only its cause.
        async with self._suspects if suspect else nullcontext():
            await self._inbox.begin(update)
            try:
                yield
            except Unfinished:
                # It comes again, and the process has survived it.
                await self._inbox.clear(update)
                raise
            if suspect:
                await self._inbox.clear(update)

    async def _on_pressed(self, pressed: Pressed, reply: Reply) -> str:
        """Show what the button promises; returns the passing line to say with it, if any."""
        # A press has no date of its own, and nobody waits for one that waited for the bot.
        verdict = self._flood.judge(("pressed", pressed.person), time.time())
        if verdict != "pass":
            return self._chats.texts(pressed.locale)("telegram.flood") if verdict == "tell" else ""
        turn = await self._chats.begin(pressed.place.chat, pressed.locale)
        try:
            async with self._attempt(reply.update):
                shown = await self._actions.run(parse(pressed.data), turn)
        except Stale as stale:
            return turn.texts(stale.key)
        if pressed.message is None:
            await reply.send(shown)
        else:
            await reply.edit(pressed.message, shown)
        return ""

    async def _apologise(self, asked: Said | Pressed, reply: Reply) -> None:
        text = self._chats.texts(asked.locale)("telegram.error")
        if isinstance(asked, Pressed):
            await self._gestures.toast(asked.query, text)
            return
        try:
            await reply.send(*plain(text).messages)
        except (BadRequest, Forbidden) as error:
            log.warning("Telegram refused the apology: %s", type(error).__name__)

    def _seen(self, said: Said) -> bool:
        """Whether the album that the picture belongs to has had its line."""
        if said.album is None:
            return False
        seen = said.album in self._albums
        self._albums[said.album] = None
        if len(self._albums) > ALBUMS:
            self._albums.popitem(last=False)
        return seen


def _log_without_content(update: int, error: Exception) -> None:
    """Where it happened and what kind it was; an exception's own words may repeat the question."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("update %d could not be answered: %s\n%s", update, type(error).__name__, frames)
