"""What a question says of itself, before any search: language, places, topic, small talk."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, cast, get_args

from bot.fact_questions import FactQuestion, read_fact
from bot.language import LanguageDetector
from bot.library import Library
from bot.names import Mention, NameFinder, named_municipalities, place_elsewhere, without
from bot.pointing import Pointing, PointingFinder
from bot.question import CLAUSE_END, SENTENCE_END, WORD
from bot.recognition import Phrases, WordList
from bot.texts import LANGUAGES
from bot.titles import TitleFinder

FollowUp = Literal[
    "simpler",
    "in_swedish",
    "in_english",
    "source",
    "speaker",
    "why",
    "meaning",
    "more",
    "whole",
    "repeat",
    "enumerate",
    "yes",
    "no",
    "ours",
    "other",
    "next",
    "previous",
]
"""What a message asks of the one before, without a subject of its own; each is a kind of the phrases."""
Move = Literal[FollowUp, "more_goals", "instead", "doubt", "reached", "thanks", "dates", "decided", "back"]
"""The same, with those that have no phrases of their own: they are known by their likeness alone."""
Smalltalk = Literal["greeting", "thanks", "farewell", "who", "help", "person"]

_LANGUAGE_MOVES: tuple[Move, ...] = ("in_swedish", "in_english")
_LOOSE = re.compile(r"['’´`]")
"""Written or left out at will: "don't", "dont"."""
_OVERVIEW = ("overview_goals", "overview_lists", "overview_fillers")
"""Of equally long phrases the first counts."""


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
    said: str
    """The question without places, but with all else."""
    words: tuple[str, ...]
    """The folded words of the topic."""
    content: int
    """How many of them have matter of their own."""
    smalltalk: Smalltalk | None
    wants_both: bool
    """Whether it only says that several municipalities are meant."""
    compares: bool
    """Whether it sets municipalities against each other, named or not."""
    compares_all: bool
    """Whether it sets all of them against each other, without naming any."""
    compares_own: bool
    """Whether it sets the named municipality against the one that the conversation is in: "or here?"."""
    means_all: bool
    """Whether it speaks of all municipalities together, "both municipalities", perhaps with a subject."""
    counterpart: bool
    """Whether it sets one municipality's goal against whatever is its like elsewhere."""
    continues: bool
    """Whether it begins as the continuation of something: "and the economy?"."""
    judges: bool
    """Whether it asks which municipality is the better one."""
    follow_up: Move | None
    pointing: Pointing | None
    """The goals or choices that it points at by their number."""
    returns: bool
    """Whether it goes back to something said before: "back to the one about …"."""
    to_first: bool
    """Whether that is what was said first: "back to the first one"."""
    describes: bool
    """Whether it says of several things which is meant: "the one about money"."""
    fact: FactQuestion | None
    post: tuple[str, ...]
    """The folded words of the post whose holder it asks for; empty: for none."""
    asks_results: bool
    """Whether it asks what has come of the goals, not what is wanted."""
    asks_overview: bool
    """Whether it asks for the goals as a whole, all or by their names, and for nothing else."""
    alone: bool
    """Whether it has words of its own to search for, beside function words and pronouns."""
    says_goal: bool
    """Whether the word goal stands in it."""
    names_goal: bool
    """Whether it speaks of a goal as a goal: "the green goal", "miljömålet"."""
    titled_municipalities: frozenset[str]
    """The municipalities of the sections whose title or alias stands in it."""
    titled_sections: frozenset[str]


class Reader:
    """Reads questions for one library. May be used from several threads."""

    def __init__(self, library: Library, words: WordList, clock: Callable[[], dt.date]) -> None:
        phrases = Phrases.load(words)
        self._words = words
        self._phrases = phrases
        self._clock = clock
        self._sections = library.sections
        self._fillers = phrases.single("fillers")
        self._joints = phrases.single("joints")
        self._goal_words = tuple(phrases.single("goal_words"))
        self._judge_words = phrases.single("judge_words")
        self._judge_endings = tuple(phrases.single("judge_endings"))
        self._compare_words = phrases.single("compare_words")
        self._empty_words = frozenset().union(*phrases.function_words.values(), self._fillers)
        light = self._empty_words | phrases.single("light_words") | self._judge_words | self._compare_words
        self._light_words = light - phrases.single("topic_words")
        self._own_words = phrases.single("own_words")
        self._post_words = phrases.single("post_fillers") | phrases.single("post_asking")
        self._languages = LanguageDetector(phrases.function_words, _vocabulary(library, words))
        self._places = NameFinder(library.names, library.elsewhere, library.ordinary_words, phrases, words)
        self._question_words = phrases.single("question_words")
        self._pointing = PointingFinder(phrases, words, self._light_words)
        self._titles = TitleFinder(library.sections.values(), phrases, words)

    def read(self, question: str) -> Understanding:
        """Understand a normalised question."""
        question = self._without_left(question)
        words = self._words(question)
        language = self._languages.detect(question, words)
        mentions = self._places.find(question, language)
        smalltalk = self._smalltalk(words)
        rest = all_said = without(question, mentions, self._joints)
        if mentions:
            # "Vara" is a Swedish word and "Värnamo" has a Swedish letter, whoever writes them.
            language = self._languages.detect(rest, self._words(rest))
        elif smalltalk:
            language = self._phrases.language(smalltalk, words) or language
        municipalities, sections = self._titles.find(question)
        named = named_municipalities(mentions)
        means_all = self._phrases.contains("all_municipalities", words)
        compares = not self._compare_words.isdisjoint(words)
        compares_own = len(named) == 1 and self._compares_own(words, mentions)
        if len(named) > 1 or means_all or compares_own:
            rest = self._without(rest, "compare_noise")
        topic = self._topic(rest)
        said = self._words(_LOOSE.sub("", topic))
        if mentions and self._phrases.is_whole("person", said):
            smalltalk = "person"
        follow_up = self._follow_up(said) or self._follow_up(self._words(_LOOSE.sub("", question)))
        if follow_up:
            language = self._phrases.language(follow_up, said) or language
        pointing = self._pointing.find(_LOOSE.sub("", topic or rest))
        if pointing and pointing.language:
            language = pointing.language
        last = self._words(_LOOSE.sub("", SENTENCE_END.split(topic.rstrip(" ?!."))[-1]))
        last_clause = self._words(_LOOSE.sub("", CLAUSE_END.split(topic.rstrip(" ?!."))[-1]))
        says_goal = any(word.endswith(self._goal_words) for word in words)
        return Understanding(
            language=language,
            named=self._all(mentions) if means_all else named,
            elsewhere=place_elsewhere(mentions, self._end_of_story(question)),
            topic=topic,
            said=all_said,
            words=tuple(said),
            content=sum(self._is_content(word) for word in said),
            smalltalk=smalltalk,
            compares=compares,
            compares_all=not mentions
            and (self._phrases.leading("compare_leads", words) > 0 or self._judging(words) > 0),
            compares_own=compares_own,
            means_all=means_all,
            counterpart=self._phrases.contains("counterparts", words),
            continues=self._phrases.leading("continuations", words) > 0,
            judges=not self._judge_words.isdisjoint(words) or self._judging(words) > 0,
            wants_both=any(self._phrases.is_whole("both", one) for one in (words, said)),
            says_goal=says_goal,
            names_goal=bool(municipalities) and says_goal,
            follow_up=follow_up,
            pointing=pointing,
            returns=self._phrases.contains("returns", words),
            to_first=self._returns_to_first(question, pointing) and not says_goal,
            describes=0 < self._phrases.leading("describing", said) < len(said),
            fact=self._fact(said or self._words(rest), sections) or self._fact(last, sections),
            post=self._post(said),
            asks_results=self._phrases.contains("results", words),
            asks_overview=self._asks_overview(said) or self._asks_overview(last_clause, listed=True),
            alone=any(map(self._is_content, said))
            and (bool(sections) or not self._phrases.leading("scope", said)),
            titled_municipalities=municipalities,
            titled_sections=sections,
        )

    def _is_content(self, word: str) -> bool:
        return word not in self._light_words and not word.isdecimal()

    def content_words(self, question: str) -> tuple[str, ...]:
        """The folded words of a normalised question that carry its meaning; all of them where none does."""
        words = self._words(question)
        return tuple(word for word in words if word not in self._empty_words) or tuple(words)

    def of_other(self, topic: str) -> str | None:
        """What is asked of "the other municipality", without these words; ``None`` where it is not spoken of,
        or nothing else is said."""
        rest = self._without(topic, "other_named")
        return rest if rest != topic and any(map(self._is_content, self._words(rest))) else None

    def asks(self, clause: str) -> bool:
        """Whether a clause begins as a question."""
        return not self._question_words.isdisjoint(self._words(clause)[:1])

    def language_wished(self, question: str) -> Move | None:
        """The language that an answer is wanted in, where just one is named and it is not what is lacking."""
        words = self._words(_LOOSE.sub("", question))
        lacking = self._phrases.contains("lacking", words)
        named = [move for move in _LANGUAGE_MOVES if self._phrases.contains(f"{move}_words", words)]
        return named[0] if len(named) == 1 and not lacking else None

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

    def _follow_up(self, said: Sequence[str]) -> FollowUp | None:
        for kind in get_args(FollowUp):
            if self._phrases.resembles(kind, said):
                return cast(FollowUp, kind)
        return None

    def _compares_own(self, words: Sequence[str], mentions: Sequence[Mention]) -> bool:
        if self._phrases.contains("compare_own", words):
            return True
        compared = any(mention.municipality and mention.part == "comparison" for mention in mentions)
        contrasts = compared or self._phrases.contains("contrasts", words)
        return contrasts and not self._own_words.isdisjoint(words)

    def _all(self, mentions: Sequence[Mention]) -> tuple[str, ...]:
        """The loaded municipalities that are named, whatever for."""
        return tuple(dict.fromkeys(one.municipality for one in mentions if one.municipality))

    def _without(self, question: str, kind: str) -> str:
        """The question without the phrases of a kind, wherever they stand."""
        tokens = list(WORD.finditer(question))
        words = ["".join(self._words(token.group())) for token in tokens]
        kept, end, at = [], 0, 0
        while at < len(tokens):
            length = self._phrases.leading(kind, words[at:])
            if length:
                kept.append(question[end : tokens[at].start()])
                end = tokens[at + length - 1].end()
            at += max(1, length)
        return " ".join(" ".join([*kept, question[end:]]).split())

    def _fact(self, words: Sequence[str], titled: Iterable[str]) -> FactQuestion | None:
        return read_fact(words, self._phrases, self._clock(), self._title_words(titled))

    def _without_left(self, question: str) -> str:
        """The question without its first clauses where one only says what it is no longer about, after thanks
        perhaps."""
        start = left = 0
        for end in CLAUSE_END.finditer(question):
            words = self._words(_LOOSE.sub("", question[start : end.start()]))
            start = end.end()
            length = self._phrases.leading("leaving", words)
            # "Glöm inte de äldre" does not leave them.
            if length and not self._phrases.leading("lacking", words[length:]):
                left = start
                break
            if self._smalltalk(words) != "thanks":
                break
        return question[left:].strip() or question

    def _returns_to_first(self, question: str, pointing: Pointing | None) -> bool:
        """Whether the clause that goes back to something goes back to what was first."""
        clauses = [self._words(clause) for clause in CLAUSE_END.split(question)]
        returning = [words for words in clauses if self._phrases.contains("returns", words)]
        first = pointing is not None and pointing.numbers == (1,)
        said = first or any(self._phrases.contains("beginnings", words) for words in returning)
        return said and not any(self._phrases.contains("within", words) for words in clauses)

    def _end_of_story(self, question: str) -> int:
        """Where the last two sentences begin: a place that is named before them in a story is not asked
        about, unless nothing is asked after it."""
        ends = [found.end() for found in SENTENCE_END.finditer(question) if found.end() < len(question)]
        start = ends[-2] if len(ends) > 1 else 0
        asks = "?" in question[start:] or any(map(self.asks, SENTENCE_END.split(question[start:])))
        return start if asks else 0

    def _post(self, said: Sequence[str]) -> tuple[str, ...]:
        """The words of the post whose holder is asked for: "who is the chair of the board?"."""
        if not self._phrases.contains("post_asking", said):
            return ()
        return tuple(word for word in said if word not in self._post_words)

    def _asks_overview(self, said: Sequence[str], *, listed: bool = False) -> bool:
        """Whether every word belongs to a question for the goals as a whole, and one of them names these.

        Args:
            listed: whether one must ask for them one by one: "which", "list".
        """
        words = self._phrases.mended(said, _OVERVIEW)
        found = set()
        at = 0
        while at < len(words):
            lengths = {kind: self._phrases.leading(kind, words[at:]) for kind in _OVERVIEW}
            kind = max(_OVERVIEW, key=lambda kind: lengths[kind])
            if not lengths[kind]:
                return False
            found.add(kind)
            at += lengths[kind]
        return "overview_goals" in found and len(found) > 1 and not (listed and "overview_lists" not in found)

    def _judging(self, words: Sequence[str]) -> int:
        """How many of the first words ask which municipality is more so than the others; 0: they do not."""
        length = self._phrases.leading("judge_leads", words)
        if not length or length == len(words):
            return 0
        word = words[length]
        return length if word in self._judge_words or word.endswith(self._judge_endings) else 0

    def _title_words(self, sections: Iterable[str]) -> frozenset[str]:
        """The words of the sections' titles and aliases."""
        found = [self._sections[section] for section in sections]
        names = [name for one in found for name in (*one.titles.values(), *chain(*one.aliases.values()))]
        return frozenset(word for name in names for word in self._words(name))

    def _topic(self, question: str) -> str:
        tokens = list(WORD.finditer(question))
        words = [word for token in tokens for word in self._words(token.group())[:1]]
        start = self._phrases.leading("greeting", words) or self._phrases.leading("thanks", words)
        start += 0 if self._phrases.leading("compare_leads", words[start:]) else self._judging(words[start:])
        while step := max(
            self._phrases.leading(kind, words[start:]) for kind in ("compare_leads", "lead_in")
        ):
            start += step
        end = len(words)
        while step := self._phrases.trailing("lead_out", words[start:end]):
            end -= step
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
