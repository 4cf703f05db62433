"""Questions about when goals apply and who decided them, recognised by their words alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.dates import AskedTime, find_time
from bot.recognition import Phrases

_KINDS = (
    "until",
    "begin",
    "period",
    "paragraph",
    "still",
    "when",
    "who",
    "decide",
    "apply",
    "vision",
    "goals",
    "it",
    "which",
    "fillers",
)
"""What a word or phrase says, as ``fact_*`` in the phrases; of equally long ones the first counts."""
_ASKING = frozenset({"which", "who", "when", "until", "begin", "period"})
"""What is not answered with yes or no."""


FactKind = Literal["decision", "validity"]


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """A question that the documents' own data answer."""

    kind: FactKind
    time: AskedTime | None
    """The days that it names."""
    asks_still: bool
    """Whether yes or no answers it."""
    asks_paragraph: bool
    subject: Literal["goals", "vision", "it"]
    """``it``: what the question names by its title, else what was shown last."""
    only_time: bool
    """Whether it is nothing but a time: "and next year?"."""

    def at(self, time: AskedTime | None, today: dt.date) -> FactQuestion:
        """The same, asked of another time; of one still to come only what then applies can be asked."""
        ahead = time is not None and time.first > today
        if not self.asks_paragraph and not ahead:
            return replace(self, time=time)
        return replace(self, kind="validity", time=time, asks_paragraph=False)


def read_fact(
    words: Sequence[str], phrases: Phrases, today: dt.date, titles: Collection[str] = ()
) -> FactQuestion | None:
    """The question, if every one of its words belongs to one about decisions or validity.

    "When was the detailed plan decided?" has a word too many: it is not about goals.

    Args:
        words: folded, without places.
        titles: words of the titles that stand in the question.
    """
    time, left = find_time(words, phrases, today)
    said = _kinds_of(left, phrases, titles)
    if said is None:
        return None
    kind = _kind(said, bool(time))
    only_time = time is not None and said <= {"fillers"}
    if kind is None and not only_time:
        return None
    asks_still = bool(said & {"apply", "still"}) and not said & _ASKING
    subject: Literal["goals", "vision", "it"] = "it"
    if "vision" in said or ("goals" in said and not titles):
        subject = "vision" if "vision" in said else "goals"
    if "still" in said:
        # "Do the goals from 2020 still apply?" is about today.
        time = None
    return FactQuestion(kind or "validity", time, asks_still, "paragraph" in said, subject, only_time)


def _kind(said: Collection[str], timed: bool) -> FactKind | None:
    """What is asked, by the kinds of words that it is asked with."""
    named = "goals" in said or "vision" in said
    applies = "apply" in said or named
    if "paragraph" in said or ("decide" in said and ({"who", "when"} & set(said) or timed)):
        return "decision"
    if "decide" in said:
        return None
    if "until" in said or "period" in said or ("still" in said and applies):
        return "validity"
    if "begin" in said and ("when" in said or "apply" in said):
        return "validity"
    if "apply" in said and ({"when", "who", "which"} & set(said) or named or timed):
        return "validity"
    return "validity" if timed and named else None


def _kinds_of(words: Sequence[str], phrases: Phrases, titles: Collection[str]) -> set[str] | None:
    """What the words say; ``None`` where one of them belongs to no such question."""
    words = phrases.mended(words, [f"fact_{kind}" for kind in _KINDS])
    said = set()
    at = 0
    while at < len(words):
        lengths = {kind: phrases.leading(f"fact_{kind}", words[at:]) for kind in _KINDS}
        kind = max(_KINDS, key=lambda kind: lengths[kind])
        if lengths[kind]:
            said.add(kind)
        elif words[at] not in titles:
            return None
        at += max(1, lengths[kind])
    return said


def fact_of_shown(kind: FactKind, words: Sequence[str], phrases: Phrases) -> FactQuestion:
    """The question about what was shown last, where the words ask of it when it applies or who decided it."""
    still, paragraph = (phrases.contains(f"fact_{name}", words) for name in ("still", "paragraph"))
    asks_still = kind == "validity" and still
    return FactQuestion(kind, None, asks_still, paragraph, "it", only_time=False)
