"""Signing in with name and password, and signing out."""

from __future__ import annotations

import math

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.channels.web.addresses import client_host
from bot.channels.web.asking import while_connected
from bot.channels.web.staff.cookies import StaffCookies
from bot.channels.web.staff.destination import destination
from bot.channels.web.staff.gate import SIGN_IN, Gate
from bot.channels.web.staff.pages import StaffPages
from bot.channels.web.staff.throttle import Attempt, SignInThrottle
from bot.database import Account, AccountError, Database, PasswordsBusy, fold_name
from bot.settings import Settings

REASONS = ("ended", "out")
"""Why somebody is asked to sign in: the session ended, or they signed out."""
CROWDED_SECONDS = 5
"""After so long the passwords that wait have been checked several times over."""


class SignIn:
    """What every way of signing in ends with."""

    def __init__(self, database: Database, cookies: StaffCookies) -> None:
        self._database = database
        self._cookies = cookies

    async def __call__(self, request: Request, account: Account, wished: str | None) -> Response:
        """Begin a session and go where the person wanted to.

        It is a new session whatever the browser brought, and what it brought ends: nobody can give
        somebody else a session to sign in to.

        Raises:
            AccountError: ``unknown``: the account is not what it was a moment ago.
        """
        old = self._cookies.session(request)
        session = await self._database.sessions.begin(account)
        if old:
            await self._database.sessions.end(old)
        response = RedirectResponse(destination(wished), 303)
        self._cookies.set_session(request, response, session.token)
        return response


def sign_in_router(
    settings: Settings,
    database: Database,
    cookies: StaffCookies,
    pages: StaffPages,
    gate: Gate,
) -> APIRouter:
    router = APIRouter(prefix="/staff", route_class=gate.open())
    leaving = APIRouter(route_class=gate.guarded())
    throttle = SignInThrottle()
    sign_in = SignIn(database, cookies)
    provider = settings.oidc_name or "" if settings.oidc_configured else None

    def form(
        request: Request,
        *,
        status: int = 200,
        fault: str = "",
        name: str = "",
        wished: str | None = None,
        wait: int = 0,
    ) -> Response:
        reason = request.query_params.get("reason")
        return pages.page(
            request,
            "sign_in.html",
            status=status,
            headers={"Retry-After": str(wait)} if wait else None,
            fault=fault,
            minutes=math.ceil(wait / 60),
            given_name=name,
            next=destination(wished),
            reason=reason if reason in REASONS and not fault else "",
            provider=provider,
        )

    @router.get("/sign-in")
    async def show(request: Request) -> Response:
        wished = request.query_params.get("next")
        token = cookies.session(request)
        if token and await database.sessions.find(token):
            return RedirectResponse(destination(wished), 303)
        return form(request, wished=wished)

    @router.post("/sign-in")
    async def enter(request: Request) -> Response:
        fields = await request.form()
        name, password, wished = (str(fields.get(one) or "") for one in ("name", "password", "next"))
        # What no account can be called counts as it was typed.
        counted = fold_name(name) or name
        attempt = Attempt(counted, client_host(request), cookies.device(request, counted))
        if wait := await throttle.begin(attempt):
            return form(request, status=429, fault="throttled", name=name, wished=wished, wait=wait)
        failed = True
        try:
            verifying = database.accounts.verify(name, password, known_device=attempt.device is not None)
            # Who has hung up waits for nobody's password, and nobody for theirs.
            account = await while_connected(request, verifying)
            if account:
                response = await sign_in(request, account, wished)
                cookies.remember_device(request, response, counted)
                failed = False
                return response
        except PasswordsBusy:
            # Nobody has looked at the password.
            failed = False
            return form(request, status=503, fault="crowded", name=name, wished=wished, wait=CROWDED_SECONDS)
        except AccountError:
            # Blocked, removed or given another password since it was verified.
            pass
        finally:
            await throttle.end(attempt, failed=failed)
        # One sentence for every reason: it tells nobody which accounts there are.
        return form(request, status=401, fault="wrong", name=name, wished=wished)

    @leaving.post("/sign-out")
    async def leave(request: Request) -> Response:
        if token := cookies.session(request):
            await database.sessions.end(token)
        response = RedirectResponse(f"{SIGN_IN}?reason=out", 303)
        cookies.end_session(request, response)
        return response

    @leaving.post("/api/stay")
    async def stay(request: Request) -> Response:
        """Nothing but a request that keeps the session from ending."""
        return Response(status_code=204)

    router.include_router(leaving)
    return router
