"""An assistant whose every answer a test can predict: it finds a goal where the question says its keyword."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace

from waiting import PATIENCE

from bot.answer import (
    Answer,
    Choice,
    Citation,
    Contact,
    Conversation,
    MunicipalityGoals,
    Note,
    Part,
    SectionSummary,
    Sentence,
    Suggestion,
)

NAMES = {"varnamo": "Värnamo kommun", "vara": "Vara kommun"}
CONTACTS = {
    "varnamo": Contact("Kontaktcenter <Värnamo>", "https://kommun.varnamo.example", phone="0370-00 00 00"),
    "vara": Contact("Vara kommun", "https://www.vara.example"),
}
WORDS = {
    "varnamo/gron": "grön",
    "varnamo/trygg": "trygg",
    "vara/trygg": "trygg",
    "vara/ekonomi": "ekonomi",
}
TITLES = {
    "varnamo/gron": "En grön kommun",
    "varnamo/trygg": "En trygg & <säker> kommun",
    "vara/trygg": "Trygghet i Vara",
    "vara/ekonomi": "Hållbar ekonomi",
}
LONG = "Vi bygger en kommun där alla får plats, och där var och en blir sedd. "


class GoalBook:
    """Fulfils `bot.channels.telegram_bot.chats.Assistant`."""

    def __init__(
        self,
        *,
        held: bool = False,
        together: int = 1,
        municipalities: tuple[str, ...] = ("varnamo", "vara"),
    ) -> None:
        """
        Args:
            held: nothing is answered before `go` is set.
            together: how many questions must be under way before any of them is answered.
        """
        self.asked: list[tuple[str, Conversation]] = []
        self.go = threading.Event()
        if not held:
            self.go.set()
        self.alone: list[str] = []
        """Questions for which the others never came."""
        self._together = threading.Barrier(together, timeout=PATIENCE)
        self._ids = municipalities

    def ask_again(self, conversation: Conversation, municipality: str) -> Answer:
        return self.ask(conversation.question or "", replace(conversation, municipality=municipality))

    def ask(self, question: str, conversation: Conversation) -> Answer:
        self.asked.append((question, conversation))
        assert self.go.wait(PATIENCE)
        try:
            self._together.wait()
        except threading.BrokenBarrierError:
            self.alone.append(question)
        language = conversation.chosen_language or ("en" if "goal" in question else "sv")
        now = replace(conversation, language=language)
        if "brister" in question:
            raise ValueError(f"cannot read {question}")
        if "kraschar" in question:
            # As a fault in native code does: nothing in Python hears of it.
            os.kill(os.getpid(), signal.SIGKILL)
        if "hej" in question:
            return Answer("smalltalk", language, "Hej.", now, message="Hej.")
        if "människa" in question:
            contact = CONTACTS[conversation.municipality or "varnamo"]
            return Answer("smalltalk", language, "Här.", now, message="Här.", contact=contact)
        if "menade" in question:
            return self._offer(language, replace(now, question=question))
        found = [id for id, word in WORDS.items() if word in question and id.split("/")[0] in self._ids]
        if conversation.municipality and len(found) > 1:
            found = [id for id in found if id.startswith(f"{conversation.municipality}/")]
        now = replace(now, question=question, sections=tuple(found))
        if len(found) > 1:
            choices = tuple(Choice(NAMES[id.split("/")[0]], id.split("/")[0]) for id in found)
            return Answer(
                "clarify", language, "Vilken?", now, message="Vilken kommun menar du?", choices=choices
            )
        if not found:
            suggestions = (Suggestion("varnamo/gron", TITLES["varnamo/gron"]),)
            return Answer(
                "no_answer",
                language,
                "Nej.",
                now,
                reason="not_in_sources",
                message="Det står inte i texterna.",
                suggestions=suggestions,
                contact=CONTACTS["varnamo"],
            )
        municipality = found[0].split("/")[0]
        answer = self._answer(found[0], replace(now, municipality=municipality), long="utförligt" in question)
        return replace(answer, message=f"Du frågade: {question}")

    def _offer(self, language: str, now: Conversation) -> Answer:
        """Whether one of two sections is what was meant."""
        choices = tuple(Choice(TITLES[id], None, id) for id in ("varnamo/gron", "vara/ekonomi"))
        return Answer(
            "clarify",
            language,
            "Menade du …",
            now,
            message="Menade du något av det här?",
            choices=choices,
            notices=("Skövde är inte med.",),
            contact=CONTACTS["varnamo"],
        )

    def show(self, section_id: str, conversation: Conversation) -> Answer:
        if section_id not in TITLES:
            raise KeyError(section_id)
        return self._answer(section_id, replace(conversation, sections=(section_id,)), long=True)

    def goals(self, language: str | None = None) -> tuple[MunicipalityGoals, ...]:
        return tuple(
            MunicipalityGoals(
                id,
                NAMES[id],
                CONTACTS[id].url,
                CONTACTS[id],
                tuple(
                    SectionSummary(section, id, "goal", title, "allas <väl>")
                    for section, title in TITLES.items()
                    if section.startswith(f"{id}/")
                ),
            )
            for id in self._ids
        )

    def municipality(self, name: str) -> str | None:
        names = {"varnamo": "varnamo", "värnamo": "varnamo", "vara": "vara", "vara kommun": "vara"}
        return names.get(name.casefold())

    def _answer(self, section: str, conversation: Conversation, *, long: bool) -> Answer:
        language = conversation.chosen_language or conversation.language or "sv"
        sentences = [
            Sentence("Vi värnar <b>miljön</b> & varandra.", speaker="Ada Exempel, rådgivare"),
            Sentence("- Rent vatten.", paragraph=1, item=True),
            Sentence("- Frisk luft.", paragraph=1, item=True),
        ]
        if long:
            sentences += [Sentence(f"({n}) {LONG}".strip(), paragraph=2 + n // 4) for n in range(120)]
        url = f"https://kommun.example/{section}?a=1&b=2"
        return Answer(
            "answer",
            language,
            TITLES[section],
            conversation,
            municipalities=(section.split("/")[0],),
            parts=(
                Part(
                    section,
                    TITLES[section],
                    tuple(sentences),
                    (Note("Gäller än.", "Beslut 2024", url),),
                    whole=long,
                ),
            ),
            citations=(Citation(section, TITLES[section], "Mål 2024", url, "Gäller från 1 januari 2024."),),
            suggestions=(Suggestion("varnamo/trygg", TITLES["varnamo/trygg"]),),
            notices=("Texten är inofficiell.",),
        )
