"""What chats have chosen, from the bot's own file, where an earlier version kept it, to the database."""

from __future__ import annotations

import sqlite3

from bot.channels.telegram_bot.store import SCHEMA, Store
from bot.database import ChatChoice, ChatChoices


async def carry_over(store: Store, choices: ChatChoices) -> None:
    """Nothing is lost by a kill in between: the file lets go of them once the database has them.

    Raises:
        StoreError, DatabaseError
    """
    kept = await store.run(_read)
    if kept is None:
        return
    await choices.adopt(kept)
    await store.run(_drop)
    await store.scrub()


def _read(connection: sqlite3.Connection) -> dict[str, ChatChoice] | None:
    """None where there is nothing to carry over any more."""
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    if schema == SCHEMA:
        return None
    rows = connection.execute("SELECT chat, municipality, language FROM choices")
    return {chat: ChatChoice(municipality, language) for chat, municipality, language in rows}


def _drop(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE choices")
    connection.execute(f"PRAGMA user_version={SCHEMA}")
