"""Word patterns: a small language for phrases, in which order counts and words may stand between.

A pattern is a row of these, with spaces between: ``word``; ``stem*`` and ``*ending``; ``<set>``, any of a
named set's patterns; ``%``, a number below 1,000; ``_``, any word; ``@``, a word written with a capital;
``a|b``, either; ``a|b?``, either or nothing; ``!a|b``, neither comes next; ``..3``, up to three words of the
same sentence; ``^`` and ``$``, where a sentence begins and ends.

Nothing is compiled but looked up: a regular expression of the same patterns takes half a second to build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.recognition import SHORTEST_MISSPELT, WordList

END = "."
"""Stands as a word after each sentence."""
GAP = "~"
"""Stands for what was cut out; no pattern reaches over it."""
_HIGHEST_NUMBER_LENGTH = 3
"""Digits."""
_SIGNS = frozenset("^$%_@")
_EMPTY_SIGNS = frozenset("^$")
"""Those that take no word."""


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


_Sequence = tuple[_Element, ...]


@dataclass(frozen=True, slots=True)
class _Firsts:
    """What something may begin with."""

    words: frozenset[str] = frozenset()
    starts: frozenset[str] = frozenset()
    endings: frozenset[str] = frozenset()
    any: bool = False
    """Whether it may begin with anything else, too."""
    empty: bool = False
    """Whether it may take no word, so that what comes after it is the beginning."""

    def __or__(self, other: _Firsts) -> _Firsts:
        return _Firsts(
            self.words | other.words,
            self.starts | other.starts,
            self.endings | other.endings,
            self.any or other.any,
            self.empty or other.empty,
        )


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
        return _Firsts(any=True)


@dataclass(frozen=True, slots=True)
class _Either:
    words: frozenset[str]
    starts: tuple[str, ...]
    endings: tuple[str, ...]
    signs: frozenset[str]
    sequences: _Sequences | None

    def ends(self, line: Line, start: int) -> set[int]:
        word = line.words[start] if start < len(line.words) else GAP
        found: set[int] = set()
        if self.sequences:
            for sequence in self.sequences.beginning(word):
                found |= _ends(sequence, line, start)
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
        own = _Firsts(
            self.words,
            frozenset(self.starts),
            frozenset(self.endings),
            any=not self.signs <= _EMPTY_SIGNS,
            empty=not self.signs.isdisjoint(_EMPTY_SIGNS),
        )
        return own | self.sequences.firsts if self.sequences else own


@dataclass(frozen=True, slots=True)
class _Maybe:
    element: _Element

    def ends(self, line: Line, start: int) -> set[int]:
        return {start, *self.element.ends(line, start)}

    def firsts(self) -> _Firsts:
        return replace(self.element.firsts(), empty=True)


@dataclass(frozen=True, slots=True)
class _Not:
    element: _Element

    def ends(self, line: Line, start: int) -> tuple[int, ...]:
        return () if any(True for _ in self.element.ends(line, start)) else (start,)

    def firsts(self) -> _Firsts:
        return _Firsts(empty=True)


def _ends(sequence: _Sequence, line: Line, start: int) -> set[int]:
    ends = {start}
    for element in sequence:
        if len(ends) == 1:
            ends = set(element.ends(line, *ends))
        else:
            ends = {end for at in ends for end in element.ends(line, at)}
        if not ends:
            break
    return ends


def _firsts(sequence: _Sequence) -> _Firsts:
    firsts = _Firsts(empty=True)
    for element in sequence:
        if not firsts.empty:
            break
        firsts = replace(firsts, empty=False) | element.firsts()
    return firsts


class _Sequences:
    """Sequences by what they may begin with: at a word only those are tried that can begin there."""

    def __init__(self, sequences: Iterable[_Sequence]) -> None:
        self.firsts = _Firsts()
        self._by_word: dict[str, list[_Sequence]] = {}
        self._by_start: dict[str, list[_Sequence]] = {}
        self._by_ending: dict[str, list[_Sequence]] = {}
        self._always: list[_Sequence] = []
        for sequence in sequences:
            firsts = _firsts(sequence)
            self.firsts |= firsts
            if firsts.any or firsts.empty:
                self._always.append(sequence)
                continue
            for names, tried in (
                (firsts.words, self._by_word),
                (firsts.starts, self._by_start),
                (firsts.endings, self._by_ending),
            ):
                for name in names:
                    tried.setdefault(name, []).append(sequence)
        self._start_lengths = {len(start) for start in self._by_start}
        self._ending_lengths = {len(ending) for ending in self._by_ending}

    def beginning(self, word: str) -> list[_Sequence]:
        """Those that may begin with the word, or without any; one may come twice."""
        found = [*self._always, *self._by_word.get(word, ())]
        for length in self._start_lengths:
            found += self._by_start.get(word[:length], ())
        for length in self._ending_lengths:
            found += self._by_ending.get(word[-length:], ())
        return found


class Patterns:
    """Patterns of which any may be found."""

    def __init__(self, sequences: Iterable[_Sequence]) -> None:
        self._sequences = _Sequences(sequences)

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
            for sequence in self._sequences.beginning(word):
                if ends := _ends(sequence, line, start):
                    yield start, min(ends)


@dataclass(slots=True)
class Grammar:
    """Reads patterns, with the sets that they name."""

    sets: Mapping[str, Sequence[str]]
    words: WordList
    long_words: set[str] = field(default_factory=set)
    """The whole words of all patterns read that are long enough to be misspelt."""
    _read_sets: dict[str, tuple[_Sequence, ...]] = field(default_factory=dict)
    _read_elements: dict[str, _Element] = field(default_factory=dict)

    def read(self, patterns: Iterable[str]) -> Patterns:
        """Raises ``KeyError`` for a set that is not there, ``ValueError`` for what is not one word."""
        return Patterns(map(self._sequence, patterns))

    def _sequence(self, pattern: str) -> _Sequence:
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
        sequences: list[_Sequence] = []
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
                case (_Either() as only,) if not only.signs and not only.sequences:
                    words |= only.words
                    starts += only.starts
                    endings += only.endings
                    sequences.remove(sequence)
        either = _Sequences(sequences) if sequences else None
        return _Either(frozenset(words), tuple(starts), tuple(endings), frozenset(signs), either)

    def _set(self, name: str) -> tuple[_Sequence, ...]:
        if name not in self._read_sets:
            self._read_sets[name] = tuple(map(self._sequence, self.sets[name]))
        return self._read_sets[name]
