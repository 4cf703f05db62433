"""Which municipality or other place a question names. "Vara" is also the verb "to be"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.question import WORD
from bot.recognition import Phrases, WordList, a_slip_away

Part = Literal["subject", "origin", "comparison"]
"""Whether a question is about a place, or only says where somebody comes from or works, or what other
place it is compared with."""

_BETWEEN = re.compile(r"[\s,+/&()–-]*[,+/&–-][\s,+/&()–-]*")
"""What joins two names without a word: "(Värnamo, Vara)", "Vara + Värnamo"."""
_SENTENCE_END = re.compile(r"[.!?]")
_NEAR = 8
"""Words before "vara" in which its "ska" or "kan" stands."""
_LONG_NAME = 7
"""Letters from which a name is known with a slip of the finger: shorter ones then are other words."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a question; ``start`` and ``end`` are character offsets, with its "i" and "kommun"."""

    municipality: str | None
    """Id of a loaded municipality; ``None``: a place elsewhere."""
    name: str
    """The name as it is usually written."""
    start: int
    end: int
    part: Part = "subject"
    """What it has to do with the question."""


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
    standing first or alone; or that it stands where the other of two places would, beside one that is named
    for certain.
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
        self._phrases = phrases
        self._light_words = self._fillers | phrases.single("goal_words") | phrases.single("subjects")
        self._subjects = phrases.single("subjects")
        self._weak_words = phrases.single("weak_place_words")
        self._joints = phrases.single("joints")
        self._comparing_joints = phrases.single("comparing_joints")
        self._comparing = phrases.single("compare_words") | self._comparing_joints
        self._goal_words = phrases.single("goal_words")
        self._before_verb = phrases.single("before_verb")
        self._endings = phrases.single("lead_out")
        self._dwellers = phrases.single("dwellers")
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
        self._long_names = {
            entry.words[0]: entry
            for entries in self._names.values()
            for entry in reversed(entries)
            if len(entry.words) == 1 and len(entry.words[0]) >= _LONG_NAME and not entry.ordinary
        }
        self._long_by_letter: dict[str, list[str]] = {}
        for name in self._long_names:
            self._long_by_letter.setdefault(name[0], []).append(name)

    def find(self, question: str, language: str | None) -> list[Mention]:
        """The places named, in reading order."""
        tokens = list(WORD.finditer(question))
        folded = ["".join(self._fold(token.group())) for token in tokens]
        mentions = []
        place = 0
        while place < len(tokens):
            found = self._at(question, tokens, folded, place, language) or self._dweller(
                tokens, folded, place
            )
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
        exact = [*self._names.get(folded[place], []), *self._names.get(genitive, [])]
        written = tokens[place].group().casefold()
        # "Habo" and "Håbo" differ in accents alone; sorting keeps the order of the rest.
        exact.sort(key=lambda entry: (-len(entry.words), not written.startswith(entry.name.casefold())))
        for entry in exact or self._misspelt(folded[place]):
            last = place + len(entry.words)
            if last > len(tokens) or (exact and not _same(entry.words, folded[place:last])):
                continue
            # Accents are left out, not added: "skära" is not Skara.
            if exact and _is_more_accented(written, entry.name.casefold()):
                continue
            # "Våra" is another word; only a loaded name's accents may be left out.
            if entry.ordinary and not written.startswith((entry.name.casefold(), entry.words[0])):
                continue
            if entry.ordinary and not self._is_place(entry, question, tokens, folded, place, last, language):
                continue
            if last < len(folded) and folded[last] in ("s", *self._municipality_words):
                last += 1
            first = place - 1 if place and folded[place - 1] in self._place_words else place
            span = tokens[first].start(), tokens[last - 1].end()
            return Mention(entry.municipality, entry.name, *span, self._part(folded[:place])), last
        return None

    def _dweller(
        self, tokens: Sequence[re.Match[str]], folded: Sequence[str], place: int
    ) -> tuple[Mention, int] | None:
        """A name inside the word for who lives there: "Värnamobo", "varaborna"."""
        for ending in self._dwellers:
            stem = folded[place].removesuffix(ending)
            if stem == folded[place]:
                continue
            names = (one for one in self._names.get(stem, []) if len(one.words) == 1)
            # "Bergbo" and "markbo" are anything; a loaded municipality is meant.
            if name := next((one for one in names if one.municipality or not one.ordinary), None):
                span = tokens[place].span()
                return Mention(name.municipality, name.name, *span, "origin"), place + 1
        return None

    def _misspelt(self, word: str) -> list[_Name]:
        """The only long name that the word, or without a genitive's s, is a slip of the finger away from."""
        known = self._long_by_letter.get(word[:1], ())
        near = {name for written in {word, word.removesuffix("s")} for name in a_slip_away(written, known)}
        # A name and an alias of it may differ in accents alone.
        return [self._long_names[name] for name in near] if len(near) == 1 else []

    def _part(self, before: Sequence[str]) -> Part:
        """What a place is in a question, by the words before it."""
        if self._phrases.trailing("origins", before):
            return "origin"
        length = self._phrases.trailing("comparisons", before)
        subject = length == 1 and before[:-1] and before[-2] in self._subjects
        return "comparison" if length and not subject else "subject"

    def _is_name(self, word: str) -> bool:
        """Whether it is the first word of a name, perhaps in the genitive."""
        return word in self._names or word.removesuffix("s") in self._names

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
        ends = all(word in self._endings for word in folded[last:])
        if entry.municipality is None:
            # Many more names, less likely: "Åre" is a place, "are" and a sentence's first "Mark" are not, nor
            # is "min dotter Nora".
            spelled = written.casefold() in (entry.name.casefold(), f"{entry.name.casefold()}s")
            shown = before in self._place_words | self._before_place
            light = all(word in self._light_words for word in [*folded[: place - 1], *folded[last:]])
            meant = capital or (light and last == len(folded))
            return spelled and ((shown and meant) or (alone and written[0].isupper()))
        genitive = folded[last - 1] != entry.words[-1]
        return (
            capital
            or place == 0
            or genitive
            or self._is_other(entry, question, tokens, folded, place, last, ends=ends)
            or alone
            # "arbetsmiljö vara": the verb would come after another.
            or (last == len(folded) and self._before_verb.isdisjoint(folded))
            # "ta till vara på", "vad är bra för vara": at the end of a question alone they show a place.
            or (before in self._place_words and (before not in self._weak_words or ends))
            or before in self._before_place
            or self._phrases.trailing("returns", folded[:place]) > 0
            # The everyday word is Swedish; in an English question only the name can be meant.
            or language == "en"
        )

    def _is_other(
        self,
        entry: _Name,
        question: str,
        tokens: Sequence[re.Match[str]],
        folded: list[str],
        place: int,
        last: int,
        *,
        ends: bool,
    ) -> bool:
        """Whether a name that is an everyday word, too, is the other of two places in the question.

        Args:
            ends: whether nothing of the subject comes after it.
        """
        first, after = place - 1, last
        while first > 0 and folded[first] in self._joints:
            first -= 1
        while after < len(folded) - 1 and folded[after] in self._joints:
            after += 1
        if 0 <= first < place - 1 and self._is_name(folded[first]):
            return True
        if not any(self._is_certain(word) for word in [*folded[:place], *folded[last:]]):
            return False
        before = folded[place - 1] if place else ""
        compared = not self._comparing.isdisjoint([*folded[:place], *folded[last:]])
        follows = place > 0 and self._is_certain(before)
        if before in self._comparing_joints and not (folded[last:] and folded[last] in self._goal_words):
            return True
        start = place
        while start and not _SENTENCE_END.search(question, tokens[start - 1].end(), tokens[start].start()):
            start -= 1
        # "Hur ska Värnamo vara?"
        if not self._before_verb.isdisjoint(folded[max(start, place - _NEAR) : place]):
            return False
        if follows and _BETWEEN.fullmatch(question, tokens[place - 1].end(), tokens[place].start()):
            return True
        if last < len(folded) and self._is_certain(folded[after]):
            between = _BETWEEN.fullmatch(question, tokens[last - 1].end(), tokens[last].start())
            if after > last or between:
                return True
        return compared or before in self._joints or (ends and follows)

    def _is_certain(self, word: str) -> bool:
        """Whether it is a name, perhaps in the genitive or misspelt, that is no everyday word."""
        named = [*self._names.get(word, []), *self._names.get(word.removesuffix("s"), [])]
        return any(not name.ordinary and len(name.words) == 1 for name in named or self._misspelt(word))


def named_municipalities(mentions: Sequence[Mention]) -> tuple[str, ...]:
    """Ids of the loaded municipalities that a question is about, in reading order.

    Where it is about one, those that somebody only comes from are not meant.
    """
    loaded = [mention for mention in mentions if mention.municipality]
    meant = [mention for mention in loaded if mention.part != "origin"] or loaded
    return tuple(dict.fromkeys(mention.municipality for mention in meant if mention.municipality))


def place_elsewhere(mentions: Sequence[Mention], start: int = 0) -> str | None:
    """The place elsewhere that a question is about, or that a loaded one is compared with in it.

    Args:
        start: the offset from which on it is asked; what is named before is not meant.
    """
    loaded = any(mention.municipality for mention in mentions)
    parts = ("subject", "comparison") if loaded else ("subject",)
    places = (mention for mention in mentions if mention.municipality is None and mention.part in parts)
    return next((mention.name for mention in places if mention.start >= start), None)


def _same(name: Sequence[str], written: Sequence[str]) -> bool:
    *first, last = written
    return list(name[:-1]) == first and last in (name[-1], f"{name[-1]}s")


def _is_more_accented(written: str, name: str) -> bool:
    """Whether a letter is accented that is plain in the name."""
    pairs = zip(written, name, strict=False)
    return any(plain.isascii() and not letter.isascii() for letter, plain in pairs)


def without(question: str, mentions: Sequence[Mention], joints: frozenset[str]) -> str:
    """The question without the places that it names, nor a joint such as "and" between two of them."""
    rest, end = [], 0
    for mention in mentions:
        between = question[end : mention.start]
        joined = end and between and joints.issuperset(WORD.findall(between.casefold()))
        rest.append(" " if joined else between)
        end = mention.end
    return " ".join("".join([*rest, question[end:]]).split())
