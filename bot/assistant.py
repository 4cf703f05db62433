"""From a question to an answer: understanding, search, decision, composition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.answer import Answer, Conversation, Document, Found, MunicipalityGoals, SectionText, State
from bot.care import (
    FEW_WORDS,
    LIKELY,
    SURELY,
    UNSURE,
    Care,
    distress_answer,
    likely_distress,
    likeness,
    sentences,
)
from bot.choosing import Chooser
from bot.compose import Composer, with_notice
from bot.confidence import Confidence
from bot.context import Context
from bot.deciding import Decider
from bot.dialogue import Dialogue
from bot.facts import Facts
from bot.following import Follower
from bot.language import OTHER
from bot.library import Candidate, ContextSignals, Library, Searcher
from bot.matching import matched_spans
from bot.personal_data import mask, with_masked
from bot.question import MAX_LENGTH, normalise
from bot.recognition import Phrases, WordList
from bot.replies import Replies
from bot.texts import LANGUAGES, load_texts
from bot.understanding import Reader, Understanding

Clock = Callable[[], dt.date]
"""Today's date where the municipalities are."""
ADDRESSED = 0.85
"""The probability of an answer from which what is a little like distress is answered, after whom to call."""
_SWITCHES = {"in_swedish": "sv", "in_english": "en"}
"""Languages by the follow-up that asks for the same answer in them."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What `Assistant.find` may be narrowed to."""

    municipality: str | None = None
    kind: str | None = None
    document: str | None = None
    """Id of one of `Assistant.documents`."""
    state: State | None = None
    language: str | None = None
    """Of what is shown; all languages are searched."""


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
        self._words = words
        self._reader = Reader(library, words, clock)
        self._care = Care(words)
        phrases = Phrases.load(words)
        self._chooser = Chooser(words, self._reader.content_words, phrases.single("leaning"))
        self._decider = Decider(library, searcher, confidence, self._chooser, default_municipality)
        self._context = Context(library, searcher, confidence, phrases)
        self._dialogue = Dialogue(
            library,
            self._reader,
            self._decider,
            self._context,
            Facts(library, searcher, self._chooser, default_municipality),
            Follower(library, searcher, self._chooser, phrases, default_municipality),
            default_municipality,
            clock,
        )
        self._loaded = tuple(municipality.id for municipality in library.municipalities)

    def ask(self, question: str, conversation: Conversation | None = None) -> Answer:
        """The answer to a question, and in it the conversation to ask the next one with."""
        conversation = self._current(conversation)
        question = normalise(question)
        if distress := self._care.distress(question):
            return distress_answer(
                distress, self._where(self._reader.read(question[:MAX_LENGTH]), conversation)
            )
        if len(question) > MAX_LENGTH:
            return self._replies(conversation).refuse("too_long", limit=MAX_LENGTH)
        masked = mask(question)
        return with_masked(self._reply(masked.text, conversation), masked.kinds)

    def _reply(self, question: str, conversation: Conversation) -> Answer:
        """The answer to a normalised question without personal data."""
        understood = self._reader.read(question)
        if conversation.helped and self._needs_help_again(question, understood):
            again = replace(
                conversation, chosen_language=_switched(understood) or conversation.chosen_language
            )
            return distress_answer(likely_distress(understood.language), again)
        recognised = understood.follow_up is not None
        distress = self._likeness_to_distress(question, understood, conversation)
        understood = self._in_conversation(understood, conversation)
        if distress >= UNSURE and self._is_worry(understood, conversation):
            # It takes more by one step.
            cries, unsure = distress >= SURELY, distress >= LIKELY
        else:
            cries, unsure = distress >= LIKELY, distress >= UNSURE
        if cries:
            help_for = likely_distress(understood.language)
            return distress_answer(help_for, self._where(understood, conversation))
        answer = self._answer(question, understood, conversation, recognised=recognised)
        if unsure and answer.kind != "smalltalk":
            return with_notice(answer, load_texts(answer.language)("notice.care"))
        return answer

    def _in_conversation(self, understood: Understanding, conversation: Conversation) -> Understanding:
        """What is understood of a message, with what it takes from the conversation."""
        understood = self._dialogue.of_other(understood, conversation)
        return self._dialogue.with_move(understood, conversation)

    def _answer(
        self, question: str, understood: Understanding, conversation: Conversation, *, recognised: bool
    ) -> Answer:
        """The answer to somebody who is not clearly in danger.

        Args:
            recognised: whether its words alone say what it asks of the answer before.
        """
        replies = self._replies(conversation, understood)
        refusal = self._care.refusal(question)
        # "Say that once more" is no request to say something else.
        if refusal and not (refusal == "request" and recognised):
            return replies.refuse(refusal)
        if switched := _switched(understood):
            return self._dialogue.follower.again(
                self._replies(replace(conversation, chosen_language=switched))
            )
        return self._dialogue.turn(understood, replies, conversation)

    def _where(self, understood: Understanding, conversation: Conversation) -> Conversation:
        """The conversation, about the one municipality that the message names."""
        named = understood.named
        return replace(conversation, municipality=named[0]) if len(named) == 1 else conversation

    def _is_worry(self, understood: Understanding, conversation: Conversation) -> bool:
        """Whether a goal so clearly addresses what somebody tells that it is rather a worry than a cry."""
        return self._decider.is_likely(understood, conversation, ADDRESSED)

    def _needs_help_again(self, question: str, understood: Understanding) -> bool:
        """Whether a message after help was shown has no other subject."""
        if understood.named or understood.says_goal or understood.smalltalk not in (None, "help", "person"):
            return False
        bare = understood.follow_up is not None or not understood.alone
        return bare or self._care.needs_help_again(question)

    def _likeness_to_distress(
        self, question: str, understood: Understanding, conversation: Conversation
    ) -> float:
        """How much a message is like those of people in distress, 0 where it is a bare reply."""
        words = len(self._words(understood.topic))
        points = understood.pointing and not understood.pointing.asks and words < FEW_WORDS
        if not understood.alone or understood.smalltalk or understood.follow_up or points:
            return 0.0
        replies = conversation.offered or (conversation.question and understood.named)
        if replies and words < FEW_WORDS:
            return 0.0
        ready = self._searcher.ready
        told = [ready(sentence) for sentence in sentences(understood.topic)]
        idiom = self._care.has_idiom(question)
        return likeness(ready(understood.topic), told, words=words, idiom=idiom)

    def ask_again(self, conversation: Conversation, municipality: str) -> Answer:
        """The conversation's question once more, about the municipality of that id: a choice was made."""
        conversation = self._current(conversation)
        replies = self._replies(replace(conversation, municipality=municipality))
        if not conversation.question:
            return replies.refuse("unclear")
        return self._dialogue.about(conversation.question, [municipality], replies)

    def show(self, section_id: str, conversation: Conversation | None = None) -> Answer:
        """A section as an answer: whole; where the last answer offered it, "did you mean …?", the sentences
        that fit that question.

        Raises ``KeyError`` if there is none of that id.
        """
        conversation = self._current(conversation)
        section = self._library.sections[section_id]
        replies = self._replies(conversation)
        if section_id in conversation.offered and conversation.question:
            return self._decider.chosen(section, conversation.question, replies)
        return replies.whole([section])

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
        query = mask(normalise(query)).text[:MAX_LENGTH]
        understood = self._reader.read(query)
        language = filters.language or self._language(understood, Conversation())
        composer = self._composer(language)
        names = self._reader.content_words(query)

        def mark(text: str) -> tuple[tuple[int, int], ...]:
            return matched_spans(text, names, self._words)

        ready = self._searcher.ready(query)
        wanted = {"municipality": filters.municipality, "kind": filters.kind}
        where = {name: value for name, value in wanted.items() if value is not None}
        # The index knows nothing of days, and a document's id only within its municipality.
        narrow = filters.document is not None or filters.state is not None
        kept = self._sections_of(filters.document)
        found: list[Found] = []
        for candidate in ready.sections(k=len(self._library.sections) if narrow else k, filters=where):
            section = self._library.sections[candidate.section]
            if kept is not None and section.id not in kept:
                continue
            if filters.state not in (None, composer.state(section)):
                continue
            lines = self._chooser.scores(ready, section, language)
            answers = self._confidence.probability(candidate) >= self._confidence.threshold
            found.append(composer.found(section, candidate, lines, mark, answers))
            if len(found) == k:
                break
        return tuple(found)

    def quote(self, section_id: str, question: str, language: str | None = None) -> Answer:
        """The sentences of one section that fit a question best, as `ask` would show them, without
        suggestions: a reply to read out or to paste. The whole section where the question is empty.

        Raises ``KeyError`` if there is no section of that id.
        """
        section = self._library.sections[section_id]
        question = mask(normalise(question)).text[:MAX_LENGTH]
        conversation = Conversation(chosen_language=language, question=question or None)
        replies = self._replies(conversation)
        if not question:
            return replies.quotation(section, None, None)
        ready = self._searcher.ready(question)
        (candidate,) = ready.sections(k=1, filters={"group": section_id})
        shown = self._chooser.choose(ready, section, replies.texts.language)
        return replies.quotation(section, shown, self._confidence.probability(candidate))

    def documents(self) -> tuple[Document, ...]:
        """The documents of all municipalities, in the order of their files; titles in their own language."""
        return tuple(self._library.documents)

    def candidates(self, question: str, conversation: Conversation | None = None) -> tuple[Candidate, ...]:
        """The best section of each municipality that `ask` would search, before it decides; for measuring."""
        conversation = self._current(conversation)
        understood = self._reader.read(mask(normalise(question)[:MAX_LENGTH]).text)
        ready = self._searcher.ready(understood.topic)
        return tuple(self._decider.best(ready, understood, self._decider.searched(understood, conversation)))

    def context(self, message: str, conversation: Conversation) -> ContextSignals | None:
        """What tells whether a message asks something of what was shown last; for measuring."""
        conversation = self._current(conversation)
        understood = self._reader.read(mask(normalise(message)[:MAX_LENGTH]).text)
        return self._context.signals(self._in_conversation(understood, conversation), conversation)

    def municipality(self, name: str) -> str | None:
        """The id of a municipality by its id, name or alias as a person writes it; ``None`` if unknown."""
        return name if name in self._loaded else self._reader.municipality(name)

    def _sections_of(self, document: str | None) -> tuple[str, ...] | None:
        """Ids of the sections of a document, none where there is no such document; ``None``: any."""
        if document is None:
            return None
        return next((one.sections for one in self._library.documents if one.id == document), ())

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
        sections = self._library.sections
        places = [*conversation.shown, *[()] * len(conversation.sections)]
        kept = [
            (section, tuple(at for at in shown if 0 <= at < len(sections[section].lines)))
            for section, shown in zip(conversation.sections, places, strict=False)
            if section in sections
        ]
        return replace(
            conversation,
            chosen_language=chosen,
            language=language,
            municipality=municipality,
            sections=tuple(section for section, _ in kept),
            shown=tuple(shown for _, shown in kept),
            earlier=tuple(
                shown for shown in conversation.earlier if shown and all(one in sections for one in shown)
            ),
            offered=tuple(one for one in conversation.offered if one in {*sections, *self._loaded}),
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
                offered=(),
                helped=conversation.helped and understood is not None and not understood.alone,
            ),
            named=named,
            elsewhere=understood.elsewhere if understood else None,
            default_municipality=self._default_municipality,
            foreign=understood is not None and understood.language == OTHER,
        )


def _switched(understood: Understanding) -> str | None:
    """The language that the last answer is wanted in."""
    return None if understood.named else _SWITCHES.get(understood.follow_up or "")
