"""The chats: what is known of each, and the assistant as the event loop asks it for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from bot.answer import Answer, Conversation, MunicipalityGoals
from bot.channels.telegram_bot.errors import Unfinished
from bot.channels.telegram_bot.inbox import Inbox
from bot.channels.telegram_bot.memory import Memory
from bot.channels.telegram_bot.store import Store, chat_hash
from bot.database import ChatChoice, ChatChoices, DatabaseError
from bot.settings import Settings
from bot.texts import LANGUAGES, Texts, load_texts

log = logging.getLogger(__name__)

THREADS = 4
"""Questions answered at the same time."""

T = TypeVar("T")


class Assistant(Protocol):
    """Synchronous; safe to call from several threads."""

    def ask(self, question: str, conversation: Conversation) -> Answer: ...

    def ask_again(self, conversation: Conversation, municipality: str) -> Answer:
        """The conversation's question, about the municipality of that id."""
        ...

    def show(self, section_id: str, conversation: Conversation) -> Answer:
        """The whole section. Raises ``KeyError`` for an unknown id."""
        ...

    def goals(self, language: str | None = None) -> tuple[MunicipalityGoals, ...]: ...

    def municipality(self, name: str) -> str | None:
        """The id for an id, a name or an alias as a person writes it."""
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """What is known when an update is answered."""

    chat: int
    choice: ChatChoice
    conversation: Conversation
    texts: Texts


class Chats:
    """What the handlers know of a chat, and whom they ask for it."""

    def __init__(
        self,
        assistant: Assistant,
        settings: Settings,
        key: bytes,
        *,
        choices: ChatChoices,
        store: Store,
        inbox: Inbox,
        memory: Memory,
    ) -> None:
        self.settings = settings
        self.memory = memory
        self._assistant = assistant
        self._key = key
        self._store = store
        self._inbox = inbox
        self._choices = choices
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="telegram-answer")

    def texts(self, locale: str | None) -> Texts:
        """The texts for someone of whom only Telegram's language is known."""
        return load_texts(self._language(locale))

    async def begin(self, chat: int, locale: str | None) -> Turn:
        choice = await self._chosen(chat)
        conversation = self.memory.get(chat)
        if conversation is None:
            language = choice.language or self._language(locale)
            known = {municipality.id for municipality in await self.goals(language)}
            home = choice.municipality if choice.municipality in known else None
            conversation = Conversation(language=language, municipality=home)
        conversation = replace(conversation, chosen_language=choice.language)
        language = choice.language or conversation.language or self._language(locale)
        return Turn(chat, choice, conversation, load_texts(language))

    async def ask(self, question: str, conversation: Conversation) -> Answer:
        return await self._run(lambda: self._assistant.ask(question, conversation))

    async def ask_again(self, conversation: Conversation, municipality: str) -> Answer:
        return await self._run(lambda: self._assistant.ask_again(conversation, municipality))

    async def show(self, section: str, conversation: Conversation) -> Answer:
        """Raises ``KeyError`` for a section that is not there."""
        return await self._run(lambda: self._assistant.show(section, conversation))

    async def goals(self, language: str) -> tuple[MunicipalityGoals, ...]:
        return await self._run(lambda: self._assistant.goals(language))

    async def find(self, name: str) -> str | None:
        """The id of the municipality that a person calls so."""
        return await self._run(lambda: self._assistant.municipality(name))

    async def home(self, turn: Turn) -> MunicipalityGoals | None:
        """The municipality that menus are about, if that is clear."""
        every = await self.goals(turn.texts.language)
        if len(every) == 1:
            return every[0]
        wanted = turn.conversation.municipality or self.settings.default_municipality
        return next((municipality for municipality in every if municipality.id == wanted), None)

    async def choose_municipality(self, turn: Turn, municipality: str | None) -> None:
        await self._choices.set(
            chat_hash(self._key, turn.chat), replace(turn.choice, municipality=municipality)
        )
        self.memory.keep(turn.chat, replace(turn.conversation, municipality=municipality))

    async def choose_language(self, turn: Turn, language: str | None) -> Texts:
        """The texts to go on with."""
        await self._choices.set(chat_hash(self._key, turn.chat), replace(turn.choice, language=language))
        shown = language or turn.texts.language
        self.memory.keep(turn.chat, replace(turn.conversation, chosen_language=language, language=shown))
        return load_texts(shown)

    async def forget(self, chat: int, update: int) -> None:
        """Erase what is kept of the chat; what it sent after this update is still to be answered.

        Raises:
            Unfinished: the database has not forgotten.
            StoreError: the bot's own file has not.
        """
        name = chat_hash(self._key, chat)
        self.memory.forget(chat)
        try:
            await self._inbox.forget(name, update)
            await self._store.scrub()
        finally:
            with _to_be_finished():
                await self._choices.erase(name)

    async def move(self, old: int, new: int) -> None:
        """The chat has a new id. Raises `Unfinished`."""
        self.memory.move(old, new)
        with _to_be_finished():
            await self._choices.move(chat_hash(self._key, old), chat_hash(self._key, new))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _chosen(self, chat: int) -> ChatChoice:
        try:
            return await self._choices.get(chat_hash(self._key, chat))
        except DatabaseError as error:
            # A question can be answered all the same; it says itself what it is about.
            log.warning("a chat's choices cannot be read: %s", error)
            return ChatChoice()

    def _language(self, locale: str | None) -> str:
        """The language of Telegram's tag ("en-GB") where Målvakt speaks it, else the setting's."""
        language = (locale or "").casefold().split("-")[0]
        return language if language in LANGUAGES else self.settings.default_language

    async def _run(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


@contextmanager
def _to_be_finished() -> Iterator[None]:
    """Around what is owed to people. What they wish and could not get they can ask for again: done late,
    it might undo what they have chosen since."""
    try:
        yield
    except DatabaseError as error:
        raise Unfinished(str(error)) from error
