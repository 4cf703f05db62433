"""Brings a database to the newest schema, one process at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock, Timeout
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from bot.database import migrations
from bot.database.address import Address
from bot.database.errors import DatabaseError
from bot.database.tables import Table

STEPS = Path(migrations.__file__).parent
PATIENCE = 60
"""Seconds to wait for another process that is bringing the same database to the newest schema."""
CONNECT_SECONDS = 10
_LOCK = 0x6D616C76616B74  # "malvakt": the number of the advisory lock

# Alembic keeps the step that it runs in its modules, so one thread must do it at a time.
_one_thread = threading.Lock()


def upgrade(address: Address) -> None:
    """Make or bring up to date; blocks, so not for the event loop.

    Raises:
        DatabaseError: ``newer``, ``foreign``, ``damaged`` or ``busy``.
        SQLAlchemyError, OSError: what else the driver or the disk says.
    """
    with _one_thread, _connected(address) as connection:
        script = ScriptDirectory(str(STEPS))
        known = {step.revision for step in script.walk_revisions()}
        present = set(MigrationContext.configure(connection).get_current_heads())
        if present - known:
            raise DatabaseError("newer", address.place)
        if not present and Table.metadata.tables.keys() & set(inspect(connection).get_table_names()):
            raise DatabaseError("foreign", address.place)
        if present != set(script.get_heads()):
            command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> Config:
    config = Config()
    # The option is a template, in which a percent sign is doubled.
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connected(address: Address) -> Iterator[Connection]:
    """A transaction that no other process has at the same time."""
    if address.path is None:
        engine = create_engine(
            address.url,
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={"connect_timeout": CONNECT_SECONDS, **address.url.query},
        )
        with engine.begin() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
        return
    path = address.path
    path.parent.mkdir(parents=True, exist_ok=True)
    # Mode 0600 from its first moment: SQLite gives the files beside it the same.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(
        address.url.set(drivername="sqlite"),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"isolation_level": None, "timeout": PATIENCE},
    )
    try:
        with FileLock(f"{path}.lock", timeout=PATIENCE), engine.connect() as connection:
            # Kept in the file. Here, where nobody else is: it does not wait for others.
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
                raise DatabaseError("damaged", str(path))
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()
    except Timeout:
        raise DatabaseError("busy", str(path)) from None
