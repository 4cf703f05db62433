"""Starting, by polling and by webhook, and what stops a start."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import traceback
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from httpx import ASGITransport
from starlette.applications import Starlette
from telegram_api import (
    TOKEN,
    Fault,
    GoalBook,
    Person,
    TelegramApi,
    running,
    settings_for,
    start_refused,
)
from waiting import wait_for

from bot.channels.telegram_bot import StartError, TelegramBot, run_telegram
from bot.channels.telegram_bot.errors import StoreError
from bot.channels.telegram_bot.inbox import Inbox
from bot.channels.telegram_bot.store import Store, chat_hash
from bot.channels.telegram_bot.webhook import HEADER, LIMIT
from bot.database import ChatChoice, Database
from bot.serving import ServeError
from bot.settings import Settings
from bot.texts import load_texts

SCHEMA_2 = """
PRAGMA journal_mode=WAL;
CREATE TABLE updates (bot INTEGER NOT NULL, id INTEGER NOT NULL, at REAL NOT NULL, chat TEXT, content TEXT,
    reply TEXT, sent INTEGER NOT NULL DEFAULT 0, begun INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (bot, id)
) WITHOUT ROWID;
CREATE INDEX updates_handled ON updates (at) WHERE content IS NULL;
CREATE TABLE choices (chat TEXT PRIMARY KEY, municipality TEXT, language TEXT) WITHOUT ROWID;
PRAGMA user_version=2;
"""
"""What the version before this one made."""


@pytest.fixture
def api() -> Iterator[TelegramApi]:
    with TelegramApi(TOKEN) as server:
        yield server


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


async def refused(settings: Settings, **more: bool) -> StartError:
    error = await start_refused(GoalBook(), settings, **more)
    for language in ("sv", "en"):
        line = load_texts(language)(f"telegram.start_error.{error.code}", detail=error.detail)
        assert "{" not in line
    return error


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (None, "no_token"),
        ("  ", "no_token"),
        ("nonsense", "bad_token"),
        ("4711:with space", "bad_token"),
        ("4711:unknown_but_well_formed", "bad_token"),
    ],
)
async def test_a_token_that_will_not_do(api, tmp_path, caplog, token, code):
    settings = Settings(data_dir=tmp_path, telegram_token=token, telegram_base_url=api.base_url)
    error = await refused(settings)
    assert error.code == code
    shown = "".join(traceback.format_exception(error)) + repr(error.__context__) + caplog.text
    assert "well_formed" not in shown


def test_the_command_line_gets_the_same_error(tmp_path):
    with pytest.raises(StartError, match="no_token"):
        run_telegram(GoalBook(), Settings(data_dir=tmp_path, telegram_token=None))


async def test_a_token_revoked_while_it_runs_is_noticed(api, tmp_path):
    async with running(api, tmp_path, GoalBook()) as bot:
        api.script["getUpdates"].append(Fault(401))
        Person(api, 1).says("hej")
        await asyncio.wait_for(bot.revoked.wait(), 5)


async def test_a_second_bot_on_the_same_data_is_refused(api, tmp_path):
    async with running(api, tmp_path, GoalBook()):
        error = await refused(settings_for(api, tmp_path))
    assert error.code == "locked"
    async with running(api, tmp_path, GoalBook()):
        pass


@pytest.mark.parametrize("damage", ["text", "page", "directory", "newer"])
async def test_a_damaged_file_is_refused(api, tmp_path, damage):
    path = tmp_path / "telegram.sqlite3"
    if damage == "directory":
        path.mkdir()
    elif damage == "text":
        path.write_text("no database" * 1000)
    else:
        async with running(api, tmp_path, GoalBook()):
            pass
        if damage == "newer":
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA user_version=99")
            connection.close()
        else:
            content = bytearray(path.read_bytes())
            content[5000:9000] = b"x" * 4000
            path.write_bytes(content)
    error = await refused(settings_for(api, tmp_path))
    assert error.code == "database"
    assert str(path) in error.detail


async def test_another_bots_updates_are_dropped(api, tmp_path):
    ada = Person(api, 1)
    api.fault = lambda method, params: Fault(500) if method == "sendMessage" else None
    async with running(api, tmp_path, GoalBook()):
        ada.says("grön")
        await wait_for(lambda: api.count("sendMessage"))
    token = "4712:another"
    with TelegramApi(token) as other:
        other.bot = {**other.bot, "id": 4712}
        settings = Settings(data_dir=tmp_path, telegram_token=token, telegram_base_url=other.base_url)
        database = await Database.open(settings)
        async with TelegramBot(GoalBook(), settings, database):
            Person(other, 1).says("hej")
            await wait_for(lambda: other.sent)
        await database.close()
        assert [message.text for message in other.sent] == ["Hej."]


async def test_a_stored_update_that_cannot_be_read_is_passed_over(api, tmp_path, caplog):
    ada = Person(api, 1)
    store = Store(tmp_path / "telegram.sqlite3")
    row = (api.bot["id"], json.dumps({"message": {"text": "min hemlighet"}}))
    sql = "INSERT INTO updates (bot, id, at, content) VALUES (?, 5, 0, ?)"
    await store.run(lambda connection: connection.execute(sql, row))
    store.close()
    async with running(api, tmp_path, GoalBook()):
        ada.says("hej")
        await wait_for(lambda: ada.got)
    assert "update 5 cannot be read again" in caplog.text
    assert "hemlighet" not in caplog.text


async def test_the_webhook_takes_updates_with_its_secret_alone(api, tmp_path, caplog):
    port = free_port()
    ada = Person(api, 1)
    public = "https://malvakt.example.se/tg/"
    async with (
        running(api, tmp_path, GoalBook(), webhook=True, public_url=public, web_port=port),
        httpx.AsyncClient() as telegram,
    ):
        assert api.webhook is not None
        path = api.webhook["url"].removeprefix("https://malvakt.example.se/tg/")
        secret = api.webhook["secret_token"]
        assert len(path) == 32
        assert api.webhook["allowed_updates"] == ["message", "callback_query"]

        async def post(update: object, path: str = path, **headers: str) -> int:
            url = f"http://127.0.0.1:{port}/{path}"
            all_headers = {"Content-Type": "application/json", **headers}
            return (await telegram.post(url, content=json.dumps(update), headers=all_headers)).status_code

        header = "X-Telegram-Bot-Api-Secret-Token"
        update = {"update_id": 7, "message": ada.message("grön")}
        assert await post(update) == 403
        assert await post(update, **{header: "wrong"}) == 403
        assert await post(update, path="elsewhere", **{header: secret}) == 404
        assert not api.sent
        assert await post(update, **{header: secret}) == 200
        assert await post(update, **{header: secret}) == 200
        await wait_for(lambda: ada.got)
        strange = {"update_id": 8, "message": {"text": "min hemlighet", "chat": "?"}}
        assert await post(strange, **{header: secret}) >= 400
        assert await post({"update_id": 9, "message": ada.message("hej")}, **{header: secret}) == 200
        await wait_for(lambda: len(ada.got) == 2)
    assert api.count("getUpdates") == 0
    assert "hemlighet" not in caplog.text
    assert secret not in caplog.text


async def test_the_webhook_reads_no_more_than_an_update(api, tmp_path, caplog):
    bot = TelegramBot(
        GoalBook(),
        settings_for(api, tmp_path, public_url="https://malvakt.example.se"),
        database := await Database.open(settings_for(api, tmp_path)),
        webhook=True,
    )
    (route,) = bot.routes
    app = ASGITransport(Starlette(routes=[route]))
    ada = Person(api, 1)
    good = json.dumps({"update_id": 7, "message": ada.message("grön")}).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}

    async def chunks(size: int) -> AsyncIterator[bytes]:
        for _ in range(size // 1000):
            yield b" " * 1000

    async with httpx.AsyncClient(transport=app, base_url="http://telegram") as telegram:

        async def post(content: bytes | AsyncIterator[bytes], **more: str) -> int:
            answer = await telegram.post(route.path, content=content, headers={**headers, **more})
            return answer.status_code

        assert (await telegram.get(route.path)).status_code == 405
        assert await post(good) == 403
        for wrong in ("wrong", "å", "\x7f"):
            assert await post(good, **{HEADER: wrong.encode("latin-1")}) == 403
        await bot.start()
        headers[HEADER] = api.webhook["secret_token"]
        for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
            assert await post(good, **{"Content-Type": content_type}) == 400
        for body in (b"", b"{", b"[]", b"7", b"null", b"\xff", b"\0", b"[" * 100_000, b'{"update_id": "7"}'):
            assert await post(body) == 400, body[:20]
        for number in (-1, 2**63, True, None, 1.5):
            assert await post(json.dumps({"update_id": number}).encode()) == 400
        assert await post(b" " * (LIMIT + 1)) == 413
        assert await post(chunks(LIMIT + 1000)) == 413
        assert not api.sent
        assert await post(good + b" " * (LIMIT - len(good))) == 200
        await wait_for(lambda: ada.got)
        await bot.stop()
        after = json.dumps({"update_id": 8, "message": ada.message("trygg")}).encode()
        assert await post(after) == 503, "Telegram comes again"
    await database.close()
    assert len(ada.got) == 1
    assert "grön" not in caplog.text
    assert headers[HEADER] not in caplog.text


async def test_an_update_by_webhook_is_stored_before_it_is_acknowledged(api, tmp_path, monkeypatch):
    port = free_port()
    ada, stored, let = Person(api, 1), asyncio.Event(), asyncio.Event()
    public = "https://malvakt.example.se"
    real = Inbox.store

    async def slow(self, *args):
        stored.set()
        await let.wait()
        return await real(self, *args)

    monkeypatch.setattr(Inbox, "store", slow)
    async with running(api, tmp_path, GoalBook(), webhook=True, public_url=public, web_port=port):
        url = api.webhook["url"].replace(public, f"http://127.0.0.1:{port}")
        headers = {HEADER: api.webhook["secret_token"]}
        update = {"update_id": 7, "message": ada.message("grön")}
        async with httpx.AsyncClient(headers=headers) as telegram:
            posting = asyncio.create_task(telegram.post(url, json=update))
            await stored.wait()
            assert not posting.done()
            # Telegram hangs up: what has begun is still stored.
            posting.cancel()
            await asyncio.gather(posting, return_exceptions=True)
            let.set()
            await wait_for(lambda: ada.got)
            assert (await telegram.post(url, json=update)).status_code == 200
            monkeypatch.setattr(Inbox, "store", _fails)
            assert (await telegram.post(url, json={**update, "update_id": 8})).status_code == 503
    assert len(ada.got) == 1


async def _fails(*_: object) -> bool:
    raise StoreError("no space")


@pytest.mark.parametrize("killed", [False, True])
async def test_choices_of_an_earlier_version_are_carried_over_once(api, tmp_path, monkeypatch, killed):
    settings = settings_for(api, tmp_path)
    key = settings.reveal_secret_key()
    path = tmp_path / "telegram.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA_2)
    choices = [(chat_hash(key, 1), "vara", "en"), (chat_hash(key, 2), None, "sv")]
    connection.executemany("INSERT INTO choices VALUES (?, ?, ?)", choices)
    waiting = {"update_id": 5, "message": Person(api, 1).message("trygg")}
    connection.execute(
        "INSERT INTO updates (bot, id, at, chat, content) VALUES (?, 5, 0, ?, ?)",
        (api.bot["id"], chat_hash(key, 1), json.dumps(waiting)),
    )
    connection.commit()
    connection.close()
    if killed:
        with monkeypatch.context() as patch:
            patch.setattr("bot.channels.telegram_bot.carry_over._drop", lambda connection: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                async with running(api, tmp_path, GoalBook()):
                    pass
        database = await Database.open(settings)
        # In between, another replica hears of a new choice.
        await database.choices.set(chat_hash(key, 2), ChatChoice("varnamo", "en"))
        await database.close()
    book = GoalBook()
    for _ in range(2):
        async with running(api, tmp_path, book):
            await wait_for(lambda: book.asked)
    ((_, conversation),) = book.asked
    assert (conversation.municipality, conversation.chosen_language) == ("vara", "en"), (
        "and no update is lost"
    )
    database = await Database.open(settings)
    assert await database.choices.get(chat_hash(key, 1)) == ChatChoice("vara", "en")
    expected = ChatChoice("varnamo", "en") if killed else ChatChoice(None, "sv")
    assert await database.choices.get(chat_hash(key, 2)) == expected
    await database.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (3,)
    assert connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [
        ("updates",)
    ]
    connection.close()
    assert choices[0][0].encode() not in path.read_bytes(), "nor does anything linger"


async def test_a_webhook_that_cannot_be(api, tmp_path):
    settings = settings_for(api, tmp_path)
    assert (await refused(settings, webhook=True)).code == "no_public_url"
    settings = settings_for(api, tmp_path, public_url="https://malvakt.example.se")
    api.script["setWebhook"].append(Fault(400))
    error = await refused(settings, webhook=True)
    assert (error.code, error.detail) == ("webhook", "fault 400")


def test_a_port_that_is_taken(api, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = settings_for(api, tmp_path, public_url="https://malvakt.example.se", web_port=port)
        with pytest.raises(ServeError) as caught:
            run_telegram(GoalBook(), settings, webhook=True)
    assert (caught.value.code, str(port) in caught.value.detail) == ("in_use", True)
    assert api.webhook is None, "Telegram is told of nothing that does not listen"
