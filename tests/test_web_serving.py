"""The service as a process: where it listens, how it ends, and the Telegram bot beside it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from telegram_api import TOKEN, Fault, Person, TelegramApi
from waiting import PATIENCE, wait_for
from web_client import web_settings
from web_server import running_server

from bot import serving
from bot.assistant import Assistant
from bot.channels.web import bodies
from bot.channels.web.asking import AsyncAssistant, Overloaded
from bot.database import Database
from bot.serving import ServeError, listen
from bot.settings import Settings
from bot.texts import load_texts

GREEN = "Vad betyder målet om en grön kommun?"
LONG = "Vad betyder målet om en grön kommun? " * 27
START_SECONDS = 60
HEAD = b"POST /api/v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@dataclass
class Service:
    """A running ``malvakt``, and what it has written so far."""

    process: subprocess.Popen[str]
    port: int
    lines: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def since_greeting(self) -> list[str]:
        """The lines after those that say where it is."""
        texts = load_texts("sv")
        greeting = texts("cli.web.serving", demo=f"{self.url}/demo", staff=f"{self.url}/staff").splitlines()
        lines = [line.rstrip("\n") for line in self.lines]
        assert lines[: len(greeting)] == greeting
        return lines[len(greeting) :]

    def ask(self, question: str = GREEN) -> httpx.Response:
        return httpx.post(f"{self.url}/api/v1/ask", json={"question": question}, timeout=60)

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def service(command: str, data_dir: Path, **environment: str) -> Iterator[Service]:
    port = free_port()
    arguments = [sys.executable, "-m", "bot.cli", *command.split(), "--port", str(port)]
    values = {"MALVAKT_DATA_DIR": str(data_dir), "MALVAKT_RATE_LIMIT": "100000", **environment}
    process = subprocess.Popen(arguments, env={**os.environ, **values}, stderr=subprocess.PIPE, text=True)
    started = Service(process, port, [])
    assert process.stderr
    reading = threading.Thread(target=lambda: started.lines.extend(process.stderr or ()))
    reading.start()
    try:
        transport = httpx.HTTPTransport(retries=0)
        with httpx.Client(transport=transport, timeout=START_SECONDS) as client:
            for _ in range(START_SECONDS * 10):
                assert process.poll() is None, started.lines
                try:
                    if client.get(f"{started.url}/readyz").status_code == 200:
                        break
                except httpx.TransportError:
                    threading.Event().wait(0.1)
        yield started
    finally:
        if process.poll() is None:
            started.end()
        reading.join(10)
        process.stderr.close()


def test_web_says_where_it_is_and_what_has_begun_is_answered_when_it_ends(assistant, data_dir):
    with service("web", data_dir) as running:
        assert running.since_greeting() == []
        answered: list[httpx.Response] = []
        asking = [threading.Thread(target=lambda: answered.append(running.ask(LONG))) for _ in range(8)]
        for one in asking:
            one.start()
        while not answered:
            threading.Event().wait(0.01)
        running.process.send_signal(signal.SIGTERM)
        for one in asking:
            one.join(60)
        assert [one.status_code for one in answered] == [200] * 8
        assert running.process.wait(30) == 0
        assert running.since_greeting() == [], "nothing is logged of those who ask"
    with pytest.raises(httpx.TransportError):
        running.ask()


def test_two_processes_on_one_data_directory(assistant, data_dir):
    with service("web", data_dir) as one, service("web", data_dir) as other:
        first = one.ask()
        assert first.json()["kind"] == "answer"
        # The conversation goes on at the other: they share the key.
        body = {"question": "Källa?", "conversation": first.json()["conversation"]}
        second = httpx.post(f"{other.url}/api/v1/ask", json=body, timeout=60)
        assert second.json()["parts"][0]["section"] == first.json()["parts"][0]["section"]


@pytest.mark.parametrize(
    ("host", "code"),
    [("127.0.0.1", "in_use"), ("192.0.2.1", "not_here"), ("no.such.invalid", "unknown_host")],
)
def test_what_cannot_be_listened_on_is_one_clear_line(data_dir, host, code):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError) as caught:
            listen(host, port)
        assert caught.value.code == code
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", "web", "--host", host, "--port", str(port)],
            env={**os.environ, "MALVAKT_DATA_DIR": str(data_dir)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    detail = host if code == "unknown_host" else f"{host}:{port}"
    assert done.stderr.strip() == load_texts("sv")(f"cli.web.error.{code}", detail=detail)


def test_a_port_below_1024_may_be_refused(monkeypatch):
    def refuse(self: socket.socket, address: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(ServeError) as caught:
        listen("127.0.0.1", 80)
    assert caught.value.code == "not_permitted"


def test_every_fault_has_its_line():
    for language in ("sv", "en"):
        texts = load_texts(language)
        for code in ("in_use", "not_permitted", "not_here", "unknown_host", "cannot_listen"):
            assert "x:1" in texts(f"cli.web.error.{code}", detail="x:1")


@pytest.mark.parametrize("host", ["localhost", "::1", ""])
def test_hosts_with_other_addresses(host):
    try:
        listening = listen(host, 0)
    except ServeError as error:
        pytest.skip(f"not on this machine: {error}")
    with listening:
        url = listening.url
        reached = {"localhost": "localhost", "::1": "[::1]", "": "127.0.0.1"}[host]
        assert re.fullmatch(rf"http://{re.escape(reached)}:[1-9]\d*", url)


async def raw(url: str, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    await writer.drain()
    return reader, writer


def asked(question: str) -> bytes:
    body = json.dumps({"question": question}).encode()
    return HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


class Slow:
    """Makes `Assistant.ask` wait until it is let go, and counts who asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go = threading.Event()
        self.begun: list[str] = []
        ask = Assistant.ask

        def waiting(assistant: Assistant, question: str, conversation: object) -> object:
            self.begun.append(question)
            assert self.go.wait(PATIENCE)
            return ask(assistant, question, conversation)  # type: ignore[arg-type]

        monkeypatch.setattr(Assistant, "ask", waiting)


async def test_a_slow_question_stalls_nobody_and_too_many_are_refused(assistant, data_dir, monkeypatch):
    slow = Slow(monkeypatch)
    with running_server(assistant, web_settings(data_dir)) as server:
        async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=200)) as client:
            url = f"{server.url}/api/v1/ask"
            waiting = [asyncio.create_task(client.post(url, json={"question": "hej"})) for _ in range(100)]
            await wait_for(lambda: len(slow.begun) == 4)
            assert (await client.get(f"{server.url}/healthz")).status_code == 200
            assert (await client.get(f"{server.url}/readyz")).status_code == 200
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            refused = done.pop().result()
            assert refused.status_code == 503
            assert int(refused.headers["retry-after"]) > 0
            assert refused.json()["type"] == "/docs#overloaded"
            slow.go.set()
            statuses = [one.status_code for one in await asyncio.gather(*waiting)]
            assert sorted(set(statuses)) == [200, 503]
            assert statuses.count(200) >= 68
            assert (await client.post(url, json={"question": "hej"})).status_code == 200


async def test_a_client_that_hangs_up_takes_its_question_back(assistant, data_dir, monkeypatch):
    slow = Slow(monkeypatch)
    with running_server(assistant, web_settings(data_dir)) as server:
        first = [await raw(server.url, asked(f"begun {number}")) for number in range(4)]
        await wait_for(lambda: len(slow.begun) == 4)
        others = [await raw(server.url, asked(f"waiting {number}")) for number in range(8)]
        async with httpx.AsyncClient(timeout=60) as client:
            last = asyncio.create_task(client.post(f"{server.url}/api/v1/ask", json={"question": "last"}))
            await wait_for(lambda: server.traffic.begun == 4 + 8 + 1)
            for _, writer in others:
                writer.close()
                await writer.wait_closed()
            await wait_for(lambda: server.traffic.ended == 8)
            slow.go.set()
            assert (await last).status_code == 200
        for _, writer in first:
            writer.close()
            await writer.wait_closed()
        assert "last" in slow.begun
        assert not [one for one in slow.begun if one.startswith("waiting")]


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"Content-Length: 100\r\n\r\n{",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"GET /\xff\xfe HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"x" * 100_000,
    ],
)
async def test_a_dropped_connection_hurts_nobody(assistant, data_dir, caplog, sent):
    with running_server(assistant, web_settings(data_dir)) as server:
        for _ in range(3):
            _, writer = await raw(server.url, sent)
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.post(f"{server.url}/api/v1/ask", json={"question": "hej"})
        assert answer.status_code == 200
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


async def said_at_last(url: str, sent: bytes) -> bytes:
    """All that is answered to the bytes before the service closes the connection."""
    reader, writer = await raw(url, sent)
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return answer


@pytest.mark.parametrize(
    "path", [b"/fraga", b"/api/v1/ask", b"/staff/sign-in"], ids=["a form", "the API", "signing in"]
)
async def test_a_body_that_never_ends_is_cut_off(assistant, data_dir, monkeypatch, path):
    monkeypatch.setattr(bodies, "PATIENCE", 0.3)
    form = b"Content-Type: application/x-www-form-urlencoded\r\n"
    head = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\n" + form
    with running_server(assistant, web_settings(data_dir)) as server:
        for body in (
            b"Content-Length: 100\r\n\r\nquestion=",
            b"Transfer-Encoding: chunked\r\n\r\n5\r\nquest",
        ):
            answer = await said_at_last(server.url, head + body)
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert b"connection: close" in answer.lower()
            assert b"/docs#request-timeout" in answer


async def test_a_request_that_never_begins_is_cut_off(assistant, data_dir, monkeypatch):
    monkeypatch.setattr(serving, "HEAD_PATIENCE", 0.3)
    whole = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    beginnings = (b"GET / HT", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    with running_server(assistant, web_settings(data_dir)) as server:
        cut_off = asyncio.gather(*(said_at_last(server.url, sent) for sent in (b"", *beginnings)))
        # On a connection that has been of use before, too.
        used = asyncio.gather(*(said_at_last(server.url, whole + sent) for sent in beginnings))
        assert await cut_off == [b"", b"", b""]
        for answer in await used:
            assert answer.startswith(b"HTTP/1.1 200 ")
            assert answer.count(b"HTTP/1.1") == 1


async def test_what_has_arrived_is_answered_however_long_it_takes(assistant, data_dir, monkeypatch):
    slow = Slow(monkeypatch)
    monkeypatch.setattr(bodies, "PATIENCE", 1.0)
    monkeypatch.setattr(serving, "HEAD_PATIENCE", 1.0)
    with running_server(assistant, web_settings(data_dir)) as server:
        async with httpx.AsyncClient(timeout=60) as client:
            asking = asyncio.create_task(client.post(f"{server.url}/api/v1/ask", json={"question": "hej"}))
            await wait_for(lambda: slow.begun)
            await asyncio.sleep(1.2)
            slow.go.set()
            assert (await asking).status_code == 200


async def test_malformed_forms_do_not_fill_the_log(assistant, data_dir, caplog):
    kinds = {
        "multipart/form-data; boundary=x": b"--x\r\nbroken",
        "multipart/form-data; boundary=y": b"nothing",
        "application/x-www-form-urlencoded": b"%%%&&&=\xff",
    }
    with running_server(assistant, web_settings(data_dir)) as server:
        async with httpx.AsyncClient(timeout=60) as client:
            for kind, body in kinds.items():
                response = await client.post(
                    f"{server.url}/fraga", content=body, headers={"Content-Type": kind}
                )
                assert response.status_code in (200, 422)
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_a_queue_takes_back_what_is_cancelled(assistant):
    asking = AsyncAssistant(assistant, threads=1, longest_queue=1)
    go = threading.Event()
    first = asyncio.create_task(asking(lambda _: go.wait(30)))
    second = asyncio.create_task(asking(lambda _: 2))
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await asking(lambda _: 3)
    second.cancel()
    await asyncio.wait((second,))
    await asyncio.sleep(0)
    third = asyncio.create_task(asking(lambda _: 3))
    await asyncio.sleep(0)
    go.set()
    assert await first
    assert await third == 3
    asking.close()


@pytest.fixture
def api() -> Iterator[TelegramApi]:
    with TelegramApi(TOKEN) as server:
        yield server


def test_run_serves_the_website_and_telegram(api, assistant, data_dir):
    token = {"MALVAKT_TELEGRAM_TOKEN": TOKEN, "MALVAKT_TELEGRAM_BASE_URL": api.base_url}
    with service("run", data_dir, **token) as running:
        assert running.ask().json()["kind"] == "answer"
        Person(api, 1).says(GREEN)
        asyncio.run(wait_for(lambda: api.sent))
        # A token that is revoked ends the Telegram side alone.
        api.script["getUpdates"].append(Fault(401))
        Person(api, 1).says("hej")
        asyncio.run(wait_for(running.since_greeting))
        reason = load_texts("sv")("telegram.start_error.bad_token", detail="")
        assert running.since_greeting()[-1] == load_texts("sv")("cli.run.without_telegram", reason=reason)
        assert running.ask().json()["kind"] == "answer"
        assert running.end() == 0


def test_run_with_a_webhook_on_the_same_port(api, assistant, data_dir):
    environment = {
        "MALVAKT_TELEGRAM_TOKEN": TOKEN,
        "MALVAKT_TELEGRAM_BASE_URL": api.base_url,
        "MALVAKT_PUBLIC_URL": "https://malvakt.example",
    }
    with service("run --webhook", data_dir, **environment) as running:
        assert running.ask().json()["kind"] == "answer"
        asyncio.run(wait_for(lambda: api.count("setWebhook")))
        (hook,) = api.params("setWebhook")
        path = hook["url"].removeprefix("https://malvakt.example")
        assert httpx.post(f"{running.url}{path}", json={}).status_code == 403
        # An update may be larger than what others may send.
        message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x" * 20_000}
        secret = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]}
        update = {"update_id": 1, "message": message}
        assert httpx.post(f"{running.url}{path}", json=update, headers=secret).status_code == 200
        assert running.end() == 0


def test_a_database_that_keeps_telegram_from_starting_is_said_with_its_remedy(
    api, assistant, data_dir, tmp_path
):
    own = shutil.copytree(data_dir, tmp_path / "data", ignore=shutil.ignore_patterns("*.sqlite3*"))
    settings = Settings(data_dir=own)
    asyncio.run(open_and_close(settings))
    # The bot has choices of an earlier version to carry over, and nowhere to put them.
    with closing(sqlite3.connect(own / "malvakt.sqlite3")) as connection:
        connection.execute("DROP TABLE chat_choices")
        connection.commit()
    with closing(sqlite3.connect(own / "telegram.sqlite3")) as connection:
        connection.executescript(
            "CREATE TABLE updates (bot, id, at, chat, content, reply, sent, begun);"
            "CREATE TABLE choices (chat, municipality, language); PRAGMA user_version=2;"
        )
    token = {"MALVAKT_TELEGRAM_TOKEN": TOKEN, "MALVAKT_TELEGRAM_BASE_URL": api.base_url}
    with service("run", own, **token) as running:
        asyncio.run(wait_for(running.since_greeting))
        texts = load_texts("sv")
        beginning, _, end = texts("database.failed", detail="|").partition("|")
        told = running.since_greeting()[-1]
        assert told.startswith(texts("cli.run.without_telegram", reason=beginning)), told
        assert told.endswith(end)
        assert str(own) in told
        assert running.ask().json()["kind"] == "answer"
        assert running.end() == 0


async def open_and_close(settings: Settings) -> None:
    await (await Database.open(settings)).close()


def test_telegram_out_of_reach_keeps_nobody_from_the_website(assistant, data_dir):
    nowhere = f"http://127.0.0.1:{free_port()}/bot"
    token = {"MALVAKT_TELEGRAM_TOKEN": TOKEN, "MALVAKT_TELEGRAM_BASE_URL": nowhere}
    with service("run", data_dir, **token) as running:
        assert running.ask().json()["kind"] == "answer"
        assert running.end() == 0


def test_run_without_a_token_is_the_website(assistant, data_dir):
    with service("run", data_dir) as running:
        assert running.ask().json()["kind"] == "answer"
        assert running.end() == 0
        assert running.since_greeting() == []
