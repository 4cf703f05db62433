"""One turn of a conversation: what a message means after the ones before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from bot.answer import Answer, Conversation
from bot.context import Context
from bot.deciding import Decider
from bot.fact_questions import FactKind, fact_of_shown
from bot.facts import Facts
from bot.following import Follower
from bot.library import Library, LibrarySection
from bot.question import CLAUSE_END, SENTENCE_END, SHORTEST_SENTENCE
from bot.replies import Replies
from bot.understanding import Move, Reader, Understanding

MOVE, MOVE_UNANSWERED = 0.05, -0.15
"""The least likeness to a move from which a message counts as one (see `ReadyQuestion.move`): always, and
where it has words of its own that no section answers. Read off the development and calibration questions."""
MOVE_SURELY = 0.2
"""The likeness from which it is one in a single clause, or the other municipality is meant unnamed."""
MOVE_NAMED = -0.45
"""The likeness from which what names another municipality asks the question before again, there."""
OWN = 0.9
"""The probability from which such a message, or a clause beside a move, is answered by itself after all."""
NO_SUBJECT = -0.7
"""The likeness from which words are rather talk about the answer than a subject of their own."""
CLAUSES, CLAUSE_WORDS = range(2, 4), range(2, 10)
"""How many clauses a message has of which one may be a move, and that one words: more is a story."""
_IN_CLAUSE: Collection[Move] = (
    *("source", "speaker", "simpler", "why", "repeat"),
    *("in_swedish", "in_english", "dates", "decided", "back"),
)
"""Moves that are asked in a clause of their own; the others are said in passing, too."""
_FACTS: Mapping[str | None, FactKind] = {"dates": "validity", "decided": "decision"}
"""What kind of fact a move asks for."""
BESIDE_SHOWN = 0.9
"""Share of the least probability for a detail of what was shown that is enough where nothing else answers."""
MOST_COMPARED = 2
"""Municipalities that are set side by side without being named; among more, one is asked for."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Takes turns; holds no conversation itself and may be used from several threads.

    A message is first what the last answer asked for ("yes", "the first one"), then a follow-up that has no
    words of its own to search for, and else a question that stands alone: a new subject leaves the old one
    behind. What a message leaves out is taken from the conversation, never made up. A municipality that is
    named is from then on the one that is talked about, also where it has no goal of the name asked for.
    """

    library: Library
    reader: Reader
    decider: Decider
    context: Context
    facts: Facts
    follower: Follower
    default_municipality: str | None
    clock: Callable[[], dt.date]

    def turn(self, understood: Understanding, replies: Replies, before: Conversation) -> Answer:
        """The answer to a message.

        Args:
            replies: makes the answer, with the conversation as it will be after the turn.
            before: the conversation as it was.
        """
        offered = before.offered
        if offered and (answer := self._reply_to_offer(understood, replies, offered)):
            return answer
        if understood.smalltalk:
            contact = self._contact(replies) if understood.smalltalk == "person" else None
            return replies.with_person(contact) if contact else replies.smalltalk(understood.smalltalk)
        if understood.elsewhere and not understood.named:
            return replies.refuse("other_municipality", place=understood.elsewhere)
        compared = self._compared(understood, replies, before)
        if len(compared) > len(understood.named):
            # Who compares with another municipality has not gone there.
            stays = replace(replies.conversation, municipality=before.municipality)
            replies = replace(replies, conversation=stays)
            own = understood.alone and not (understood.wants_both or understood.follow_up)
            least = OWN if replies.conversation.question else self.decider.confidence.threshold
            likely = own and self.decider.is_likely(replace(understood, named=tuple(compared)), before, least)
            question = understood.topic if likely else replies.conversation.question or understood.topic
            if pointed := self.follower.goal_at(understood, self._before(before)):
                question = pointed.titles[pointed.language]
            if not question:
                return self._without_topic(replace(understood, named=tuple(compared)), replies)
            return self.about(question, compared, replies, judges=understood.judges)
        if understood.follow_up in _FACTS and (understood.named or replies.conversation.sections):
            return self._fact(_FACTS[understood.follow_up], understood, replies)
        if answer := self._without_words(understood, replies):
            return answer
        topic, previous = understood.topic, replies.conversation.question
        asked_before = self.reader.read(previous).fact if previous else None
        if understood.fact and understood.fact.only_time and previous and asked_before:
            fact = asked_before.at(understood.fact.time, self.clock())
            return self._decide(previous, replace(understood, fact=fact), replies)
        if understood.fact and understood.fact.only_time and previous and understood.named:
            # "And Vara now?" after what was no question of time.
            return self._without_topic(understood, replies)
        if answer := self.follower.pointed_at(topic, understood, replies):
            return answer
        if not topic or (understood.follow_up and understood.named):
            return self._without_topic(understood, replies)
        if not understood.fact and not understood.alone:
            if replies.conversation.sections and not understood.named:
                return self.follower.about_shown(topic, replies)
            if previous:
                return self.about(f"{previous} {topic}", understood.named, replies)
        if (understood.describes or understood.returns) and (meant := self._described(understood, replies)):
            return self.decider.chosen(meant, topic, replies)
        if self._is_of_shown(understood, replies.conversation):
            return self.follower.about_shown(topic, replies)
        return self._decide(topic, understood, replies)

    def _described(self, understood: Understanding, replies: Replies) -> LibrarySection | None:
        """What is meant by "the one about …" after something was shown, or by "back to the one about …"."""
        now = replies.conversation
        named = next(iter(understood.named), None)
        if understood.returns:
            shown = [self.library.sections[id] for ids in now.earlier for id in ids]
            meant = [one for one in shown if named in (None, one.municipality)]
        else:
            here = named or self._before(now)
            meant = self.follower.goals(here) if here else []
        others = [one for one in meant if one.id not in now.sections]
        return self.decider.described(understood.topic, others)

    def _is_of_shown(self, understood: Understanding, conversation: Conversation) -> bool:
        """Whether the message is rather about what was shown last than a question that stands alone."""
        found = self.context.read(understood, conversation)
        if found is None:
            return False
        section, probability = self.decider.likeliest(understood, conversation)
        if section in conversation.sections:
            # What was shown is also what answers best, if anything does.
            enough = found.probability >= self.decider.confidence.follow * BESIDE_SHOWN
            return enough and probability < self.decider.confidence.threshold
        enough = found.probability >= self.decider.confidence.follow
        return enough and (found.within or found.probability >= probability)

    def about(self, question: str, named: Sequence[str], replies: Replies, *, judges: bool = False) -> Answer:
        """The answer to an earlier question, asked of the municipalities of these ids.

        Args:
            judges: whether it is asked which of them is best.
        """
        understood = replace(self.reader.read(question), named=tuple(named), judges=judges, counterpart=True)
        return self._decide(question, understood, replace(replies, named=tuple(named)))

    def with_move(self, understood: Understanding, conversation: Conversation) -> Understanding:
        """With what the message asks of the answer before, if it is more like that than like a question."""
        if understood.returns and understood.to_first and conversation.earlier:
            return replace(understood, follow_up="back", pointing=None)
        said = understood.follow_up or understood.smalltalk or understood.fact
        nothing_before = not (conversation.question or conversation.sections)
        if said or nothing_before or understood.pointing or not understood.topic:
            return understood
        move, likeness = self._move(understood.said)
        _, probability = self.decider.likeliest(understood, conversation)
        unanswered = understood.alone and probability < self.decider.confidence.hint
        if likeness < (MOVE_UNANSWERED if unanswered else MOVE):
            elsewhere = likeness >= MOVE_NAMED and self._is_elsewhere(understood, conversation)
            if elsewhere and probability < OWN:
                return replace(understood, follow_up="other")
            found = self._move_in_clause(understood, conversation)
            return self._moving(understood, found) if found else understood
        if understood.named and understood.titled_sections:
            # "And how does Vara see the green goal?" names another municipality and a subject.
            return understood
        *before, last = SENTENCE_END.split(understood.said.rstrip(" ?!."))
        if before:
            own, surer = self._move(last)
            if surer < MOVE and self._has_subject(last, understood, conversation):
                return understood
            move = own if surer > likeness else move
        if move == "thanks" and understood.content > 1 and probability >= self.decider.confidence.threshold:
            # "Nice words, but is everyone welcome?"
            return understood
        if move == "instead" and not understood.named and likeness < MOVE_SURELY:
            return understood
        return self._moving(understood, move)

    def of_other(self, understood: Understanding, conversation: Conversation) -> Understanding:
        """With the other municipality as the one that is named, where a message asks something of it."""
        topic = self.reader.of_other(understood.topic) if not understood.named else None
        here = self._here(conversation)
        others = [one.id for one in self.library.municipalities if one.id != here] if here else []
        if topic is None or len(others) != 1:
            return understood
        return replace(self.reader.read(topic), language=understood.language, named=(others[0],))

    def _is_elsewhere(self, understood: Understanding, conversation: Conversation) -> bool:
        """Whether it names but municipalities that nothing shown last is of, and no goal of theirs."""
        shown = {self.library.sections[id].municipality for id in conversation.sections}
        named = set(understood.named)
        return bool(named and conversation.question) and not (named & shown or understood.titled_sections)

    def _moving(self, understood: Understanding, move: Move) -> Understanding:
        """With the move, as what the words say of municipality and language makes it."""
        if move == "instead" and not understood.named:
            move = "other"
        if move in ("in_english", "in_swedish"):
            move = self.reader.language_wished(understood.said) or move
        return replace(understood, follow_up=move)

    def _move(self, words: str) -> tuple[Move, float]:
        move, likeness = self.decider.searcher.ready(words).move
        return cast(Move, move), likeness

    def _move_in_clause(self, understood: Understanding, conversation: Conversation) -> Move | None:
        """What the first or the last clause asks of the answer before, where the others ask nothing: "which
        goal is that, the caller wants to know"."""
        clauses = [clause.strip() for clause in CLAUSE_END.split(understood.said) if clause.strip()]
        if len(clauses) not in CLAUSES or understood.titled_sections:
            return None
        for clause, others in ((clauses[0], clauses[1:]), (clauses[-1], clauses[:-1])):
            if len(clause.split()) not in CLAUSE_WORDS:
                continue
            move, likeness = self._move(clause)
            if move not in _IN_CLAUSE or likeness < MOVE_SURELY:
                continue
            if not any(self._has_subject(other, understood, conversation) for other in others):
                return move
        return None

    def _has_subject(self, clause: str, understood: Understanding, conversation: Conversation) -> bool:
        """Whether a clause beside a move asks something of its own, or tells of what is answered."""
        if len(clause.split()) < SHORTEST_SENTENCE:
            return False
        if self.reader.asks(clause):
            return True
        own = self._move(clause)[1] < NO_SUBJECT
        return own and self.decider.is_likely(replace(understood, topic=clause), conversation, OWN)

    def _decide(self, question: str, understood: Understanding, replies: Replies) -> Answer:
        if answer := self.follower.pointed_at(question, understood, replies):
            return answer
        if understood.asks_results and (answer := self.decider.results(question, understood, replies)):
            return answer
        fact = understood.fact
        answer = self.facts.answer(question, fact, understood, replies, self.clock()) if fact else None
        if answer:
            return answer
        if understood.post and (answer := self.facts.holder(question, understood, replies)):
            return answer
        if understood.asks_overview and (answer := self.decider.overview(question, understood, replies)):
            return answer
        return self.decider.answer(question, understood, replies)

    def _reply_to_offer(
        self, understood: Understanding, replies: Replies, offered: Sequence[str]
    ) -> Answer | None:
        """What is chosen of what was offered; ``None`` where the message is about something else."""
        if understood.follow_up == "no" and not understood.named:
            return replies.refuse("rephrase")
        pointing = understood.pointing if not understood.named else None
        places = pointing.places(len(offered)) if pointing else None
        if understood.compares and not understood.named and not set(offered) & self.library.sections.keys():
            return self.about(replies.conversation.question or "", offered, replies)
        if places and len(places) == 1:
            return self._chosen(offered[places[0]], replies)
        if understood.follow_up not in ("yes", "more", "meaning") or understood.named:
            return None
        if len(offered) == 1:
            return self._chosen(offered[0], replies)
        if understood.follow_up != "yes":
            return None
        sections = [self.library.sections[id] for id in offered if id in self.library.sections]
        if not sections:
            return replies.clarify(offered)
        several = len({section.municipality for section in sections}) > 1
        return replies.offer(sections, None, several=several)

    def _chosen(self, id: str, replies: Replies) -> Answer:
        """The section, or the conversation's question asked of the municipality, of that id."""
        question = replies.conversation.question or ""
        if section := self.library.sections.get(id):
            return self.decider.chosen(section, question, replies)
        now = replace(replies.conversation, municipality=id)
        return self.about(question, [id], replace(replies, conversation=now))

    def _contact(self, replies: Replies) -> LibrarySection | None:
        """What the municipality that is talked about writes of whom to ask."""
        known = replies.conversation.municipality or self.default_municipality
        sections = self.library.sections.values()
        return next((one for one in sections if one.kind == "contact" and one.municipality == known), None)

    def _compared(self, understood: Understanding, replies: Replies, before: Conversation) -> Sequence[str]:
        """The municipalities to be set side by side; those that are named where nothing else is asked."""
        loaded = [municipality.id for municipality in self.library.municipalities]
        shown = self._before(replies.conversation)
        if understood.wants_both and replies.conversation.question:
            return loaded
        if (understood.compares_all or understood.means_all) and len(loaded) <= MOST_COMPARED:
            return loaded
        here = [one for one in loaded if one in {section.municipality for section, _ in replies.shown()}]
        if understood.continues and understood.alone and len(here) > 1 and not understood.named:
            return here
        # "Is it better in Vara?" asks nothing but which is better.
        only_judges = understood.judges and not understood.alone and replies.conversation.question
        if len(understood.named) != 1 or not (understood.compares or understood.compares_own or only_judges):
            return understood.named
        own = before.municipality or self.default_municipality if understood.compares_own else None
        others = [one for one in (own, shown) if one in loaded and one not in understood.named]
        return [*others[:1], *understood.named]

    def _before(self, conversation: Conversation) -> str | None:
        """The municipality that the sections shown last are about."""
        shown = {self.library.sections[id].municipality for id in conversation.sections}
        return next(iter(shown)) if len(shown) == 1 else None

    def _here(self, conversation: Conversation) -> str | None:
        """The single municipality that the sections shown last, or else the conversation, are about."""
        return self._before(conversation) or conversation.municipality or self.default_municipality

    def _without_words(self, understood: Understanding, replies: Replies) -> Answer | None:
        """The answer to what only points at the conversation; ``None`` where it says more."""
        asked, question = understood.follow_up, replies.conversation.question
        if asked is None or understood.named:
            return None
        if asked == "ours":
            if not question:
                return replies.refuse("unclear")
            loaded = [municipality.id for municipality in self.library.municipalities]
            own = [self.default_municipality] if self.default_municipality in loaded else loaded
            return self.about(question, own, replies) if len(own) == 1 else replies.clarify(own)
        if asked == "other":
            others = self._others(replies)
            if not question or not others:
                return replies.refuse("unclear")
            if len(others) > 1:
                return replies.clarify(others)
            there = replace(replies.conversation, municipality=others[0])
            return self.about(question, others, replace(replies, conversation=there))
        if asked == "thanks":
            return replies.smalltalk("thanks")
        if asked == "more_goals" and replies.conversation.sections:
            title = replies.composer.title(replies.shown()[0][0])
            return self.decider.another(question or title, replies)
        if asked in ("yes", "no"):
            return replies.refuse("rephrase" if asked == "no" else "unclear")
        return self.follower.of_shown(asked, understood, replies)

    def _fact(self, kind: FactKind, understood: Understanding, replies: Replies) -> Answer:
        """When the goals of a municipality, or the sections shown last, apply, or who decided them."""
        fact = fact_of_shown(kind, understood.words, self.follower.phrases)
        question = understood.topic or understood.said
        own = replace(understood, titled_sections=frozenset(), titled_municipalities=frozenset())
        answer = self.facts.answer(question, fact, own, replies, self.clock())
        return answer or self.follower.about_shown(question, replies)

    def _others(self, replies: Replies) -> Sequence[str]:
        """The municipalities that neither the sections shown last nor the conversation are about; none where
        it is about no single one."""
        here = self._here(replies.conversation)
        loaded = [municipality.id for municipality in self.library.municipalities]
        return [one for one in loaded if one != here] if here in loaded else []

    def _without_topic(self, understood: Understanding, replies: Replies) -> Answer:
        """Only a municipality, or nothing: the question before it, else the overview of its goals."""
        previous = replies.conversation.question
        if understood.named and previous:
            return self.about(previous, understood.named, replies)
        overviews = [
            section
            for section in self.library.sections.values()
            if section.kind == "overview" and section.municipality in understood.named
        ]
        return replies.whole(overviews) if overviews else replies.refuse("unclear")
