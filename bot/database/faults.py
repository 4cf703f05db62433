"""What a driver says is wrong, as a `DatabaseError`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.database.address import Address
from bot.database.errors import DatabaseCode, DatabaseError

# The beginnings of SQLite's error names, and of PostgreSQL's SQLSTATE.
_CODES: dict[str, DatabaseCode] = {
    "SQLITE_FULL": "full",
    "SQLITE_IOERR": "damaged",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_READONLY": "rights",
    "SQLITE_CANTOPEN": "rights",
    "SQLITE_PERM": "rights",
    "SQLITE_AUTH": "rights",
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "08": "unreachable",
    "57P": "unreachable",
    "28": "refused",
    "3D000": "refused",
    "25006": "rights",
    "42501": "rights",
    "3F000": "rights",
    "53100": "full",
    "53": "busy",
    "55P03": "busy",
    "40": "busy",
    "XX": "damaged",
}


def database_error(error: BaseException, address: Address) -> DatabaseError:
    """The fault in ``error``, with the place of the database and no value that was written or read."""
    for one in _causes(error):
        if isinstance(one, PoolTimeout):
            return DatabaseError("busy", address.place)
        if isinstance(one, TimeoutError):
            return DatabaseError("unreachable", address.place)
        if isinstance(one, sqlite3.Error):
            name = getattr(one, "sqlite_errorname", "")
            return DatabaseError(_code(name), address.place)
        if isinstance(one, psycopg.Error):
            return _postgresql_error(one, address)
        if isinstance(one, OSError):
            return DatabaseError("rights", f"{address.place}: {one.strerror or one}")
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return DatabaseError("unreachable", address.place)
    return DatabaseError("failed", f"{address.place}: {type(error).__name__}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [getattr(one, "orig", None), one.__cause__]


def _code(name: str) -> DatabaseCode:
    return next((code for start, code in _CODES.items() if name.startswith(start)), "failed")


def _postgresql_error(error: psycopg.Error, address: Address) -> DatabaseError:
    if error.sqlstate:
        return DatabaseError(_code(error.sqlstate), address.place)
    if not isinstance(error, psycopg.OperationalError):
        return DatabaseError("failed", f"{address.place}: {type(error).__name__}")
    # Where no connection was made the library gives no code, only its own words and the server's.
    said = " ".join(str(error).split())
    # The server answered, but let nobody in.
    code: DatabaseCode = "refused" if "FATAL" in said else "unreachable"
    return DatabaseError(code, f"{address.place}: {address.without_password(said)}")


def is_database_fault(error: BaseException) -> bool:
    return isinstance(error, SQLAlchemyError | sqlite3.Error | psycopg.Error | OSError)
