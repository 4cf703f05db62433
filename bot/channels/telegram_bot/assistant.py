"""The part of the assistant that this channel uses."""

from __future__ import annotations

from typing import Protocol

from bot.answer import Answer, Conversation, MunicipalityGoals


class Assistant(Protocol):
    """Synchronous; safe to call from several threads."""

    def ask(self, question: str, conversation: Conversation) -> Answer: ...

    def show(self, section_id: str, conversation: Conversation) -> Answer:
        """The whole section. Raises ``KeyError`` for an unknown id."""
        ...

    def goals(self, language: str | None = None) -> tuple[MunicipalityGoals, ...]: ...

    def municipality(self, name: str) -> str | None:
        """The id for an id, a name or an alias as a person writes it."""
        ...
