"""Where the database is, as the settings say it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.database.errors import DatabaseError
from bot.settings import Settings

FILE = "malvakt.sqlite3"


@dataclass(frozen=True, slots=True)
class Address:
    """A file of SQLite, or a server with PostgreSQL."""

    url: URL
    """For the asynchronous driver; psycopg's has the same name for both."""
    path: Path | None

    @property
    def place(self) -> str:
        """As it may be shown: without name and password, and without what is asked of the server."""
        if self.path is not None:
            return str(self.path)
        hosts = self.url.query.get("host", ())
        listed = (hosts,) if isinstance(hosts, str) else hosts
        host = self.url.host or ",".join(listed) or "localhost"
        port = f":{self.url.port}" if self.url.port else ""
        return f"{host}{port}/{self.url.database or ''}"

    def without_password(self, text: str) -> str:
        password = self.url.password
        return text.replace(str(password), "***") if password else text


def read_address(settings: Settings) -> Address:
    """The setting, else a file in the data directory.

    Raises:
        DatabaseError: ``bad_url``.
    """
    if settings.database_url is None:
        return _file(settings.data_dir / FILE)
    try:
        url = make_url(settings.database_url.get_secret_value())
    except (ArgumentError, ValueError):
        # Nothing of it is said: the password may stand anywhere in what cannot be read.
        raise DatabaseError("bad_url") from None
    if url.drivername == "sqlite":
        if not url.database or url.database == ":memory:" or url.query:
            raise DatabaseError("bad_url")
        return _file(Path(url.database).expanduser())
    if "@" in (url.host or ""):
        # The end of a password in which an "@" was not written as %40.
        raise DatabaseError("bad_url")
    return Address(url.set(drivername="postgresql+psycopg"), None)


def _file(path: Path) -> Address:
    return Address(URL.create("sqlite+aiosqlite", database=str(path)), path)
