"""What the commands answer."""

from __future__ import annotations

from bot.channels.telegram_bot.buttons import Press
from bot.channels.telegram_bot.chats import Chats, Turn
from bot.channels.telegram_bot.message import Message
from bot.channels.telegram_bot.views import (
    View,
    about_view,
    chosen_view,
    contact_view,
    goals_view,
    greeting_view,
    home_view,
    language_view,
    municipalities_view,
    plain,
)

LANGUAGE_NAMES = {
    "sv": "sv",
    "svenska": "sv",
    "swedish": "sv",
    "en": "en",
    "engelska": "en",
    "english": "en",
}
CONTACTS = 3
"""Municipalities named under /om where none is chosen."""


class Commands:
    """Knows each key of `menu.MENU`."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    async def run(self, command: str, argument: str, turn: Turn, update: int) -> tuple[Message, ...]:
        match command:
            case "start":
                return await self._start(argument, turn)
            case "goals":
                view = await self._goals(turn)
            case "municipality":
                view = await self._municipality(argument, turn)
            case "language":
                view = await self._language(argument, turn)
            case "help":
                view = plain(turn.texts("telegram.help"))
            case "about":
                view = await self._about(turn)
            case "contact":
                every = await self._chats.goals(turn.texts.language)
                view = contact_view(await self._chats.home(turn), every, turn.texts)
            case "forget":
                await self._chats.forget(turn.chat, update)
                view = plain(turn.texts("telegram.forgotten"))
            case _:
                raise ValueError(f"a command without an answer: {command}")
        return view.messages

    async def _start(self, name: str, turn: Turn) -> tuple[Message, ...]:
        """The greeting; a link to the bot may name a municipality to choose."""
        every = await self._chats.goals(turn.texts.language)
        if name:
            chosen = await self._municipality(name, turn)
            return greeting_view(every, turn.texts, ask=False).messages + chosen.messages
        undecided = await self._chats.home(turn) is None
        return greeting_view(every, turn.texts, ask=undecided).messages

    async def _goals(self, turn: Turn) -> View:
        every = await self._chats.goals(turn.texts.language)
        home = await self._chats.home(turn)
        if home is None:
            return municipalities_view(every, turn.texts, "telegram.goals_of_which", Press("goals"))
        return goals_view(home, turn.texts, others=len(every) > 1)

    async def _municipality(self, name: str, turn: Turn) -> View:
        every = await self._chats.goals(turn.texts.language)
        if not name:
            return home_view(every, turn.texts)
        id = await self._chats.find(name)
        chosen = next((one for one in every if one.id == id), None)
        if chosen is None:
            return home_view(every, turn.texts, "telegram.municipality_unknown")
        await self._chats.choose_municipality(turn, chosen.id)
        return chosen_view(chosen, turn.texts)

    async def _language(self, name: str, turn: Turn) -> View:
        chosen = LANGUAGE_NAMES.get(name.casefold())
        if chosen is None:
            return language_view(turn.texts)
        texts = await self._chats.choose_language(turn, chosen)
        return plain(texts("telegram.language_chosen"))

    async def _about(self, turn: Turn) -> View:
        home = await self._chats.home(turn)
        shown = (home,) if home else (await self._chats.goals(turn.texts.language))[:CONTACTS]
        return about_view(self._chats.settings.operator, shown, turn.texts)
