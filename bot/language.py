"""Which language a question is in: Swedish, English, another one, or not clear."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

OTHER = "other"
"""A language that Målvakt does not speak."""

# What residents of Swedish municipalities write in, beside Swedish and English.
# fmt: off
_CANDIDATES = (
    "ar", "bs", "de", "el", "es", "et", "fa", "fi", "fr", "hr", "hu", "it", "ku", "lt", "lv", "nl", "pl",
    "pt", "ro", "ru", "so", "sq", "sr", "sv", "en", "th", "tr", "uk", "ur", "vi", "zh",
)
# fmt: on
_CERTAIN = 0.9
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
        best, count = _most(self.function_words, words)
        if best and count >= _FEW * len(words):
            return best
        if not _is_latin(question):
            return OTHER
        if any(letter in question.casefold() for letter in "åäö") and best != "en":
            # Finnish and German have them too, but then the model is certain.
            return OTHER if len(words) >= _FEWEST_WORDS and _foreign(question) else "sv"
        if len(words) >= _FEWEST_WORDS and _foreign(question):
            return OTHER
        return best or _most(self.vocabulary, words)[0]


def _most(known: Mapping[str, frozenset[str]], words: Sequence[str]) -> tuple[str | None, int]:
    """The language that knows the most of the words, and how many; ``None`` where two know as many."""
    counts = {name: sum(word in vocabulary for word in words) for name, vocabulary in known.items()}
    highest = max(counts.values())
    best = [name for name, count in counts.items() if count == highest]
    return (best[0] if len(best) == 1 else None), highest


def _is_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return 2 * latin >= len(letters)


def _foreign(question: str) -> bool:
    language, probability = _model().classify(question)
    return language not in ("sv", "en") and probability > _CERTAIN


@cache
def _model() -> Any:
    # Loaded at the first unclear question: it takes 0.1 s that most questions need not wait.
    from py3langid import langid

    model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    model.set_languages(_CANDIDATES)
    return model
