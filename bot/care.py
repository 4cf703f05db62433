"""What is no question about goals and calls for a careful reply: distress, insults, requests, own cases.

Recognised by closed lists of word patterns, ``bot/phrases/care_{sv,en}.yaml``, so that every reply that is
given can be read off the data and reviewed. The order of a pattern's words counts, their inflection does not
where the pattern says so.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

import yaml

from bot.answer import Answer, Conversation
from bot.library import ReadyQuestion
from bot.patterns import END, GAP, Grammar, Line, Patterns
from bot.question import SENTENCE_END, SHORTEST_SENTENCE
from bot.recognition import DIRECTORY, SHORTEST_MISSPELT, WordList, a_slip_away
from bot.texts import LANGUAGES, Texts, load_texts

Danger = Literal["despair", "violence", "emergency"]
"""What somebody may need help with: thoughts of death, another person's violence, anything acute."""
Refusal = Literal["insult", "request", "personal_case", "off_topic"]
"""Reasons to answer without a search, in the order in which they are tried."""

MOST_TOLD = 8
"""Sentences of a message that are looked at one by one."""
LEAD = 2.0
"""What the nearest messages weigh in `likeness` against the regression over all."""
LIKELY = 0.4
"""The least likeness that counts as distress where no pattern is found. On the development and calibration
questions one in 250 of the others comes as high; all cries for help do, or have a pattern."""
SURELY = 0.6
"""The least likeness that counts also where a goal clearly addresses what is told."""
UNSURE = 0.25
"""The least likeness from which the numbers to call stand before whatever is answered."""
IDIOM = 0.4
"""How much more it takes where something stands in the message that only looks like danger: that explains a
weak likeness."""
BRIEF, BRIEF_WORDS = 0.2, 6
"""How much more it takes in a message of fewer words than so many: much that anybody writes is near to some
short cry for help."""
FEW_WORDS = 5
"""A message with fewer may be a bare reply to the answer before it."""
MOST_READ = 16_000
"""Characters of a message that are looked through for distress: as many as the web accepts."""
_LOOSE = re.compile(r"['’´`]")
"""Written or left out at will: "don't", "dont"."""
_SENTENCE_END = re.compile(r"[.!?;:…\n]+")


@dataclass(frozen=True, slots=True)
class Distress:
    """That somebody is in danger."""

    dangers: tuple[Danger, ...]
    """In the order of `Danger`; never empty."""
    languages: tuple[str, ...]
    """Those whose patterns found it; never empty."""
    asks: bool
    """Whether the message seems to ask about goals, too."""


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The patterns of one language."""

    idioms: Patterns
    """What looks like danger and is none; left out before anything else is looked for."""
    kinds: Mapping[str, Patterns]
    beside_insult: frozenset[str]
    """Words that, beside an insult, do not make it a question."""
    vocabulary: Mapping[str, tuple[str, ...]]
    """The patterns' long words by their first letter."""

    def mended(self, line: Line) -> Line:
        """The line with slips of the finger mended and the idioms cut out."""
        known = {word: _mended(word, self.vocabulary) for word in set(line.words)}
        mended = Line([known[word] for word in line.words], line.capitals)
        return mended.without(self.idioms.spans(mended))


class Care:
    """Reads messages for what must not simply be searched for. May be used from several threads."""

    def __init__(self, words: WordList) -> None:
        self._words = words
        self._phrases = {language: _load(language, words) for language in LANGUAGES}
        self._beside_insult = frozenset().union(*(one.beside_insult for one in self._phrases.values()))

    def distress(self, text: str) -> Distress | None:
        """Whether somebody seems to be in distress or danger, the writer or a person near.

        Args:
            text: a message of any length; what is far into a very long one is not read.
        """
        line = self._line(text[:MOST_READ])
        mended = {language: phrases.mended(line) for language, phrases in self._phrases.items()}
        found = {
            (danger, language)
            for language, phrases in self._phrases.items()
            for danger in get_args(Danger)
            if phrases.kinds[danger].found(mended[language])
        }
        if not found:
            return None
        asks = any(phrases.kinds["goal_question"].found(line) for phrases in self._phrases.values())
        dangers = {danger for danger, _ in found}
        languages = {language for _, language in found}
        return Distress(
            tuple(danger for danger in get_args(Danger) if danger in dangers),
            tuple(language for language in LANGUAGES if language in languages),
            asks,
        )

    def has_idiom(self, text: str) -> bool:
        """Whether words stand in it that look like danger and are none: "orkar inte vänta"."""
        line = self._line(text[:MOST_READ])
        return any(phrases.idioms.found(line) for phrases in self._phrases.values())

    def needs_help_again(self, text: str) -> bool:
        """Whether it asks on after help was shown: "what do I do now?"."""
        line = self._line(text[:MOST_READ])
        return any(phrases.kinds["help_again"].found(line) for phrases in self._phrases.values())

    def refusal(self, question: str) -> Refusal | None:
        """Why a normalised question is not searched for; ``None``: it is."""
        if self._is_insult(self._line(question)):
            return "insult"
        line = self._line(_asking_part(question))
        read = [(phrases.kinds, phrases.mended(line)) for phrases in self._phrases.values()]
        for kind in get_args(Refusal)[1:]:
            if any(kinds[kind].found(mended) for kinds, mended in read):
                return cast(Refusal, kind)
        return None

    def _is_insult(self, line: Line) -> bool:
        """Whether nothing but an insult is said. A question asked in anger is a question."""
        spans = [span for one in self._phrases.values() for span in one.kinds["insult"].spans(line)]
        rest = line.without(spans).words
        return bool(spans) and all(word in (END, GAP) or word in self._beside_insult for word in rest)

    def _line(self, text: str) -> Line:
        words: list[str] = []
        capitals: list[bool] = []
        for sentence in _SENTENCE_END.split(_LOOSE.sub("", text)):
            for written in sentence.split():
                folded = self._words(written)
                words += folded
                capitals += [written[:1].isupper() and not written.isupper()] * len(folded)
            if words and words[-1] != END:
                words.append(END)
                capitals.append(False)
        return Line(words, capitals)


def sentences(message: str) -> list[str]:
    """The longest sentences of a normalised message that has several: danger may be said in one of many."""
    found = [one for one in SENTENCE_END.split(message) if len(one.split()) >= SHORTEST_SENTENCE]
    # Each is encoded by itself.
    longest = set(heapq.nlargest(MOST_TOLD, found, key=len))
    return [one for one in found if one in longest] if len(found) > 1 else []


def likeness(message: ReadyQuestion, told: Sequence[ReadyQuestion] = (), *, words: int, idiom: bool) -> float:
    """How much a message is like those of people in distress, about -1 to 2.

    What it belongs to, by the mean of the whole and of the likest of its sentences (the whole misses what is
    told in passing, and sentences torn out of a long story often look like danger); and what is nearest.

    Args:
        told: its sentences, where it has several.
        words: how many it has.
        idiom: whether something stands in it that only looks like danger.
    """
    likest = max((sentence.distress for sentence in told), default=message.distress)
    found = (message.distress + likest) / 2 + LEAD * message.distress_lead
    return found - (BRIEF if words < BRIEF_WORDS else 0.0) - (IDIOM if idiom else 0.0)


def likely_distress(language: str | None) -> Distress:
    """Where a message is only like those of people in distress: help for whatever it may be, in the language
    of the message; ``None``: in all."""
    return Distress(get_args(Danger), (language,) if language in LANGUAGES else LANGUAGES, asks=False)


def distress_answer(distress: Distress, conversation: Conversation) -> Answer:
    """Where to get help now, in the language that the person chose, and in the one of the message; where that
    may be several, first in the one of the conversation.

    The conversation goes on as it is given: of the message's words nothing is remembered.
    """
    own = sorted(distress.languages, key=lambda language: language != conversation.language)
    languages = dict.fromkeys([*filter(None, [conversation.chosen_language]), *own])
    message = "\n\n".join(_help(distress, load_texts(language)) for language in languages)
    language = next(iter(languages))
    return Answer(
        "no_answer",
        language,
        message,
        replace(conversation, language=language, helped=True),
        reason="distress",
        message=message,
    )


def _help(distress: Distress, texts: Texts) -> str:
    lines = [texts("distress.opening"), texts("distress.danger")]
    lines += [texts(f"distress.{danger}") for danger in distress.dangers if danger != "emergency"]
    if distress.dangers != ("emergency",):
        lines.append(texts("distress.child"))
    lines += [texts("distress.advice"), texts("distress.automatic")]
    if distress.asks:
        lines.append(texts("distress.again"))
    return "\n".join(lines)


def _asking_part(question: str) -> str:
    """Of a story the sentences that say what is wanted, which stand first or last."""
    sentences = SENTENCE_END.split(question)
    return ". ".join([sentences[0], *sentences[-2:]]) if len(sentences) > 3 else question


def _mended(word: str, vocabulary: Mapping[str, tuple[str, ...]]) -> str:
    """The word, or the only word of the patterns that is a single slip of the finger away from it."""
    if len(word) < SHORTEST_MISSPELT:
        return word
    near = a_slip_away(word, vocabulary.get(word[0], ()))
    return near[0] if len(near) == 1 else word


def _load(language: str, words: WordList) -> _Phrases:
    data = yaml.load((DIRECTORY / f"care_{language}.yaml").read_text("utf-8"), yaml.CBaseLoader)
    grammar = Grammar(data.pop("sets"), words)
    beside_insult = frozenset(word for entry in data.pop("beside_insult") for word in words(entry))
    idioms = grammar.read(data.pop("idioms"))
    kinds = {kind: grammar.read(entries) for kind, entries in data.items()}
    vocabulary: dict[str, list[str]] = {}
    for word in sorted(grammar.long_words):
        vocabulary.setdefault(word[0], []).append(word)
    by_letter = {letter: tuple(known) for letter, known in vocabulary.items()}
    return _Phrases(idioms, kinds, beside_insult, by_letter)
