"""The format of the files, key by key."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core.core_schema import ValidationInfo

from knowledge.field_types import (
    Day,
    Email,
    Id,
    KindName,
    Language,
    MunicipalityId,
    Number,
    OpenDay,
    Phone,
    SectionId,
    SectionReference,
    ThemeId,
    Url,
    Words,
    refuse,
)


class Entry(BaseModel):
    """One mapping of the file; a key that it does not name is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ContactEntry(Entry):
    name: str | None = None
    url: Url | None = None
    phone: Phone | None = None
    email: Email | None = None


class MunicipalityEntry(Entry):
    id: MunicipalityId
    name: str
    website: Url
    aliases: Words = {}
    contact: ContactEntry = ContactEntry()


class ValidityEntry(Entry):
    start: OpenDay = Field(None, alias="from")
    end: OpenDay = Field(None, alias="to")

    @field_validator("end")
    @classmethod
    def _end_after_start(cls, end: dt.date | None, info: ValidationInfo) -> dt.date | None:
        start = info.data.get("start")
        if start and end and end < start:
            raise refuse("end_before_start", start=str(start), end=str(end))
        return end


class DecisionEntry(Entry):
    by: str | None = None
    date: Day | None = None
    paragraph: Number | None = None


class SpeakerEntry(Entry):
    name: str
    role: str | None = None
    text: str
    translations: dict[Language, str] = {}


class TranslationEntry(Entry):
    title: str
    lead: str | None = None
    text: str
    by: str


class NoteEntry(Entry):
    document: Id
    text: str
    translations: dict[Language, str] = {}


class SectionEntry(Entry):
    id: SectionId
    kind: KindName
    title: str
    lead: str | None = None
    text: str
    valid: ValidityEntry | None = None
    """``null`` says that it has no days; without the key, the document's apply."""
    aliases: Words = {}
    said_by: list[SpeakerEntry] = []
    translations: dict[Language, TranslationEntry] = {}
    questions: Words = {}
    themes: list[ThemeId] = []
    notes: list[NoteEntry] = []


class DocumentEntry(Entry):
    id: Id
    title: str
    url: Url
    language: Language
    valid: ValidityEntry | None = None
    decided: DecisionEntry | None = None
    continues: list[SectionReference] = []
    sections: list[Any] = []
    """Each read by itself, so that a fault in one does not hide another's."""


class FileEntry(Entry):
    municipality: Any
    documents: list[Any]


class BackgroundEntry(Entry):
    questions: Words


class DistressEntry(Entry):
    questions: Words
    others: Words


class FollowUpsEntry(Entry):
    moves: dict[str, Words]
    others: Words


class ThemeEntry(Entry):
    id: ThemeId
    title: dict[Language, str]
    questions: Words
    errands: Words


class ThemesEntry(Entry):
    themes: list[ThemeEntry]


class PlacesEntry(Entry):
    municipalities: list[str]
    towns: list[str]
    ordinary_words: list[str]
