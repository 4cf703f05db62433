"""What is recognised by its words alone: greetings, follow-ups, the language. Data in ``bot/phrases``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.texts import LANGUAGES

DIRECTORY = Path(__file__).parent / "phrases"

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
    def load(cls, words: WordList) -> Phrases:
        """Read ``bot/phrases``, folding as the index folds."""
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

    def is_whole(self, kind: str, words: Sequence[str]) -> bool:
        """Whether the words are a phrase of the kind and nothing else."""
        return tuple(words) in self.kinds[kind]

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
