"""The form that needs no JavaScript: a page with the field, and a page with the answer.

The answer comes in response to the POST itself. A redirect would have to carry the question in an address,
where histories and logs keep it. There is no session, and so nothing that a forged request could misuse.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

from fastapi import Request, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from bot.answer import Answer
from bot.channels.web.addresses import client_host
from bot.channels.web.asking import AsyncAssistant, Overloaded
from bot.channels.web.limits import RateLimits
from bot.channels.web.problems import RETRY_SOON, Problem
from bot.channels.web.quotation import blocks, original_blocks
from bot.channels.web.schemas import AskedChoice, AskRequest, Language
from bot.channels.web.templating import render
from bot.channels.web.turns import Turn, Turns
from bot.personal_data import mask
from bot.question import MAX_LENGTH
from bot.texts import LANGUAGES, load_texts

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Submission:
    """What was sent with the form; a missing field is empty."""

    question: str
    municipality: str
    asked_of: str
    """The municipality as it was chosen for the answer before."""
    section: str
    """A section to show whole: a button was pressed."""
    choice: str
    """A municipality to ask the question before about: a button was pressed."""
    words: str
    """What the button said."""
    conversation: str

    @classmethod
    def read(cls, form: FormData) -> Submission:
        """A file in place of a text counts as missing. A button's value is ``id|what it says``."""
        values = {key: value if isinstance(value, str) else "" for key, value in form.items()}
        section, _, shown = values.get("section", "").partition("|")
        choice, _, chosen = values.get("choice", "").partition("|")
        return cls(
            question=values.get("question", "").strip(),
            municipality=values.get("municipality", "")[:LONGEST_NAME],
            asked_of=values.get("asked_of", "")[:LONGEST_NAME],
            section=section,
            choice=choice,
            words=shown or chosen,
            conversation=values.get("conversation", ""),
        )

    def request(self, language: str | None) -> AskRequest:
        """Raises ``ValidationError`` where a button's value has been tampered with."""
        choice = None
        if self.section or self.choice:
            choice = AskedChoice(
                section=self.section or None, municipality=self.choice or None, label=None, title=None
            )
        # Another municipality begins another conversation: the one before is about the former.
        goes_on = self.municipality == self.asked_of
        return AskRequest(
            question=None if choice else self.question,
            choice=choice,
            municipality=self.municipality or None,
            language=next((one for one in get_args(Language) if one == language), None),
            conversation=self.conversation if goes_on else None,
        )


class QuestionForm:
    """Shows the form and answers it; ``/fraga`` is in Swedish and ``/ask`` in English, ``?lang=`` chooses."""

    def __init__(self, asking: AsyncAssistant) -> None:
        self._asking = asking

    async def show(self, request: Request, language: str) -> Response:
        """The empty form; ``?question=`` and ``?municipality=`` fill it in."""
        query = request.query_params
        known = known_name(self._asking, query.get("municipality", "")) or ""
        return self._page(request, language, query.get("question", ""), known)

    async def answer(self, request: Request, language: str) -> Response:
        """The answer with the form beneath it, or the form with what is wrong beside what was typed."""
        async with request.form() as sent:
            submission = Submission.read(sent)
        texts = load_texts(_language(request, language))
        turn: Turn | None = None
        fault, status, headers = "", 200, {}
        try:
            turn = await self._take(request, submission)
        except Problem as problem:
            fault = texts(f"problem.{problem.kind}.detail", **problem.values)
            status, headers = problem.status_code, dict(problem.headers or {})
        else:
            if turn is None:
                fault, status = texts("chat.empty"), 422
            elif turn.answer.reason == "too_long":
                fault, status, turn = turn.answer.message, 422, None
        submission = replace(submission, question=mask(submission.question).text)
        return self._page(
            request,
            language,
            submission.question if fault else "",
            submission.municipality,
            submission=submission,
            turn=turn,
            fault=fault,
            status=status,
            headers=headers,
        )

    async def _take(self, request: Request, submission: Submission) -> Turn | None:
        """``None``: nothing was asked. Raises `Problem`."""
        if not (submission.question or submission.section or submission.choice):
            return None
        limits: RateLimits = request.app.state.limits
        turns: Turns = request.app.state.turns
        await limits.question(client_host(request))
        try:
            return await turns.take(submission.request(request.query_params.get("lang")))
        except Overloaded:
            raise Problem("overloaded", retry_after=RETRY_SOON) from None
        except ValidationError:
            raise Problem("invalid_request") from None

    def _page(
        self,
        request: Request,
        language: str,
        question: str,
        municipality: str,
        *,
        submission: Submission | None = None,
        turn: Turn | None = None,
        fault: str = "",
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> Response:
        spoken = _language(request, language)
        municipalities = self._asking.at_once(lambda assistant: assistant.goals())
        shown = turn.answer if turn else None
        return render(
            "form.html",
            spoken,
            status=status,
            headers=headers,
            action=f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
            path=request.url.path,
            limit=MAX_LENGTH,
            municipalities=municipalities,
            municipality=municipality,
            contacts=[one.contact for one in municipalities if municipality in ("", one.id)],
            question=question,
            submission=submission,
            answer=shown,
            said=load_texts(shown.language) if shown else None,
            sources=_sources(shown) if shown else {},
            blocks=blocks,
            original_blocks=original_blocks,
            token=turn.token if turn else submission.conversation if submission else "",
            fault=fault,
        )


def known_name(asking: AsyncAssistant, name: str) -> str | None:
    """The id of the municipality that an address names, if it is one of ours."""
    return asking.at_once(lambda assistant: assistant.municipality(name[:LONGEST_NAME])) if name else None


def _language(request: Request, language: str) -> str:
    wished = request.query_params.get("lang", "")
    return wished if wished in LANGUAGES else language


def _sources(answer: Answer) -> dict[str, object]:
    """The citation of each section."""
    return {citation.section: citation for citation in answer.citations}
