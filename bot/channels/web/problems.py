"""What went wrong, said to the caller: RFC 9457 problem details, or a small page to a person's browser."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web.asking import ClientGone, Overloaded
from bot.channels.web.faults import field_faults
from bot.channels.web.preferences import caller_language, prefers_html
from bot.channels.web.templating import render
from bot.obstacles import OutsideError
from bot.settings import Settings
from bot.texts import load_texts

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
STATUSES = {
    "invalid_request": 422,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "unknown_municipality": 404,
    "unknown_section": 404,
    "method_not_allowed": 405,
    "request_timeout": 408,
    "body_too_large": 413,
    "unsupported_media_type": 415,
    "rate_limited": 429,
    "internal_error": 500,
    "overloaded": 503,
    "unavailable": 503,
}
"""Every kind of problem and its status: a text ``problem.<kind>`` and a place ``/docs#<kind>`` for each."""
_BY_STATUS = {
    STATUSES[kind]: kind
    for kind in (
        "invalid_request",
        "unauthorized",
        "forbidden",
        "not_found",
        "method_not_allowed",
        "unsupported_media_type",
        "overloaded",
    )
}
"""What the framework means by a status of its own."""
CLOSED = 499
"""A status that nobody receives: the client has hung up."""
RETRY_SOON, RETRY_LATER = 2, 30
"""Seconds after which it is worth trying again: the queue empties soon, a database does not."""


class Problem(HTTPException):
    """A problem of a kind in `STATUSES`; raise it anywhere below a request.

    Args:
        errors: what is wrong with single fields, as pydantic reports it.
        retry_after: seconds, for ``Retry-After``.
        values: what the texts of this kind need.
    """

    def __init__(
        self,
        kind: str,
        *,
        errors: Sequence[Any] = (),
        retry_after: int | None = None,
        headers: dict[str, str] | None = None,
        **values: object,
    ) -> None:
        more = {} if retry_after is None else {"Retry-After": str(retry_after)}
        super().__init__(STATUSES[kind], kind, {**(headers or {}), **more})
        self.kind = kind
        self.errors = errors
        self.values = values


def problem_type(kind: str) -> str:
    """The URI reference that names a kind, and leads to what is said of it."""
    return f"/docs#{kind.replace('_', '-')}"


def respond(request: Request, problem: HTTPException, settings: Settings) -> Response:
    """The problem in the caller's language: JSON, or a page where a browser asks for one."""
    language = caller_language(request, settings.default_language)
    texts = load_texts(language)
    body: dict[str, Any]
    if isinstance(problem, Problem):
        body = {
            "type": problem_type(problem.kind),
            "title": texts(f"problem.{problem.kind}.title"),
            "status": problem.status_code,
            "detail": texts(f"problem.{problem.kind}.detail", **problem.values),
        }
        if problem.errors:
            body["errors"] = field_faults(problem.errors, texts)
    else:
        status = HTTPStatus(problem.status_code)
        body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": ""}
        body["detail"] = texts("problem.other.detail")
    headers = {**(problem.headers or {}), "Content-Language": language, "Vary": "Accept, Accept-Language"}
    if not request.url.path.startswith("/api/") and prefers_html(request):
        page = {"title": body["title"], "detail": body["detail"], "status_code": body["status"]}
        return render("problem.html", language, status=problem.status_code, headers=headers, **page)
    return JSONResponse(body, problem.status_code, headers, MEDIA_TYPE)


def _as_problem(error: Exception) -> HTTPException:
    """What an exception is to the caller."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Overloaded):
        return Problem("overloaded", retry_after=RETRY_SOON)
    if isinstance(error, OutsideError):
        return Problem("unavailable", retry_after=RETRY_LATER)
    if isinstance(error, RequestValidationError):
        return Problem("invalid_request", errors=error.errors())
    if isinstance(error, HTTPException):
        status = 422 if error.status_code == 400 else error.status_code
        kind = _BY_STATUS.get(status)
        return Problem(kind, headers=dict(error.headers or {})) if kind else error
    return Problem("internal_error")


def add_problem_handlers(app: FastAPI, settings: Settings) -> None:
    """Answer every exception below the routes as a problem."""

    async def handle(request: Request, error: Exception) -> Response:
        if isinstance(error, ClientGone | ClientDisconnect):
            return Response(status_code=CLOSED)
        return respond(request, _as_problem(error), settings)

    for kind in (HTTPException, RequestValidationError, Overloaded, ClientGone, ClientDisconnect):
        app.add_exception_handler(kind, handle)


class Faults:
    """ASGI middleware: a fault of the program becomes a problem, and one line in the log.

    Beneath the middleware that sets headers: Starlette's own place for this is above it. What is logged is
    where it happened, never the message: that may quote the question.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            problem = _as_problem(error)
            if problem.status_code >= 500:
                log.error("%s at %s", type(error).__name__, _place(error))
            if not started:
                await respond(Request(scope), problem, self._settings)(scope, receive, send)


def _place(error: Exception) -> str:
    """File, line and function of the innermost call of ours, else of all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename]
    return next(
        (f"{one.filename}:{one.lineno} {one.name}" for one in reversed(ours or frames)), "unknown place"
    )
