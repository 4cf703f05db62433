"""What chats have chosen, each under a keyed hash of its id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select

from bot.database.tables import ChatChoiceRow
from bot.database.transactions import Transactions, again


@dataclass(frozen=True, slots=True)
class ChatChoice:
    """``None``: not chosen."""

    municipality: str | None = None
    language: str | None = None


class ChatChoices:
    """The choices of all chats. Every method raises `DatabaseError`."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def get(self, chat: str) -> ChatChoice:
        async with self._transactions.read() as session:
            row = await session.get(ChatChoiceRow, chat)
        return ChatChoice(row.municipality, row.language) if row else ChatChoice()

    @again
    async def set(self, chat: str, choice: ChatChoice) -> None:
        """Keep it; of a chat that has chosen nothing, nothing is kept."""
        async with self._transactions.write() as session:
            await session.execute(delete(ChatChoiceRow).where(ChatChoiceRow.chat == chat))
            if choice != ChatChoice():
                session.add(_row(chat, choice))

    @again
    async def move(self, old: str, new: str) -> None:
        """A chat has a new id; what it has chosen under the new one stays."""
        async with self._transactions.write() as session:
            row = await session.get(ChatChoiceRow, old)
            if row is None or old == new:
                return
            await session.delete(row)
            if await session.get(ChatChoiceRow, new) is None:
                session.add(_row(new, ChatChoice(row.municipality, row.language)))

    @again
    async def adopt(self, choices: Mapping[str, ChatChoice]) -> None:
        """Take over choices from elsewhere; what is here already is newer and stays."""
        async with self._transactions.write() as session:
            known = set(await session.scalars(select(ChatChoiceRow.chat)))
            session.add_all(_row(chat, one) for chat, one in choices.items() if chat not in known)

    async def erase(self, chat: str) -> None:
        """Forget the chat's choices, on the disk too."""
        await self.set(chat, ChatChoice())
        await self._transactions.scrub()


def _row(chat: str, choice: ChatChoice) -> ChatChoiceRow:
    return ChatChoiceRow(chat=chat, municipality=choice.municipality, language=choice.language)
