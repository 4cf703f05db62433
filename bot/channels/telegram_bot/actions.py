"""What the buttons do: each shows something in place of the message that it stands under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answer import Conversation, MunicipalityGoals
from bot.channels.telegram_bot.buttons import Press, answer_rows, back_row, expand, section_rows
from bot.channels.telegram_bot.chats import Chats, Turn
from bot.channels.telegram_bot.message import Message
from bot.channels.telegram_bot.views import (
    answer_view,
    chosen_view,
    contact_view,
    goals_view,
    municipalities_view,
    plain,
)
from bot.texts import LANGUAGES, load_texts


class Stale(Exception):
    """The button leads nowhere any more; ``key`` names the text that says so."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Actions:
    """Pressing a button twice shows the same twice."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    async def run(self, press: Press | None, turn: Turn) -> Message:
        """What is to be shown. Raises `Stale`."""
        if press is None:
            raise Stale("telegram.toast.stale")
        every = await self._chats.goals(turn.texts.language)
        match press.action:
            case "ask":
                return await self._ask(press, turn, every)
            case "show":
                return await self._show(press, turn, every)
            case "elsewhere":
                self._remembered(press, turn)
                ask = Press("ask", token=press.token)
                back = (back_row(turn.texts, press.token),)
                view = municipalities_view(every, turn.texts, "telegram.ask_elsewhere", ask, back)
            case "goals":
                chosen = _find(press, every)
                if chosen is None:
                    view = municipalities_view(every, turn.texts, "telegram.goals_of_which", Press("goals"))
                else:
                    view = goals_view(chosen, turn.texts, others=len(every) > 1)
            case "begin" | "home":
                chosen = _find(press, every)
                await self._chats.choose_municipality(turn, chosen.id if chosen else None)
                view = chosen_view(chosen, turn.texts, greeting=press.action == "begin")
            case "language":
                return await self._language(press, turn)
            case "contact":
                view = contact_view(_find(press, every), every, turn.texts, press.token)
        return view.page(press, turn.texts)

    async def _ask(self, press: Press, turn: Turn, every: Sequence[MunicipalityGoals]) -> Message:
        """The question of an earlier answer once more, perhaps to another municipality."""
        conversation = self._remembered(press, turn)
        chosen = _find(press, every)
        if chosen:
            answer = await self._chats.ask_again(conversation, chosen.id)
        else:
            answer = await self._chats.ask(conversation.question or "", conversation)
        token = self._chats.memory.keep(turn.chat, answer.conversation)
        texts = load_texts(answer.language)
        rows = answer_rows(answer, texts, token, every)
        return answer_view(answer, texts, rows).page(press, texts)

    async def _show(self, press: Press, turn: Turn, every: Sequence[MunicipalityGoals]) -> Message:
        section = expand(press.target, (section.id for one in every for section in one.sections))
        if section is None:
            raise Stale("telegram.toast.stale")
        known = self._chats.memory.turn(turn.chat, press.token)
        conversation = replace(known or turn.conversation, chosen_language=turn.choice.language)
        answer = await self._chats.show(section, conversation)
        self._chats.memory.keep(turn.chat, answer.conversation)
        # Without the question there is no way back to its answer.
        press = press if known else replace(press, token="")
        texts = load_texts(answer.language)
        return answer_view(answer, texts, section_rows(answer, texts, press.token)).page(press, texts)

    async def _language(self, press: Press, turn: Turn) -> Message:
        if press.target not in ("", *LANGUAGES):
            raise Stale("telegram.toast.stale")
        texts = await self._chats.choose_language(turn, press.target or None)
        chosen = "telegram.language_chosen" if press.target else "telegram.language_cleared"
        return plain(texts(chosen)).page(press, texts)

    def _remembered(self, press: Press, turn: Turn) -> Conversation:
        conversation = self._chats.memory.turn(turn.chat, press.token)
        if conversation is None:
            raise Stale("telegram.toast.forgotten")
        return replace(conversation, chosen_language=turn.choice.language)


def _find(press: Press, every: Sequence[MunicipalityGoals]) -> MunicipalityGoals | None:
    """The municipality that the button names, if it names one. Raises `Stale`."""
    if not press.target:
        return None
    id = expand(press.target, (one.id for one in every))
    if id is None:
        raise Stale("telegram.toast.stale")
    return next(one for one in every if one.id == id)
