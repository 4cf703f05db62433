"""The staff page's pages: what every one of them shows around its own content."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from bot.channels.web.preferences import page_language
from bot.channels.web.staff.cookies import StaffCookies
from bot.channels.web.staff.destination import HOME, destination
from bot.channels.web.staff.refusals import Refusal
from bot.channels.web.templating import render
from bot.database import StaffSession
from bot.settings import Settings
from bot.texts import LANGUAGES

WAYS_HOME = ("absent", "role", "self", "by_claim", "token", "foreign")
"""Refusals after which the search page is the way on."""


class StaffPages:
    def __init__(self, settings: Settings, cookies: StaffCookies) -> None:
        self._settings = settings
        self._cookies = cookies

    def language(self, request: Request) -> str:
        """``?lang=``, else what this browser chose before, else what it prefers."""
        for wished in (request.query_params.get("lang"), self._cookies.language(request)):
            if wished in LANGUAGES:
                return str(wished)
        return page_language(request, self._settings.default_language)

    def page(
        self,
        request: Request,
        name: str,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """The template ``staff/<name>``; remembers the language if the address chose one."""
        language = self.language(request)
        query = [(key, one) for key, one in request.query_params.multi_items() if key != "lang"]
        others = [
            (one, f"{request.url.path}?{urlencode([*query, ('lang', one)])}")
            for one in LANGUAGES
            if one != language
        ]
        response = render(
            f"staff/{name}",
            language,
            status=status,
            headers=headers,
            session=session_of(request),
            idle_minutes=self._settings.staff_idle_minutes,
            other_languages=others,
            path=request.url.path,
            **values,
        )
        if request.query_params.get("lang") in LANGUAGES:
            self._cookies.set_language(request, response, language)
        return response

    def fragment(self, request: Request, name: str, **values: Any) -> HTMLResponse:
        """A part of a page, to be put in where it belongs."""
        return render(f"staff/{name}", self.language(request), session=session_of(request), **values)

    def text_fragment(self, name: str, language: str, **values: Any) -> str:
        """A part of a page in that language as text, to travel in JSON."""
        return bytes(render(f"staff/{name}", language, **values).body).decode()

    def refusal(self, request: Request, refusal: Refusal) -> Response:
        """A page that says why not, and what to do."""
        return self.page(
            request,
            "refusal.html",
            status=refusal.status,
            headers=refusal.headers,
            code=refusal.code,
            wait=refusal.wait,
            goes_home=refusal.code in WAYS_HOME and session_of(request) is not None,
            again=destination(request.url.path) if request.method == "GET" else HOME,
        )


def session_of(request: Request) -> StaffSession | None:
    """The session that the gate let in; none on the pages before it."""
    session = getattr(request.state, "staff_session", None)
    return session if isinstance(session, StaffSession) else None
