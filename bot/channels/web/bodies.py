"""Bodies of requests: how large and how slow they may be, and JSON that means one thing only."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Collection, Coroutine
from typing import Any, NoReturn

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web.problems import Problem, respond
from bot.settings import Settings

LARGEST_BODY = 16 * 1024
LARGEST_UPDATE = 1024 * 1024
"""What Telegram may send to its webhook: a long message with all its entities is over 16 KB."""

PATIENCE = 15.0
"""Seconds in which a body must have arrived. Over the slowest of networks 16 KB take about 10."""


class BodyLimit:
    """ASGI middleware: no body over 16 KB, whether its length is told or only found while reading, and none
    that is never sent to its end: it would hold a connection for good.

    Starlette's own answers in plain text, in place of what the application says.
    """

    def __init__(self, app: ASGIApp, settings: Settings, larger: Collection[str] = ()) -> None:
        self._app = app
        self._settings = settings
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = LARGEST_UPDATE if scope["path"] in self._larger else LARGEST_BODY
        problem = Problem("body_too_large", limit=most // 1024)
        told = Headers(scope=scope).get("content-length", "")
        if told.isdecimal() and (len(told) > 9 or int(told) > most):
            await respond(Request(scope), problem, self._settings)(scope, receive, send)
            return
        size = 0
        whole = False
        deadline = asyncio.get_running_loop().time() + PATIENCE

        async def counted() -> Message:
            nonlocal size, whole
            if whole:
                # What comes next is that the client hangs up, whenever that is.
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise Problem("request_timeout", headers={"Connection": "close"}) from None
            whole = not message.get("more_body", False)
            size += len(message.get("body", b""))
            if size > most:
                raise problem
            return message

        await self._app(scope, counted, send)


class JSONRoute(APIRoute):
    """A route whose body is JSON as ``application/json`` in UTF-8, and nothing else."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def read_strictly(request: Request) -> Response:
            body = await request.body()
            if not body:
                raise Problem("invalid_request", errors=[{"type": "no_body", "loc": ("body",)}])
            if not _is_json(request.headers.get("content-type", "")):
                raise Problem("unsupported_media_type")
            return await handle(_StrictRequest(request.scope, request.receive, body=body))

        return read_strictly


class _StrictRequest(Request):
    """Reads JSON in which no name stands twice and all numbers are finite."""

    def __init__(self, scope: Scope, receive: Receive, *, body: bytes) -> None:
        super().__init__(scope, receive)
        self._body = body

    async def json(self) -> Any:
        try:
            value = json.loads(
                self._body.decode("utf-8-sig"),
                object_pairs_hook=_without_doubles,
                parse_constant=_refuse,
                parse_float=_finite,
            )
        except (ValueError, RecursionError):
            # Among them: not UTF-8, nested too deep, a number of thousands of digits.
            raise Problem("invalid_request", errors=[{"type": "json", "loc": ("body",)}]) from None
        if isinstance(value, dict) and isinstance(value.get("language"), str):
            # Known from here on, so that whatever else is wrong is said in it.
            self.state.language = value["language"]
        return value


def _is_json(content_type: str) -> bool:
    """Whether it is ``application/json``, and in no other encoding than UTF-8."""
    media_type, *parameters = (part.strip().casefold() for part in content_type.split(";"))
    named = [value for name, _, value in (one.partition("=") for one in parameters) if name == "charset"]
    return media_type == "application/json" and all(one.strip('"') in ("utf-8", "utf8") for one in named)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a name stands twice")
    return value


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse(digits)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
