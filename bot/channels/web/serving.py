"""The web service on a port."""

from __future__ import annotations

import logging

from fastapi import FastAPI

from bot.channels.web.probes import Watch
from bot.serving import Listening, Server

GRACE = 10
"""Seconds in which requests that have begun may finish once the service is told to end."""


class WebServer:
    """A server whose probes know when it is about to end."""

    def __init__(self, app: FastAPI, *, grace: int = GRACE) -> None:
        self._watch: Watch = app.state.watch
        self._server = Server(app, grace=grace)
        # It warns of every malformed form; anyone can send those.
        logging.getLogger("python_multipart").setLevel(logging.ERROR)

    async def serve(self, listening: Listening) -> None:
        """Answer until `stop`; then what has begun, and return."""
        try:
            await self._server.serve(listening)
        finally:
            self._watch.stopping = True

    def stop(self) -> None:
        """Begin to end; called once more it ends at once. For the event loop's own thread."""
        self._watch.stopping = True
        self._server.stop()
