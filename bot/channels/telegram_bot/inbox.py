"""Updates from their arrival until they are answered, so that neither a restart nor a kill loses one."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.telegram_bot.extract import extract
from bot.channels.telegram_bot.store import Store

KEEP_IDS = 10_000
KEEP_SECONDS = 7 * 24 * 3600
"""Telegram keeps an unconfirmed update for 24 hours, so an older id does not come again."""
PRUNE_EVERY = 256
ATTEMPTS = 2
"""Of answering an update that the process did not survive: it is not tried again, start after start."""
HANDLED = "content = NULL, reply = NULL, chat = NULL, at = ?"
"""What an update is set to, with the time, once it needs nothing more."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reply to an update came before the last stop."""

    sent: int = 0
    """Messages that Telegram accepted."""
    reply: str | None = None
    """All the reply's messages as JSON, where there are several."""
    begun: int = 0
    """How many times the update was taken up and the process was killed or crashed."""

    @property
    def deadly(self) -> bool:
        """Whether answering it crashes the process, by all that can be told."""
        return self.begun >= ATTEMPTS and self.reply is None


@dataclass(frozen=True, slots=True)
class Pending:
    """An update that was stored and not answered."""

    id: int
    content: dict[str, Any]
    progress: Progress


class Inbox:
    """The updates of one bot. Another bot's unanswered updates can never be answered: they are deleted."""

    def __init__(self, store: Store, bot: int, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._bot = bot
        self._clock = clock
        self._handled = 0
        self._progress: dict[int, Progress] = {}

    async def store(self, update: int, chat: str | None, content: dict[str, Any]) -> bool:
        """Keep on disk what answering the update needs; false if it is known."""
        row = (self._bot, update, self._clock(), chat, json.dumps(extract(content, self._bot)))

        def insert(connection: sqlite3.Connection) -> bool:
            sql = "INSERT OR IGNORE INTO updates (bot, id, at, chat, content) VALUES (?, ?, ?, ?, ?)"
            return connection.execute(sql, row).rowcount == 1

        return await self._store.run(insert)

    async def pending(self) -> list[Pending]:
        """What is unanswered, oldest first."""

        def select(connection: sqlite3.Connection) -> list[tuple[int, str, int, str | None, int]]:
            connection.execute("DELETE FROM updates WHERE bot != ?", (self._bot,))
            sql = "SELECT id, content, sent, reply, begun FROM updates WHERE content IS NOT NULL ORDER BY id"
            return connection.execute(sql).fetchall()

        rows = await self._store.run(select)
        pending = [
            Pending(id, json.loads(content), Progress(sent, reply, begun))
            for id, content, sent, reply, begun in rows
        ]
        self._progress = {update.id: update.progress for update in pending}
        return pending

    def progress(self, update: int) -> Progress:
        """How far the reply had come when `pending` was read; of an update that is new, not at all."""
        return self._progress.get(update, Progress())

    async def begin(self, update: int) -> None:
        """Count that the update is taken up: written before anything that may end the process."""
        sql = "UPDATE updates SET begun = begun + 1 WHERE bot = ? AND id = ?"
        await self._store.run(lambda connection: connection.execute(sql, (self._bot, update)))

    async def clear(self, update: int) -> None:
        """The process has survived the update."""
        await self._set(update, "begun = ?", 0)

    async def keep_reply(self, update: int, reply: str, others: Sequence[int] = ()) -> None:
        """Keep a reply before its first message is sent: the rest must be of the same reply, and of it alone
        where it answers ``others`` too, which are handled from now on."""
        rows = [(self._clock(), self._bot, other) for other in others]

        def keep(connection: sqlite3.Connection) -> None:
            sql = "UPDATE updates SET reply = ? WHERE bot = ? AND id = ?"
            connection.execute(sql, (reply, self._bot, update))
            connection.executemany(f"UPDATE updates SET {HANDLED} WHERE bot = ? AND id = ?", rows)

        await self._store.run(keep)

    async def count(self, update: int, sent: int) -> None:
        """Telegram has accepted so many messages of the reply."""
        await self._set(update, "sent = ?", sent)

    async def handled(self, update: int) -> None:
        """Forget what the update said; its id stays for a while, against a second delivery."""
        await self._set(update, HANDLED, self._clock())
        self._progress.pop(update, None)
        self._handled += 1
        if self._handled % PRUNE_EVERY == 0:
            await self._store.run(self._prune)

    async def forget(self, chat: str, before: int) -> None:
        """Forget what the chat's updates before this one said."""
        sql = (
            "UPDATE updates SET content = NULL, reply = NULL, chat = NULL"
            " WHERE bot = ? AND chat = ? AND id < ?"
        )
        await self._store.run(lambda connection: connection.execute(sql, (self._bot, chat, before)))

    async def _set(self, update: int, assignment: str, value: object) -> None:
        sql = f"UPDATE updates SET {assignment} WHERE bot = ? AND id = ?"
        await self._store.run(lambda connection: connection.execute(sql, (value, self._bot, update)))

    def _prune(self, connection: sqlite3.Connection) -> None:
        connection.execute(
            "DELETE FROM updates WHERE content IS NULL AND (at < ? OR at < (SELECT at FROM updates"
            " WHERE content IS NULL ORDER BY at DESC LIMIT 1 OFFSET ?))",
            (self._clock() - KEEP_SECONDS, KEEP_IDS),
        )
