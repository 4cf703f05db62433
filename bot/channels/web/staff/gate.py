"""The gate before the staff page: without a session nothing behind it is run, or read of a request."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from bot.channels.web.bodies import JSONRoute
from bot.channels.web.limits import limit_account
from bot.channels.web.problems import Problem, respond
from bot.channels.web.staff.cookies import StaffCookies
from bot.channels.web.staff.destination import destination, same_origin
from bot.channels.web.staff.pages import StaffPages, session_of
from bot.channels.web.staff.refusals import Refusal, RefusalCode
from bot.database import Database, DatabaseError, StaffSession
from bot.roles import ROLES, Role
from bot.settings import Settings

log = logging.getLogger(__name__)

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
API = "/staff/api/"
SIGN_IN = "/staff/sign-in"
RETRY_SOON = 10
PROBLEMS: dict[RefusalCode, str] = {
    "signed_out": "unauthorized",
    "foreign": "forbidden",
    "token": "forbidden",
    "role": "forbidden",
    "self": "forbidden",
    "by_claim": "forbidden",
    "absent": "not_found",
    "too_many": "rate_limited",
    "unavailable": "overloaded",
}
"""What a refusal is to a program."""


class Gate:
    """Decides who comes in, and turns what is refused into a page or a problem document."""

    def __init__(
        self, settings: Settings, database: Database, cookies: StaffCookies, pages: StaffPages
    ) -> None:
        self._database = database
        self._cookies = cookies
        self._pages = pages
        self._settings = settings

    def open(self) -> type[APIRoute]:
        """Routes for everybody: signing in. Posts from other sites are refused here too."""
        return self._route(self.refuse_foreign)

    def guarded(self, role: Role = "reader") -> type[APIRoute]:
        """Routes for a session whose account has at least that role."""

        async def enter(request: Request) -> None:
            await self.enter(request, role)

        return self._route(enter)

    async def enter(self, request: Request, role: Role) -> None:
        """Let the request in, with its session in ``request.state``. Raises `Refusal`."""
        token = self._cookies.session(request)
        session = await self._database.sessions.find(token) if token else None
        if session is None:
            raise Refusal("signed_out")
        request.state.staff_session = session
        try:
            await limit_account(request, session.account.id)
        except Problem as problem:
            raise Refusal("too_many", wait=int((problem.headers or {})["Retry-After"])) from None
        if request.method not in SAFE_METHODS:
            await self.refuse_foreign(request)
            await _check_token(request, session)
        if ROLES.index(session.account.role) < ROLES.index(role):
            raise Refusal("role")

    async def refuse_foreign(self, request: Request) -> None:
        """Refuse what another site makes a browser send: somebody would be signed in as somebody else.

        A client that says neither is no browser, and has nobody's cookies.
        """
        if request.method in SAFE_METHODS:
            return
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin")
        if site is not None:
            ours = site in ("same-origin", "none")
        else:
            ours = origin is None or same_origin(origin, self._cookies.hosts(request))
        if not ours:
            raise Refusal("foreign")

    def _route(self, enter: Callable[[Request], Coroutine[Any, Any, None]]) -> type[APIRoute]:
        gate = self

        class StaffRoute(JSONRoute):
            def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
                handle = super().get_route_handler()

                async def answer(request: Request) -> Response:
                    # Before FastAPI reads the body or looks at a parameter.
                    try:
                        await enter(request)
                        return await handle(request)
                    except Refusal as refusal:
                        return gate._refused(request, refusal)
                    except DatabaseError as error:
                        log.error("the staff page has no database: %s", error)
                        return gate._refused(request, Refusal("unavailable", wait=RETRY_SOON))
                    finally:
                        # A form may have brought a file.
                        await request.close()

                return answer

        return StaffRoute

    def _refused(self, request: Request, refusal: Refusal) -> Response:
        if request.url.path.startswith(API):
            return respond(request, _problem(refusal), self._settings)
        if refusal.code == "signed_out" and request.method in SAFE_METHODS:
            return self.to_sign_in(request)
        if refusal.code == "signed_out":
            # A form sent after the session ended: what it wanted is not repeated behind a person's back.
            return RedirectResponse(f"{SIGN_IN}?{urlencode({'reason': 'ended'})}", 303)
        return self._pages.refusal(request, refusal)

    def to_sign_in(self, request: Request) -> Response:
        path = request.url.path
        wished = f"{path}?{request.url.query}" if request.url.query else path
        values = {"next": destination(wished)}
        if self._cookies.session(request):
            values["reason"] = "ended"
        return RedirectResponse(f"{SIGN_IN}?{urlencode(values)}", 303)


def guest(request: Request) -> StaffSession:
    """The session of a request behind the gate."""
    session = session_of(request)
    assert session is not None, "a route behind the gate has a session"
    return session


def _problem(refusal: Refusal) -> Problem:
    kind = PROBLEMS[refusal.code]
    return Problem(kind, retry_after=refusal.wait, seconds=refusal.wait)


async def _check_token(request: Request, session: StaffSession) -> None:
    given = request.headers.get("x-csrf-token")
    # A program says it in the header: its body is JSON, and is read once.
    if (
        given is None
        and not request.url.path.startswith(API)
        and request.headers.get("content-type", "").startswith(
            ("application/x-www-form-urlencoded", "multipart/form-data")
        )
    ):
        field = (await request.form()).get("csrf")
        given = field if isinstance(field, str) else None
    expected = session.csrf.encode()
    if given is None or not hmac.compare_digest(given.encode("utf-8", "replace"), expected):
        raise Refusal("token")
