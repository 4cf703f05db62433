"""When goals apply and who decided them, from the documents' own data, with the words that say it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answer import Answer
from bot.choosing import FOCUS, SHOWN, Chooser
from bot.dates import AskedTime
from bot.fact_questions import FactQuestion
from bot.library import Adoption, Library, LibrarySection, Period, ReadyQuestion, Searcher
from bot.replies import Replies
from bot.texts import load_texts
from bot.titles import alike
from bot.understanding import Understanding
from bot.validity import ValidityWords

_SAYING = frozenset({"overview", "background"})
"""Kinds of section that say of the goals together when they apply."""
_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class _Saying:
    """What is said of a subject, and the section whose words are shown with it."""

    message: str
    section: LibrarySection | None
    """``None``: the texts do not know the time asked about."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Answers questions about facts; may be used from several threads."""

    library: Library
    searcher: Searcher
    chooser: Chooser
    default_municipality: str | None

    def answer(
        self, question: str, fact: FactQuestion, understood: Understanding, replies: Replies, today: dt.date
    ) -> Answer | None:
        """The answer; ``None`` where the question is about nothing that has such facts."""
        subjects = self._subjects(fact, understood, replies)
        if not subjects or any(self._says_year(section, fact.time) for section in subjects):
            return None
        replies = replies.about(question)
        unsaid = fact.subject != "it" and len(understood.named) < 2
        if unsaid and len({section.municipality for section in subjects}) > 1:
            return replies.clarify(list(dict.fromkeys(section.municipality for section in subjects)))
        ready = self.searcher.ready(question)
        sayings = [self._saying(section, fact, ready, replies, today) for section in subjects]
        shown = [saying.section for saying in sayings if saying.section]
        message = "\n".join(dict.fromkeys(saying.message for saying in sayings))
        if not shown:
            return replies.refuse("not_in_period", said=message)
        if fact.kind == "decision" and not any(map(self._is_decided, subjects)):
            # That nobody is named is no answer to who it was.
            declined = replies.refuse("not_in_sources", message=message, nearest=shown[0])
            if fact.subject == "it" and replies.conversation.sections:
                return declined
            # "And since when?" is about them all the same.
            left = replace(declined.conversation, sections=(shown[0].id,), shown=((),))
            return replace(declined, conversation=left)
        unique = list({section.id: section for section in shown}.values())
        lines = [(one, self._lines(one, fact, ready, replies)) for one in unique]
        if fact.subject == "it" and not understood.titled_sections and not understood.named:
            # The conversation is still about what was shown before.
            return replies.excerpt(lines, message)
        # What is said names whose goals they are.
        named = tuple(dict.fromkeys(section.municipality for section in subjects))
        return replace(replies, named=named).answer(lines, 1.0, message=message)

    def holder(self, question: str, understood: Understanding, replies: Replies) -> Answer | None:
        """Who holds a post, where the texts quote a person by it; ``None`` where they quote nobody."""
        known = replies.conversation.municipality or self.default_municipality
        loaded = [municipality.id for municipality in self.library.municipalities]
        meant = understood.named or ((known,) if known in loaded else loaded)
        found: dict[str, tuple[LibrarySection, int]] = {}
        for section in self.library.sections.values():
            for at, line in enumerate(section.lines):
                if section.municipality in meant and self._is_post(understood.post, line.speakers):
                    found.setdefault(section.municipality, (section, at))
        if not found:
            return None
        replies = replies.about(question)
        if len(found) > 1 and not understood.named:
            return replies.clarify(list(found))
        said = []
        for section, at in found.values():
            speakers = section.lines[at].speakers
            speaker = speakers.get(replies.texts.language, speakers[section.language])
            document = replies.texts("quoted", title=section.document.title)
            said.append(replies.texts("fact.holder", speaker=speaker, document=document))
        lines = [(section, (at,)) for section, at in found.values()]
        return replies.answer(lines, 1.0, message="\n".join(said))

    def _is_decided(self, section: LibrarySection) -> bool:
        """Whether anything is known of who decided it, or when."""
        return any(adoption.decision for adoption in self.library.adoptions(section.id))

    def _says_year(self, section: LibrarySection, time: AskedTime | None) -> bool:
        """Whether the time is a year that the section speaks of, beyond all that it applies in."""
        if time is None or time.first.year != time.last.year:
            return False
        year = str(time.first.year)
        periods = [adoption.period for adoption in self.library.adoptions(section.id) if adoption.period]
        ends = [period.end for period in periods if period.end]
        if any(end >= time.first for end in ends):
            return False
        return any(year in line.texts[section.language] for line in section.lines)

    def _is_post(self, asked: Sequence[str], speakers: Mapping[str, str]) -> bool:
        """Whether the words are those of a speaker's role, in one language, in any order and inflection."""
        for speaker in speakers.values():
            _, _, role = speaker.partition(", ")
            words = self.chooser.content_words(role) if role else ()
            if words and _covers_all(asked, words) and _covers_all(words, asked):
                return True
        return False

    def _subjects(
        self, fact: FactQuestion, understood: Understanding, replies: Replies
    ) -> list[LibrarySection]:
        """What the question is about: sections that it names, those shown last, or the goals as a whole."""
        sections = self.library.sections
        if fact.subject == "it":
            titled = [id for id in sections if id in understood.titled_sections]
            if titled:
                return [sections[id] for id in titled]
            if understood.named or not replies.conversation.sections:
                return self._of_municipalities("overview", understood, replies) if understood.named else []
            return [sections[id] for id in replies.conversation.sections]
        kind = "vision" if fact.subject == "vision" else "overview"
        return self._of_municipalities(kind, understood, replies)

    def _of_municipalities(
        self, kind: str, understood: Understanding, replies: Replies
    ) -> list[LibrarySection]:
        """The first section of a kind, or the first goal, of each municipality that is meant."""
        known = replies.conversation.municipality or self.default_municipality
        loaded = [municipality.id for municipality in self.library.municipalities]
        meant = understood.named or ((known,) if known in loaded else loaded)
        kinds = (kind,) if kind == "vision" else (kind, "goal")
        found = []
        for municipality in meant:
            own = [one for one in self.library.sections.values() if one.municipality == municipality]
            found += [one for kind in kinds for one in own if one.kind == kind][:1]
        return found

    def _saying(
        self,
        section: LibrarySection,
        fact: FactQuestion,
        ready: ReadyQuestion,
        replies: Replies,
        today: dt.date,
    ) -> _Saying:
        words = FactWords(replies, section, self.library.adoptions(section.id))
        if fact.kind == "decision":
            said = words.decision(fact.asks_paragraph)
            if said is None:
                said = f"{words.undecided()} {words.validity(today)}"
                return _Saying(said, self._evidence(section, ready, dated=True))
            return _Saying(said, self._evidence(section, ready, dated=False))
        if fact.time:
            then = words.then(fact.time, today, answers=fact.asks_still)
            return _Saying(then or words.not_then(fact.time), section if then else None)
        said = words.validity(today, answers=fact.asks_still)
        return _Saying(said, self._evidence(section, ready, dated=True))

    def _evidence(self, section: LibrarySection, ready: ReadyQuestion, *, dated: bool) -> LibrarySection:
        """The section whose words say it of a goal: what speaks of all goals in its document; else itself.

        Args:
            dated: whether words that name the days on which it applies come first.
        """
        if section.kind not in ("goal", "overview"):
            return section
        found = ready.sections(k=_CANDIDATES, filters={"municipality": section.municipality})
        sections = (self.library.sections[candidate.section] for candidate in found)
        saying = [one for one in sections if one.kind in _SAYING and one.document == section.document]
        stating = [one for one in saying if dated and self._stating(one)]
        return next(iter([*stating, *saying]), section)

    def _lines(
        self,
        section: LibrarySection,
        fact: FactQuestion,
        ready: ReadyQuestion,
        replies: Replies,
    ) -> Sequence[int]:
        """Places of the lines to show: those that name the days, where days are asked for."""
        if section.kind == "background" and fact.kind == "validity":
            stating = self._stating(section)
            if stating:
                return stating
        # An overview is short; half of one is none.
        length = SHOWN if section.kind == "overview" else FOCUS
        return self.chooser.choose(ready, section, replies.texts.language, length)

    def _stating(self, section: LibrarySection) -> list[int]:
        """Places of the lines that name the first or last day, or the years, on which they apply."""
        period = self.library.adoptions(section.id)[0].period or Period(None, None)
        texts = load_texts(section.language)
        days = [texts.date(day) for day in (period.start, period.end) if day]
        if period.start and period.end:
            days += [f"{period.start.year}{dash}{period.end.year}" for dash in "-–"]
        lines = [line.texts[section.language] for line in section.lines]
        return [at for at, line in enumerate(lines) if any(day in line for day in days)]


class FactWords:
    """What the documents' data say of one section, or of a municipality's goals, in one language."""

    def __init__(self, replies: Replies, section: LibrarySection, adoptions: Sequence[Adoption]) -> None:
        self._texts = replies.texts
        self._validity = ValidityWords(replies.texts)
        self._adoptions = adoptions
        self._name = replies.name(section.municipality)
        if section.kind in _SAYING:
            self._what = self._texts("fact.goals_of", name=self._name)
        else:
            self._what = self._texts("quoted", title=replies.composer.title(section))
        self._subject = self._what[0].upper() + self._what[1:]

    def decision(self, asks_paragraph: bool) -> str | None:
        """Who decided the documents, and when; ``None`` where nothing is known of it."""
        known = [(adoption, adoption.decision) for adoption in self._adoptions if adoption.decision]
        said = []
        for adoption, decision in known:
            document = self._texts("quoted", title=adoption.document)
            date = self._texts.date(decision.date) if decision.date else ""
            paragraph = (
                self._texts("decided.paragraph", paragraph=decision.paragraph) if decision.paragraph else ""
            )
            if decision.by and date:
                words = self._texts(
                    "fact.decided", by=decision.by, document=document, date=date, paragraph=paragraph
                )
            elif decision.by:
                words = self._texts("fact.decided_by", by=decision.by, document=document, paragraph=paragraph)
            else:
                words = self._texts("fact.decided_on", document=document, date=date, paragraph=paragraph)
            said.append(words)
        if known and asks_paragraph and not any(decision.paragraph for _, decision in known):
            said.append(self._texts("fact.no_paragraph"))
        return " ".join(said) or None

    def undecided(self) -> str:
        return self._texts("fact.undecided", what=self._what)

    def validity(self, today: dt.date, *, answers: bool = False) -> str:
        """When it applies: by the document that applies today, else by the last one.

        Args:
            answers: whether to begin with yes or no.
        """
        periods = self._periods()
        if not periods:
            return self._texts("fact.undated", what=self._what)
        current = next((period for _, period in periods if _covers(period, today, today)), None)
        said = self._applies(current or periods[-1][1], today)
        if not answers:
            return said
        return f"{self._texts('fact.yes' if current else 'fact.no')} {said}"

    def then(self, time: AskedTime, today: dt.date, *, answers: bool) -> str | None:
        """By which documents it applies at a time; ``None`` where the texts do not know."""
        said = []
        for document, period in self._periods():
            if _covers(period, time.first, time.last):
                past = period.end is not None and period.end < today
                key = "fact.then_past" if past else "fact.then"
                document = self._texts("quoted", title=document)
                days = self._validity.period(period)
                said.append(self._texts(key, what=self._subject, period=days, document=document))
        if said and answers:
            said.insert(0, self._texts("fact.yes"))
        return " ".join(said) or None

    def not_then(self, time: AskedTime) -> str:
        """That the texts say nothing of a time, and of which they do."""
        asked = self._validity.period(Period(time.first, time.last))
        if time.first == time.last:
            asked = self._texts.date(time.first)
        known = self._texts.listing(tuple(self._validity.period(period) for _, period in self._periods()))
        if not known:
            return self._texts("fact.undated", what=self._what)
        return self._texts("fact.not_then", name=self._name, what=self._what, asked=asked, period=known)

    def _periods(self) -> list[tuple[str, Period]]:
        """Each document's title with the days on which it applies; without those that name none."""
        return [(one.document, one.period) for one in self._adoptions if one.period]

    def _applies(self, period: Period, today: dt.date) -> str:
        what, days = self._subject, self._validity.period(period)
        if period.start and period.start > today:
            return self._texts("fact.not_yet", what=what, start=self._texts.date(period.start))
        if period.end and period.end < today:
            return self._texts("fact.ended", what=what, period=days)
        if period.end is None and period.start:
            return self._texts("fact.since", what=what, start=self._texts.date(period.start))
        return self._texts("fact.between", what=what, period=days)


def _covers_all(words: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether each of the words that are asked for is among the words, in some inflection."""
    return all(any(alike(word, one) for one in words) for word in asked)


def _covers(period: Period, first: dt.date, last: dt.date) -> bool:
    """Whether any of the days from first to last is in the period."""
    return (period.start is None or period.start <= last) and (period.end is None or first <= period.end)
