"""What a question says of itself, before any search: language, places, topic, small talk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from bot.language import LanguageDetector
from bot.library import Library
from bot.names import NameFinder, without
from bot.recognition import Phrases, WordList
from bot.texts import LANGUAGES
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
    wants_both: bool
    """Whether it only says that several municipalities are meant."""
    wants_more: bool
    """Whether it only asks for more of what was shown."""
    names_goal: bool
    """Whether it speaks of a goal as a goal: "the green goal", "miljömålet"."""
    titled_municipalities: frozenset[str]
    """The municipalities of the sections whose title or alias stands in it."""
    titled_sections: frozenset[str]


class Reader:
    """Reads questions for one library. May be used from several threads."""

    def __init__(self, library: Library, words: WordList) -> None:
        phrases = Phrases.load(words)
        self._words = words
        self._phrases = phrases
        self._fillers = phrases.single("fillers")
        self._languages = LanguageDetector(phrases.function_words, _vocabulary(library, words))
        self._places = NameFinder(library.names, library.elsewhere, library.ordinary_words, phrases, words)
        self._titles = TitleFinder(library.sections.values(), phrases, words)

    def read(self, question: str) -> Understanding:
        """Understand a normalised question."""
        words = self._words(question)
        language = self._languages.detect(question, words)
        mentions = self._places.find(question, language)
        smalltalk = self._smalltalk(words)
        rest = without(question, mentions, self._phrases.single("joints"))
        if mentions:
            # "Vara" is a Swedish word and "Värnamo" has a Swedish letter, whoever writes them.
            language = self._languages.detect(rest, self._words(rest))
        elif smalltalk:
            language = self._phrases.language(smalltalk, words) or language
        municipalities, sections = self._titles.find(question)
        topic = self._topic(rest)
        if mentions and self._phrases.is_whole("person", self._words(topic)):
            smalltalk = "person"
        goal_words = tuple(self._phrases.single("goal_words"))
        return Understanding(
            language=language,
            named=tuple(dict.fromkeys(m.municipality for m in mentions if m.municipality)),
            elsewhere=next((m.name for m in mentions if m.municipality is None and not m.origin), None),
            topic=topic,
            smalltalk=smalltalk,
            wants_both=self._phrases.is_whole("both", words),
            names_goal=bool(municipalities) and any(word.endswith(goal_words) for word in words),
            wants_more=self._phrases.is_whole("more", self._words(topic)),
            titled_municipalities=municipalities,
            titled_sections=sections,
        )

    def municipality(self, name: str) -> str | None:
        """The id of the loaded municipality with this name or alias."""
        return self._places.named(name)

    def _smalltalk(self, words: Sequence[str]) -> Smalltalk | None:
        """What the words are as a whole, or after a greeting or thanks: "hej, vem är du?"."""
        openings = [self._phrases.leading(kind, words) for kind in ("greeting", "thanks")]
        for rest in (words, *(words[length:] for length in openings if length)):
            for kind in get_args(Smalltalk):
                if self._phrases.is_whole(kind, rest):
                    return cast(Smalltalk, kind)
        return None

    def _topic(self, question: str) -> str:
        tokens = list(_WORD.finditer(question))
        words = [word for token in tokens for word in self._words(token.group())[:1]]
        start = self._phrases.leading("greeting", words) or self._phrases.leading("thanks", words)
        start += self._phrases.leading("lead_in", words[start:])
        end = len(words) - self._phrases.trailing("lead_out", words[start:])
        if all(word in self._fillers or word.isdecimal() for word in words[start:end]):
            return ""
        # Punctuation at the ends goes with the words that were cut off there.
        first = tokens[start].start() if start else 0
        last = tokens[end - 1].end() if end < len(words) else len(question)
        return question[first:last]


def _vocabulary(library: Library, words: WordList) -> dict[str, frozenset[str]]:
    """The words of the goal texts by language."""
    found: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for section in library.sections.values():
        texts = [section.titles, section.leads, *(line.texts for line in section.lines)]
        for language, vocabulary in found.items():
            for text in texts:
                vocabulary.update(words(text.get(language, "")))
            for alias in section.aliases.get(language, ()):
                vocabulary.update(words(alias))
    return {language: frozenset(vocabulary) for language, vocabulary in found.items()}
