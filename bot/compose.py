"""From sections to the words of an answer. Extractive: nothing is said that the sources do not say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answer import (
    Answer,
    Citation,
    Contact,
    Found,
    Note,
    Part,
    SectionSummary,
    SectionText,
    Sentence,
    State,
    Suggestion,
)
from bot.choosing import best_line, choose
from bot.library import Candidate, Library, LibrarySection, SectionStatus
from bot.texts import Texts, load_texts
from bot.validity import ValidityWords

SUGGESTIONS = 4
OMITTED = "[…]"
"""Stands where sentences are left out."""


class Composer:
    """Shows sections of a library in one language, as of one day."""

    def __init__(self, library: Library, texts: Texts, today: dt.date) -> None:
        self._library = library
        self._texts = texts
        self._today = today
        self.validity = ValidityWords(texts)

    def title(self, section: LibrarySection) -> str:
        return section.titles.get(self._texts.language, section.titles[section.language])

    def part(self, section: LibrarySection, shown: Sequence[int] | None = None, *, heading: str = "") -> Part:
        """A section as shown.

        Args:
            shown: the places of the lines to show, in reading order; all of them without it.
            heading: stands before the title, where parts of several municipalities stand together.
        """
        places = range(len(section.lines)) if shown is None else shown
        last = places[-1] if places else -1
        return Part(
            section.id,
            f"{heading}: {self.title(section)}" if heading else self.title(section),
            self._sentences(section, places),
            self.notes(section),
            self.lead(section),
            section.leads.get(section.language) if self._is_translated(section) else None,
            whole=len(places) == len(section.lines),
            gap=bool(places) and last + 1 < len(section.lines),
        )

    def notes(self, section: LibrarySection) -> tuple[Note, ...]:
        return tuple(
            Note(note.texts.get(self._texts.language, note.texts[section.language]), note.document, note.url)
            for note in section.notes
        )

    def citation(self, section: LibrarySection) -> Citation:
        valid = self.validity.valid(self.status(section))
        document = section.document
        return Citation(section.id, self.title(section), document.title, document.url, valid)

    def status(self, section: LibrarySection) -> SectionStatus:
        return self._library.status(section.id, self._today)

    def state(self, section: LibrarySection) -> State:
        return self.status(section).state

    def notices(self, section: LibrarySection) -> tuple[str, ...]:
        """What must be read before the section: that it has ended, and that a translation is unofficial."""
        notice = self.validity.notice(self.status(section))
        notices = [notice] if notice else []
        if self._is_translated(section):
            source = self._texts(f"languages.{section.language}")
            by = section.translators[self._texts.language]
            notices.append(self._texts("notice.translation", by=by, source=source))
        return tuple(notices)

    def suggestions(self, section: LibrarySection) -> tuple[Suggestion, ...]:
        """Other goals of the same municipality, those that follow in its file first."""
        same = [
            other
            for other in self._library.sections.values()
            if other.municipality == section.municipality and (other.kind == "goal" or other is section)
        ]
        at = same.index(section)
        following = [*same[at + 1 :], *same[:at]]
        return tuple(Suggestion(other.id, self.title(other)) for other in following[:SUGGESTIONS])

    def section_text(self, section: LibrarySection) -> SectionText:
        part = self.part(section)
        neighbours = [s for s in self._library.sections.values() if s.document == section.document]
        at = neighbours.index(section)
        before = neighbours[at - 1] if at else None
        after = neighbours[at + 1] if at + 1 < len(neighbours) else None
        return SectionText(
            id=section.id,
            municipality=section.municipality,
            kind=section.kind,
            title=part.title,
            lead=self.lead(section),
            sentences=part.sentences,
            notes=part.notes,
            citation=self.citation(section),
            state=self.state(section),
            decided=self.validity.decided(section.decision),
            notices=self.notices(section),
            related=self.suggestions(section),
            previous=Suggestion(before.id, self.title(before)) if before else None,
            next=Suggestion(after.id, self.title(after)) if after else None,
        )

    def summary(self, section: LibrarySection) -> SectionSummary:
        title, lead = self.title(section), self.lead(section)
        return SectionSummary(section.id, section.municipality, section.kind, title, lead)

    def found(
        self,
        section: LibrarySection,
        candidate: Candidate,
        scores: Sequence[float],
        marked: Callable[[str], tuple[tuple[int, int], ...]],
        answers: bool,
    ) -> Found:
        """The section as a search result.

        Args:
            scores: how well each of its lines fits the query.
            marked: the spans of a text's words that the query names.
            answers: whether the section answers the query by itself.
        """
        shown = choose(section, scores)
        passage = self._sentences(section, shown)
        return Found(
            section=self.summary(section),
            passage=passage,
            best=shown.index(best_line(scores)),
            matches=tuple(marked(sentence.text) for sentence in passage),
            notes=self.notes(section),
            citation=self.citation(section),
            state=self.state(section),
            answers=answers,
            score=candidate.score,
            dense=candidate.dense,
            lexical=candidate.lexical,
        )

    def lead(self, section: LibrarySection) -> str | None:
        return section.leads.get(self._texts.language, section.leads.get(section.language))

    def _is_translated(self, section: LibrarySection) -> bool:
        return self._texts.language != section.language and self._texts.language in section.titles

    def _sentences(self, section: LibrarySection, places: Sequence[int]) -> tuple[Sentence, ...]:
        language = self._texts.language
        sentences = []
        for before, at in zip([-1, *places], places, strict=False):
            line = section.lines[at]
            source = line.texts[section.language]
            speaker = line.speakers.get(language, line.speakers.get(section.language))
            sentences.append(
                Sentence(
                    line.texts.get(language, source),
                    source if self._is_translated(section) else None,
                    speaker,
                    line.paragraph,
                    line.item,
                    gap=at != before + 1,
                )
            )
        return tuple(sentences)


def reply_text(answer: Answer, texts: Texts) -> str:
    """The whole reply as plain text, complete alone."""
    blocks = [*answer.notices, answer.message]
    citations = {citation.section: citation for citation in answer.citations}
    for part in answer.parts:
        blocks += ["\n".join(filter(None, (part.title, part.lead))), *part_paragraphs(part)]
        blocks += [texts("reply.note", text=note.text, url=note.url) for note in part.notes]
        blocks.append(source_line(citations[part.section], texts))
    blocks += ["\n".join(f"• {choice.label}" for choice in answer.choices)]
    if answer.suggestions:
        titles = "\n".join(f"• {suggestion.title}" for suggestion in answer.suggestions)
        blocks.append(f"{texts('reply.related')}\n{titles}")
    if answer.contact:
        blocks.append(contact_line(answer.contact, texts))
    return "\n\n".join(block for block in blocks if block)


def with_notice(answer: Answer, notice: str) -> Answer:
    """The answer with something more that must be read first."""
    answer = replace(answer, notices=(notice, *answer.notices))
    return replace(answer, text=reply_text(answer, load_texts(answer.language)))


def source_line(citation: Citation, texts: Texts) -> str:
    valid = f" {citation.valid}" if citation.valid else ""
    return texts("reply.source", document=citation.document, url=citation.url, valid=valid)


def contact_line(contact: Contact, texts: Texts) -> str:
    ways = [way for way in (contact.phone, contact.email, contact.url) if way]
    return texts("reply.contact", name=contact.name, ways=", ".join(ways))


def part_paragraphs(part: Part) -> list[str]:
    """The sentences as paragraphs of plain text, each speaker after their words, `OMITTED` at every gap."""
    paragraphs: dict[int, list[Sentence]] = {}
    for sentence in part.sentences:
        paragraphs.setdefault(sentence.paragraph, []).append(sentence)
    shown = [_paragraph(sentences) for sentences in paragraphs.values()]
    return [*shown, OMITTED] if part.gap else shown


def _paragraph(sentences: Sequence[Sentence]) -> str:
    is_list = sentences[0].item
    pieces = []
    for sentence in sentences:
        pieces += [OMITTED] if sentence.gap else []
        pieces.append(f"• {sentence.text}" if is_list else sentence.text)
    speakers = dict.fromkeys(sentence.speaker for sentence in sentences if sentence.speaker)
    return "\n".join([("\n" if is_list else " ").join(pieces), *(f"({speaker})" for speaker in speakers)])
