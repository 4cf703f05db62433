"""Whether a message asks something of the sections that were shown last."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bot.answer import Conversation
from bot.confidence import Confidence
from bot.library import ContextSignals, Library, Searcher
from bot.recognition import Phrases
from bot.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Found:
    """How a message stands to what was shown last."""

    probability: float
    """That one of those sections answers it."""
    within: bool
    """Whether its words say that a part of them is meant: "in that bit"."""


@dataclass(frozen=True, slots=True)
class Context:
    """Reads a message against what was shown; may be used from several threads."""

    library: Library
    searcher: Searcher
    confidence: Confidence
    phrases: Phrases

    def read(self, understood: Understanding, conversation: Conversation) -> Found | None:
        """How the message stands to what was shown last; ``None`` where `signals` has none."""
        signals = self.signals(understood, conversation)
        if signals is None:
            return None
        return Found(self.confidence.following.probability(signals), signals.scope > 0)

    def signals(self, understood: Understanding, conversation: Conversation) -> ContextSignals | None:
        """Of the section shown last that is most likely to answer; ``None`` where none was shown, or where
        the words say by themselves what the message is about."""
        shown = frozenset(conversation.sections)
        if not shown or not understood.topic or _says_subject(understood):
            return None
        whose = {self.library.sections[section].municipality for section in shown}
        searched = {"municipality": whose.pop()} if len(whose) == 1 else {}
        count = len(self.library.sections)
        found = self.searcher.ready(understood.topic).sections(k=count, filters=searched)
        own = [candidate for candidate in found if candidate.section in shown]
        asked = f"{conversation.question or ''} {understood.topic}".strip()
        together = self.searcher.ready(asked).sections(k=count, filters=searched)
        scores = {candidate.section: candidate.score for candidate in together}
        others = [score for section, score in scores.items() if section not in shown]
        words = understood.words
        best = max(own, key=lambda candidate: self.confidence.answering.odds(candidate.signals))
        return ContextSignals(
            alone=self.confidence.answering.odds(best.signals),
            lead=max(scores[section] for section in shown) - max(others, default=0.0),
            content=math.log1p(understood.content),
            scope=float(any(self.phrases.contains(kind, words) for kind in ("scope", "within"))),
            unstated=best.signals.unstated,
        )


def _says_subject(understood: Understanding) -> bool:
    elsewhere = understood.named or understood.elsewhere or understood.titled_sections or understood.describes
    asked = understood.fact or understood.asks_overview or understood.asks_results
    return bool(elsewhere or asked or understood.pointing or understood.follow_up or understood.smalltalk)
