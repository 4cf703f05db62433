"""The pages for visitors: demo, embedded chat, the form that needs no JavaScript, and the chat's script."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from bot.channels.web.asking import AsyncAssistant
from bot.channels.web.demo import Demonstration
from bot.channels.web.form import QuestionForm, known_name
from bot.channels.web.limits import limit_reads
from bot.channels.web.preferences import page_language
from bot.channels.web.templating import render
from bot.channels.web.widget import WidgetScript
from bot.settings import Settings

_COUNTED = [Depends(limit_reads)]


def pages_router(asking: AsyncAssistant, settings: Settings) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    widget, form = WidgetScript(), QuestionForm(asking)
    demonstration = Demonstration(asking, settings)

    @router.get("/widget.js")
    async def script(request: Request) -> Response:
        return widget.respond(request)

    @router.get("/")
    async def start() -> Response:
        return RedirectResponse("/demo", 307)

    @router.get("/demo", dependencies=_COUNTED)
    async def demo(request: Request, municipality: str = "") -> Response:
        language = page_language(request, settings.default_language)
        loaded = asking.at_once(lambda assistant: assistant.goals(language))
        if not loaded:
            return RedirectResponse("/fraga", 307)
        wanted = known_name(asking, municipality) or await demonstration.municipality()
        shown = next((one for one in loaded if one.id == wanted), loaded[0])
        return render(
            "demo.html",
            language,
            municipality=shown,
            others=[one for one in loaded if one is not shown],
            examples=await demonstration.examples(shown.id),
            source=demonstration.source(shown),
            headers={"Vary": "Accept-Language"},
        )

    @router.get("/embed", dependencies=_COUNTED)
    async def embed(request: Request, municipality: str = "") -> Response:
        language = page_language(request, settings.default_language)
        known = known_name(asking, municipality) if municipality else ""
        names = [one.id for one in asking.at_once(lambda assistant: assistant.goals())]
        return render(
            "embed.html",
            language,
            status=404 if known is None else 200,
            municipality=known,
            known=", ".join(names),
            headers={"Vary": "Accept-Language"},
        )

    @router.get("/fraga", dependencies=_COUNTED)
    async def show_swedish_form(request: Request) -> Response:
        return await form.show(request, "sv")

    @router.post("/fraga")
    async def answer_swedish_form(request: Request) -> Response:
        return await form.answer(request, "sv")

    @router.get("/ask", dependencies=_COUNTED)
    async def show_english_form(request: Request) -> Response:
        return await form.show(request, "en")

    @router.post("/ask")
    async def answer_english_form(request: Request) -> Response:
        return await form.answer(request, "en")

    return router
