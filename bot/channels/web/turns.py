"""One turn of a conversation on the website: from what the client sent to an answer and the next token."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answer import Answer, Conversation
from bot.assistant import Assistant
from bot.channels.web.asking import AsyncAssistant
from bot.channels.web.problems import Problem
from bot.channels.web.schemas import AskRequest
from bot.channels.web.tokens import ConversationTokens


@dataclass(frozen=True, slots=True)
class Turn:
    """An answer, and the token to ask the next question with."""

    answer: Answer
    token: str


class Turns:
    """Takes turns for the API and for the form without JavaScript."""

    def __init__(self, asking: AsyncAssistant, tokens: ConversationTokens) -> None:
        self._asking = asking
        self._tokens = tokens

    async def take(self, asked: AskRequest) -> Turn:
        """Raises `Problem` for a municipality or section that is not loaded, and `Overloaded`."""
        conversation = self._tokens.read(asked.conversation)
        answer = await self._asking(lambda assistant: _answer(assistant, asked, conversation))
        return Turn(answer, self._tokens.sign(answer.conversation))


def _answer(assistant: Assistant, asked: AskRequest, conversation: Conversation) -> Answer:
    # The client holds the person's choice of language: without one the answer follows the question.
    conversation = replace(conversation, chosen_language=asked.language)
    if asked.municipality is not None:
        known = known_municipality(assistant, asked.municipality)
        conversation = replace(conversation, municipality=conversation.municipality or known)
    if asked.choice is None:
        return assistant.ask(asked.question or "", conversation)
    if asked.choice.section is not None:
        try:
            return assistant.show(asked.choice.section, conversation)
        except KeyError:
            raise Problem("unknown_section") from None
    chosen = known_municipality(assistant, asked.choice.municipality or "")
    return assistant.ask_again(conversation, chosen)


def known_municipality(assistant: Assistant, name: str) -> str:
    """The id of a municipality by id, name or alias. Raises `Problem`."""
    municipality = assistant.municipality(name)
    if municipality is None:
        known = ", ".join(one.id for one in assistant.goals())
        raise Problem("unknown_municipality", known=known)
    return municipality
