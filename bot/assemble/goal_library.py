"""The goal texts as the assistant asks for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import index
import knowledge
from bot.answer import Contact, Document, MunicipalityGoals, SectionSummary
from bot.library import Adoption, Decision, LibraryNote, LibrarySection, Line, Period, SectionStatus


class GoalLibrary:
    """The goal texts as `bot.library.Library`."""

    def __init__(self, texts: knowledge.Knowledge) -> None:
        self._texts = texts
        places = knowledge.load_places()
        self.municipalities = tuple(_goals(municipality) for municipality in texts.municipalities)
        self.names = {
            name: municipality.id
            for municipality in texts.municipalities
            for name in (municipality.name, *(n for names in municipality.aliases.values() for n in names))
        }
        loaded = {index.fold(name) for name in self.names}
        self.elsewhere = tuple(name for name in places.names if index.fold(name) not in loaded)
        self.ordinary_words = tuple(sorted(places.ordinary_words))
        self.sections = {
            section.id: _section(municipality, section)
            for municipality in texts.municipalities
            for section in municipality.sections()
        }

        self.documents = tuple(
            _document(municipality, document)
            for municipality in texts.municipalities
            for document in municipality.documents
        )

    def status(self, section_id: str, day: dt.date) -> SectionStatus:
        section = self._texts.section(section_id)
        municipality = self._texts.municipality(section_id.partition("/")[0])
        status = knowledge.status(municipality, section, day)
        later = status.continued_by
        return SectionStatus(
            status.state,
            _period(status.valid),
            _period(later.valid) if later else None,
            later.title if later else None,
        )

    def adoptions(self, section_id: str) -> Sequence[Adoption]:
        section = self._texts.section(section_id)
        municipality = self._texts.municipality(section_id.partition("/")[0])
        own = municipality.document(section.document)
        later = (document for document in municipality.documents if section_id in document.continues)
        return [
            Adoption(own.title, _decision(own), _period(section.valid)),
            *(Adoption(one.title, _decision(one), _period(one.valid)) for one in later),
        ]


def _goals(municipality: knowledge.Municipality) -> MunicipalityGoals:
    contact = municipality.contact
    return MunicipalityGoals(
        id=municipality.id,
        name=municipality.name,
        website=municipality.website,
        contact=Contact(contact.name, contact.url, contact.phone, contact.email),
        sections=tuple(
            SectionSummary(section.id, municipality.id, section.kind, section.title, section.lead)
            for section in municipality.sections()
        ),
    )


def _section(municipality: knowledge.Municipality, section: knowledge.Section) -> LibrarySection:
    document = municipality.document(section.document)
    translations = section.translations
    leads = {section.language: section.lead, **{name: t.lead for name, t in translations.items()}}
    return LibrarySection(
        id=section.id,
        municipality=municipality.id,
        kind=section.kind,
        language=section.language,
        titles={section.language: section.title, **{name: t.title for name, t in translations.items()}},
        leads={name: lead for name, lead in leads.items() if lead},
        aliases=section.aliases,
        translators={name: translation.by for name, translation in translations.items()},
        lines=tuple(_lines(section)),
        notes=tuple(
            LibraryNote(
                {section.language: note.text, **note.translations},
                municipality.document(note.document).title,
                municipality.document(note.document).url,
            )
            for note in section.notes
        ),
        document=_document(municipality, document),
        decision=_decision(document),
    )


def _decision(document: knowledge.Document) -> Decision | None:
    decided = document.decided
    return Decision(decided.by, decided.date, decided.paragraph) if decided else None


def _document(municipality: knowledge.Municipality, document: knowledge.Document) -> Document:
    own = (section.id for section in document.sections)
    return Document(
        f"{municipality.id}/{document.id}",
        municipality.id,
        document.title,
        document.url,
        (*own, *document.continues),
    )


def _lines(section: knowledge.Section) -> list[Line]:
    """The sentences of a section beside their translations; the knowledge check has counted both."""
    texts = {section.language: section.text, **{name: t.text for name, t in section.translations.items()}}
    spans = {name: knowledge.sentences(text) for name, text in texts.items()}
    source = spans[section.language]
    paragraphs = [
        number
        for number, paragraph in enumerate(knowledge.sentences_by_paragraph(section.text))
        for _ in paragraph
    ]
    return [
        Line(
            texts={name: texts[name][spans[name][at].start : spans[name][at].end] for name in texts},
            paragraph=paragraphs[at],
            item=knowledge.is_list_line(section.text, span),
            speakers=_speakers(section, span),
        )
        for at, span in enumerate(source)
    ]


def _speakers(section: knowledge.Section, span: knowledge.Span) -> dict[str, str]:
    """Who says the sentence, as name and role, by language; empty where nobody is quoted."""
    for speaker in section.said_by:
        if speaker.start <= span.start and span.end <= speaker.end:
            roles = {section.language: speaker.role or "", **speaker.roles}
            return {name: ", ".join(filter(None, (speaker.name, role))) for name, role in roles.items()}
    return {}


def _period(valid: knowledge.Validity | None) -> Period | None:
    return Period(valid.start, valid.end) if valid else None
