"""What is recognised by its words alone: greetings, follow-ups, the language. Data in ``bot/phrases``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from rapidfuzz.distance import OSA

from bot.texts import LANGUAGES

DIRECTORY = Path(__file__).parent / "phrases"

SHORTEST_MISSPELT = 6
"""Letters; in a shorter word one other letter makes too many other words."""

WordList = Callable[[str], list[str]]
"""A text's folded words, in reading order."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of all languages by kind, each as a tuple of folded words."""

    kinds: Mapping[str, frozenset[tuple[str, ...]]]
    function_words: Mapping[str, frozenset[str]]
    """By language."""
    languages: Mapping[tuple[str, tuple[str, ...]], frozenset[str]]
    """Of each kind and phrase, the languages that it stands in."""

    @classmethod
    @cache
    def load(cls, words: WordList) -> Phrases:
        """Read ``bot/phrases``, folding as the index folds; once a process."""
        kinds: dict[str, set[tuple[str, ...]]] = {}
        languages: dict[tuple[str, tuple[str, ...]], set[str]] = {}
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
            {kind: frozenset(phrases) for kind, phrases in kinds.items()},
            function_words,
            {phrase: frozenset(names) for phrase, names in languages.items()},
        )

    def contains(self, kind: str, words: Sequence[str]) -> bool:
        """Whether a phrase of the kind stands among the words."""
        phrases = self.kinds[kind]
        lengths = {len(phrase) for phrase in phrases}
        return any(
            tuple(words[at : at + length]) in phrases for length in lengths for at in range(len(words))
        )

    def is_whole(self, kind: str, words: Sequence[str]) -> bool:
        """Whether the words are a phrase of the kind and nothing else."""
        return tuple(words) in self.kinds[kind]

    def resembles(self, kind: str, words: Sequence[str]) -> bool:
        """Whether the words are a phrase of the kind, long ones perhaps with a slip of the finger."""
        return any(
            len(phrase) == len(words) and all(map(_alike, phrase, words)) for phrase in self.kinds[kind]
        )

    def mended(self, words: Sequence[str], kinds: Iterable[str]) -> list[str]:
        """The words, a long one that is unknown to the kinds as the only known one a slip away from it."""
        known = {word for kind in kinds for phrase in self.kinds[kind] for word in phrase}
        return [word if word in known else _mended(word, known) for word in words]

    def language(self, kind: str, words: Sequence[str]) -> str | None:
        """The only language in which the words are a phrase of the kind; ``None``: both or neither."""
        names = self.languages.get((kind, tuple(words)), frozenset())
        return next(iter(names)) if len(names) == 1 else None

    def leading(self, kind: str, words: Sequence[str]) -> int:
        """How many of the first words make the longest phrase of the kind; 0 if none."""
        lengths = range(min(len(words), max(map(len, self.kinds[kind]))), 0, -1)
        return next((length for length in lengths if tuple(words[:length]) in self.kinds[kind]), 0)

    def trailing(self, kind: str, words: Sequence[str]) -> int:
        """How many of the last words make the longest phrase of the kind; 0 if none."""
        lengths = range(min(len(words), max(map(len, self.kinds[kind]))), 0, -1)
        return next((length for length in lengths if tuple(words[-length:]) in self.kinds[kind]), 0)

    def single(self, kind: str) -> frozenset[str]:
        """The kind's phrases of one word."""
        return frozenset(entry[0] for entry in self.kinds[kind] if len(entry) == 1)


def _alike(known: str, written: str) -> bool:
    if known == written:
        return True
    return len(known) >= SHORTEST_MISSPELT and OSA.distance(known, written, score_cutoff=1) <= 1


def _mended(written: str, known: Iterable[str]) -> str:
    near = [word for word in known if _alike(word, written)]
    return near[0] if len(near) == 1 else written
