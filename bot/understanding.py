"""What a question says of itself, before any search: language, places, topic, small talk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from bot.language import LanguageDetector
from bot.library import Library
from bot.names import NameFinder, without
from bot.recognition import Phrases, WordList
from bot.titles import TitleFinder

Smalltalk = Literal["greeting", "thanks", "farewell", "who", "help", "person"]

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question as understood."""

    language: str | None
    """A language that Målvakt speaks, `bot.language.OTHER`, or ``None``: not clear from the words."""
    named: tuple[str, ...]
    """Ids of the loaded municipalities that it names, in reading order."""
    elsewhere: str | None
    """A place that it names and that is not loaded."""
    topic: str
    """The question without places, greeting and "what about"; empty if nothing else was said."""
    smalltalk: Smalltalk | None
    wants_more: bool
    """Whether it only asks for more of what was shown."""
    titled_municipalities: frozenset[str]
    """The municipalities of the sections whose title or alias stands in it."""
    titled_sections: frozenset[str]


class Reader:
    """Reads questions for one library. May be used from several threads."""

    def __init__(self, library: Library, words: WordList) -> None:
        phrases = Phrases.load(words)
        self._words = words
        self._phrases = phrases
        self._languages = LanguageDetector(phrases.function_words)
        self._places = NameFinder(library.names, library.elsewhere, library.ordinary_words, phrases, words)
        self._titles = TitleFinder(library.sections.values(), phrases, words)

    def read(self, question: str) -> Understanding:
        """Understand a normalised question."""
        words = self._words(question)
        language = self._languages.detect(question, words)
        mentions = self._places.find(question, language)
        municipalities, sections = self._titles.find(question)
        topic = self._topic(without(question, mentions))
        return Understanding(
            language=language,
            named=tuple(dict.fromkeys(m.municipality for m in mentions if m.municipality)),
            elsewhere=next((m.name for m in mentions if m.municipality is None), None),
            topic=topic,
            smalltalk=next(
                (kind for kind in get_args(Smalltalk) if self._phrases.is_whole(kind, words)), None
            ),
            wants_more=self._phrases.is_whole("more", self._words(topic)),
            titled_municipalities=municipalities,
            titled_sections=sections,
        )

    def municipality(self, name: str) -> str | None:
        """The id of the loaded municipality with this name or alias."""
        return self._places.named(name)

    def _topic(self, question: str) -> str:
        tokens = list(_WORD.finditer(question))
        words = [word for token in tokens for word in self._words(token.group())[:1]]
        start = self._phrases.leading("greeting", words)
        start += self._phrases.leading("lead_in", words[start:])
        end = len(words) - self._phrases.trailing("lead_out", words[start:])
        if start >= end:
            return ""
        # Punctuation at the ends goes with the words that were cut off there.
        first = tokens[start].start() if start else 0
        last = tokens[end - 1].end() if end < len(words) else len(question)
        return question[first:last]
