"""The webhook on a port of its own, where no website serves it too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route

from bot.serving import Server, listen
from bot.settings import Settings

GRACE = 5
"""Seconds in which requests that have begun may finish."""


@asynccontextmanager
async def serving(routes: Sequence[Route], settings: Settings) -> AsyncIterator[None]:
    """Answers at ``web_host`` and ``web_port``. Raises `ServeError` where they cannot be served."""
    with listen(settings.web_host, settings.web_port) as listening:
        server = Server(Starlette(routes=list(routes)), grace=GRACE)
        ended = asyncio.create_task(server.serve(listening))
        try:
            yield
        finally:
            server.stop()
            await ended
