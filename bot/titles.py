"""Which sections a question names by title or alias."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from bot.library import LibrarySection
from bot.recognition import SHORTEST_MISSPELT, Phrases, WordList

NAMED_KINDS = frozenset({"goal", "vision", "success_factors"})
"""Kinds of section that have names of their own; "the goals" or "the contact centre" is everyone's."""
_SHORTEST_STEM = 3
_LONGEST_ENDING = 3


class TitleFinder:
    """Finds titles and aliases word by word, in any inflection: "den gröna kommunen" is "En grön kommun"."""

    def __init__(self, sections: Iterable[LibrarySection], phrases: Phrases, words: WordList) -> None:
        self._words = words
        self._articles = phrases.single("articles")
        self._names: dict[tuple[str, ...], set[tuple[str, str]]] = {}
        for section in sections:
            if section.kind not in NAMED_KINDS:
                continue
            aliases = [alias for names in section.aliases.values() for alias in names]
            for name in (*section.titles.values(), *aliases):
                if folded := self._content(words(name)):
                    self._names.setdefault(folded, set()).add((section.municipality, section.id))
        self._by_stem: dict[str, list[tuple[str, ...]]] = {}
        for folded in self._names:
            self._by_stem.setdefault(_stem(folded[0]), []).append(folded)

    def find(self, question: str) -> tuple[frozenset[str], frozenset[str]]:
        """The municipalities, and the ids of the sections, whose names stand in the question.

        A longer name that contains a shorter one wins: "attractive municipality" is not "municipality".
        """
        asked = self._content(self._words(question))
        found = {
            name
            for at, word in enumerate(asked)
            for name in self._by_stem.get(_stem(word), ())
            if _begins(asked[at:], name)
        }
        longest = [name for name in found if not any(_inside(name, other) for other in found)]
        named = {pair for name in longest for pair in self._names[name]}
        return frozenset(pair[0] for pair in named), frozenset(pair[1] for pair in named)

    def _content(self, words: Iterable[str]) -> tuple[str, ...]:
        return tuple(word for word in words if word not in self._articles)


def _stem(word: str) -> str:
    """What words that are `alike` have in common at least."""
    return word[:_SHORTEST_STEM]


def _begins(asked: Sequence[str], name: Sequence[str]) -> bool:
    return len(asked) >= len(name) and all(map(alike, asked, name))


def _contains(asked: Sequence[str], name: Sequence[str]) -> bool:
    return any(_begins(asked[at:], name) for at in range(len(asked)))


def _inside(name: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return name != other and len(other) > len(name) and _contains(other, name)


def alike(asked: str, word: str) -> bool:
    """Whether two folded words differ by an ending, or a long one by a slip of the finger, at most."""
    if asked == word:
        return True
    if len(word) >= SHORTEST_MISSPELT and OSA.distance(asked, word, score_cutoff=1) <= 1:
        return True
    shorter, longer = (asked, word) if len(asked) < len(word) else (word, asked)
    ending = len(longer) - len(shorter)
    return len(shorter) >= _SHORTEST_STEM and ending <= _LONGEST_ENDING and longer.startswith(shorter)
