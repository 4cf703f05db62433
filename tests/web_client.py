"""The web application without a network: an HTTP client that hands its requests to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from bot.assistant import Assistant
from bot.channels.web import create_app
from bot.database import Database
from bot.settings import Settings

ORIGIN = "https://www.kommun.example"


def web_settings(data_dir: Path, **values: Any) -> Settings:
    """Settings under which tests are not limited."""
    return Settings(data_dir=data_dir, **{"rate_limit": 100_000, **values})


@asynccontextmanager
async def web_client(
    assistant: Assistant, settings: Settings, *, client: tuple[str, int] = ("192.0.2.1", 5000)
) -> AsyncIterator[httpx.AsyncClient]:
    """A client at the address ``client`` whose `app_of` is the application."""
    database = await Database.open(settings)
    app = create_app(assistant, settings, database)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=client)
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://test") as opened,
        ):
            yield opened
    finally:
        await database.close()


def app_of(client: httpx.AsyncClient) -> FastAPI:
    transport = client._transport
    assert isinstance(transport, httpx.ASGITransport)
    app = transport.app
    assert isinstance(app, FastAPI)
    return app


def from_address(client: httpx.AsyncClient, host: str) -> httpx.AsyncClient:
    """The same application, asked from another address."""
    transport = httpx.ASGITransport(app_of(client), raise_app_exceptions=False, client=(host, 5000))
    return httpx.AsyncClient(transport=transport, base_url="http://test")
