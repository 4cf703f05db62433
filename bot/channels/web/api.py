"""The web API under ``/api/v1``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse

from bot.answer import SectionSummary
from bot.assistant import Assistant
from bot.channels.web.asking import AsyncAssistant, while_connected
from bot.channels.web.bodies import JSONRoute
from bot.channels.web.limits import limit_questions, limit_reads
from bot.channels.web.openapi import problems
from bot.channels.web.preferences import caller_language
from bot.channels.web.problems import Problem
from bot.channels.web.schemas import AskRequest, AskResponse, Goals, Language, Municipalities, SectionOut
from bot.channels.web.turns import Turns, known_municipality
from bot.settings import Settings

MunicipalityName = Annotated[
    str | None, Query(description="Id or name; without it those of all.", examples=["varnamo"])
]
WishedLanguage = Annotated[
    Language | None, Query(description="Else `Accept-Language` decides, else the service's own language.")
]


def api_router(asking: AsyncAssistant, turns: Turns, settings: Settings) -> APIRouter:
    """The operations. They answer with responses of their own: to check each answer against its schema
    would cost every caller what the tests do once."""
    router = APIRouter(prefix="/api/v1", route_class=JSONRoute)

    @router.post(
        "/ask",
        summary="Ask a question",
        response_model=AskResponse,
        response_description="The answer.",
        responses=problems(
            "invalid_request",
            "unknown_municipality",
            "unknown_section",
            "body_too_large",
            "request_timeout",
            "unsupported_media_type",
            "rate_limited",
            "overloaded",
        ),
        dependencies=[Depends(limit_questions)],
    )
    async def ask(request: Request, asked: AskRequest) -> JSONResponse:
        """The answer to a question, or to a choice of the answer before, and the conversation's token."""
        turn = await while_connected(request, turns.take(asked))
        body = {**turn.answer.as_json(), "conversation": turn.token}
        return JSONResponse(body, headers={"Content-Language": turn.answer.language})

    @router.get(
        "/municipalities",
        summary="List the municipalities",
        response_model=Municipalities,
        response_description="The municipalities.",
        responses=problems("rate_limited"),
        dependencies=[Depends(limit_reads)],
    )
    async def municipalities() -> JSONResponse:
        """The municipalities whose goals are loaded, with where a person answers."""
        loaded = asking.at_once(lambda assistant: assistant.goals())
        listed = [
            {"id": one.id, "name": one.name, "website": one.website, "contact": asdict(one.contact)}
            for one in loaded
        ]
        return JSONResponse({"municipalities": listed})

    @router.get(
        "/goals",
        summary="List the goals",
        response_model=Goals,
        response_description="The goals.",
        responses=problems("unknown_municipality", "invalid_request", "rate_limited", "overloaded"),
        dependencies=[Depends(limit_reads)],
    )
    async def goals(
        request: Request, municipality: MunicipalityName = None, language: WishedLanguage = None
    ) -> JSONResponse:
        """The goals of one municipality or of all, in the order of their documents."""
        spoken = language or caller_language(request, settings.default_language)

        def find(assistant: Assistant) -> list[SectionSummary]:
            wanted = known_municipality(assistant, municipality) if municipality is not None else None
            loaded = assistant.goals(spoken)
            return [goal for one in loaded if wanted in (None, one.id) for goal in one.goals]

        found = await asking(find)
        return _spoken({"language": spoken, "goals": [asdict(goal) for goal in found]}, spoken)

    @router.get(
        "/sections/{municipality}/{slug}",
        summary="Read a section",
        response_model=SectionOut,
        response_description="The section.",
        responses=problems("unknown_section", "invalid_request", "rate_limited", "overloaded"),
        dependencies=[Depends(limit_reads)],
    )
    async def section(
        request: Request,
        municipality: Annotated[str, Path(examples=["varnamo"])],
        slug: Annotated[str, Path(examples=["gron"])],
        language: WishedLanguage = None,
    ) -> JSONResponse:
        """A whole section: a goal, a vision, an overview. The two parts of the path are its id."""
        spoken = language or caller_language(request, settings.default_language)
        try:
            found = await asking(lambda assistant: assistant.section(f"{municipality}/{slug}", spoken))
        except KeyError:
            raise Problem("unknown_section") from None
        return _spoken({"language": spoken, **asdict(found)}, spoken)

    return router


def _spoken(body: dict[str, object], language: str) -> JSONResponse:
    return JSONResponse(body, headers={"Content-Language": language, "Vary": "Accept-Language"})
