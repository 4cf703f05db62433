"""What is recognised by its words alone: greetings, follow-ups, the language. Data in ``bot/phrases``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.texts import LANGUAGES

DIRECTORY = Path(__file__).parent / "phrases"

SHORTEST_MISSPELT = 6
"""Letters; in a shorter word one other letter makes too many other words."""

WordList = Callable[[str], list[str]]
"""A text's folded words, in reading order."""


Phrase = tuple[str, ...]
"""Folded words."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """The phrases of one kind, in all languages."""

    phrases: frozenset[Phrase]
    by_length: Mapping[int, Sequence[Phrase]]
    """By how many words they have."""
    lengths_by_first: Mapping[str, Sequence[int]]
    """How many words those have that begin with a word, the most first."""
    lengths_by_last: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, phrases: frozenset[Phrase]) -> _Kind:
        by_length: dict[int, list[Phrase]] = {}
        first: dict[str, set[int]] = {}
        last: dict[str, set[int]] = {}
        for phrase in phrases:
            by_length.setdefault(len(phrase), []).append(phrase)
            first.setdefault(phrase[0], set()).add(len(phrase))
            last.setdefault(phrase[-1], set()).add(len(phrase))
        return cls(
            phrases,
            by_length,
            {word: sorted(lengths, reverse=True) for word, lengths in first.items()},
            {word: sorted(lengths, reverse=True) for word, lengths in last.items()},
        )


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of all languages by kind."""

    kinds: Mapping[str, _Kind]
    function_words: Mapping[str, frozenset[str]]
    """By language."""
    languages: Mapping[tuple[str, Phrase], frozenset[str]]
    """Of each kind and phrase, the languages that it stands in."""
    _vocabularies: dict[tuple[str, ...], tuple[frozenset[str], Sequence[str]]] = field(default_factory=dict)
    """All words and the long ones of the kinds that were looked at together."""

    @classmethod
    @cache
    def load(cls, words: WordList) -> Phrases:
        """Read ``bot/phrases``, folding as the index folds; once a process."""
        kinds: dict[str, set[Phrase]] = {}
        languages: dict[tuple[str, Phrase], set[str]] = {}
        function_words = {}
        for language in LANGUAGES:
            data = yaml.load((DIRECTORY / f"{language}.yaml").read_text("utf-8"), yaml.CBaseLoader)
            function_words[language] = frozenset(
                word for entry in data.pop("function_words") for word in words(entry)
            )
            for kind, entries in data.items():
                for phrase in (tuple(words(entry)) for entry in entries):
                    kinds.setdefault(kind, set()).add(phrase)
                    languages.setdefault((kind, phrase), set()).add(language)
        return cls(
            {kind: _Kind.of(frozenset(phrases)) for kind, phrases in kinds.items()},
            function_words,
            {phrase: frozenset(names) for phrase, names in languages.items()},
        )

    def contains(self, kind: str, words: Sequence[str]) -> bool:
        """Whether a phrase of the kind stands among the words."""
        known = self.kinds[kind]
        return any(
            tuple(words[at : at + length]) in known.phrases
            for at, word in enumerate(words)
            for length in known.lengths_by_first.get(word, ())
        )

    def is_whole(self, kind: str, words: Sequence[str]) -> bool:
        """Whether the words are a phrase of the kind and nothing else."""
        return tuple(words) in self.kinds[kind].phrases

    def resembles(self, kind: str, words: Sequence[str]) -> bool:
        """Whether the words are a phrase of the kind, long ones perhaps with a slip of the finger."""
        same = self.kinds[kind].by_length.get(len(words), ())
        return any(all(map(_alike, phrase, words)) for phrase in same)

    def mended(self, words: Sequence[str], kinds: Iterable[str]) -> list[str]:
        """The words, a long one that is unknown to the kinds as the only known one a slip away from it."""
        known, long = self._vocabulary(tuple(kinds))
        return [word if word in known else _mended(word, long) for word in words]

    def _vocabulary(self, kinds: tuple[str, ...]) -> tuple[frozenset[str], Sequence[str]]:
        if kinds not in self._vocabularies:
            known = frozenset(
                word for kind in kinds for phrase in self.kinds[kind].phrases for word in phrase
            )
            self._vocabularies[kinds] = known, [word for word in known if len(word) >= SHORTEST_MISSPELT]
        return self._vocabularies[kinds]

    def language(self, kind: str, words: Sequence[str]) -> str | None:
        """The only language in which the words are a phrase of the kind; ``None``: both or neither."""
        names = self.languages.get((kind, tuple(words)), frozenset())
        return next(iter(names)) if len(names) == 1 else None

    def leading(self, kind: str, words: Sequence[str]) -> int:
        """How many of the first words make the longest phrase of the kind; 0 if none."""
        known = self.kinds[kind]
        lengths = known.lengths_by_first.get(words[0], ()) if words else ()
        fitting = (length for length in lengths if length <= len(words))
        return next((length for length in fitting if tuple(words[:length]) in known.phrases), 0)

    def trailing(self, kind: str, words: Sequence[str]) -> int:
        """How many of the last words make the longest phrase of the kind; 0 if none."""
        known = self.kinds[kind]
        lengths = known.lengths_by_last.get(words[-1], ()) if words else ()
        fitting = (length for length in lengths if length <= len(words))
        return next((length for length in fitting if tuple(words[-length:]) in known.phrases), 0)

    def single(self, kind: str) -> frozenset[str]:
        """The kind's phrases of one word."""
        return frozenset(word for (word,) in self.kinds[kind].by_length.get(1, ()))


def a_slip_away(written: str, known: Sequence[str]) -> list[str]:
    """Those of the known words that are at most one slip of the finger (optimal string alignment) away."""
    return [
        word for word, *_ in process.extract(written, known, scorer=OSA.distance, score_cutoff=1, limit=None)
    ]


def _alike(known: str, written: str) -> bool:
    if known == written:
        return True
    return len(known) >= SHORTEST_MISSPELT and OSA.distance(known, written, score_cutoff=1) <= 1


def _mended(written: str, known: Sequence[str]) -> str:
    near = a_slip_away(written, known)
    return near[0] if len(near) == 1 else written
