"""The demo page: which municipality it shows, and which questions it proposes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.answer import MunicipalityGoals
from bot.channels.web.asking import AsyncAssistant
from bot.settings import Settings
from bot.texts import LANGUAGES, load_texts


@dataclass(frozen=True, slots=True)
class Example:
    """A question to try, and its language."""

    question: str
    language: str


class Demonstration:
    """The examples of the texts are about one municipality's goal; another's page asks about its own."""

    def __init__(self, asking: AsyncAssistant, settings: Settings) -> None:
        self._asking = asking
        self._default = settings.default_municipality
        self._subject: str | None = None
        self._finding = asyncio.Lock()

    async def municipality(self) -> str:
        """The id to show where none is asked for: the deployment's, else the one that the examples are about;
        empty where they are answered with none."""
        return self._default or await self._example_of()

    async def examples(self, municipality: str) -> tuple[Example, ...]:
        """A question in each language about a goal of the municipality; none where it has no goal."""
        if municipality == await self._example_of():
            return tuple(Example(load_texts(one)(f"demo.example.{one}"), one) for one in LANGUAGES)
        return tuple(
            Example(load_texts(language)("demo.example_other", title=one.goals[0].title), language)
            for language in LANGUAGES
            for one in self._loaded(language)
            if one.id == municipality and one.goals
        )

    def source(self, municipality: MunicipalityGoals) -> str:
        """The address where its goals stand; its website where it has no goal."""
        if not municipality.goals:
            return municipality.website
        return self._asking.at_once(
            lambda assistant: assistant.section(municipality.goals[0].id)
        ).citation.url

    def _loaded(self, language: str) -> tuple[MunicipalityGoals, ...]:
        return self._asking.at_once(lambda assistant: assistant.goals(language))

    async def _example_of(self) -> str:
        """Searches once only: the page itself must cost no question."""
        async with self._finding:
            if self._subject is None:
                example = load_texts(LANGUAGES[0])(f"demo.example.{LANGUAGES[0]}")
                answer = await self._asking(lambda assistant: assistant.ask(example))
                self._subject = next(iter(answer.municipalities), "")
            return self._subject
