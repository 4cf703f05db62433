"""What the commands answer."""

from __future__ import annotations

from bot.answer import MunicipalityGoals
from bot.channels.telegram_bot.desk import Desk, Turn
from bot.channels.telegram_bot.keyboards import back_row
from bot.channels.telegram_bot.layout import Span, set_pages
from bot.channels.telegram_bot.message import Message
from bot.channels.telegram_bot.press import Press
from bot.channels.telegram_bot.render import contact_spans
from bot.channels.telegram_bot.views import (
    contact_view,
    goals_view,
    home_view,
    language_view,
    municipalities_view,
    plain,
)
from bot.texts import Texts

LANGUAGE_NAMES = {
    "sv": "sv",
    "svenska": "sv",
    "swedish": "sv",
    "en": "en",
    "engelska": "en",
    "english": "en",
}


class Commands:
    """One method for each value of `incoming.COMMANDS`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def run(self, command: str, argument: str, turn: Turn, update: int) -> tuple[Message, ...]:
        match command:
            case "start":
                return await self._start(argument, turn)
            case "goals":
                return (await self._goals(turn),)
            case "municipality":
                return (await self._municipality(argument, turn),)
            case "language":
                return (await self._language(argument, turn),)
            case "help":
                return (plain(turn.texts("telegram.help")),)
            case "about":
                return (await self._about(turn),)
            case "contact":
                every = await self._desk.goals(turn.texts.language)
                return (contact_view(await self._desk.home(turn), every, turn.texts),)
            case "forget":
                await self._desk.forget(turn.chat, update)
                return (plain(turn.texts("telegram.forgotten")),)
        raise ValueError(f"a command without an answer: {command}")

    async def _start(self, payload: str, turn: Turn) -> tuple[Message, ...]:
        chosen = await self._desk.find(payload) if payload else None
        greeting = plain(turn.texts("telegram.start"))
        if chosen is None:
            return (greeting,)
        return greeting, await self._choose(chosen, turn)

    async def _goals(self, turn: Turn) -> Message:
        every = await self._desk.goals(turn.texts.language)
        home = await self._desk.home(turn)
        if home is None:
            return municipalities_view(every, turn.texts, "telegram.goals_of_which", Press("goals"))
        return goals_view(home, turn.texts, others=len(every) > 1)

    async def _municipality(self, name: str, turn: Turn) -> Message:
        if not name:
            return home_view(await self._desk.goals(turn.texts.language), turn.texts)
        chosen = await self._desk.find(name)
        if chosen is None:
            view = home_view(await self._desk.goals(turn.texts.language), turn.texts)
            return plain(turn.texts("telegram.municipality_unknown"), view.rows)
        return await self._choose(chosen, turn)

    async def _choose(self, id: str, turn: Turn) -> Message:
        await self._desk.choose_municipality(turn, id)
        return municipality_chosen(await self._named(id, turn.texts), turn.texts)

    async def _named(self, id: str, texts: Texts) -> MunicipalityGoals:
        return next(one for one in await self._desk.goals(texts.language) if one.id == id)

    async def _language(self, name: str, turn: Turn) -> Message:
        chosen = LANGUAGE_NAMES.get(name.casefold())
        if chosen is None:
            return language_view(turn.texts)
        texts = await self._desk.choose_language(turn, chosen)
        return plain(texts("telegram.language_chosen"))

    async def _about(self, turn: Turn) -> Message:
        texts = turn.texts
        spans = [Span(texts("telegram.about.what"))]
        operator = self._desk.settings.operator
        if operator:
            spans.append(Span(texts("telegram.about.operator", operator=operator), "\n\n"))
        else:
            spans.append(Span(texts("telegram.about.no_operator"), "\n\n"))
            home = await self._desk.home(turn)
            shown = (home,) if home else (await self._desk.goals(texts.language))[:3]
            spans += [span for one in shown for span in contact_spans(one.contact, texts)]
        spans.append(Span(texts("telegram.about.kept"), "\n\n"))
        (html, *_) = set_pages(spans)
        return Message(html)


def municipality_chosen(municipality: MunicipalityGoals | None, texts: Texts) -> Message:
    """Confirms the choice; none: that none is chosen any more."""
    if municipality is None:
        return plain(texts("telegram.municipality_cleared"))
    goals = (back_row(texts, "", municipality.id),)
    return plain(texts("telegram.municipality_chosen", municipality=municipality.name), goals)
