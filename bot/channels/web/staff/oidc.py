"""Signing in with the municipality's identity provider."""

from __future__ import annotations

import logging
from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.channels.web.addresses import client_host
from bot.channels.web.staff.admission import Admission
from bot.channels.web.staff.cookies import StaffCookies
from bot.channels.web.staff.destination import destination
from bot.channels.web.staff.gate import Gate
from bot.channels.web.staff.pages import StaffPages
from bot.channels.web.staff.provider import Provider
from bot.channels.web.staff.provider_faults import STATUS, ProviderFault
from bot.channels.web.staff.sign_in import SignIn
from bot.channels.web.staff.throttle import JourneyThrottle
from bot.database import AccountError, Database
from bot.settings import Settings

log = logging.getLogger(__name__)

SECONDS = 600
"""How long somebody may take at the provider."""


def oidc_router(
    settings: Settings, database: Database, cookies: StaffCookies, pages: StaffPages, gate: Gate
) -> APIRouter:
    """``/staff/oidc/start`` and ``/staff/oidc/callback``, the redirect URI to register at the provider."""
    router = APIRouter(prefix="/staff/oidc", route_class=gate.open())
    provider = Provider(settings)
    admission = Admission(settings, database.accounts)
    sign_in = SignIn(database, cookies)
    throttle = JourneyThrottle()

    async def limit(request: Request) -> None:
        if wait := await throttle.count(client_host(request)):
            raise ProviderFault("throttled", wait=wait)

    def redirect_uri(request: Request) -> str:
        base = settings.public_url or request.base_url
        return f"{str(base).rstrip('/')}/staff/oidc/callback"

    def failure(request: Request, fault: ProviderFault, wished: str | None) -> Response:
        if fault.code not in ("cancelled", "throttled"):
            log.warning("signing in with the identity provider failed: %s", fault)
        return pages.page(
            request,
            "provider.html",
            status=STATUS[fault.code],
            headers={"Retry-After": str(fault.wait)} if fault.wait else None,
            code=fault.code,
            next=destination(wished),
        )

    @router.get("/start")
    async def start(request: Request) -> Response:
        wished = destination(request.query_params.get("next"))
        try:
            await limit(request)
            departure = await provider.depart(redirect_uri(request))
        except ProviderFault as fault:
            return failure(request, fault, wished)
        flow = {name: value for name, value in asdict(departure).items() if name != "url"}
        response = RedirectResponse(departure.url, 303)
        cookies.set_flow(request, response, {**flow, "next": wished}, SECONDS)
        return response

    @router.get("/callback")
    async def callback(request: Request) -> Response:
        query = dict(request.query_params)
        state = query.get("state", "")
        flow = cookies.flow(request, state, SECONDS)
        if flow is None:
            # Not begun in this browser, too long ago, or used before.
            return failure(request, ProviderFault("forged", "unknown state"), None)
        try:
            await limit(request)
            identity = await provider.arrive(query, flow, redirect_uri(request))
        except ProviderFault as fault:
            response = failure(request, fault, flow["next"])
        else:
            account = await admission(identity)
            try:
                if account is None:
                    raise AccountError("unknown")
                response = await sign_in(request, account, flow["next"])
            except AccountError:
                response = pages.page(
                    request, "provider.html", status=403, code="not_admitted", next=flow["next"]
                )
        cookies.end_flow(request, response, state)
        return response

    return router
