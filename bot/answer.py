"""What the assistant returns: frozen values without any channel's markup.

``Answer.as_json`` is the public form (``malvakt ask --json`` and the web API); channels render the fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from itertools import chain
from typing import Any, Literal

AnswerKind = Literal["answer", "clarify", "no_answer", "smalltalk", "error"]
Reason = Literal[
    "not_in_sources",
    "no_such_goal",
    "not_in_period",
    "other_municipality",
    "unclear",
    "rephrase",
    "all_shown",
    "not_followed_up",
    "too_long",
    "distress",
    "insult",
    "request",
    "personal_case",
    "off_topic",
    "bad_request",
]
"""Why nothing was answered; each has its own text in both languages. ``not_in_period``: the texts know no
goals for the time asked about; ``rephrase``: what was offered was not what was meant; ``all_shown``:
nothing else says more of it than what was shown last; ``not_followed_up``: the texts say what is wanted, not
what was reached."""
State = Literal["in_force", "not_yet", "ended", "continued"]
"""Whether a section's words apply; ``continued``: its own days are over, but a later decision keeps it."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is remembered from turn to turn; small, serialisable, and never more than this."""

    chosen_language: str | None = None
    """The person's own choice of language; beats what the question looks like."""
    language: str | None = None
    """The language of the last answer."""
    municipality: str | None = None
    """Id of the municipality that the conversation is about."""
    question: str | None = None
    """The last question that was about something, for "and in Vara?" and for an open clarification."""
    sections: tuple[str, ...] = ()
    """Ids of the sections shown last, for "tell me more"."""
    shown: tuple[tuple[int, ...], ...] = ()
    """Of each of ``sections`` the numbers, from 0, of the sentences that have been shown."""
    earlier: tuple[tuple[str, ...], ...] = ()
    """Ids of the sections shown before those, an answer at a time, the oldest first; the last few answers."""
    offered: tuple[str, ...] = ()
    """Ids of the sections or municipalities that the last answer asked to choose among, for "yes"."""
    helped: bool = False
    """Whether help in distress was shown last, to be shown again; never what was written."""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), **{name: _as_lists(getattr(self, name)) for name in _LISTS}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Conversation:
        """The inverse of `as_json`. Raises ``ValueError`` on an unknown key or a wrong type."""
        unknown = data.keys() - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"unknown keys in a conversation: {sorted(unknown)}")
        lists = {name: data.get(name, ()) for name in _LISTS}
        if not isinstance(data.get("helped", False), bool):
            raise ValueError("a conversation's helped is true or false")
        texts = [value for name, value in data.items() if name not in {*lists, "helped"}]
        if not all(value is None or isinstance(value, str) for value in texts):
            raise ValueError("a conversation's fields are strings or null")
        if not all(isinstance(value, list | tuple) for value in lists.values()):
            raise ValueError(f"a conversation's {', '.join(_LISTS)} are lists")
        if not all(isinstance(one, list | tuple) for name in _NESTED for one in lists[name]):
            raise ValueError("a conversation's shown and earlier are lists of lists")
        ids = [*lists["sections"], *lists["offered"], *chain(*lists["earlier"])]
        if not all(isinstance(id, str) for id in ids):
            raise ValueError("a conversation's sections, earlier and offered hold strings")
        if not all(map(_is_place, chain(*lists["shown"]))):
            raise ValueError("a conversation's shown are lists of numbers from 0")
        values = {name: tuple(value) for name, value in lists.items()}
        values |= {name: tuple(map(tuple, lists[name])) for name in _NESTED}
        return cls(**{**data, **values})


_NESTED = ("shown", "earlier")
_LISTS = ("sections", "offered", *_NESTED)
"""Fields of a conversation that are lists, the nested ones of lists."""


def _as_lists(value: tuple[Any, ...]) -> list[Any]:
    return [list(one) if isinstance(one, tuple) else one for one in value]


def _is_place(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as shown, in reading order within its part."""

    text: str
    original: str | None = None
    """The source's own sentence where ``text`` is a translation of it."""
    speaker: str | None = None
    """Name and role of the person whose words it is."""
    paragraph: int = 0
    """Number of its paragraph in the section, from 0."""
    item: bool = False
    """Whether it is a line of a list."""
    gap: bool = False
    """Whether sentences before it, after the one shown before, are left out; shown as "[…]"."""


@dataclass(frozen=True, slots=True)
class Note:
    """The project's words about a section; never shown as a quotation."""

    text: str
    document: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """What is shown of one section."""

    section: str
    title: str
    sentences: tuple[Sentence, ...]
    notes: tuple[Note, ...] = ()
    lead: str | None = None
    """What the source says under the title, before the text."""
    lead_original: str | None = None
    """The source's own lead where ``lead`` is a translation of it."""
    whole: bool = False
    """Whether the sentences are all that the section has."""
    gap: bool = False
    """Whether sentences after the last one are left out; shown as "[…]"."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a part's words come from and when they apply."""

    section: str
    title: str
    document: str
    url: str
    valid: str | None
    """A sentence on the days of validity, in the answer's language; ``None``: the text has none."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to go on from a question that could mean several things."""

    label: str
    municipality: str | None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another section to read."""

    section: str
    title: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person answers."""

    name: str
    url: str
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply. Fields that a kind of answer has no use for are empty."""

    kind: AnswerKind
    language: str
    text: str
    """The whole reply as a person would read it, complete alone."""
    conversation: Conversation
    """The conversation after this turn."""
    reason: Reason | None = None
    municipalities: tuple[str, ...] = ()
    message: str = ""
    """The assistant's own words before the parts; for small talk, clarify and no answer the reply itself."""
    parts: tuple[Part, ...] = ()
    citations: tuple[Citation, ...] = ()
    choices: tuple[Choice, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    notices: tuple[str, ...] = ()
    """What must be read before the parts: an ended validity, an unofficial translation, the languages."""
    contact: Contact | None = None
    confidence: float | None = None
    """Probability, 0 to 1, that the best section answers; ``None`` for small talk and errors."""

    @property
    def quotes(self) -> tuple[str, ...]:
        """The parts' sentences in the source's own language, letter for letter."""
        return tuple(
            sentence.text if sentence.original is None else sentence.original
            for part in self.parts
            for sentence in part.sentences
        )

    def as_json(self) -> dict[str, Any]:
        """The answer as JSON types; without the conversation, which a channel carries in its own way."""
        plain = asdict(self)
        del plain["conversation"]
        return {**plain, "quotes": list(self.quotes)}


@dataclass(frozen=True, slots=True)
class SectionSummary:
    """A section in a list."""

    id: str
    municipality: str
    kind: str
    title: str
    lead: str | None


@dataclass(frozen=True, slots=True)
class MunicipalityGoals:
    """A municipality and what is known of it, in its file's order."""

    id: str
    name: str
    website: str
    contact: Contact
    sections: tuple[SectionSummary, ...]

    @property
    def goals(self) -> tuple[SectionSummary, ...]:
        """The sections that are goals."""
        return tuple(section for section in self.sections if section.kind == "goal")


@dataclass(frozen=True, slots=True)
class SectionText:
    """A whole section, for reading."""

    id: str
    municipality: str
    kind: str
    title: str
    lead: str | None
    sentences: tuple[Sentence, ...]
    notes: tuple[Note, ...]
    citation: Citation
    state: State
    decided: str | None
    """A sentence on who decided the document and when, in the language of the rest."""
    notices: tuple[str, ...]
    related: tuple[Suggestion, ...]
    previous: Suggestion | None
    """The section before it in its document."""
    next: Suggestion | None
    """The section after it in its document."""


@dataclass(frozen=True, slots=True)
class Document:
    """A decision or a page that sections are taken from."""

    id: str
    """``municipality/id``: a document's own id is unique in its municipality only."""
    municipality: str
    title: str
    url: str
    sections: tuple[str, ...] = ()
    """Ids of its own sections, and of those in earlier documents that it keeps in force."""


@dataclass(frozen=True, slots=True)
class Found:
    """A section found by `Assistant.find`, with what the staff need to judge it by."""

    section: SectionSummary
    passage: tuple[Sentence, ...]
    """The sentences around the best one, in reading order; a short section whole."""
    best: int
    """Place in ``passage`` of the sentence that fits the query best."""
    matches: tuple[tuple[tuple[int, int], ...], ...]
    """For each sentence of ``passage`` the start and end, in its text, of words that the query names."""
    notes: tuple[Note, ...]
    """A sentence is never shown without what is known to have become of it."""
    citation: Citation
    state: State
    answers: bool
    """Whether it matches so well that `Assistant.ask` would answer with it."""
    score: float
    dense: float
    lexical: float

    @property
    def sentence(self) -> Sentence:
        """The sentence that fits the query best."""
        return self.passage[self.best]
