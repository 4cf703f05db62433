"""What becomes of a question: an answer, sections on offer, a question back, or a decline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer import Answer, Conversation
from bot.choosing import Chooser
from bot.confidence import Confidence
from bot.library import Candidate, Library, LibrarySection, ReadyQuestion, Searcher
from bot.replies import Replies
from bot.understanding import Understanding

CANDIDATES = 5
OFFERED = 2
"""Sections in a "did you mean …?"; more is a list to read and no question."""
CLEARLY = 0.05
"""How much more probable another section must be than the one that is being talked about."""
BESIDE = 0.6
"""Share of the probability for an offer that is enough for what is named by its title, or stands beside
another municipality's section."""
NEAR = 1 / 3
"""Share of the probability from which a section is offered; from there on it is of the subject at least, and
the first that a decline suggests."""


@dataclass(frozen=True, slots=True)
class Decider:
    """Searches and decides; may be used from several threads."""

    library: Library
    searcher: Searcher
    confidence: Confidence
    chooser: Chooser
    default_municipality: str | None

    def answer(self, question: str, understood: Understanding, replies: Replies) -> Answer:
        """The answer to a question about something, as it is searched: without places and greetings."""
        ready = self.searcher.ready(question)
        named, titled = understood.named, understood.titled_municipalities
        lacks = bool(named) and understood.names_goal and not titled.intersection(named)
        if lacks and not understood.counterpart:
            return self._lacking(question, ready, named, replies)
        searched = self.searched(understood, replies.conversation)
        found = self.best(ready, understood, searched, replies.conversation.sections)
        answering = [one for one in found if self._answers(one, understood)]
        highest = max(map(self.confidence.probability, found), default=0.0)
        if len(named) > 1 and highest >= self.confidence.hint:
            # Side by side less is enough: whoever compares sees which section it is, and whose.
            least = self.confidence.hint * BESIDE
            own = [one for one in found if self.confidence.probability(one) >= least]
            likely = self._with_counterparts(own, named)
            having = [one for one in likely if self._section(one).municipality in titled]
            if understood.names_goal and having and not understood.counterpart:
                # What only resembles the goal's name is not that goal.
                likely = having
            nearest = [self._section(one).municipality for one in likely if one not in own]
            return self._compare(ready, likely, nearest, understood, replies.about(question))
        if len(answering) > 1:
            asked = [self._section(candidate).municipality for candidate in answering]
            return replies.about(question).clarify(asked, highest)
        if answering:
            shown = self._shown(ready, answering, replies)
            said = self._not_here(shown[0][0], replies)
            if lacks:
                said = replies.texts("compare.no_such_goal", name=replies.name(named[0]))
            return replies.about(question).answer(shown, highest, message=said)
        if lacks:
            return self._lacking(question, ready, named, replies)
        several = len(searched) > 1
        if not several:
            found = ready.sections(k=CANDIDATES, filters={"municipality": searched[0]})
        if highest >= self.confidence.hint:
            # Beside one that may be meant, also the next best: where the first is wrong, it mostly is that.
            likely = [one for share, one in self._ranked(found) if share >= self.confidence.hint * NEAR]
            sections = [self._section(candidate) for candidate in likely[:OFFERED]]
            return replies.about(question).offer(sections, highest, several=several)
        # Where no municipality has it, to name one next is a new beginning.
        everywhere = len(searched) == len(self.library.municipalities)
        return replies.about(None if everywhere else question).refuse(
            "not_in_sources",
            searched=searched,
            confidence=highest,
            nearest=self._near(ready, searched),
            covered=replies.covered(searched),
        )

    def _lacking(self, question: str, ready: ReadyQuestion, named: Sequence[str], replies: Replies) -> Answer:
        """That the municipalities have no goal of that name: what resembles it is not that goal."""
        near = self._near(ready, named)
        return replies.about(question).refuse("no_such_goal", searched=named, nearest=near)

    def _not_here(self, section: LibrarySection, replies: Replies) -> str:
        """That the municipality that is talked about has no such goal, where another's is shown."""
        known = replies.conversation.municipality or self.default_municipality
        others = [one for one in self.library.municipalities if one.id != section.municipality]
        names = [one.name for one in others if one.id == known]
        return replies.texts("compare.no_such_goal", name=names[0]) if names else ""

    def results(self, question: str, understood: Understanding, replies: Replies) -> Answer | None:
        """That the texts do not tell what has come of the goals; ``None`` where it is about no goal."""
        ready = self.searcher.ready(question)
        searched = self.searched(understood, replies.conversation)
        nearest = self._near(ready, searched)
        if nearest is None and not understood.says_goal:
            return None
        return replies.about(question).refuse("not_followed_up", searched=searched, nearest=nearest)

    def overview(self, question: str, understood: Understanding, replies: Replies) -> Answer | None:
        """The overviews of the goals asked for; ``None`` where a municipality has none."""
        searched = self.searched(understood, replies.conversation)
        sections = self.library.sections.values()
        overviews = [one for one in sections if one.kind == "overview" and one.municipality in searched]
        overviews.sort(key=lambda one: searched.index(one.municipality))
        if [one.municipality for one in overviews] != list(searched):
            return None
        if len(searched) > 1 and not understood.named:
            return replies.about(question).clarify(searched, 1.0)
        ready = self.searcher.ready(question)
        language = replies.texts.language
        shown = [(one, self.chooser.choose(ready, one, language)) for one in overviews]
        said = replies.texts("compare.no_judge") if understood.judges and len(shown) > 1 else ""
        return replies.about(question).answer(shown, 1.0, message=said)

    def likeliest(self, understood: Understanding, conversation: Conversation) -> tuple[str, float]:
        """The section that most likely answers the question as it stands, with that probability."""
        ready = self.searcher.ready(understood.topic)
        found = self.best(ready, understood, self.searched(understood, conversation))
        probability, best = self._ranked(found)[0]
        return best.section, probability

    def described(self, question: str, sections: Sequence[LibrarySection]) -> LibrarySection | None:
        """Of a few sections the one that a question describes best; ``None`` where none is near it. A word is
        enough for it among so few."""
        ready = self.searcher.ready(question)
        found = [one for section in sections for one in ready.sections(k=1, filters={"group": section.id})]
        nearest = self._nearest(found)
        return self._section(nearest) if nearest else None

    def is_likely(self, understood: Understanding, conversation: Conversation, least: float) -> bool:
        """Whether some section answers the question as it stands with such a probability at least."""
        return self.likeliest(understood, conversation)[1] >= least

    def another(self, question: str, replies: Replies) -> Answer:
        """The best other section of the same municipalities, if it may well answer the question, too."""
        ready = self.searcher.ready(question)
        shown = replies.conversation.sections
        municipalities = dict.fromkeys(self.library.sections[id].municipality for id in shown)
        others = [
            candidate
            for municipality in municipalities
            for candidate in ready.sections(k=CANDIDATES, filters={"municipality": municipality})
            if candidate.section not in shown and self._section(candidate).kind != "overview"
        ]
        nearest = self._nearest(others)
        if nearest is None:
            return replies.no_other([self.library.sections[id] for id in shown])
        return replies.answer(self._shown(ready, [nearest], replies), self.confidence.probability(nearest))

    def chosen(self, section: LibrarySection, question: str, replies: Replies) -> Answer:
        """The sentences of a section that fit the question best: somebody chose it for that question."""
        ready = self.searcher.ready(question)
        found = ready.sections(k=1, filters={"group": section.id})
        return replies.answer(self._shown(ready, found, replies), self.confidence.probability(found[0]))

    def best(
        self,
        ready: ReadyQuestion,
        understood: Understanding,
        searched: Sequence[str],
        shown: Sequence[str] = (),
    ) -> list[Candidate]:
        """The best section of each municipality that is searched.

        Args:
            shown: those shown last; another must be clearly better.
        """
        best = []
        # Beside a goal of one municipality's own, another's is what speaks of its subject.
        compared = understood.names_goal and understood.counterpart and understood.named
        others = [self.library.sections[id] for id in sorted(understood.titled_sections)] if compared else []
        for municipality in searched:
            found = ready.sections(k=CANDIDATES, filters={"municipality": municipality})
            # A question that names a goal is about that goal, whatever else it resembles.
            titled = [candidate for candidate in found if candidate.section in understood.titled_sections]
            if others and not titled:
                like = [self._like(section, municipality) for section in others]
                titled = [max(like, key=self.confidence.probability)]
            again = [one for one in found if one.section in shown and self._is_close(one, found[0])]
            best += [*titled, *again, *found][:1]
        return best

    def _answers(self, candidate: Candidate, understood: Understanding) -> bool:
        """Whether it is likely enough to be shown: a section that is named by its title sooner."""
        named = understood.names_goal and candidate.section in understood.titled_sections
        least = self.confidence.hint * BESIDE if named else self.confidence.threshold
        return self.confidence.probability(candidate) >= least

    def _is_close(self, candidate: Candidate, best: Candidate) -> bool:
        return self.confidence.probability(candidate) > self.confidence.probability(best) - CLEARLY

    def _like(self, section: LibrarySection, municipality: str) -> Candidate:
        """The section of another municipality that is closest to what this one is about."""
        subject = ". ".join(
            dict.fromkeys(
                word
                for language in section.titles
                for word in (section.titles[language], section.leads.get(language, ""))
            )
        )
        return self.searcher.ready(subject).sections(k=1, filters={"municipality": municipality})[0]

    def _with_counterparts(self, likely: Sequence[Candidate], named: Sequence[str]) -> list[Candidate]:
        """Beside what answers for one municipality what is closest to it in those that say nothing by
        themselves, in the order of those named."""
        found = {self._section(candidate).municipality: candidate for candidate in likely}
        best = self._section(max(likely, key=self.confidence.probability))
        for municipality in named:
            if municipality not in found:
                like = self._like(best, municipality)
                if self.confidence.probability(like) >= self.confidence.hint:
                    found[municipality] = like
        return [found[municipality] for municipality in named if municipality in found]

    def searched(self, understood: Understanding, conversation: Conversation) -> Sequence[str]:
        """The municipalities to search: those named; else the conversation's or the default, unless the
        question names a goal that only another has; else the only one that has a goal so named; else all."""
        loaded = [municipality.id for municipality in self.library.municipalities]
        if understood.named:
            # Of a goal that is named, only those are asked that have it.
            having = [one for one in understood.named if one in understood.titled_municipalities]
            compared = len(understood.named) > 1
            return having if having and understood.names_goal and not compared else understood.named
        titled = tuple(understood.titled_municipalities)
        known = conversation.municipality or self.default_municipality
        if len(titled) == 1 and (known not in loaded or understood.names_goal):
            return titled
        return (known,) if known in loaded else loaded

    def _compare(
        self,
        ready: ReadyQuestion,
        answering: Sequence[Candidate],
        nearest: Sequence[str],
        understood: Understanding,
        replies: Replies,
    ) -> Answer:
        """The named municipalities side by side; of those whose texts do not answer, that they do not.

        Args:
            nearest: ids of the municipalities of which only the closest is shown.
        """
        shown = self._shown(ready, answering, replies)
        having = [section.municipality for section, _ in shown]
        named = understood.titled_municipalities
        without = [one for one in understood.named if understood.counterpart and named and one not in named]
        said = []
        for one in understood.named:
            if one in without or (one not in having and understood.names_goal):
                said.append(replies.texts("compare.no_such_goal", name=replies.name(one)))
            elif one not in having:
                said.append(replies.texts("compare.silent", name=replies.name(one)))
            elif one in nearest:
                said.append(replies.texts("compare.nearest", name=replies.name(one)))
        if understood.judges:
            said.insert(0, replies.texts("compare.no_judge"))
        highest = max(map(self.confidence.probability, answering))
        return replies.answer(shown, highest, message="\n".join(said))

    def _shown(
        self, ready: ReadyQuestion, candidates: Sequence[Candidate], replies: Replies
    ) -> list[tuple[LibrarySection, Sequence[int]]]:
        language = replies.texts.language
        sections = [self._section(candidate) for candidate in candidates]
        return [(one, self.chooser.choose(ready, one, language)) for one in sections]

    def _near(self, ready: ReadyQuestion, searched: Sequence[str]) -> LibrarySection | None:
        """The section that is closest to the question, if it is of the same subject at all."""
        found = [
            candidate
            for municipality in searched
            for candidate in ready.sections(k=1, filters={"municipality": municipality})
        ]
        nearest = self._nearest(found)
        return self._section(nearest) if nearest else None

    def _ranked(self, candidates: Sequence[Candidate]) -> list[tuple[float, Candidate]]:
        """With the probability that each answers, best first; of equal ones the first."""
        ranked = [(self.confidence.probability(candidate), candidate) for candidate in candidates]
        return sorted(ranked, key=lambda pair: -pair[0])

    def _nearest(self, candidates: Sequence[Candidate]) -> Candidate | None:
        """The likeliest to answer, if it comes near to it."""
        ranked = self._ranked(candidates)
        return ranked[0][1] if ranked and ranked[0][0] >= self.confidence.hint * NEAR else None

    def _section(self, candidate: Candidate) -> LibrarySection:
        return self.library.sections[candidate.section]
