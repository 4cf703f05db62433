"""From sections to the words of an answer. Extractive: nothing is said that the sources do not say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

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
    Suggestion,
)
from bot.library import Candidate, Library, LibrarySection, Line, Period, SectionStatus
from bot.texts import Texts

SHOWN = 600
"""Characters of a section that an answer shows at most, before "the whole goal"."""
SUGGESTIONS = 4


class Composer:
    """Shows sections of a library in one language, as of one day."""

    def __init__(self, library: Library, texts: Texts, today: dt.date) -> None:
        self._library = library
        self._texts = texts
        self._today = today

    def title(self, section: LibrarySection) -> str:
        return section.titles.get(self._texts.language, section.titles[section.language])

    def part(
        self, section: LibrarySection, scores: Sequence[float] | None = None, *, heading: str = ""
    ) -> Part:
        """The sentences that fit best, in reading order; all of them without ``scores``.

        Args:
            heading: stands before the title, where parts of several municipalities stand together.
        """
        lines = (
            section.lines if scores is None else [section.lines[at] for at in best_run(section.lines, scores)]
        )
        return Part(
            section.id,
            f"{heading}: {self.title(section)}" if heading else self.title(section),
            tuple(self._sentence(section, line) for line in lines),
            self.notes(section),
            self.lead(section),
            section.leads.get(section.language) if self._is_translated(section) else None,
        )

    def notes(self, section: LibrarySection) -> tuple[Note, ...]:
        return tuple(
            Note(note.texts.get(self._texts.language, note.texts[section.language]), note.document, note.url)
            for note in section.notes
        )

    def citation(self, section: LibrarySection) -> Citation:
        status = self._library.status(section.id, self._today)
        return Citation(section.id, self.title(section), section.document, section.url, self._valid(status))

    def notices(self, section: LibrarySection) -> tuple[str, ...]:
        """What must be read before the section: that it has ended, and that a translation is unofficial."""
        status = self._library.status(section.id, self._today)
        notices = []
        if status.state != "in_force":
            notices.append(self._texts(f"notice.{status.state}", **self._days(status)))
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
        return SectionText(
            id=section.id,
            municipality=section.municipality,
            kind=section.kind,
            title=part.title,
            lead=self.lead(section),
            sentences=part.sentences,
            notes=part.notes,
            citation=self.citation(section),
            notices=self.notices(section),
            related=self.suggestions(section),
        )

    def summary(self, section: LibrarySection) -> SectionSummary:
        title, lead = self.title(section), self.lead(section)
        return SectionSummary(section.id, section.municipality, section.kind, title, lead)

    def found(self, section: LibrarySection, candidate: Candidate, scores: Sequence[float]) -> Found:
        """The section as a search result, with the sentence that scores best."""
        best = max(range(len(scores)), key=lambda at: (scores[at], -at))
        sentence = self._sentence(section, section.lines[best])
        return Found(
            self.summary(section),
            sentence,
            self.notes(section),
            candidate.score,
            candidate.dense,
            candidate.lexical,
        )

    def lead(self, section: LibrarySection) -> str | None:
        return section.leads.get(self._texts.language, section.leads.get(section.language))

    def _is_translated(self, section: LibrarySection) -> bool:
        return self._texts.language != section.language and self._texts.language in section.titles

    def _sentence(self, section: LibrarySection, line: Line) -> Sentence:
        source = line.texts[section.language]
        shown = line.texts.get(self._texts.language, source)
        original = source if self._is_translated(section) else None
        speaker = line.speakers.get(self._texts.language, line.speakers.get(section.language))
        return Sentence(shown, original, speaker, line.paragraph, line.item)

    def _valid(self, status: SectionStatus) -> str | None:
        if status.period is None:
            return None
        if status.state != "in_force":
            return self._texts(f"valid.{status.state}", **self._days(status))
        start, end = status.period.start, status.period.end
        if start and end:
            return self._texts("valid.between", period=self._period(status.period))
        if start:
            return self._texts("valid.since", start=self._texts.date(start))
        return self._texts("valid.until", end=self._texts.date(end)) if end else None

    def _days(self, status: SectionStatus) -> dict[str, str]:
        period = status.period or Period(None, None)
        if status.state == "ended" and status.continued:
            period = Period(period.start, status.continued.end)
        return {
            "period": self._period(period),
            "start": self._texts.date(period.start) if period.start else "",
            "end": self._texts.date(period.end) if period.end else "",
            "continued": self._period(status.continued or Period(None, None)),
            "document": status.continued_by or "",
        }

    def _period(self, period: Period) -> str:
        """ "2020–2023" for whole years, else the days; a side that is open is said in words."""
        start, end = period.start, period.end
        if start and end and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
            return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
        if start and end:
            return f"{self._texts.date(start)} – {self._texts.date(end)}"
        if start:
            return self._texts("period.since", start=self._texts.date(start))
        return self._texts("period.until", end=self._texts.date(end)) if end else self._texts("period.open")


def best_run(lines: Sequence[Line], scores: Sequence[float], length: int = SHOWN) -> list[int]:
    """Places of the lines to show: a run without gaps around the best one, at most ``length`` characters.

    A short section is shown whole. Otherwise the run grows from the best line towards the better
    neighbour, so that it stays whole in thought; a single line longer than ``length`` is shown alone.
    """
    if not lines:
        return []
    sizes = [max(len(text) for text in line.texts.values()) + 1 for line in lines]
    first = last = max(range(len(lines)), key=lambda at: (scores[at], -at))
    size = sizes[first]
    while True:
        neighbours = [
            at for at in (first - 1, last + 1) if 0 <= at < len(lines) and size + sizes[at] <= length
        ]
        if not neighbours:
            return list(range(first, last + 1))
        # The same paragraph before another, then the better line.
        near = {lines[first].paragraph, lines[last].paragraph}
        at = max(neighbours, key=lambda at: (lines[at].paragraph in near, scores[at]))
        first, last, size = min(first, at), max(last, at), size + sizes[at]


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


def source_line(citation: Citation, texts: Texts) -> str:
    valid = f" {citation.valid}" if citation.valid else ""
    return texts("reply.source", document=citation.document, url=citation.url, valid=valid)


def contact_line(contact: Contact, texts: Texts) -> str:
    ways = [way for way in (contact.phone, contact.email, contact.url) if way]
    return texts("reply.contact", name=contact.name, ways=", ".join(ways))


def part_paragraphs(part: Part) -> list[str]:
    paragraphs: dict[int, list[Sentence]] = {}
    for sentence in part.sentences:
        paragraphs.setdefault(sentence.paragraph, []).append(sentence)
    return [_paragraph(sentences) for sentences in paragraphs.values()]


def _paragraph(sentences: Sequence[Sentence]) -> str:
    if sentences[0].item:
        text = "\n".join(f"• {sentence.text}" for sentence in sentences)
    else:
        text = " ".join(sentence.text for sentence in sentences)
    speakers = dict.fromkeys(sentence.speaker for sentence in sentences if sentence.speaker)
    return "\n".join([text, *(f"({speaker})" for speaker in speakers)])
