"""The database: SQLite in the data directory, or PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self

from sqlalchemy import text

from bot.database.accounts import Accounts
from bot.database.address import Address, read_address
from bot.database.chat_choices import ChatChoices
from bot.database.errors import DatabaseError
from bot.database.faults import database_error, is_database_fault
from bot.database.passwords import Passwords
from bot.database.staff_sessions import StaffSessions
from bot.database.transactions import Transactions
from bot.settings import Settings

PING_SECONDS = 5


def utc_now() -> datetime:
    return datetime.now(UTC)


class Database:
    """An open database. It belongs to the event loop in which it was opened."""

    def __init__(self, address: Address, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._address = address
        self._transactions = Transactions(address)
        self._passwords = Passwords()
        self.accounts = Accounts(self._transactions, self._passwords, clock)
        self.sessions = StaffSessions(self._transactions, settings.staff_idle_minutes, clock)
        self.choices = ChatChoices(self._transactions)

    @classmethod
    async def open(cls, settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Self:
        """Open what the settings name, made or brought to the newest schema where needed.

        Raises:
            DatabaseError: it cannot be used.
        """
        # Only here, for it loads Alembic.
        from bot.database.schema import upgrade

        address = read_address(settings)
        try:
            await asyncio.to_thread(upgrade, address)
        except Exception as error:
            if is_database_fault(error):
                raise database_error(error, address) from None
            raise
        return cls(address, settings, clock)

    async def ping(self) -> None:
        """Raises `DatabaseError` where the database does not answer, or not soon."""
        try:
            async with asyncio.timeout(PING_SECONDS), self._transactions.read() as session:
                await session.execute(text("SELECT 1"))
        except TimeoutError:
            raise DatabaseError("unreachable", self._address.place) from None

    async def close(self) -> None:
        self._passwords.close()
        await self._transactions.close()
