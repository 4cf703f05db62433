"""What stands under ``/staff``."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from bot.channels.web.asking import AsyncAssistant
from bot.channels.web.staff.accounts import account_router
from bot.channels.web.staff.cookies import StaffCookies
from bot.channels.web.staff.gate import Gate
from bot.channels.web.staff.oidc import oidc_router
from bot.channels.web.staff.pages import StaffPages
from bot.channels.web.staff.quotations import quotation_router
from bot.channels.web.staff.refusals import Refusal
from bot.channels.web.staff.search import search_router
from bot.channels.web.staff.sections import section_router
from bot.channels.web.staff.sign_in import sign_in_router
from bot.database import Database
from bot.settings import Settings


def staff_router(asking: AsyncAssistant, settings: Settings, database: Database, key: bytes) -> APIRouter:
    cookies = StaffCookies(settings, key)
    pages = StaffPages(settings, cookies)
    gate = Gate(settings, database, cookies, pages)
    router = APIRouter(include_in_schema=False)
    router.include_router(sign_in_router(settings, database, cookies, pages, gate))
    if settings.oidc_configured:
        router.include_router(oidc_router(settings, database, cookies, pages, gate))
    router.include_router(search_router(asking, pages, gate))
    router.include_router(quotation_router(asking, pages, gate))
    router.include_router(section_router(asking, pages, gate))
    router.include_router(account_router(database, pages, gate))
    # Last: whatever else is asked for beneath, by whatever method.
    nowhere = APIRouter(prefix="/staff", route_class=gate.guarded())

    @nowhere.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def absent(request: Request) -> Response:
        raise Refusal("absent")

    router.include_router(nowhere)
    return router
