"""The kinds of reply in one turn of a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from bot.answer import Answer, AnswerKind, Choice, Contact, Conversation, Reason, Suggestion
from bot.compose import Composer, contact_line, reply_text
from bot.library import Library, LibrarySection
from bot.texts import Texts

MOST_EARLIER = 6
"""Answers that one can go back to, beside the last."""
MOST_LISTED = 5
"""A list of more is no help."""
_WITHOUT_CONTACT: tuple[Reason, ...] = ("other_municipality", "request", "off_topic")
"""Reasons that the contact centre has nothing to add to."""

Shown = Sequence[tuple[LibrarySection, Sequence[int]]]
"""Sections, each with the places of the lines that are shown of it, in reading order."""


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

    def answer(self, shown: Shown, confidence: float, *, message: str = "") -> Answer:
        """What is shown of the sections that answer, best municipality first.

        Args:
            message: said first, before whose goals they are.
        """
        first = shown[0][0]
        unsaid = len(shown) == 1 and self.named != (first.municipality,)
        whose = self._whose(first) if unsaid else ""
        return self._with_sections(shown, "\n".join(filter(None, (message, whose))), confidence)

    def whole(self, sections: Sequence[LibrarySection]) -> Answer:
        """The sections in full."""
        shown = [(section, range(len(section.lines))) for section in sections]
        return self._with_sections(shown, self._whose_elsewhere(sections), 1.0)

    def rest(self, beside: Mapping[str, Sequence[int]] = MappingProxyType({})) -> Answer:
        """What of the sections shown last has not been shown yet; never the same again.

        Args:
            beside: by section, places of lines to repeat with it.
        """
        unread = {
            section.id: [at for at in range(len(section.lines)) if at not in seen]
            for section, seen in self.shown()
        }
        wanted = [
            (section, sorted({*unread[section.id], *beside.get(section.id, ())}))
            for section, _ in self.shown()
        ]
        left = [(section, places) for section, places in wanted if places]
        if left:
            sections = [section for section, _ in left]
            return self._with_sections(left, self._whose_elsewhere(sections), 1.0)
        return self._nothing_more([section for section, _ in self.shown()])

    def _nothing_more(self, sections: Sequence[LibrarySection]) -> Answer:
        """That all of these has been shown, with where it stands; not the same words again."""
        said = self.texts("follow.all_shown", titles=self._titles(sections))
        answer = self.excerpt([(section, ()) for section in sections], said)
        return self._finish(replace(answer, suggestions=self.composer.suggestions(sections[0])))

    def excerpt(self, shown: Shown, message: str, *, contact: bool = False) -> Answer:
        """A few lines of sections with something said of them; they do not count as read."""
        sections = [section for section, _ in shown]
        parts = tuple(
            self.composer.part(section, places, heading=self._heading(section, sections))
            for section, places in shown
        )
        answer = self._cite(sections, self._begin("answer", message=message, parts=parts))
        answer = replace(answer, contact=self._contact() if contact else None)
        return self._finish(answer)

    def quotation(
        self, section: LibrarySection, shown: Sequence[int] | None, confidence: float | None
    ) -> Answer:
        """One section's sentences alone, with whose they are, to pass on; without ``shown`` all of them."""
        places = range(len(section.lines)) if shown is None else shown
        probability = 1.0 if confidence is None else confidence
        answer = self._with_sections([(section, places)], self._whose(section), probability)
        return self._finish(replace(answer, suggestions=()))

    def clarify(self, municipalities: Sequence[str], confidence: float | None = None) -> Answer:
        """Which municipality is meant; each of them alone would be answered."""
        choices = tuple(Choice(self.name(municipality), municipality) for municipality in municipalities)
        names = self.texts.listing(tuple(choice.label for choice in choices), "or")
        return self._offer(choices, self.texts("clarify.municipality", names=names), confidence)

    def offer(self, sections: Sequence[LibrarySection], confidence: float | None, *, several: bool) -> Answer:
        """Whether one of these sections is what was meant; a person can be asked instead.

        Args:
            several: whether several municipalities were searched, so that each is named.
        """
        choices = tuple(
            Choice(self._headed(section) if several else self.composer.title(section), None, section.id)
            for section in sections
        )
        titles = tuple(self.texts("quoted", title=choice.label) for choice in choices)
        message = self.texts("clarify.section", titles=self.texts.listing(titles, "or"))
        answer = self._offer(choices, self._with_contacts(message), confidence)
        return self._finish(replace(answer, contact=self._contact()))

    def smalltalk(self, kind: str) -> Answer:
        message = self.texts(f"smalltalk.{kind}", names=self._names())
        return self._finish(
            self._begin(
                "smalltalk",
                message=self._with_contacts(message) if kind == "person" else message,
                contact=self._contact() if kind == "person" else None,
            )
        )

    def with_person(self, section: LibrarySection) -> Answer:
        """Where a person answers, in the municipality's own words."""
        return self.excerpt(
            [(section, range(len(section.lines)))], self.texts("smalltalk.person"), contact=True
        )

    def refuse(
        self,
        reason: Reason,
        *,
        searched: Sequence[str] | None = None,
        confidence: float | None = None,
        nearest: LibrarySection | None = None,
        message: str = "",
        **values: object,
    ) -> Answer:
        """No answer, with the overviews of goals and a person to ask instead.

        Args:
            searched: ids of the municipalities whose texts were searched; all by default.
            nearest: the section that comes closest to the subject, the first to be suggested.
            message: what is known all the same, in place of the usual words.
        """
        message = message or self.texts(f"no_answer.{reason}", names=self._names(searched), **values)
        near = (Suggestion(nearest.id, self._headed(nearest)),) if nearest else ()
        ways = tuple(one for one in self._ways_in() if nearest is None or one.section != nearest.id)
        return self._finish(
            self._begin(
                "no_answer",
                reason=reason,
                message=message if reason in _WITHOUT_CONTACT else self._with_contacts(message),
                suggestions=(*near, *ways),
                contact=None if reason in _WITHOUT_CONTACT else self._contact(),
                confidence=None if confidence is None else round(confidence, 3),
            )
        )

    def no_such_number(self, municipality: str, goals: Sequence[LibrarySection]) -> Answer:
        """That a municipality has no goal of that number, and those that it has."""
        said = self.texts("follow.no_such_number", name=self.name(municipality), count=len(goals))
        suggestions = tuple(Suggestion(goal.id, self.composer.title(goal)) for goal in goals)
        return self._finish(self._begin("no_answer", reason="unclear", message=said, suggestions=suggestions))

    def no_other(self, sections: Sequence[LibrarySection]) -> Answer:
        """That nothing but the sections shown last speaks of what was asked."""
        said = self.texts("follow.no_other", titles=self._titles(sections))
        related = self.composer.suggestions(sections[0])
        return self._finish(self._begin("no_answer", reason="all_shown", message=said, suggestions=related))

    def covered(self, searched: Sequence[str]) -> str:
        """What the texts of a single municipality are about, its goals; of several the list would be long."""
        goals = [s for s in self.library.sections.values() if s.kind == "goal" and s.municipality in searched]
        if len(searched) != 1 or not goals:
            return ""
        return self.texts("reply.covered", titles=self._titles(goals))

    def shown(self) -> list[tuple[LibrarySection, Sequence[int]]]:
        """The sections shown last, each with the lines that have been shown; none where it is not known."""
        now = self.conversation
        places = [*now.shown, *[()] * len(now.sections)]
        return [(self.library.sections[id], seen) for id, seen in zip(now.sections, places, strict=False)]

    def name(self, municipality_id: str) -> str:
        return next(m.name for m in self.library.municipalities if m.id == municipality_id)

    def _begin(self, kind: AnswerKind, **fields: Any) -> Answer:
        """An answer of this turn; its text comes last, from all its fields."""
        return Answer(kind, self.texts.language, "", self.conversation, **fields)

    def _offer(self, choices: tuple[Choice, ...], message: str, confidence: float | None) -> Answer:
        offered = tuple(choice.section or choice.municipality or "" for choice in choices)
        answer = self._begin(
            "clarify",
            message=message,
            choices=choices,
            confidence=None if confidence is None else round(confidence, 3),
        )
        return self._finish(replace(answer, conversation=replace(self.conversation, offered=offered)))

    def _with_sections(self, shown: Shown, message: str, confidence: float) -> Answer:
        """An answer with these lines, remembered as read."""
        sections = [section for section, _ in shown]
        parts = tuple(
            self.composer.part(section, places, heading=self._heading(section, sections))
            for section, places in shown
        )
        answer = self._begin("answer", message=message, parts=parts, confidence=round(confidence, 3))
        municipalities = tuple(dict.fromkeys(section.municipality for section in sections))
        # A goal that only another municipality has is answered, but moves nobody there.
        known = self.conversation.municipality or self.default_municipality
        moved = municipalities[0] if known is None and len(municipalities) == 1 else known
        before = {section.id: seen for section, seen in self.shown()}
        read = tuple(tuple(sorted({*places, *before.get(section.id, ())})) for section, places in shown)
        ids = tuple(section.id for section in sections)
        now = replace(
            answer.conversation, sections=ids, shown=read, municipality=moved, earlier=self._left(ids)
        )
        answer = replace(
            answer, suggestions=self.composer.suggestions(sections[0]) if len(shown) == 1 else ()
        )
        return self._finish(self._cite(sections, replace(answer, conversation=now)))

    def _left(self, ids: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """What was shown before these sections: the first of all, and the last few."""
        last, earlier = self.conversation.sections, self.conversation.earlier
        left = (*earlier, last) if last and last != ids else earlier
        return left if len(left) <= MOST_EARLIER else (left[0], *left[1 - MOST_EARLIER :])

    def _cite(self, sections: Sequence[LibrarySection], answer: Answer) -> Answer:
        """The answer with where its sections come from and whether they apply."""
        notices = [
            f"{heading}: {notice}" if (heading := self._heading(section, sections)) else notice
            for section in sections
            for notice in self.composer.notices(section)
        ]
        return replace(
            answer,
            municipalities=tuple(dict.fromkeys(section.municipality for section in sections)),
            citations=tuple(self.composer.citation(section) for section in sections),
            notices=tuple(dict.fromkeys(notices)),
        )

    def _finish(self, answer: Answer) -> Answer:
        notices = list(answer.notices)
        if self.elsewhere and self.named:
            notices.insert(0, self.texts("notice.elsewhere", place=self.elsewhere))
        if self.foreign:
            notices.insert(0, self.texts("notice.languages"))
        answer = replace(answer, notices=tuple(dict.fromkeys(notices)))
        return replace(answer, text=reply_text(answer, self.texts))

    def _whose(self, section: LibrarySection) -> str:
        return self.texts("whose", name=self.name(section.municipality))

    def _whose_elsewhere(self, sections: Sequence[LibrarySection]) -> str:
        """Whose text it is, where the conversation has gone on to another municipality."""
        here = (None, sections[0].municipality)
        elsewhere = len(sections) == 1 and self.conversation.municipality not in here
        return self._whose(sections[0]) if elsewhere else ""

    def _names(self, ids: Sequence[str] | None = None) -> str:
        """The names of those municipalities, or of all, as running text."""
        shown = [m.name for m in self.library.municipalities if ids is None or m.id in ids]
        return self.texts.listing(tuple(shown))

    def _titles(self, sections: Sequence[LibrarySection]) -> str:
        titles = (self.texts("quoted", title=self.composer.title(section)) for section in sections)
        return self.texts.listing(tuple(titles))

    def _heading(self, section: LibrarySection, sections: Sequence[LibrarySection]) -> str:
        """The municipality's name, where sections of several stand together."""
        several = len({one.municipality for one in sections}) > 1
        return self.name(section.municipality) if several else ""

    def _headed(self, section: LibrarySection) -> str:
        return f"{self.name(section.municipality)}: {self.composer.title(section)}"

    def _ways_in(self) -> tuple[Suggestion, ...]:
        """The overviews of goals, or the goals themselves where nobody wrote an overview."""
        known = self.conversation.municipality or self.default_municipality
        sections = [s for s in self.library.sections.values() if known in (None, s.municipality)]
        overviews = [
            Suggestion(section.id, self.texts("overview_of", name=self.name(section.municipality)))
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
