"""Opening a database: its schema, two processes at once, and what keeps it from being used."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from databases import postgresql
from sqlalchemy import Engine, create_engine, insert, inspect, make_url, select, text
from waiting import PATIENCE

from bot.database import ChatChoice, Database, DatabaseError, transactions
from bot.database.address import read_address
from bot.database.schema import upgrade
from bot.database.tables import AccountRow, ChatChoiceRow, Table
from bot.settings import Settings
from bot.texts import load_texts

OPENING = """
import asyncio, pathlib, sys
from bot.database import Database
from bot.settings import Settings
async def main():
    url = sys.argv[2] or None
    database = await Database.open(Settings(data_dir=pathlib.Path(sys.argv[1]), database_url=url))
    await database.ping()
    await database.close()
asyncio.run(main())
"""


def engine_of(settings: Settings) -> Engine:
    address = read_address(settings)
    return create_engine(address.url.set(drivername="sqlite") if address.path else address.url)


async def refused(settings: Settings) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught:
        await (await Database.open(settings)).close()
    error = caught.value
    for language in ("sv", "en"):
        line = load_texts(language)(f"database.{error.code}", detail=error.detail)
        assert "{" not in line
    assert error.__context__ is None or error.__suppress_context__
    return error


def test_the_migrations_make_the_tables(database_settings: Settings) -> None:
    upgrade(read_address(database_settings))
    engine = engine_of(database_settings)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Table.metadata) == []
        found = set(inspect(connection).get_table_names())
        # A comparison that sees nothing would find nothing either.
        connection.execute(text("ALTER TABLE chat_choices ADD COLUMN planted INTEGER"))
        assert compare_metadata(context, Table.metadata) != []
    engine.dispose()
    assert found == {"alembic_version", "staff_accounts", "staff_sessions", "chat_choices"}


async def test_opening_again_keeps_the_rows(database_settings: Settings) -> None:
    database = await Database.open(database_settings)
    made = await database.accounts.add("Åsa Öberg", email="asa@example.se")
    await database.close()
    database = await Database.open(database_settings)
    assert await database.accounts.all() == (made,)
    await database.close()


def test_processes_that_start_at_once_make_one_schema(database_settings: Settings) -> None:
    url = database_settings.database_url.get_secret_value() if database_settings.database_url else ""
    command = [sys.executable, "-c", OPENING, str(database_settings.data_dir), url]
    processes = [
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
        for _ in range(4)
    ]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in processes] == [
        ("", 0)
    ] * 4
    engine = engine_of(database_settings)
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT version_num FROM alembic_version")).all() == ["0001"]
    engine.dispose()


async def test_opened_twice_in_one_process(database_settings: Settings) -> None:
    one, other = await asyncio.gather(Database.open(database_settings), Database.open(database_settings))
    await one.accounts.add("Ada")
    assert await other.accounts.get("ada")
    await one.close()
    await other.close()


async def test_a_database_of_a_newer_version_is_left_alone(database_settings: Settings) -> None:
    await (await Database.open(database_settings)).close()
    engine = engine_of(database_settings)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert (await refused(database_settings)).code == "newer"
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    engine.dispose()


async def test_tables_of_another_program_are_left_alone(database_settings: Settings) -> None:
    engine = engine_of(database_settings)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE staff_sessions (id INTEGER PRIMARY KEY)"))
    assert (await refused(database_settings)).code == "foreign"
    with engine.connect() as connection:
        # Nor is anything left half made.
        assert inspect(connection).get_table_names() == ["staff_sessions"]
    engine.dispose()


async def test_a_step_that_fails_leaves_nothing_and_the_next_start_goes_on(
    database_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("alembic.op.create_index", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await Database.open(database_settings)
    engine = engine_of(database_settings)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()
    await (await Database.open(database_settings)).close()


async def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = await Database.open(Settings(data_dir=tmp_path / "å ä" / "ö"))
        await database.accounts.add("Ada")
        files = sorted((tmp_path / "å ä" / "ö").glob("malvakt.sqlite3*"))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in files if file.suffix != ".lock"}
        await database.close()
    finally:
        os.umask(before)
    assert len(modes) == 3, "file, log and its index"
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize("damage", [b"no database at all, but some text", None])
async def test_a_damaged_file(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "malvakt.sqlite3"
    if damage is None:
        await (await Database.open(Settings(data_dir=tmp_path))).close()
        pages = bytearray(path.read_bytes())
        pages[4096:] = os.urandom(len(pages) - 4096)
        path.write_bytes(pages)
    else:
        path.write_bytes(damage)
    error = await refused(Settings(data_dir=tmp_path))
    assert (error.code, error.detail) == ("damaged", str(path))


async def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    error = await refused(Settings(data_dir=tmp_path / "file"))
    assert error.code == "rights"
    assert str(tmp_path / "file" / "malvakt.sqlite3") in error.detail
    (tmp_path / "malvakt.sqlite3").mkdir()
    assert (await refused(Settings(data_dir=tmp_path))).code == "rights"


async def test_a_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "malvakt.sqlite3"
    database = await Database.open(Settings(data_dir=tmp_path))
    async with database._transactions.read() as session:
        # Of the one connection that there is.
        await session.execute(text("PRAGMA max_page_count = 1"))

    async def fill() -> None:
        for number in range(2000):
            await database.choices.set(f"{number:064}", ChatChoice("v" * 200, "sv"))

    with pytest.raises(DatabaseError) as caught:
        await fill()
    assert (caught.value.code, caught.value.detail) == ("full", str(path))
    assert await database.choices.get("0" * 64) == ChatChoice("v" * 200, "sv"), "what there is can be read"
    await database.close()


async def test_a_file_that_someone_holds_for_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = transactions.BUSY_SECONDS
    monkeypatch.setattr(transactions, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr("bot.database.schema.PATIENCE", 0.05)
    database = await Database.open(Settings(data_dir=tmp_path))
    holder = sqlite3.connect(tmp_path / "malvakt.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseError) as caught:
        await database.accounts.add("Ada")
    assert caught.value.code == "busy"
    assert await database.accounts.all() == (), "a writer does not stop readers"
    assert (await refused(Settings(data_dir=tmp_path))).code == "busy"
    holder.close()
    await database.accounts.add("Ada")
    # Whoever signs in while it is held is told so while they still wait.
    assert usual <= 5
    await database.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:secret-word@host:port/x",
        "postgresql://user:sec@ret-word@host/x",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:////tmp/x?mode=secret-word",
    ],
)
async def test_an_address_that_cannot_be_read(tmp_path: Path, url: str) -> None:
    error = await refused(Settings(data_dir=tmp_path, database_url=url))
    assert (error.code, error.detail) == ("bad_url", "")


async def test_another_file_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "staff.sqlite3"
    database = await Database.open(Settings(data_dir=tmp_path, database_url=f"sqlite:///{path}"))
    await database.close()
    assert path.exists()
    assert not (tmp_path / "malvakt.sqlite3").exists()


async def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        url = f"postgresql://ada:secret-word@127.0.0.1:{port}/staff"
        error = await refused(Settings(data_dir=tmp_path, database_url=url))
    assert error.code == "unreachable"
    assert f"127.0.0.1:{port}/staff" in error.detail
    assert "secret-word" not in str(error)


@asynccontextmanager
async def silenced(url: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The address of a way to the server, and what makes it swallow everything from then on."""
    parts, silent = make_url(url), asyncio.Event()
    tasks = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                if not silent.is_set():
                    writer.write(data)
        finally:
            writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection(parts.host, parts.port or 5432)
        tasks.update({asyncio.create_task(pump(reader, ours)), asyncio.create_task(pump(theirs, writer))})

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        shown = parts.set(host="127.0.0.1", port=port)
        yield shown.render_as_string(hide_password=False), silent
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
        await asyncio.sleep(0.05)


def hasten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver waits five seconds for what it calls back, and for what comes of that."""
    for owner, name in ((psycopg.AsyncConnection, "cancel_safe"), (psycopg.waiting, "wait_async")):
        wait = getattr(owner, name)

        def briefly(*args: Any, wait: Any = wait, timeout: float | None = None, **options: Any) -> Any:
            return wait(*args, timeout=timeout and min(timeout, 0.3), **options)

        monkeypatch.setattr(owner, name, briefly)


async def test_a_server_that_falls_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.database.transactions.ANSWER_SECONDS", 0.3)
    monkeypatch.setattr("bot.database.engine.PING_SECONDS", 0.3)
    hasten(monkeypatch)
    with postgresql() as url:
        async with silenced(url) as (address, silent):
            database = await Database.open(Settings(data_dir=tmp_path, database_url=address))
            await database.ping()
            silent.set()
            for call in (database.ping(), database.accounts.all(), database.accounts.add("Ada")):
                with pytest.raises(DatabaseError) as caught:
                    await asyncio.wait_for(call, PATIENCE)
                assert caught.value.code == "unreachable"
            silent.clear()
            await database.ping()
            assert await database.accounts.all() == ()
            await database.close()


async def test_a_server_that_lets_nobody_in(tmp_path: Path) -> None:
    with postgresql() as url:
        elsewhere = url.replace("/test?", "/no_such_database?")
        error = await refused(Settings(data_dir=tmp_path, database_url=elsewhere))
    assert error.code == "refused"
    assert "no_such_database" in error.detail


async def test_a_role_that_may_make_no_tables(tmp_path: Path) -> None:
    with postgresql() as url:
        read_only = url + "%20-cdefault_transaction_read_only%3Don"
        assert (await refused(Settings(data_dir=tmp_path, database_url=read_only))).code == "rights"


async def test_a_dropped_connection_is_made_anew(database: Database, database_settings: Settings) -> None:
    await database.ping()
    if database_settings.database_url:
        engine = engine_of(database_settings)
        with engine.begin() as connection:
            schema = connection.scalar(text("SELECT current_schema()"))
            # Those of this test alone: their sessions were begun with its schema.
            await database.accounts.add("Ada")
            mine = connection.scalar(text("SELECT pg_backend_pid()"))
            async with database._transactions.read() as session:
                process = await session.scalar(text("SELECT pg_backend_pid()"))
                assert await session.scalar(text("SELECT current_schema()")) == schema
            assert process != mine
            assert connection.scalar(text("SELECT pg_terminate_backend(:pid)"), {"pid": process})
        engine.dispose()
    await database.ping()
    await database.accounts.add("Bo")


async def test_every_step_goes_over_a_database_with_rows(database_settings: Settings) -> None:
    """With one step there is nothing to go over but the step itself; the rows are there for the next."""
    from alembic import command
    from alembic.script import ScriptDirectory

    from bot.database import migrations, schema

    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    steps = [step.revision for step in reversed(list(script.walk_revisions()))]
    assert steps, "no migrations found"
    address = read_address(database_settings)
    for step in steps:
        with schema._connected(address) as connection:
            command.upgrade(schema._config(connection), step)
            if step == "0001":
                chat = {"chat": "a" * 64, "municipality": "vara", "language": "sv"}
                connection.execute(insert(Table.metadata.tables["chat_choices"]), chat)
    engine = engine_of(database_settings)
    with engine.connect() as connection:
        assert connection.scalars(select(ChatChoiceRow.municipality)).all() == ["vara"]
        assert connection.scalars(select(AccountRow.name)).all() == []
    engine.dispose()
