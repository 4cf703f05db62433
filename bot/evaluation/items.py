"""The files of questions, one mapping a question; every fault of every file is reported at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.answer import Conversation
from bot.obstacles import AssemblyError, Obstacle, fault_obstacles
from bot.texts import LANGUAGES
from knowledge.entry_reading import read_entry
from knowledge.faults import KnowledgeError
from knowledge.plain_text import empty_faults
from knowledge.schema import Entry
from knowledge.source import At, Source, sample
from knowledge.yaml_reading import read_yaml

ANSWERABLE_KINDS = (
    "direct",
    "indirect",
    "fact",
    "overview",
    "comparison",
    "validity",
    "follow_up",
    "ambiguous",
)
UNANSWERABLE_KINDS = ("near_miss", "off_topic", "other_municipality", "care", "hostile", "unanswerable")
"""The last one is any of the others, not told apart. A follow-up may be unanswerable, too."""
KINDS = (*ANSWERABLE_KINDS, *UNANSWERABLE_KINDS)
STYLES = ("plain", "spoken", "dialect", "typos", "no_accents", "keywords", "long")
ABSTAIN_REASONS = (
    "not_in_sources",
    "personal_case",
    "other_municipality",
    "off_topic",
    "unclear",
    "request",
    "insult",
    "distress",
)


_Placed = tuple[str, int, Obstacle]
"""A fault with its file and line, to be sorted by."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question, or a conversation whose last question is judged, with what a careful official would do."""

    turns: tuple[str, ...]
    """At least one; all but the last are asked first."""
    language: str
    """Of the last turn."""
    municipality: str | None
    """What the conversation already knows."""
    style: str
    kind: str
    accept: tuple[str, ...] = ()
    """Sections of which any one is right; empty: nothing should be answered."""
    abstain: str | None = None
    """Why nothing should be answered."""
    shows: tuple[str, ...] = ()
    """Phrases of which one must stand in what is shown; empty: any words of the section will do."""
    place: str = ""
    """File and line."""

    @property
    def question(self) -> str:
        return self.turns[-1]

    @property
    def conversation(self) -> Conversation:
        """The one that the first turn is asked in."""
        return Conversation(municipality=self.municipality)

    @property
    def key(self) -> str:
        """Names the item from run to run without its text: 64 bits of SHA-256, in hexadecimal."""
        whole = "\n".join((self.municipality or "", *self.turns))
        return hashlib.sha256(whole.encode()).hexdigest()[:16]


class _ItemEntry(Entry):
    question: str | None = None
    turns: list[str] | None = None
    language: str
    municipality: str | None
    style: str
    kind: str
    accept: list[str] = []
    abstain: str | None = None
    shows: list[str] = []


def load_items(paths: Sequence[Path], sections: Collection[str]) -> list[Item]:
    """The items of the files, in order; ``sections`` are the ids that exist.

    Raises `AssemblyError` with all faults of all files, by file and line.
    """
    known = tuple(sections)
    items: list[Item] = []
    faults: list[_Placed] = []
    for path in paths:
        try:
            source = read_yaml(path, list)
        except KnowledgeError as error:
            faults += _placed(error)
            continue
        found, wrong = _read(source, known)
        items += found
        faults += wrong
    faults += _doubled(items)
    if faults:
        raise AssemblyError([obstacle for *_, obstacle in sorted(faults, key=lambda fault: fault[:2])])
    return items


def _placed(error: KnowledgeError) -> list[_Placed]:
    pairs = zip(error.faults, fault_obstacles(error.faults), strict=True)
    return [(str(fault.path), fault.line or 0, obstacle) for fault, obstacle in pairs]


def _read(source: Source, sections: Sequence[str]) -> tuple[list[Item], list[_Placed]]:
    items = []
    general = [*source.faults, *empty_faults(source, frozenset({"municipality"}))]
    special: list[_Placed] = []
    for number in range(len(source.data)):
        entry, faults = read_entry(_ItemEntry, source, (number,))
        general += faults
        if entry is None:
            continue
        wrong = list(_value_faults(entry, source, (number,), sections))
        special += wrong
        if not wrong:
            items.append(_item(entry, f"{source.path}:{source.line((number,))}"))
    return items, _placed(KnowledgeError(general)) + special


def _item(entry: _ItemEntry, place: str) -> Item:
    return Item(
        turns=tuple(entry.turns or [entry.question or ""]),
        language=entry.language,
        municipality=entry.municipality,
        style=entry.style,
        kind=entry.kind,
        accept=tuple(entry.accept),
        abstain=entry.abstain,
        shows=tuple(entry.shows),
        place=place,
    )


def _value_faults(entry: _ItemEntry, source: Source, at: At, sections: Sequence[str]) -> Iterator[_Placed]:
    def fault(code: str, where: At, **values: str) -> _Placed:
        line = source.line(where)
        named = {"where": source.where(where), **values}
        return str(source.path), line, Obstacle(f"cli.eval.fault.{code}", named, f"{source.path}:{line}")

    municipalities = tuple(dict.fromkeys(section.partition("/")[0] for section in sections))
    choices: list[tuple[At, str | None, Sequence[str]]] = [
        ((*at, "language"), entry.language, LANGUAGES),
        ((*at, "municipality"), entry.municipality, municipalities),
        ((*at, "style"), entry.style, STYLES),
        ((*at, "abstain"), entry.abstain, ABSTAIN_REASONS),
        *(((*at, "accept", number), section, sections) for number, section in enumerate(entry.accept)),
    ]
    # What follows may also be what nothing answers.
    kinds = ANSWERABLE_KINDS if entry.accept or not entry.abstain else (*UNANSWERABLE_KINDS, "follow_up")
    choices.append(((*at, "kind"), entry.kind, kinds if entry.kind in KINDS else KINDS))
    for where, found, expected in choices:
        if found is not None and found not in expected:
            yield fault("value", where, found=sample(found), expected=", ".join(expected))
    if (entry.question is None) == (entry.turns is None):
        yield fault("one_of", at, keys="question, turns")
    if (not entry.accept) == (entry.abstain is None):
        yield fault("one_of", at, keys="accept, abstain")
    if entry.shows and not entry.accept:
        yield fault("shows", (*at, "shows"))
    if entry.kind == "comparison" and len({one.partition("/")[0] for one in entry.accept}) < 2:
        yield fault("comparison", (*at, "accept"))


def _doubled(items: Sequence[Item]) -> Iterator[_Placed]:
    first: dict[tuple[str | None, tuple[str, ...]], Item] = {}
    for item in items:
        same = tuple(" ".join(turn.casefold().split()) for turn in item.turns)
        other = first.setdefault((item.municipality, same), item)
        if other is not item:
            path, _, line = item.place.rpartition(":")
            yield path, int(line), Obstacle("cli.eval.fault.doubled", {"other": other.place}, item.place)
