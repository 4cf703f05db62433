"""What the assistant needs of the layers below, as values and protocols of its own.

`bot.assemble` fulfils them with the goal texts and the index; nothing else in ``bot`` knows those.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.answer import MunicipalityGoals


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a section in every language that it exists in."""

    texts: Mapping[str, str]
    paragraph: int
    item: bool
    speakers: Mapping[str, str]
    """Name and role of the person whose words it is, by language; empty: the municipality's own."""


@dataclass(frozen=True, slots=True)
class LibraryNote:
    """The project's words about a section, by language."""

    texts: Mapping[str, str]
    document: str
    url: str


@dataclass(frozen=True, slots=True)
class LibrarySection:
    """A section with all its languages; every mapping has the source's language at least."""

    id: str
    municipality: str
    kind: str
    language: str
    """The source's."""
    titles: Mapping[str, str]
    leads: Mapping[str, str]
    aliases: Mapping[str, Sequence[str]]
    translators: Mapping[str, str]
    """Who made each translation, by its language."""
    lines: tuple[Line, ...]
    notes: tuple[LibraryNote, ...]
    document: str
    url: str


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both inclusive; ``None`` leaves that side open."""

    start: dt.date | None
    end: dt.date | None


@dataclass(frozen=True, slots=True)
class SectionStatus:
    """Whether a section's words apply on a day."""

    state: Literal["in_force", "not_yet", "ended", "continued"]
    period: Period | None
    continued: Period | None = None
    """The later document's period, where that keeps the section in force."""
    continued_by: str | None = None
    """The later document's title."""


class Library(Protocol):
    """The goal texts."""

    @property
    def municipalities(self) -> Sequence[MunicipalityGoals]:
        """All that are loaded, by id, titles in their source's language."""

    @property
    def names(self) -> Mapping[str, str]:
        """Names and aliases of the municipalities, each with the id it means."""

    @property
    def elsewhere(self) -> Sequence[str]:
        """Names of places that are not loaded."""

    @property
    def ordinary_words(self) -> Sequence[str]:
        """Names among both that are also everyday words or names of people."""

    @property
    def sections(self) -> Mapping[str, LibrarySection]: ...

    def status(self, section_id: str, day: dt.date) -> SectionStatus: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A section that might answer, with the scores of its best views."""

    section: str
    score: float
    margin: float
    """How much better it matches than the questions that no section answers, in standard deviations of
    the question's similarity to those."""
    dense: float
    lexical: float


class ReadyQuestion(Protocol):
    """A question that is encoded once and looked up several times."""

    def sections(self, *, k: int, filters: Mapping[str, str] | None = None) -> list[Candidate]:
        """The best sections, best first, by their texts in all languages: on the development questions that
        tells answerable ones better apart than the question's own language alone (0.947 against 0.943)."""

    def lines(self, section_id: str, language: str) -> list[float]:
        """How well each line of the section fits, in the section's order."""


class Searcher(Protocol):
    """The search over all sections. May be used from several threads."""

    def ready(self, question: str) -> ReadyQuestion: ...
