"""Transactions on either database, each a faithful whole; what a driver says is a `DatabaseError`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from tenacity import retry, retry_if_exception_type, stop_after_attempt

from bot.database.address import Address
from bot.database.faults import database_error, is_database_fault

BUSY_SECONDS = 5
"""How long a writer waits for another: each of ours holds SQLite's lock for a few milliseconds. Where another
program does not let it go, whoever signs in is soon told so."""
POOL_SECONDS = 10
"""How long to wait for one of the connections."""
CONNECT_SECONDS = 5
ANSWER_SECONDS = 15
"""How long a transaction may take with a server: it or the network may have fallen silent. The driver then
takes up to ten more to call back what is under way and to give the connection up."""
_BEGIN = "malvakt_begin"

again = retry(retry=retry_if_exception_type(IntegrityError), stop=stop_after_attempt(3), reraise=True)
"""For a transaction that looks before it writes: another replica may have written in between."""


class Transactions:
    """``async with transactions.read() as session``; they belong to one event loop."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._engine = _file_engine(address) if address.path else _server_engine(address)
        # A reader that comes to write would be refused where another has written meanwhile, without
        # any wait: who is going to write says so at the beginning.
        self._writing = self._engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        self._outside = self._engine.execution_options(**{_BEGIN: None})

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A transaction that writes nothing. Raises `DatabaseError`."""
        async with self._session(self._engine) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A transaction; keep it short, for on SQLite nobody else can write meanwhile.

        Raises:
            DatabaseError: nothing was written.
            IntegrityError: a row is there already, or one that is referred to is not.
        """
        async with self._session(self._writing) as session:
            yield session

    async def scrub(self) -> None:
        """Let nothing that was deleted linger in SQLite's log; PostgreSQL sees to it in its own time."""
        if self._address.path:
            async with self._session(self._outside) as session:
                await (await session.connection()).exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def _session(self, engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
        # A file answers; and what is under way in it cannot be called back.
        seconds = None if self._address.path else ANSWER_SECONDS
        try:
            async with (
                asyncio.timeout(seconds),
                AsyncSession(engine, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session
        except IntegrityError:
            raise
        except Exception as error:
            if is_database_fault(error):
                raise database_error(error, self._address) from None
            raise


def _server_engine(address: Address) -> AsyncEngine:
    given = {} if "connect_timeout" in address.url.query else {"connect_timeout": CONNECT_SECONDS}
    return create_async_engine(
        address.url,
        hide_parameters=True,
        # A connection that the server or something between has dropped is made anew, unnoticed.
        pool_pre_ping=True,
        pool_timeout=POOL_SECONDS,
        connect_args=given,
    )


def _file_engine(address: Address) -> AsyncEngine:
    engine = create_async_engine(
        address.url,
        hide_parameters=True,
        pool_timeout=POOL_SECONDS,
        # The driver begins transactions late and ends them early; `_begin` does it instead.
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS},
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is deleted is overwritten, not only unlinked.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get(_BEGIN, "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)
