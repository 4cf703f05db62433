"""The kinds of reply in one turn of a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.answer import Answer, AnswerKind, Choice, Contact, Conversation, Reason, Suggestion
from bot.compose import Composer, contact_line, reply_text
from bot.library import Library, LibrarySection
from bot.texts import Texts

MOST_LISTED = 5
"""A list of more is no help."""


@dataclass(frozen=True, slots=True)
class Replies:
    """Makes the answer of one turn; every method returns a complete `Answer`."""

    library: Library
    composer: Composer
    texts: Texts
    conversation: Conversation
    """As it will be after the turn, but for the sections shown."""
    named: tuple[str, ...]
    """Municipalities that the question names."""
    default_municipality: str | None
    elsewhere: str | None
    """A place that the question names and that is not loaded."""
    foreign: bool
    """Whether the question is in a language that Målvakt does not speak."""

    def about(self, topic: str | None) -> Replies:
        """The same, remembering what the question is about; ``None``: nothing to come back to."""
        return replace(self, conversation=replace(self.conversation, question=topic))

    def answer(
        self, sections: Sequence[LibrarySection], scores: Sequence[Sequence[float]], confidence: float
    ) -> Answer:
        """The sentences of the sections that answer, best municipality first."""
        unsaid = len(sections) == 1 and self.named != (sections[0].municipality,)
        return self._with_sections(
            sections,
            self._begin(
                "answer",
                message=self._whose(sections[0]) if unsaid else "",
                parts=tuple(
                    self.composer.part(section, lines, heading=self._heading(section, sections))
                    for section, lines in zip(sections, scores, strict=True)
                ),
                confidence=round(confidence, 3),
            ),
        )

    def whole(self, sections: Sequence[LibrarySection]) -> Answer:
        """The sections in full."""
        parts = tuple(
            self.composer.part(section, heading=self._heading(section, sections)) for section in sections
        )
        # The conversation may have gone on to another municipality since they were shown.
        here = (None, sections[0].municipality)
        elsewhere = len(sections) == 1 and self.conversation.municipality not in here
        message = self._whose(sections[0]) if elsewhere else ""
        return self._with_sections(
            sections, self._begin("answer", message=message, parts=parts, confidence=1.0)
        )

    def clarify(self, sections: Sequence[LibrarySection], confidence: float) -> Answer:
        """Which municipality is meant; each of the sections' alone would be answered."""
        choices = tuple(
            Choice(self._name(section.municipality), section.municipality) for section in sections
        )
        names = self.texts.listing(tuple(choice.label for choice in choices), "or")
        return self._finish(
            self._begin(
                "clarify",
                message=self.texts("clarify.municipality", names=names),
                choices=choices,
                confidence=round(confidence, 3),
            )
        )

    def smalltalk(self, kind: str) -> Answer:
        message = self.texts(f"smalltalk.{kind}", names=self._names())
        return self._finish(
            self._begin(
                "smalltalk",
                message=self._with_contacts(message) if kind == "person" else message,
                contact=self._contact() if kind == "person" else None,
            )
        )

    def refuse(
        self,
        reason: Reason,
        *,
        searched: Sequence[str] | None = None,
        confidence: float | None = None,
        **values: object,
    ) -> Answer:
        """No answer, with the overviews of goals and a person to ask instead.

        Args:
            searched: ids of the municipalities whose texts were searched; all by default.
        """
        message = self.texts(f"no_answer.{reason}", names=self._names(searched), **values)
        return self._finish(
            self._begin(
                "no_answer",
                reason=reason,
                message=message if reason == "other_municipality" else self._with_contacts(message),
                suggestions=self._ways_in(),
                contact=None if reason == "other_municipality" else self._contact(),
                confidence=None if confidence is None else round(confidence, 3),
            )
        )

    def _begin(self, kind: AnswerKind, **fields: Any) -> Answer:
        """An answer of this turn; its text comes last, from all its fields."""
        return Answer(kind, self.texts.language, "", self.conversation, **fields)

    def _with_sections(self, sections: Sequence[LibrarySection], answer: Answer) -> Answer:
        notices = [
            f"{heading}: {notice}" if (heading := self._heading(section, sections)) else notice
            for section in sections
            for notice in self.composer.notices(section)
        ]
        municipalities = tuple(dict.fromkeys(section.municipality for section in sections))
        # A goal that only another municipality has is answered, but moves nobody there.
        known = self.conversation.municipality or self.default_municipality
        moved = municipalities[0] if known is None and len(municipalities) == 1 else known
        return self._finish(
            replace(
                answer,
                municipalities=municipalities,
                citations=tuple(self.composer.citation(section) for section in sections),
                suggestions=self.composer.suggestions(sections[0]) if len(sections) == 1 else (),
                notices=tuple(dict.fromkeys(notices)),
                conversation=replace(
                    answer.conversation,
                    sections=tuple(section.id for section in sections),
                    municipality=moved,
                ),
            )
        )

    def _finish(self, answer: Answer) -> Answer:
        if self.elsewhere and self.named:
            notice = self.texts("notice.elsewhere", place=self.elsewhere)
            answer = replace(answer, notices=(notice, *answer.notices))
        if self.foreign:
            answer = replace(answer, notices=(self.texts("notice.languages"), *answer.notices))
        return replace(answer, text=reply_text(answer, self.texts))

    def _whose(self, section: LibrarySection) -> str:
        return self.texts("whose", name=self._name(section.municipality))

    def _name(self, municipality_id: str) -> str:
        return next(m.name for m in self.library.municipalities if m.id == municipality_id)

    def _names(self, ids: Sequence[str] | None = None) -> str:
        """The names of those municipalities, or of all, as running text."""
        shown = [m.name for m in self.library.municipalities if ids is None or m.id in ids]
        return self.texts.listing(tuple(shown))

    def _heading(self, section: LibrarySection, sections: Sequence[LibrarySection]) -> str:
        """The municipality's name, where sections of several stand together."""
        several = len({one.municipality for one in sections}) > 1
        return self._name(section.municipality) if several else ""

    def _ways_in(self) -> tuple[Suggestion, ...]:
        """The overviews of goals, or the goals themselves where nobody wrote an overview."""
        known = self.conversation.municipality or self.default_municipality
        sections = [s for s in self.library.sections.values() if known in (None, s.municipality)]
        overviews = [
            Suggestion(section.id, self.texts("overview_of", name=self._name(section.municipality)))
            for section in sections
            if section.kind == "overview"
        ]
        goals = [
            Suggestion(section.id, self.composer.title(section))
            for section in sections
            if section.kind == "goal"
        ]
        return tuple((overviews or goals)[:MOST_LISTED])

    def _with_contacts(self, message: str) -> str:
        """The message, with where to ask in each municipality while it is not known which one is meant."""
        if self._contact():
            return message
        lines = [contact_line(m.contact, self.texts) for m in self.library.municipalities[:MOST_LISTED]]
        return "\n".join([message, *lines])

    def _contact(self) -> Contact | None:
        """Of the municipality that the conversation is about, or of the only one."""
        known = self.conversation.municipality or self.default_municipality
        municipalities = [m for m in self.library.municipalities if known in (None, m.id)]
        return municipalities[0].contact if len(municipalities) == 1 else None
