"""The bot's data on disk: its SQLite file, the names of chats in it, and the lock before it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from bot.channels.telegram_bot.errors import StartError, StoreError
from bot.settings import Settings

SCHEMA = 3
WITH_CHOICES = 2
"""In which chats' choices lay here too; see `carry_over`."""
TABLES = """
CREATE TABLE updates (
    bot INTEGER NOT NULL,
    id INTEGER NOT NULL,
    at REAL NOT NULL,            -- stored, then handled: seconds since 1970
    chat TEXT,                   -- keyed hash; null once handled
    content TEXT,                -- what `extract` keeps of the update, as JSON; null once handled
    reply TEXT,                  -- the messages of a reply that needs several
    sent INTEGER NOT NULL DEFAULT 0,  -- how many messages of the reply Telegram has accepted
    begun INTEGER NOT NULL DEFAULT 0, -- how many times it was taken up, since the process survived it
    PRIMARY KEY (bot, id)
) WITHOUT ROWID;
CREATE INDEX updates_handled ON updates (at) WHERE content IS NULL;
"""

T = TypeVar("T")


class Store:
    """One connection, used by one thread of its own, so that no commit blocks the event loop."""

    def __init__(self, path: Path) -> None:
        """Open or make the file.

        Raises:
            StartError: it is damaged, cannot be written, or was made by a newer Målvakt.
        """
        self._path = path
        try:
            self._connection = _open(path)
        except (sqlite3.Error, OSError) as error:
            raise StartError("database", f"{path}: {error}") from None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="telegram-store")

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What ``work`` returns; it is one transaction. Raises `StoreError`."""
        return await self._on_thread(lambda: self._transact(work))

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            return work(self._connection)

    async def scrub(self) -> None:
        """Let nothing that was deleted linger in the write-ahead log. Raises `StoreError`."""
        # Read to its end: a statement that is still under way lets no transaction end.
        await self._on_thread(lambda: self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    async def _on_thread(self, call: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: {error}") from error

    def close(self) -> None:
        self._thread.shutdown()
        self._connection.close()


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Questions lie here until they are answered: for the owner's eyes alone.
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        # FULL: an update is on the disk before Telegram is told that it arrived. secure_delete:
        # an answered question is overwritten, not only unlinked.
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA secure_delete=ON; PRAGMA busy_timeout=5000;"
        )
        (check,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if check != "ok":
            raise sqlite3.DatabaseError(check)
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
        if schema not in (0, WITH_CHOICES, SCHEMA):
            raise sqlite3.DatabaseError(f"schema {schema}, this program knows {SCHEMA}")
        if schema == 0:
            connection.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version={SCHEMA}; COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection


def chat_hash(key: bytes, chat: int) -> str:
    """The name under which a chat is known on disk; without the key it leads to nobody."""
    return hmac.new(key, f"telegram chat {chat}".encode(), hashlib.sha256).hexdigest()


def read_key(settings: Settings) -> bytes:
    """The secret key, made where there is none. Raises `StartError` if the directory cannot be written."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return settings.reveal_secret_key()
    except OSError as error:
        raise StartError("database", f"{settings.data_dir}: {error.strerror}") from None


def lock_directory(directory: Path) -> FileLock:
    """Two processes would answer the same inbox twice. Raises `StartError` where another holds the lock."""
    path = directory / "telegram.lock"
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StartError("locked", str(path)) from None
    except OSError as error:
        raise StartError("database", f"{path}: {error.strerror}") from None
    return lock
