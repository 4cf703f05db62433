"""Goals or choices that a message points at by their number: "den tredje", "the last two"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.question import CLAUSE_END, SENTENCE_END
from bot.recognition import Phrases, WordList

_ORDINALS = {
    **{f"ordinal_{number}": number for number in range(1, 9)},
    "ordinal_last": -1,
    "ordinal_last_but_one": -2,
}
"""Numbers by their kind in the phrases."""
_COUNTS = {f"count_{number}": number for number in range(2, 5)}
_SECOND = 2
_DIGITS = 3
"""A number as long as this is no place in a list."""
_ENDS = " ?!.…"
_STORY = 20
"""Words from which a message is a story: there "the first" is mostly no place in a list."""


@dataclass(frozen=True, slots=True)
class Pointing:
    """What is pointed at."""

    numbers: tuple[int, ...]
    """From 1; from -1, the last, backwards."""
    asks: bool
    """Whether something is asked of them that has words of its own: "does the third include companies?"."""
    language: str | None
    """The only language that has these ordinals; ``None``: both."""

    def places(self, count: int) -> tuple[int, ...] | None:
        """Where those stand among so many, from 0, each once; ``None`` where one is beyond them."""
        if not all(0 < abs(number) <= count for number in self.numbers):
            return None
        return tuple(dict.fromkeys(number - 1 if number > 0 else count + number for number in self.numbers))


@dataclass(frozen=True, slots=True)
class _Clause:
    numbers: tuple[int, ...]
    rest: tuple[str, ...]
    """The words around."""
    certain: bool
    """Whether a place in a list is rather meant than anything else: "the second"."""
    listed: bool
    """Whether nothing else can be meant: "number two", "the second goal"."""
    language: str | None


class PointingFinder:
    """Finds ordinals that mean a place in a list. May be used from several threads."""

    def __init__(self, phrases: Phrases, words: WordList, light_words: Collection[str]) -> None:
        """``light_words``: those that carry no subject."""
        self._phrases = phrases
        self._words = words
        self._joints = phrases.single("joints")
        self._light = self._joints | set(light_words) | phrases.single("ordinal_fillers")
        self._listed = phrases.single("listed_words")
        self._number_words = phrases.single("number_words")
        self._in_lists = self._listed | self._number_words
        self._joined_second = phrases.single("joined_second")
        self._alike = phrases.single("no_ordinals")

    def find(self, topic: str) -> Pointing | None:
        """What a message points at: by its last clause that does, "not the first, the second one"."""
        marked = {word for one in topic.split() if _is_marked(one) for word in self._words(one)}
        topic = topic.rstrip(_ENDS)
        clauses = [self._clause(self._words(clause), marked) for clause in CLAUSE_END.split(topic)]
        story = len(self._words(topic)) >= _STORY
        asking = CLAUSE_END.split(SENTENCE_END.split(topic)[-1])
        told = len(clauses) - len(asking) if story else 0
        pointing = [
            clause for at, clause in enumerate(clauses) if clause.numbers and (at >= told or clause.listed)
        ]
        if not pointing:
            return None
        meant = [one for one in pointing if one.certain or self._light.issuperset(one.rest)]
        if not meant:
            return None
        last = meant[-1]
        own = not self._light.issuperset(last.rest)
        others = any(not self._light.issuperset(clause.rest) for clause in clauses if clause not in meant)
        return Pointing(last.numbers, own or others, last.language)

    def _clause(self, words: Sequence[str], marked: Collection[str]) -> _Clause:
        """``marked``: words that were written with marks: "läst" is not "last"."""
        mended = self._phrases.mended(words, _ORDINALS)
        words = [word if word in self._alike else new for word, new in zip(words, mended, strict=True)]
        numbers: list[int] = []
        rest: list[str] = []
        certain, listed, language = False, False, None
        at = 0
        while at < len(words):
            if idiom := self._phrases.leading("no_ordinals", words[at:]):
                rest += words[at : at + idiom]
                at += idiom
                continue
            kind, length = self._ordinal(words, at)
            after = words[at + length : at + length + 1]
            spoken = self._phrases.language(kind, words[at : at + length]) if kind else None
            if kind and not (spoken == "en" and words[at] in marked):
                language = language or spoken
                counted = self._count(rest[-1:]) or self._count(after)
                if counted and self._counts_others(words[at + length + 1 : at + length + 2]):
                    rest += words[at : at + length]
                    at += length
                    continue
                if counted and abs(_ORDINALS[kind]) == 1:
                    numbers += _in_a_row(_ORDINALS[kind], counted)
                    rest, length = (rest[:-1], length) if self._count(rest[-1:]) else (rest, length + 1)
                else:
                    numbers.append(_ORDINALS[kind])
                after = words[at + length : at + length + 1]
                certain |= length > 1
                listed |= not self._in_lists.isdisjoint([*words[at : at + length], *after])
            elif self._is_number(words, at):
                length = 1
                numbers.append(int(words[at]))
                listed |= not self._number_words.isdisjoint(rest[-1:])
            elif numbers and not self._joints.isdisjoint(rest[-1:]) and words[at] in self._joined_second:
                # "Andra" alone is mostly "other".
                length = 1
                numbers.append(_SECOND)
            else:
                length = 1
                rest.append(words[at])
            at += length
        return _Clause(tuple(dict.fromkeys(numbers)), tuple(rest), certain or listed, listed, language)

    def _ordinal(self, words: Sequence[str], at: int) -> tuple[str | None, int]:
        """The longest ordinal that begins there: its kind, and how many words it has."""
        lengths = {kind: self._phrases.leading(kind, words[at:]) for kind in _ORDINALS}
        kind = max(_ORDINALS, key=lambda kind: lengths[kind])
        return (kind, lengths[kind]) if lengths[kind] else (None, 0)

    def _count(self, word: Sequence[str]) -> int:
        """How many are counted with the word, of which there may be none; 0: it does not count."""
        return next((count for kind, count in _COUNTS.items() if self._phrases.is_whole(kind, word)), 0)

    def _counts_others(self, word: Sequence[str]) -> bool:
        """Whether what is counted is nothing in a list: "our first three customers"."""
        return bool(word) and self._light.isdisjoint(word) and self._listed.isdisjoint(word)

    def _is_number(self, words: Sequence[str], at: int) -> bool:
        """Whether a digit stands there that is a place, not the count of "de 2 sista"."""
        counts = at + 1 < len(words) and self._ordinal(words, at + 1)[0] in ("ordinal_1", "ordinal_last")
        said = at > 0 and words[at - 1] in self._number_words
        place = len(words[at]) == 1 and words[at] != "0"
        return words[at].isdecimal() and (said or place) and not counts and len(words[at]) < _DIGITS


def _is_marked(word: str) -> bool:
    return any(letter.isalpha() and not letter.isascii() for letter in word)


def _in_a_row(number: int, count: int) -> range:
    """So many from the first on, or up to the last."""
    return range(1, count + 1) if number > 0 else range(-count, 0)
