"""The staff page without a network: a browser of its own for each person, and the database behind it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from bot.assistant import Assistant
from bot.channels.web import create_app
from bot.database import Account, Database
from bot.roles import Role
from bot.settings import Settings

PASSWORD = "en hel mening som ingen gissar"
ADDRESS = "192.0.2.1"


@dataclass(frozen=True)
class StaffSite:
    app: FastAPI
    database: Database
    base_url: str

    def browser(self, address: str = ADDRESS, language: str = "sv") -> httpx.AsyncClient:
        """A browser without cookies, at that address."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 5000))
        return httpx.AsyncClient(
            transport=transport, base_url=self.base_url, headers={"Accept-Language": language}
        )

    async def add(self, name: str, role: Role = "reader", **values: str) -> Account:
        return await self.database.accounts.add(name, role=role, password=PASSWORD, **values)

    @asynccontextmanager
    async def signed_in(self, name: str, *, language: str = "sv") -> AsyncIterator[httpx.AsyncClient]:
        async with self.browser(language=language) as browser:
            response = await sign_in(browser, name)
            assert response.status_code == 303
            yield browser


async def sign_in(browser: httpx.AsyncClient, name: str, password: str = PASSWORD) -> httpx.Response:
    return await browser.post("/staff/sign-in", data={"name": name, "password": password})


async def token_of(browser: httpx.AsyncClient) -> str:
    """The CSRF token of the browser's session, as its pages carry it."""
    page = await browser.get("/staff")
    found = re.search(r'data-csrf="([^"]+)"', page.text)
    assert found
    return found[1]


@asynccontextmanager
async def staff_site(
    assistant: Assistant, settings: Settings, base_url: str = "http://test"
) -> AsyncIterator[StaffSite]:
    database = await Database.open(settings)
    try:
        app = create_app(assistant, settings, database)
        async with app.router.lifespan_context(app):
            yield StaffSite(app, database, base_url)
    finally:
        await database.close()
