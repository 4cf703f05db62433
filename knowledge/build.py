"""From the parts of a faultless file to the values that travel on."""

from __future__ import annotations

from typing import cast

from knowledge.model import (
    Contact,
    Decision,
    Document,
    Kind,
    Municipality,
    Note,
    Section,
    Speaker,
    Theme,
    Translation,
    Validity,
)
from knowledge.parts import FileParts, full_id
from knowledge.schema import (
    DecisionEntry,
    DocumentEntry,
    MunicipalityEntry,
    NoteEntry,
    SectionEntry,
    SpeakerEntry,
    ThemeEntry,
    TranslationEntry,
    ValidityEntry,
)


def build_municipality(parts: FileParts) -> Municipality:
    """The municipality of a file in which no fault was found."""
    entry = parts.municipality
    assert entry is not None, "a file with faults was to be built"
    documents = []
    for document in parts.documents:
        assert document.entry is not None, "a file with faults was to be built"
        sections = [section for _, section in document.sections if section is not None]
        documents.append(_document(entry.id, document.entry, sections))
    return Municipality(
        id=entry.id,
        name=entry.name,
        website=entry.website,
        aliases=_tuples(entry.aliases),
        contact=_contact(entry),
        documents=tuple(documents),
        path=parts.source.path,
    )


def _contact(entry: MunicipalityEntry) -> Contact:
    given = entry.contact
    return Contact(given.name or entry.name, given.url or entry.website, given.phone, given.email)


def _document(municipality: str, entry: DocumentEntry, sections: list[SectionEntry]) -> Document:
    return Document(
        id=entry.id,
        title=entry.title,
        url=entry.url,
        language=entry.language,
        valid=_validity(entry.valid),
        decided=_decision(entry.decided),
        continues=tuple(full_id(municipality, section) for section in entry.continues),
        sections=tuple(_section(municipality, entry, section) for section in sections),
    )


def _section(municipality: str, document: DocumentEntry, entry: SectionEntry) -> Section:
    own_days = "valid" in entry.model_fields_set
    return Section(
        id=full_id(municipality, entry.id),
        kind=cast(Kind, entry.kind),
        title=entry.title,
        lead=entry.lead,
        text=entry.text,
        language=document.language,
        document=document.id,
        valid=_validity(entry.valid if own_days else document.valid),
        aliases=_tuples(entry.aliases),
        said_by=tuple(_speaker(speaker, entry.text) for speaker in entry.said_by),
        translations={language: _translation(one) for language, one in entry.translations.items()},
        questions=_tuples(entry.questions),
        themes=tuple(entry.themes),
        notes=tuple(_note(note) for note in entry.notes),
    )


def _validity(entry: ValidityEntry | None) -> Validity | None:
    return Validity(entry.start, entry.end) if entry else None


def _decision(entry: DecisionEntry | None) -> Decision | None:
    return Decision(entry.by, entry.date, entry.paragraph) if entry else None


def _speaker(entry: SpeakerEntry, text: str) -> Speaker:
    start = text.index(entry.text)
    return Speaker(entry.name, entry.role, start, start + len(entry.text), entry.translations)


def _translation(entry: TranslationEntry) -> Translation:
    return Translation(title=entry.title, lead=entry.lead, text=entry.text, by=entry.by)


def _note(entry: NoteEntry) -> Note:
    return Note(document=entry.document, text=entry.text, translations=entry.translations)


def build_theme(entry: ThemeEntry) -> Theme:
    return Theme(entry.id, entry.title, _tuples(entry.questions), _tuples(entry.errands))


def _tuples(words: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {language: tuple(entries) for language, entries in words.items()}
