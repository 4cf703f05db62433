"""Word patterns: a small language for phrases, in which order counts and words may stand between.

A pattern is a row of these, with spaces between: ``word``; ``stem*`` and ``*ending``; ``<set>``, any of a
named set's patterns; ``%``, a number below 1,000; ``_``, any word; ``@``, a word written with a capital;
``a|b``, either; ``a|b?``, either or nothing; ``!a|b``, neither comes next; ``..3``, up to three words of the
same sentence; ``^`` and ``$``, where a sentence begins and ends.

Nothing is compiled but looked up: a regular expression of the same patterns takes half a second to build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.recognition import SHORTEST_MISSPELT, WordList

END = "."
"""Stands as a word after each sentence."""
GAP = "~"
"""Stands for what was cut out; no pattern reaches over it."""
_HIGHEST_NUMBER_LENGTH = 3
"""Digits."""
_SIGNS = frozenset("^$%_@")


@dataclass(frozen=True, slots=True)
class Line:
    """What patterns are looked for in."""

    words: Sequence[str]
    """Folded, in order, with `END` after each sentence."""
    capitals: Sequence[bool]
    """Whether each was written with a capital and small letters after it."""

    def without(self, spans: Iterable[tuple[int, int]]) -> Line:
        """The line with `GAP` in the place of every word of the spans, first and one past the last."""
        cut = {at for start, end in spans for at in range(start, end)}
        words = [GAP if at in cut else word for at, word in enumerate(self.words)]
        return Line(words, self.capitals)


class _Element(Protocol):
    def ends(self, line: Line, start: int) -> Iterable[int]:
        """Where the element may end that starts there."""

    def firsts(self) -> _Firsts:
        """What it may start with."""


@dataclass(frozen=True, slots=True)
class _Firsts:
    """What something may begin with; all false: with any word."""

    words: frozenset[str] = frozenset()
    others: bool = False
    """Whether it may begin with what is not in `words`."""

    def __or__(self, other: _Firsts) -> _Firsts:
        return _Firsts(self.words | other.words, self.others or other.others)


_ANY = _Firsts(others=True)


def _is_word(word: str) -> bool:
    return word not in (END, GAP)


@dataclass(frozen=True, slots=True)
class _Between:
    most: int

    def ends(self, line: Line, start: int) -> Iterator[int]:
        yield start
        for at in range(start, min(start + self.most, len(line.words))):
            if not _is_word(line.words[at]):
                return
            yield at + 1

    def firsts(self) -> _Firsts:
        return _ANY


@dataclass(frozen=True, slots=True)
class _Either:
    words: frozenset[str]
    starts: tuple[str, ...]
    endings: tuple[str, ...]
    signs: frozenset[str]
    sequences: tuple[tuple[_Element, ...], ...]

    def ends(self, line: Line, start: int) -> set[int]:
        word = line.words[start] if start < len(line.words) else GAP
        found = {end for sequence in self.sequences for end in _ends(sequence, line, start)}
        if "^" in self.signs and (start == 0 or line.words[start - 1] == END):
            found.add(start)
        if "$" in self.signs and word == END:
            found.add(start)
        if _is_word(word) and (
            word in self.words
            or word.startswith(self.starts)
            or word.endswith(self.endings)
            or "_" in self.signs
            or ("@" in self.signs and line.capitals[start])
            or ("%" in self.signs and word.isdecimal() and len(word) <= _HIGHEST_NUMBER_LENGTH)
        ):
            found.add(start + 1)
        return found

    def firsts(self) -> _Firsts:
        own = _Firsts(self.words, bool(self.starts or self.endings or self.signs))
        for sequence in self.sequences:
            own |= _firsts(sequence)
        return own


@dataclass(frozen=True, slots=True)
class _Maybe:
    element: _Element

    def ends(self, line: Line, start: int) -> set[int]:
        return {start, *self.element.ends(line, start)}

    def firsts(self) -> _Firsts:
        return _ANY


@dataclass(frozen=True, slots=True)
class _Not:
    element: _Element

    def ends(self, line: Line, start: int) -> tuple[int, ...]:
        return () if any(True for _ in self.element.ends(line, start)) else (start,)

    def firsts(self) -> _Firsts:
        return _ANY


def _ends(sequence: Sequence[_Element], line: Line, start: int) -> set[int]:
    ends = {start}
    for element in sequence:
        ends = {end for at in ends for end in element.ends(line, at)}
        if not ends:
            break
    return ends


def _firsts(sequence: Sequence[_Element]) -> _Firsts:
    return sequence[0].firsts()


class Patterns:
    """Patterns of which any may be found."""

    def __init__(self, sequences: Iterable[tuple[_Element, ...]]) -> None:
        self._by_first: dict[str, list[tuple[_Element, ...]]] = {}
        self._others: list[tuple[_Element, ...]] = []
        for sequence in sequences:
            firsts = _firsts(sequence)
            if firsts.others:
                self._others.append(sequence)
                continue
            for word in firsts.words:
                self._by_first.setdefault(word, []).append(sequence)

    def found(self, line: Line) -> bool:
        """Whether any pattern stands in the line."""
        return any(True for _ in self._matches(line))

    def spans(self, line: Line) -> list[tuple[int, int]]:
        """Where patterns stand: of each place where one begins, the shortest; they may overlap."""
        return list(self._matches(line))

    def _matches(self, line: Line) -> Iterator[tuple[int, int]]:
        for start, word in enumerate(line.words):
            if not _is_word(word):
                continue
            for sequence in (*self._by_first.get(word, ()), *self._others):
                if ends := _ends(sequence, line, start):
                    yield start, min(ends)


@dataclass(slots=True)
class Grammar:
    """Reads patterns, with the sets that they name."""

    sets: Mapping[str, Sequence[str]]
    words: WordList
    long_words: set[str] = field(default_factory=set)
    """The whole words of all patterns read that are long enough to be misspelt."""
    _read_sets: dict[str, tuple[tuple[_Element, ...], ...]] = field(default_factory=dict)
    _read_elements: dict[str, _Element] = field(default_factory=dict)

    def read(self, patterns: Iterable[str]) -> Patterns:
        """Raises ``KeyError`` for a set that is not there, ``ValueError`` for what is not one word."""
        return Patterns(map(self._sequence, patterns))

    def _sequence(self, pattern: str) -> tuple[_Element, ...]:
        return tuple(map(self._element, pattern.split()))

    def _element(self, text: str) -> _Element:
        if text not in self._read_elements:
            self._read_elements[text] = self._new(text)
        return self._read_elements[text]

    def _new(self, text: str) -> _Element:
        if text.startswith(".."):
            return _Between(int(text[2:]))
        if text.startswith("!"):
            return _Not(self._either(text[1:].split("|")))
        if text.endswith("?"):
            return _Maybe(self._either(text[:-1].split("|")))
        return self._either(text.split("|"))

    def _either(self, alternatives: Iterable[str]) -> _Either:
        words: set[str] = set()
        signs: set[str] = set()
        starts: list[str] = []
        endings: list[str] = []
        sequences: list[tuple[_Element, ...]] = []
        for alternative in alternatives:
            if alternative in _SIGNS:
                signs.add(alternative)
            elif alternative.startswith("<"):
                sequences += self._set(alternative.strip("<>"))
            else:
                (word,) = self.words(alternative.strip("*"))
                if alternative.endswith("*"):
                    starts.append(word)
                elif alternative.startswith("*"):
                    endings.append(word)
                else:
                    words.add(word)
                    if len(word) >= SHORTEST_MISSPELT:
                        self.long_words.add(word)
        for sequence in sequences[:]:
            match sequence:
                case (_Either(sequences=()) as only,) if not only.signs:
                    words |= only.words
                    starts += only.starts
                    endings += only.endings
                    sequences.remove(sequence)
        return _Either(frozenset(words), tuple(starts), tuple(endings), frozenset(signs), tuple(sequences))

    def _set(self, name: str) -> tuple[tuple[_Element, ...], ...]:
        if name not in self._read_sets:
            self._read_sets[name] = tuple(map(self._sequence, self.sets[name]))
        return self._read_sets[name]
