"""What the assistant needs of the layers below, as values and protocols of its own.

`bot.assemble` fulfils them with the goal texts and the index; nothing else in ``bot`` knows those.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answer import Document, MunicipalityGoals, State


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
class Decision:
    """Who decided a document, when, and under which paragraph of the minutes, as far as known."""

    by: str | None
    date: dt.date | None
    paragraph: int | None


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
    document: Document
    decision: Decision | None
    """On its document."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both inclusive; ``None`` leaves that side open."""

    start: dt.date | None
    end: dt.date | None


@dataclass(frozen=True, slots=True)
class SectionStatus:
    """Whether a section's words apply on a day."""

    state: State
    period: Period | None
    continued: Period | None = None
    """The later document's period, where that keeps the section in force."""
    continued_by: str | None = None
    """The later document's title."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """A document by which a section applies."""

    document: str
    """Its title."""
    decision: Decision | None
    period: Period | None
    """The days on which the section applies by it; ``None``: it says nothing of days."""


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
    def sections(self) -> Mapping[str, LibrarySection]:
        """By id, in the order of the municipalities and of their files."""

    @property
    def documents(self) -> Sequence[Document]:
        """In the same order."""

    def status(self, section_id: str, day: dt.date) -> SectionStatus: ...

    def adoptions(self, section_id: str) -> Sequence[Adoption]:
        """The section's own document, then those that keep it in force, in the order of their file."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells whether a section answers a question: the inputs of `bot.confidence.Confidence`.

    Scores are weighted means of a question's best fused scores, about -0.2 to 1.5; a section's affinity adds
    to its own.
    """

    score: float
    """Of the section's best views, with its affinity."""
    background: float
    """Of the best among the questions that no section answers."""
    lead: float
    """How much better the section scores than the next of its municipality."""
    matched: float
    """The greatest share of the question's information, 0 to 1, that the words of one of its views match."""
    affinity: float
    """How much the question belongs to the section rather than to its municipality's others, about 0 to 1."""
    unrelated: float
    """How much it belongs to none of them, about 0 to 1."""
    length: float
    """Natural logarithm of one more than the number of words."""
    unstated: float
    """1 where it asks for what the section does not state, such as an amount, a date or a promise, else 0."""


@dataclass(frozen=True, slots=True)
class ContextSignals:
    """What tells whether a section that was shown last answers what is asked after it."""

    alone: float
    """Log odds that it answers the message as it stands."""
    lead: float
    """How much better it scores than all sections that were not shown, for the message together with the
    question before."""
    content: float
    """Natural logarithm of one more than the number of the message's words that carry matter of their own."""
    scope: float
    """1 where it speaks of a part of what was shown: "does it include …?", "that bit about …", else 0."""
    unstated: float
    """1 where it asks for what the section does not state, such as an amount, a date or a promise, else 0."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A section that might answer, with the scores of its best views."""

    section: str
    score: float
    dense: float
    lexical: float
    signals: Signals


class ReadyQuestion(Protocol):
    """A question that is encoded once and looked up several times."""

    @property
    def text(self) -> str:
        """As it is searched: in the usual spelling."""

    def sections(self, *, k: int, filters: Mapping[str, str] | None = None) -> list[Candidate]:
        """The best sections, best first, by their texts in all languages.

        Args:
            filters: what a section must have: ``municipality``, ``kind``, ``document``, or ``group``, its id.
        """

    @property
    def distress(self) -> float:
        """How much it belongs to what people in distress or danger write, not others, about 0 to 1."""

    @property
    def distress_lead(self) -> float:
        """How much better the nearest messages of people in distress match than the nearest of all others: a
        difference of fused scores, about -1 to 0.5."""

    @property
    def move(self) -> tuple[str, float]:
        """What it most likely asks of the answer before it, one of the moves of the follow-ups, and how much
        more it is like that than like what stands alone, about -1 to 1."""

    def lines(self, section_id: str, language: str) -> list[float]:
        """How well each line of the section fits, in the section's order."""


class Searcher(Protocol):
    """The search over all sections. May be used from several threads."""

    def ready(self, question: str) -> ReadyQuestion: ...
