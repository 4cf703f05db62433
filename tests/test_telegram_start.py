"""Starting, by polling and by webhook, and what stops a start."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import traceback
from collections.abc import Iterator

import httpx
import pytest
from telegram_api import TOKEN, Fault, GoalBook, Person, TelegramApi, running, settings_for, wait_for

from bot.channels.telegram_bot import StartError, TelegramBot, run_telegram
from bot.channels.telegram_bot.inbox import Inbox
from bot.channels.telegram_bot.store import Store
from bot.settings import Settings
from bot.texts import load_texts


@pytest.fixture
def api() -> Iterator[TelegramApi]:
    with TelegramApi(TOKEN) as server:
        yield server


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


async def refused(bot: TelegramBot) -> StartError:
    with pytest.raises(StartError) as caught:
        await bot.start()
    for language in ("sv", "en"):
        line = load_texts(language)(f"telegram.start_error.{caught.value.code}", detail=caught.value.detail)
        assert "{" not in line
    return caught.value


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
    error = await refused(TelegramBot(GoalBook(), settings))
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
        error = await refused(TelegramBot(GoalBook(), settings_for(api, tmp_path)))
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
    error = await refused(TelegramBot(GoalBook(), settings_for(api, tmp_path)))
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
        async with TelegramBot(GoalBook(), settings):
            Person(other, 1).says("hej")
            await wait_for(lambda: other.sent)
        assert [message.text for message in other.sent] == ["Hej."]


async def test_a_stored_update_that_cannot_be_read_is_passed_over(api, tmp_path, caplog):
    ada = Person(api, 1)
    store = Store(tmp_path / "telegram.sqlite3")
    await Inbox(store, api.bot["id"]).store(5, None, {"message": {"text": "min hemlighet"}})
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


async def test_a_webhook_that_cannot_be(api, tmp_path):
    settings = settings_for(api, tmp_path)
    assert (await refused(TelegramBot(GoalBook(), settings, webhook=True))).code == "no_public_url"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = settings_for(api, tmp_path, public_url="https://malvakt.example.se", web_port=port)
        error = await refused(TelegramBot(GoalBook(), settings, webhook=True))
        assert (error.code, str(port) in error.detail) == ("webhook", True)
    api.script["setWebhook"].append(Fault(400))
    error = await refused(TelegramBot(GoalBook(), settings, webhook=True))
    assert (error.code, error.detail) == ("webhook", "fault 400")
