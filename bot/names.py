"""Which municipality or other place a question names. "Vara" is also the verb "to be"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.recognition import Phrases, WordList

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a question; ``start`` and ``end`` are character offsets, with its "i" and "kommun"."""

    municipality: str | None
    """Id of a loaded municipality; ``None``: a place elsewhere."""
    name: str
    """The name as it is usually written."""
    start: int
    end: int
    origin: bool = False
    """Whether it only says where somebody comes from."""


@dataclass(frozen=True, slots=True)
class _Name:
    name: str
    municipality: str | None
    words: tuple[str, ...]
    ordinary: bool


class NameFinder:
    """Finds names of places in questions, in any case, with or without accents, with a genitive's s.

    A name that is also an everyday word counts only where something shows that the place is meant: a
    capital inside a sentence, "kommun" after it, a preposition or "har" before it, a genitive, or its
    standing first or alone.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        elsewhere: Iterable[str],
        ordinary: Iterable[str],
        phrases: Phrases,
        words: WordList,
    ) -> None:
        self._fold = words
        self._place_words = phrases.single("place_words")
        self._before_place = phrases.single("before_place")
        self._fillers = phrases.single("fillers")
        self._origin_words = phrases.single("origin_words")
        self._weak_words = phrases.single("weak_place_words")
        self._joints = phrases.single("joints")
        self._municipality_words = phrases.single("municipality_words")
        everyday = {name.casefold() for name in ordinary}
        self._names: dict[str, list[_Name]] = {}
        for name, municipality in [*names.items(), *((name, None) for name in elsewhere)]:
            folded = tuple(words(name))
            if not folded:
                continue
            entry = _Name(name, municipality, folded, name.casefold() in everyday)
            self._names.setdefault(folded[0], []).append(entry)
        for entries in self._names.values():
            # The longest name wins, and a loaded municipality over a place elsewhere.
            entries.sort(key=lambda entry: (-len(entry.words), entry.municipality is None))

    def find(self, question: str, language: str | None) -> list[Mention]:
        """The places named, in reading order."""
        tokens = list(_WORD.finditer(question))
        folded = ["".join(self._fold(token.group())) for token in tokens]
        mentions = []
        place = 0
        while place < len(tokens):
            found = self._at(question, tokens, folded, place, language)
            if found is None:
                place += 1
                continue
            mention, place = found
            mentions.append(mention)
        return mentions

    def named(self, name: str) -> str | None:
        """The municipality whose name or alias this is, as a person writes it."""
        folded = tuple(self._fold(name))
        candidates = self._names.get(folded[0], []) if folded else []
        return next((entry.municipality for entry in candidates if entry.words == folded), None)

    def _at(
        self,
        question: str,
        tokens: Sequence[re.Match[str]],
        folded: list[str],
        place: int,
        language: str | None,
    ) -> tuple[Mention, int] | None:
        genitive = folded[place].removesuffix("s")
        for entry in [*self._names.get(folded[place], []), *self._names.get(genitive, [])]:
            last = place + len(entry.words)
            if last > len(tokens) or not _same(entry.words, folded[place:last]):
                continue
            if entry.ordinary and not self._is_place(entry, question, tokens, folded, place, last, language):
                continue
            if last < len(folded) and folded[last] in ("s", *self._municipality_words):
                last += 1
            first = place - 1 if place and folded[place - 1] in self._place_words else place
            origin = folded[first] in self._origin_words and first < place
            span = tokens[first].start(), tokens[last - 1].end()
            mention = Mention(entry.municipality, entry.name, *span, origin)
            return mention, last
        return None

    def _is_place(
        self,
        entry: _Name,
        question: str,
        tokens: Sequence[re.Match[str]],
        folded: list[str],
        place: int,
        last: int,
        language: str | None,
    ) -> bool:
        written = tokens[place].group()
        if last < len(folded) and folded[last] in self._municipality_words:
            return True
        before = folded[place - 1] if place else ""
        capital = written[0].isupper() and place > 0 and not question.isupper()
        alone = all(word in self._fillers for word in [*folded[:place], *folded[last:]])
        if entry.municipality is None:
            # Many more names, less likely: "Åre" is a place, "are" and a sentence's first "Mark" are not, nor
            # is "min dotter Nora".
            spelled = written.casefold() in (entry.name.casefold(), f"{entry.name.casefold()}s")
            meant = capital and before in self._place_words | self._before_place
            return spelled and (meant or (alone and written[0].isupper()))
        joined = place > 1 and before in self._joints and folded[place - 2] in self._names
        genitive = folded[last - 1] != entry.words[-1]
        return (
            capital
            or place == 0
            or genitive
            or joined
            or alone
            # "ta till vara på", "vad är bra för vara": at the end of a question alone they show a place.
            or (before in self._place_words and (before not in self._weak_words or last == len(folded)))
            or before in self._before_place
            # The everyday word is Swedish; in an English question only the name can be meant.
            or language == "en"
        )


def _same(name: Sequence[str], written: Sequence[str]) -> bool:
    *first, last = written
    return list(name[:-1]) == first and last in (name[-1], f"{name[-1]}s")


def without(question: str, mentions: Sequence[Mention], joints: frozenset[str]) -> str:
    """The question without the places that it names, nor a joint such as "and" between two of them."""
    rest, end = [], 0
    for mention in mentions:
        between = question[end : mention.start]
        if not (end and between.strip().casefold() in joints):
            rest.append(between)
        end = mention.end
    return " ".join("".join([*rest, question[end:]]).split())
