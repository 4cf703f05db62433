"""What a chat has chosen with /kommun and /sprak, kept under a keyed hash of the chat's id."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from dataclasses import dataclass

from bot.channels.telegram_bot.store import Store


@dataclass(frozen=True, slots=True)
class Choice:
    """``None``: not chosen."""

    municipality: str | None = None
    language: str | None = None


def chat_hash(key: bytes, chat: int) -> str:
    """The name under which the file knows a chat; without the key it leads to nobody."""
    return hmac.new(key, f"telegram chat {chat}".encode(), hashlib.sha256).hexdigest()


class Choices:
    """The choices of all chats, by `chat_hash`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, chat: str) -> Choice:
        sql = "SELECT municipality, language FROM choices WHERE chat = ?"
        row = await self._store.run(lambda connection: connection.execute(sql, (chat,)).fetchone())
        return Choice(*row) if row else Choice()

    async def set(self, chat: str, choice: Choice) -> None:
        def write(connection: sqlite3.Connection) -> None:
            if choice == Choice():
                connection.execute("DELETE FROM choices WHERE chat = ?", (chat,))
            else:
                row = (chat, choice.municipality, choice.language)
                connection.execute("INSERT OR REPLACE INTO choices VALUES (?, ?, ?)", row)

        await self._store.run(write)

    async def move(self, old: str, new: str) -> None:
        """A group that became a supergroup has a new id; what it chose itself there stays."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE OR IGNORE choices SET chat = ? WHERE chat = ?", (new, old))
            connection.execute("DELETE FROM choices WHERE chat = ?", (old,))

        await self._store.run(write)
