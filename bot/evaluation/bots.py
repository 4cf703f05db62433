"""Who is asked: the assistant, or what it is held against, in one form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.answer import Answer, Choice, Conversation
from bot.assistant import Assistant


class Bot(Protocol):
    """Answers questions. May be asked from several threads."""

    def ask(self, question: str, conversation: Conversation) -> Answer: ...

    def choose(self, answer: Answer, choice: Choice) -> Answer:
        """What follows when one of the answer's choices is made."""

    def best(self, question: str, conversation: Conversation, answer: Answer) -> str | None:
        """The section whose probability ``answer.confidence`` is; ``None`` where none was weighed."""


@dataclass(frozen=True, slots=True)
class AssistantBot:
    """The assistant as it answers residents."""

    assistant: Assistant

    def ask(self, question: str, conversation: Conversation) -> Answer:
        return self.assistant.ask(question, conversation)

    def choose(self, answer: Answer, choice: Choice) -> Answer:
        if choice.section is not None:
            return self.assistant.show(choice.section, answer.conversation)
        return self.assistant.ask_again(answer.conversation, choice.municipality or "")

    def best(self, question: str, conversation: Conversation, answer: Answer) -> str | None:
        if answer.confidence is None:
            return None
        if answer.parts:
            return answer.parts[0].section
        if answer.choices and answer.choices[0].section is not None:
            return answer.choices[0].section
        # One candidate for each municipality: between them the score stands for the probability.
        candidates = self.assistant.candidates(question, conversation)
        return max(candidates, key=lambda one: one.score).section if candidates else None
