"""The web service on a free loopback port, in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send
from waiting import PATIENCE

from bot.assistant import Assistant
from bot.channels.web import WebServer, create_app
from bot.database import Database
from bot.serving import listen
from bot.settings import Settings

T = TypeVar("T")


class Traffic:
    """ASGI middleware that counts requests."""

    def __init__(self) -> None:
        self.begun = self.ended = 0

    def around(self, app: ASGIApp) -> ASGIApp:
        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            request = scope["type"] == "http"
            self.begun += request
            try:
                await app(scope, receive, send)
            finally:
                self.ended += request

        return counted


@dataclass(frozen=True)
class RunningServer:
    """A server that answers under ``url``."""

    url: str
    settings: Settings
    database: Database
    loop: asyncio.AbstractEventLoop
    traffic: Traffic

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What the coroutine returns, run in the server's event loop: the database belongs to that."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE)


@contextmanager
def running_server(assistant: Assistant, settings: Settings) -> Iterator[RunningServer]:
    """Start the service and end it; `settings.web_port` is not used."""
    listening = listen("127.0.0.1", 0)
    started: list[RunningServer] = []
    ready = threading.Event()
    servers: list[WebServer] = []

    async def serve() -> None:
        with listening:
            database = await Database.open(settings)
            try:
                app, traffic = create_app(assistant, settings, database), Traffic()
                app.add_middleware(traffic.around)
                server = WebServer(app)
                servers.append(server)
                loop = asyncio.get_running_loop()
                started.append(RunningServer(listening.url, settings, database, loop, traffic))
                ready.set()
                await server.serve(listening)
            finally:
                ready.set()
                await database.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(PATIENCE)
    assert started, "the server did not start"
    try:
        yield started[0]
    finally:
        started[0].loop.call_soon_threadsafe(servers[0].stop)
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the server did not end"
