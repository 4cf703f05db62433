"""A section's answer to copy or to read out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from bot.channels.web.asking import AsyncAssistant
from bot.channels.web.quotation import blocks
from bot.channels.web.staff.gate import Gate
from bot.channels.web.staff.pages import StaffPages
from bot.channels.web.staff.refusals import Refusal
from bot.texts import LANGUAGES


class QuotationRequest(BaseModel):
    section: str
    query: str = ""
    language: str = ""


def quotation_router(asking: AsyncAssistant, pages: StaffPages, gate: Gate) -> APIRouter:
    router = APIRouter(prefix="/staff/api", route_class=gate.guarded())

    @router.post("/quote")
    async def quote(request: Request, body: QuotationRequest) -> Response:
        """The reply as plain text, as HTML for the clipboard, and as large type to read out."""
        language = body.language if body.language in LANGUAGES else pages.language(request)
        try:
            answer = await asking(lambda one: one.quote(body.section, body.query, language))
        except KeyError:
            raise Refusal("absent") from None
        values = {"answer": answer, "blocks": blocks}
        return JSONResponse(
            {
                "text": answer.text,
                "html": pages.text_fragment("clipboard.html", answer.language, **values),
                "reading": pages.text_fragment("reading.html", pages.language(request), **values),
            }
        )

    return router
