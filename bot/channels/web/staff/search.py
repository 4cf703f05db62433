"""The search page: as somebody types, and as a form that needs no JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from bot.answer import Document, Found, MunicipalityGoals, State
from bot.assistant import Assistant, Filters
from bot.channels.web.asking import AsyncAssistant, while_connected
from bot.channels.web.staff.gate import Gate
from bot.channels.web.staff.pages import StaffPages
from bot.channels.web.staff.passage import shown_passage
from bot.personal_data import mask
from bot.texts import LANGUAGES

RESULTS = 10
KINDS = ("goal", "vision", "overview", "success_factors", "background", "contact")
STATES: tuple[State, ...] = get_args(State)
FILTERS = ("municipality", "document", "kind", "state", "language")


class SearchRequest(BaseModel):
    """A search as the page sends it while somebody types."""

    query: str = ""
    municipality: str = ""
    document: str = ""
    kind: str = ""
    state: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What can be searched."""

    municipalities: tuple[MunicipalityGoals, ...]
    documents: tuple[Document, ...]

    @property
    def names(self) -> dict[str, str]:
        """Names of the municipalities by id."""
        return {municipality.id: municipality.name for municipality in self.municipalities}

    def filters(self, given: Mapping[str, Any], language: str) -> Filters:
        """The filters that are among those on offer; any other is as if it were not there."""

        def known(name: str, offered: tuple[str, ...]) -> str | None:
            value = given.get(name)
            return value if isinstance(value, str) and value in offered else None

        municipality = known("municipality", tuple(self.names))
        documents = tuple(one.id for one in self.documents if municipality in (None, one.municipality))
        state = known("state", STATES)
        return Filters(
            municipality=municipality,
            document=known("document", documents),
            kind=known("kind", KINDS),
            state=next((one for one in STATES if one == state), None),
            language=known("language", LANGUAGES) or language,
        )


class Search:
    """Looks up, and gives the templates what they show."""

    def __init__(self, asking: AsyncAssistant) -> None:
        self._asking = asking

    async def look_up(self, query: str, given: Mapping[str, Any], language: str) -> dict[str, Any]:
        """The values of ``results.html`` for a query; an empty one shows what there is."""
        query = mask(query.strip()).text

        def find(assistant: Assistant) -> tuple[Shelf, Filters, tuple[Found, ...]]:
            shelf = Shelf(assistant.goals(language), assistant.documents())
            filters = shelf.filters(given, language)
            return shelf, filters, assistant.find(query, filters, k=RESULTS) if query else ()

        # One call, for each waits for a thread.
        shelf, filters, found = await self._asking(find)
        return {
            "query": query,
            "found": [(one, shown_passage(one)) for one in found],
            "shelf": shelf,
            "shown": [one for one in shelf.municipalities if filters.municipality in (None, one.id)],
            "chosen": {name: getattr(filters, name) or "" for name in FILTERS},
            "text_language": filters.language,
            "kinds": KINDS,
            "states": STATES,
            "languages": LANGUAGES,
        }


def search_router(asking: AsyncAssistant, pages: StaffPages, gate: Gate) -> APIRouter:
    """The words of a search are a caller's. They are always posted, never part of an address: addresses
    end up in the logs of proxies and in the browser's history."""
    router = APIRouter(prefix="/staff", route_class=gate.guarded())
    search = Search(asking)

    @router.get("")
    async def show(request: Request) -> Response:
        values = await search.look_up("", request.query_params, pages.language(request))
        return pages.page(request, "search.html", **values)

    @router.post("")
    async def submit(request: Request) -> Response:
        form = await request.form()
        query = str(form.get("query") or "")
        values = await search.look_up(query, form, pages.language(request))
        return pages.page(request, "search.html", **values)

    @router.post("/api/search")
    async def live(request: Request, body: SearchRequest) -> Response:
        # Who types on is not interested in what was not yet looked up.
        looking = search.look_up(body.query, body.model_dump(), pages.language(request))
        values = await while_connected(request, looking)
        return pages.fragment(request, "results.html", **values)

    return router
