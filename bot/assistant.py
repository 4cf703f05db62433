"""From a question to an answer: understanding, search, decision, composition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.answer import Answer, Conversation, Found, MunicipalityGoals, SectionText
from bot.compose import Composer
from bot.confidence import Confidence
from bot.language import OTHER
from bot.library import Candidate, Library, ReadyQuestion, Searcher
from bot.question import MAX_LENGTH, normalise
from bot.recognition import WordList
from bot.replies import Replies
from bot.texts import LANGUAGES, load_texts
from bot.understanding import Reader, Understanding

Clock = Callable[[], dt.date]
"""Today's date where the municipalities are."""

CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Filters:
    """What `Assistant.find` may be narrowed to."""

    municipality: str | None = None
    kind: str | None = None
    document: str | None = None
    language: str | None = None


class Assistant:
    """Answers questions about goals. Holds no conversation itself; may be used from several threads."""

    def __init__(
        self,
        library: Library,
        searcher: Searcher,
        confidence: Confidence,
        words: WordList,
        clock: Clock,
        *,
        default_language: str = "sv",
        default_municipality: str | None = None,
    ) -> None:
        self._library = library
        self._searcher = searcher
        self._confidence = confidence
        self._clock = clock
        self._default_language = default_language
        self._default_municipality = default_municipality
        self._reader = Reader(library, words)
        self._loaded = tuple(municipality.id for municipality in library.municipalities)

    def ask(self, question: str, conversation: Conversation | None = None) -> Answer:
        """The answer to a question, and in it the conversation to ask the next one with."""
        conversation = self._current(conversation)
        question = normalise(question)
        if len(question) > MAX_LENGTH:
            return self._replies(conversation).refuse("too_long", limit=MAX_LENGTH)
        understood = self._reader.read(question)
        replies = self._replies(conversation, understood)
        if understood.smalltalk:
            return replies.smalltalk(understood.smalltalk)
        if understood.elsewhere and not understood.named:
            return replies.refuse("other_municipality", place=understood.elsewhere)
        if understood.wants_both and conversation.question:
            before = self._reader.read(conversation.question)
            return self._answer(conversation.question, replace(before, named=self._loaded), replies)
        if not understood.topic or (understood.wants_more and understood.named):
            return self._without_topic(understood, replies)
        if understood.wants_more:
            if not conversation.sections:
                return replies.refuse("unclear")
            return replies.whole([self._library.sections[section] for section in conversation.sections])
        return self._answer(understood.topic, understood, replies)

    def ask_again(self, conversation: Conversation, municipality: str) -> Answer:
        """The conversation's question once more, about the municipality of that id: a choice was made."""
        conversation = self._current(conversation)
        question = conversation.question or ""
        understood = replace(self._reader.read(question), named=(municipality,))
        replies = self._replies(conversation, understood)
        return self._answer(question, understood, replies) if question else replies.refuse("unclear")

    def show(self, section_id: str, conversation: Conversation | None = None) -> Answer:
        """A whole section as an answer. Raises ``KeyError`` if there is none of that id."""
        return self._replies(self._current(conversation)).whole([self._library.sections[section_id]])

    def goals(self, language: str | None = None) -> tuple[MunicipalityGoals, ...]:
        """All municipalities with their sections: titles in the sources' language, or in the one named
        where there is a translation."""
        if language is None:
            return tuple(self._library.municipalities)
        composer = self._composer(language)
        return tuple(
            replace(
                municipality,
                sections=tuple(
                    composer.summary(self._library.sections[summary.id]) for summary in municipality.sections
                ),
            )
            for municipality in self._library.municipalities
        )

    def section(self, section_id: str, language: str | None = None) -> SectionText:
        """A whole section for reading. Raises ``KeyError`` if there is none of that id."""
        section = self._library.sections[section_id]
        return self._composer(language or self._default_language).section_text(section)

    def find(self, query: str, filters: Filters | None = None, *, k: int = 10) -> tuple[Found, ...]:
        """The sections that fit a query best, best first, without deciding whether they answer it."""
        filters = filters or Filters()
        query = normalise(query)[:MAX_LENGTH]
        understood = self._reader.read(query)
        language = filters.language or self._language(understood, Conversation())
        composer = self._composer(language)
        ready = self._searcher.ready(query)
        wanted = {"municipality": filters.municipality, "kind": filters.kind, "document": filters.document}
        where = {name: value for name, value in wanted.items() if value is not None}
        return tuple(
            composer.found(
                self._library.sections[candidate.section], candidate, ready.lines(candidate.section, language)
            )
            for candidate in ready.sections(k=k, filters=where)
        )

    def candidates(self, question: str, conversation: Conversation | None = None) -> tuple[Candidate, ...]:
        """The best section of each municipality that `ask` would search, before it decides; for measuring."""
        conversation = self._current(conversation)
        understood = self._reader.read(normalise(question)[:MAX_LENGTH])
        ready = self._searcher.ready(understood.topic)
        return tuple(self._best(ready, understood, self._searched(understood, conversation)))

    def municipality(self, name: str) -> str | None:
        """The id of a municipality by its id, name or alias as a person writes it; ``None`` if unknown."""
        return name if name in self._loaded else self._reader.municipality(name)

    def _current(self, conversation: Conversation | None) -> Conversation:
        """The conversation without what is no longer loaded: it may be older than the goal texts."""
        if conversation is None:
            return Conversation()
        chosen, language, municipality = (
            value if value in known else None
            for value, known in (
                (conversation.chosen_language, LANGUAGES),
                (conversation.language, LANGUAGES),
                (conversation.municipality, self._loaded),
            )
        )
        sections = tuple(one for one in conversation.sections if one in self._library.sections)
        return replace(
            conversation,
            chosen_language=chosen,
            language=language,
            municipality=municipality,
            sections=sections,
        )

    def _composer(self, language: str) -> Composer:
        return Composer(self._library, load_texts(language), self._clock())

    def _language(self, understood: Understanding, conversation: Conversation) -> str:
        """The person's choice, else the question's, else the conversation's, else the default."""
        if understood.language == OTHER:
            return conversation.chosen_language or self._default_language
        known = (conversation.chosen_language, understood.language, conversation.language)
        return next((language for language in known if language), self._default_language)

    def _replies(self, conversation: Conversation, understood: Understanding | None = None) -> Replies:
        """What makes this turn's answer, with the conversation as it will be after the turn."""
        language = conversation.chosen_language or conversation.language or self._default_language
        named: tuple[str, ...] = ()
        if understood:
            language = self._language(understood, conversation)
            named = understood.named
        return Replies(
            library=self._library,
            composer=self._composer(language),
            texts=load_texts(language),
            conversation=replace(
                conversation,
                language=language,
                municipality=named[0] if len(named) == 1 else conversation.municipality,
            ),
            named=named,
            elsewhere=understood.elsewhere if understood else None,
            default_municipality=self._default_municipality,
            foreign=understood is not None and understood.language == OTHER,
        )

    def _without_topic(self, understood: Understanding, replies: Replies) -> Answer:
        """Only a municipality, or nothing: the question before it, else the overview of its goals."""
        previous = replies.conversation.question
        if understood.named and previous:
            before = self._reader.read(previous)
            return self._answer(previous, replace(before, named=understood.named), replies)
        overviews = [
            section
            for section in self._library.sections.values()
            if section.kind == "overview" and section.municipality in understood.named
        ]
        return replies.whole(overviews) if overviews else replies.refuse("unclear")

    def _answer(self, topic: str, understood: Understanding, replies: Replies) -> Answer:
        named = set(understood.named)
        if named and understood.names_goal and not named & understood.titled_municipalities:
            # "And in Vara?" about a goal of Värnamo's: what resembles its name is not that goal.
            return replies.about(topic).refuse("no_such_goal", searched=understood.named)
        ready = self._searcher.ready(topic)
        searched = self._searched(understood, replies.conversation)
        best = self._best(ready, understood, searched)
        probabilities = [self._confidence.probability(candidate) for candidate in best]
        highest = max(probabilities, default=0.0)
        sections = [
            self._library.sections[candidate.section]
            for candidate, probability in zip(best, probabilities, strict=True)
            if probability >= self._confidence.threshold
        ]
        # Where no municipality has it, to name one next is a new beginning.
        replies = replies.about(topic if sections or len(searched) < len(self._loaded) else None)
        if not sections:
            return replies.refuse("not_in_sources", searched=searched, confidence=highest)
        if len(sections) > 1 and len(understood.named) < 2:
            return replies.clarify(sections, highest)
        lines = [ready.lines(section.id, replies.texts.language) for section in sections]
        return replies.answer(sections, lines, highest)

    def _best(
        self, ready: ReadyQuestion, understood: Understanding, searched: Sequence[str]
    ) -> list[Candidate]:
        """The best section of each municipality that is searched."""
        best = []
        for municipality in searched:
            found = ready.sections(k=CANDIDATES, filters={"municipality": municipality})
            # A question that names a goal is about that goal, whatever else it resembles.
            titled = [candidate for candidate in found if candidate.section in understood.titled_sections]
            best += [*titled, *found][:1]
        return best

    def _searched(self, understood: Understanding, conversation: Conversation) -> Sequence[str]:
        """The municipalities to search: those named; else the conversation's or the default, unless the
        question names a goal that only another has; else the only one that has a goal so named; else all."""
        if understood.named:
            # Of a goal that is named, only those are asked that have it.
            having = [one for one in understood.named if one in understood.titled_municipalities]
            return having if having and understood.names_goal else understood.named
        titled = tuple(understood.titled_municipalities)
        known = conversation.municipality or self._default_municipality
        if len(titled) == 1 and (known not in self._loaded or understood.names_goal):
            return titled
        return (known,) if known in self._loaded else self._loaded
