"""Which language a question is in: Swedish, English, another one, or not clear."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pycld2

from bot.question import WORD

OTHER = "other"
"""A language that Målvakt does not speak."""

# Near enough to Swedish to be searched and answered as it; short Swedish questions look like them, too.
_KIN = frozenset({"sv", "en", "da", "no", "nn"})
_FEWEST_WORDS = 3
_FEW = 1 / 3
"""Below this share of function words a sentence is hardly in that language."""


@dataclass(frozen=True, slots=True)
class LanguageDetector:
    """Function words first, since residents write short; a statistical model only where they say little."""

    function_words: Mapping[str, frozenset[str]]
    """Folded function words by language."""
    vocabulary: Mapping[str, frozenset[str]]
    """Folded words of the goal texts by language, for questions of one or two words."""

    def detect(self, question: str, words: Sequence[str]) -> str | None:
        """A supported language, `OTHER`, or ``None`` where it is not clear.

        Args:
            question: as it was written.
            words: its folded words.
        """
        if not words:
            return None
        # Residents leave the dots of Swedish out, but nobody puts dots into English: "åre" is not "are".
        written = set(WORD.findall(question.casefold()))
        plain = [word for word in words if word in written]
        counted = {name: words if name == "sv" else plain for name in self.function_words}
        best, count = _most(self.function_words, counted)
        if best and count >= _FEW * len(words):
            return best
        if not _is_latin(question):
            return OTHER
        if any(letter in question.casefold() for letter in "åäö") and best != "en":
            # Finnish and German have them too, but then the model is certain.
            return OTHER if len(words) >= _FEWEST_WORDS and _foreign(question) else "sv"
        if len(words) >= _FEWEST_WORDS and _foreign(question):
            return OTHER
        return best or _most(self.vocabulary, counted)[0]


def _most(known: Mapping[str, frozenset[str]], words: Mapping[str, Sequence[str]]) -> tuple[str | None, int]:
    """The language that knows the most of its words, and how many; ``None`` where two know as many."""
    counts = {name: sum(word in vocabulary for word in words[name]) for name, vocabulary in known.items()}
    highest = max(counts.values())
    best = [name for name, count in counts.items() if count == highest]
    return (best[0] if len(best) == 1 else None), highest


def _is_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return 2 * latin >= len(letters)


def _foreign(question: str) -> bool:
    try:
        reliable, _, guesses = pycld2.detect(question)
    except pycld2.error:  # characters that are not text
        return False
    return bool(reliable) and guesses[0][1] not in _KIN
