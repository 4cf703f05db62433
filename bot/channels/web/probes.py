"""``/healthz`` and ``/readyz``, for what watches over the service."""

from __future__ import annotations

import asyncio
import math
import time

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from bot.assistant import Assistant
from bot.channels.web.schemas import Health, Readiness
from bot.database import Database, DatabaseError

FRESH = 5.0
"""Seconds for which a look inside counts: probes must not cost what questions do."""
PATIENCE = 5.0
"""Seconds after which a part that says nothing counts as broken."""
PROBE = "kommun"


class Watch:
    """Looks whether the parts of the service work."""

    def __init__(self, assistant: Assistant, database: Database) -> None:
        self._assistant = assistant
        self._database = database
        self._looking = asyncio.Lock()
        self._seen = (False, False)
        self._seen_at = -math.inf
        self.stopping = False
        """Set once the service has been told to end: nothing new should be sent here."""

    async def look(self) -> dict[str, bool]:
        """The fields of `Readiness`."""
        async with self._looking:
            if time.monotonic() - self._seen_at >= FRESH:
                self._seen = await asyncio.gather(self._search_works(), self._database_answers())
                self._seen_at = time.monotonic()
        search, database = self._seen
        ready = search and database and not self.stopping
        return {
            "ready": ready,
            "index": search,
            "encoder": search,
            "database": database,
            "stopping": self.stopping,
        }

    async def _search_works(self) -> bool:
        # Not in the queue of the questions: a busy service is ready all the same.
        try:
            async with asyncio.timeout(PATIENCE):
                return bool(await asyncio.to_thread(self._assistant.find, PROBE, k=1))
        except Exception:
            return False

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._database.ping()
        except (DatabaseError, TimeoutError):
            return False
        return True


def probes_router() -> APIRouter:
    router = APIRouter()

    @router.get(
        "/healthz", summary="Is it alive?", response_model=Health, response_description="It is alive."
    )
    async def healthz() -> JSONResponse:
        """Answers while the process does."""
        return JSONResponse({"status": "alive"})

    @router.get(
        "/readyz",
        summary="Is it ready?",
        response_model=Readiness,
        response_description="It is ready.",
        responses={503: {"model": Readiness, "description": "A part does not work, or the end has begun."}},
    )
    async def readyz(request: Request) -> JSONResponse:
        """Whether index, encoder and database work; 503 where one does not."""
        watch: Watch = request.app.state.watch
        seen = await watch.look()
        return JSONResponse(seen, 200 if seen["ready"] else 503)

    return router
