"""The accounts of staff, for those who see to them."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.channels.web.staff.gate import Gate, guest
from bot.channels.web.staff.pages import StaffPages
from bot.channels.web.staff.refusals import Refusal
from bot.database import AccountError, Database
from bot.local_time import local_time
from bot.roles import ROLES, Role, read_role
from bot.texts import Texts, load_texts

DONE = ("role", "block", "unblock", "end")
"""What can be done, and was."""


def account_router(database: Database, pages: StaffPages, gate: Gate) -> APIRouter:
    router = APIRouter(prefix="/staff/accounts", route_class=gate.guarded("admin"))

    @router.get("")
    async def show(request: Request) -> Response:
        texts = load_texts(pages.language(request))
        done = request.query_params.get("done", "")
        return pages.page(
            request,
            "accounts.html",
            accounts=[
                (one, _moment(one.signed_in_at, texts) if one.signed_in_at else "")
                for one in await database.accounts.all()
            ],
            roles=ROLES,
            done=done if done in DONE else "",
            whom=request.query_params.get("name", "") if done in DONE else "",
        )

    @router.post("/{action}")
    async def change(request: Request, action: str) -> Response:
        form = await request.form()
        name = str(form.get("name") or "")
        account = await database.accounts.get(name)
        if action not in DONE or account is None:
            raise Refusal("absent")
        if account.id == guest(request).account.id and action != "end":
            # Whoever locks themselves out needs somebody with a shell to get in again.
            raise Refusal("self")
        try:
            if action == "role":
                await database.accounts.set_role(account.name, _role(form.get("role")))
            elif action == "end":
                await database.sessions.end_all(account)
            else:
                await database.accounts.set_blocked(account.name, action == "block")
        except AccountError as error:
            # Unknown: removed a moment ago.
            raise Refusal("by_claim" if error.code == "by_claim" else "absent") from None
        return RedirectResponse(f"/staff/accounts?{urlencode({'done': action, 'name': account.name})}", 303)

    return router


def _role(value: object) -> Role:
    role = read_role(value)
    if role is None:
        raise Refusal("absent")
    return role


def _moment(at: datetime, texts: Texts) -> str:
    local = local_time(at)
    return texts("staff.accounts.moment", day=texts.date(local.date()), time=f"{local:%H:%M}")
