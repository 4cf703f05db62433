"""Messages that ask something of the answer before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answer import Answer
from bot.choosing import FOCUS, SHOWN, Chooser
from bot.library import Library, LibrarySection, Searcher
from bot.question import CLAUSE_END, SHORTEST_SENTENCE
from bot.recognition import Phrases
from bot.replies import Replies
from bot.understanding import Move, Understanding

Reading = list[tuple[LibrarySection, Sequence[int]]]
"""Sections, each with places of its lines, in reading order."""


@dataclass(frozen=True, slots=True)
class Follower:
    """Answers what has no subject of its own from what was shown last; may be used from several threads."""

    library: Library
    searcher: Searcher
    chooser: Chooser
    phrases: Phrases
    default_municipality: str | None

    def of_shown(self, asked: Move, understood: Understanding, replies: Replies) -> Answer:
        """The answer to a message that asks this of the sections shown last."""
        if not replies.conversation.sections:
            return replies.refuse("unclear")
        sections = [section for section, _ in replies.shown()]
        match asked:
            case "source" | "doubt":
                return self._source(replies)
            case "whole":
                return replies.whole(sections)
            case "repeat":
                return self.again(replies)
            case "enumerate":
                return replies.whole(self._listing(sections))
            case "reached":
                whose = [section.municipality for section in sections]
                return replies.refuse("not_followed_up", searched=whose, nearest=sections[0])
            case "speaker":
                return self._speaker(replies)
            case "simpler":
                return self._simpler(replies)
            case "meaning":
                return replies.rest() if _unread(replies) else self._simpler(replies)
            case "next" | "previous":
                return self._beside(1 if asked == "next" else -1, replies)
            case "why":
                return self._why(replies)
            case "back":
                return self._back(understood, replies)
        return replies.rest()

    def again(self, replies: Replies) -> Answer:
        """What was shown last, in the language of these replies."""
        return (
            replies.answer(_read(replies), 1.0)
            if replies.conversation.sections
            else replies.smalltalk("language")
        )

    def about_shown(self, topic: str, replies: Replies) -> Answer:
        """What the sections shown last say to a question without a subject of its own: "who does that?"."""
        # A little more than the one sentence: which detail is meant, only the words tell.
        return replies.excerpt(self._best(replies, topic, SHOWN), replies.texts("follow.nearest"))

    def goal_at(self, understood: Understanding, municipality: str | None) -> LibrarySection | None:
        """The one goal of that number in the list of a municipality."""
        goals = self.goals(municipality) if municipality else []
        places = understood.pointing.places(len(goals)) if understood.pointing else None
        return goals[places[0]] if places and len(places) == 1 else None

    def pointed_at(self, question: str, understood: Understanding, replies: Replies) -> Answer | None:
        """The lines of those numbers of the list shown last, else the goals in their municipality's list;
        ``None``: there is no list to count in."""
        pointing = understood.pointing
        lists = understood.says_goal or understood.named or replies.conversation.sections
        if pointing is None or not lists:
            return None
        if items := self._items(understood, replies):
            # What is asked of a line of a list beside its words stands in no list.
            return None if pointing.asks else replies.excerpt([items], "")
        municipality = self._municipality(understood, replies)
        if municipality is None:
            every = [one.id for one in self.library.municipalities]
            return replies.about(question).clarify(every)
        goals = self.goals(municipality)
        if not goals:
            return replies.refuse("unclear")
        places = pointing.places(len(goals))
        if places is None:
            return replies.no_such_number(municipality, goals)
        meant = [goals[place] for place in places]
        if not pointing.asks:
            return replies.about(None).whole(meant)
        return self._asked_of(meant, question, replies)

    def _items(
        self, understood: Understanding, replies: Replies
    ) -> tuple[LibrarySection, Sequence[int]] | None:
        """The section shown last, if it is a list of its own, with the places of the lines pointed at."""
        shown = replies.shown()
        if not understood.pointing or understood.says_goal or understood.named or len(shown) != 1:
            return None
        section, _ = shown[0]
        items = [at for at, line in enumerate(section.lines) if line.item]
        places = understood.pointing.places(len(items)) if section.kind != "overview" else None
        return (section, [items[place] for place in places]) if places else None

    def goals(self, municipality: str) -> list[LibrarySection]:
        """The goals of a municipality, in the order of its file."""
        sections = self.library.sections.values()
        return [one for one in sections if one.municipality == municipality and one.kind == "goal"]

    def _back(self, understood: Understanding, replies: Replies) -> Answer:
        """What was shown before, or first."""
        earlier = replies.conversation.earlier
        if not earlier:
            return self.again(replies)
        first = self.phrases.contains("beginnings", understood.words)
        sections = [self.library.sections[id] for id in (earlier[0] if first else earlier[-1])]
        # Who goes back once more comes to what was before that.
        left = replace(replies.conversation, sections=(), shown=(), earlier=() if first else earlier[:-1])
        replies = replace(replies, conversation=left)
        asked = self._asked_beside_return(understood)
        return self._asked_of(sections, asked, replies) if asked else replies.about(None).whole(sections)

    def _asked_beside_return(self, understood: Understanding) -> str:
        """The clauses that ask something beside the one that goes back."""
        clauses = (clause.strip() for clause in CLAUSE_END.split(understood.topic))
        others = [one for one in clauses if not self.phrases.contains("returns", self.chooser.words(one))]
        return ", ".join(one for one in others if len(one.split()) >= SHORTEST_SENTENCE)

    def _asked_of(self, sections: Sequence[LibrarySection], question: str, replies: Replies) -> Answer:
        """What these sections say to a question that is asked of just them."""
        ready = self.searcher.ready(question)
        language = replies.texts.language
        shown = [(one, self.chooser.choose(ready, one, language)) for one in sections]
        return replies.about(question).answer(shown, 1.0)

    def _listing(self, sections: Sequence[LibrarySection]) -> Sequence[LibrarySection]:
        """Those that are lists; where none is, the overviews of the same municipalities."""
        lists = [one for one in sections if one.kind == "overview" or any(line.item for line in one.lines)]
        municipalities = {section.municipality for section in sections}
        overviews = [
            one
            for one in self.library.sections.values()
            if one.kind == "overview" and one.municipality in municipalities
        ]
        return lists or overviews or sections

    def _beside(self, step: int, replies: Replies) -> Answer:
        """The goal after or before the one shown last, in its municipality's list."""
        last = self.library.sections[replies.conversation.sections[0]]
        goals = self.goals(last.municipality)
        if not goals:
            return replies.refuse("unclear")
        order = list(self.library.sections)
        # What is no goal stands before, between or after them: the overview before the first.
        beyond = [goal for goal in goals if (order.index(goal.id) - order.index(last.id)) * step > 0]
        if not beyond:
            return replies.no_such_number(last.municipality, goals)
        return replies.about(None).whole([beyond[0 if step > 0 else -1]])

    def _municipality(self, understood: Understanding, replies: Replies) -> str | None:
        """The one named, else that of the sections shown last, else the conversation's or the default."""
        if understood.named:
            return understood.named[0]
        shown = {section.municipality for section, _ in replies.shown()}
        known = replies.conversation.municipality or self.default_municipality
        return next(iter(shown)) if len(shown) == 1 else known

    def _why(self, replies: Replies) -> Answer:
        """The sentences that give reasons, read or not, with all that has not been read."""
        reasons = {section.id: self._reasons(section) for section, _ in replies.shown()}
        if _unread(replies):
            return replies.rest(beside=reasons)
        shown = [(section, reasons[section.id] or places) for section, places in self._best(replies)]
        return replies.excerpt(shown, replies.texts("follow.why"))

    def _reasons(self, section: LibrarySection) -> Sequence[int]:
        """Places of the lines that give reasons or purposes."""
        texts = (self.chooser.words(line.texts[section.language]) for line in section.lines)
        return [at for at, words in enumerate(texts) if self.phrases.contains("reasons", words)]

    def _simpler(self, replies: Replies) -> Answer:
        """The lead and the best sentence: more than to quote would be to invent."""
        best = self._best(replies, length=0)
        return replies.excerpt(best, replies.texts("follow.simpler"), contact=True)

    def _source(self, replies: Replies) -> Answer:
        """Document, link and decision; of the words only where they begin."""
        shown = _read(replies)
        said = []
        for section, _ in shown:
            document = replies.texts("quoted", title=section.document.title)
            decided = replies.composer.validity.decided(section.decision) or ""
            said.append(replies.texts("follow.source", document=document, decided=decided).rstrip())
        return replies.excerpt([(one, places[:1]) for one, places in shown], "\n".join(dict.fromkeys(said)))

    def _speaker(self, replies: Replies) -> Answer:
        """Who says what was shown, by name; else whose decision it is."""
        shown = _read(replies)
        language = replies.texts.language
        signed: Reading = []
        speakers = {}
        for section, places in shown:
            own = [at for at in places if section.lines[at].speakers]
            for line in (section.lines[at] for at in own):
                speakers[line.speakers.get(language, line.speakers[section.language])] = True
            signed += [(section, own)] if own else []
        if signed:
            names = replies.texts.listing(tuple(speakers))
            return replies.excerpt(signed, replies.texts("follow.said_by", speaker=names))
        decided = {replies.composer.validity.decided(section.decision) or "" for section, _ in shown}
        said = " ".join(filter(None, (replies.texts("follow.unsigned"), *sorted(decided))))
        return replies.excerpt([(one, places[:1]) for one, places in shown], said)

    def _best(self, replies: Replies, topic: str = "", length: int = FOCUS) -> Reading:
        """Of the sections shown last the lines that fit a topic best, or else its question."""
        previous = replies.conversation.question
        language = replies.texts.language
        best: Reading = []
        for section, _ in replies.shown():
            # The old question fits what it has found; where more is asked, that alone tells lines apart.
            question = topic or previous or replies.composer.title(section)
            ready = self.searcher.ready(question)
            best.append((section, self.chooser.choose(ready, section, language, length)))
        return best


def _read(replies: Replies) -> Reading:
    """The sections shown last with the lines that were shown, all of them where it is not known which."""
    return [(section, seen or range(len(section.lines))) for section, seen in replies.shown()]


def _unread(replies: Replies) -> bool:
    """Whether anything of the sections shown last is left to read."""
    return any(len(seen) < len(section.lines) for section, seen in replies.shown())
