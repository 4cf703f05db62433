"""A whole section, under an address that can be passed on to a colleague."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from bot.channels.web.asking import AsyncAssistant
from bot.channels.web.staff.gate import Gate
from bot.channels.web.staff.pages import StaffPages
from bot.channels.web.staff.refusals import Refusal
from bot.texts import LANGUAGES


def section_router(asking: AsyncAssistant, pages: StaffPages, gate: Gate) -> APIRouter:
    router = APIRouter(prefix="/staff/sections", route_class=gate.guarded())

    @router.get("/{municipality}/{slug}")
    async def show(request: Request, municipality: str, slug: str) -> Response:
        wished = request.query_params.get("language", "")
        language = wished if wished in LANGUAGES else pages.language(request)
        try:
            section = await asking(lambda one: one.section(f"{municipality}/{slug}", language))
        except KeyError:
            raise Refusal("absent") from None
        names = {one.id: one.name for one in await asking(lambda one: one.goals(language))}
        paragraphs: dict[int, list[object]] = {}
        for sentence in section.sentences:
            paragraphs.setdefault(sentence.paragraph, []).append(sentence)
        return pages.page(
            request,
            "section.html",
            section=section,
            paragraphs=tuple(paragraphs.values()),
            municipality=names[section.municipality],
            text_language=language,
            languages=LANGUAGES,
        )

    return router
