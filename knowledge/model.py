"""The goal texts as frozen values; no input or output happens here.

A *municipality* has *documents*, a document has *sections*, and a section is the unit that an
answer cites. Every ``Mapping`` keyed by language uses two-letter ISO 639-1 codes ("sv", "en").
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

LANGUAGES = ("sv", "en")
"""The languages that a text may be in."""

Kind = Literal["goal", "vision", "overview", "success_factors", "background", "contact"]
"""What a section is; decides where it is listed and how it is answered."""


@dataclass(frozen=True, slots=True)
class Validity:
    """Days on which a text applies, both inclusive; ``None`` leaves that side open."""

    start: dt.date | None = None
    end: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided a document, when, and under which paragraph of the minutes, as far as known."""

    by: str | None = None
    date: dt.date | None = None
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person is answered; only ``name`` and ``url`` are always there."""

    name: str
    url: str
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person quoted in a section; ``start`` and ``end`` are character offsets into its text."""

    name: str
    role: str | None
    start: int
    end: int
    roles: Mapping[str, str] = field(default_factory=dict)
    """The role in other languages."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A section in another language, aligned with its source sentence by sentence."""

    title: str
    lead: str | None
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Note:
    """The project's own words about a section, with the document that bears them out."""

    document: str
    """Id of a document in the same file."""
    text: str
    translations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """One goal, the vision, an overview or background: what an answer cites."""

    id: str
    """``municipality/slug``, unique over all files."""
    kind: Kind
    title: str
    lead: str | None
    text: str
    """The source's own words: paragraphs parted by one empty line; a list line starts with "- "."""
    language: str
    document: str
    """Id of the document whose words these are."""
    valid: Validity | None
    """The section's own days where it has them, else its document's; ``None``: it never expires."""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    said_by: tuple[Speaker, ...] = ()
    translations: Mapping[str, Translation] = field(default_factory=dict)
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What residents ask that this section answers; searched, never shown."""
    themes: tuple[str, ...] = ()
    """Ids of the themes that it is about: what residents ask about them, they ask about it."""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A decision or a page, with its address and the days on which it applies."""

    id: str
    title: str
    url: str
    language: str
    valid: Validity | None
    decided: Decision | None = None
    continues: tuple[str, ...] = ()
    """Ids of sections, in earlier documents of the same file, that this one keeps in force."""
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality's file."""

    id: str
    name: str
    website: str
    aliases: Mapping[str, tuple[str, ...]]
    contact: Contact
    """What the file gives; where it gives none, the municipality's name and website."""
    documents: tuple[Document, ...]
    path: Path | None = None
    """The file it was read from."""

    def sections(self) -> Iterator[Section]:
        """All sections, in the file's order."""
        for document in self.documents:
            yield from document.sections

    def document(self, document_id: str) -> Document:
        """The document of that id; raises ``KeyError`` if there is none."""
        for document in self.documents:
            if document.id == document_id:
                return document
        raise KeyError(document_id)

    def section(self, section_id: str) -> Section:
        """The section of that id; raises ``KeyError`` if there is none."""
        for section in self.sections():
            if section.id == section_id:
                return section
        raise KeyError(section_id)


@dataclass(frozen=True, slots=True)
class Theme:
    """A concern of residents anywhere, in their own words by language. Searched, never shown."""

    id: str
    titles: Mapping[str, str]
    questions: Mapping[str, tuple[str, ...]]
    """Worries, wishes, "what is done about …": a goal about the concern answers them."""
    errands: Mapping[str, tuple[str, ...]]
    """Of the same concern, but asking for a fact, price, place, time or promise: no goal answers them."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All municipalities that are loaded, sorted by id; at least one."""

    municipalities: tuple[Municipality, ...]
    themes: Mapping[str, Theme] = field(default_factory=dict)
    """By id, in the order of their file."""

    def municipality(self, municipality_id: str) -> Municipality:
        """The municipality of that id; raises ``KeyError`` if there is none."""
        for municipality in self.municipalities:
            if municipality.id == municipality_id:
                return municipality
        raise KeyError(municipality_id)

    def section(self, section_id: str) -> Section:
        """The section of that id, ``municipality/slug``; raises ``KeyError`` if there is none."""
        try:
            return self.municipality(section_id.partition("/")[0]).section(section_id)
        except KeyError:
            raise KeyError(section_id) from None


@dataclass(frozen=True, slots=True)
class Distress:
    """What people in distress or danger write, by language, and what only sounds like it. Never shown."""

    questions: Mapping[str, tuple[str, ...]]
    others: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FollowUps:
    """What people write in the middle of a conversation, by language. Searched, never shown."""

    moves: Mapping[str, Mapping[str, tuple[str, ...]]]
    """By what it asks of the answer before, such as ``source`` or ``next``; no subject of its own."""
    others: Mapping[str, tuple[str, ...]]
    """What only looks like it and has a subject of its own."""


@dataclass(frozen=True, slots=True)
class Places:
    """Names of places, loaded or not."""

    names: tuple[str, ...]
    """Municipalities, then towns, each once."""
    ordinary_words: frozenset[str]
    """Those that are also everyday words."""
