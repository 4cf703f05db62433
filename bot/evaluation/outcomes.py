"""Questions asked and answers judged, one rule for every bot."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from bot.answer import Answer
from bot.evaluation.bots import Bot
from bot.evaluation.items import Item

Outcome = Literal["right", "asked", "wrong", "declined", "refused", "shown", "unheard"]
"""Of answerable questions: right; asked (one of the choices offered leads to what is right); wrong (another
section is shown, or none that shows the words asked for); declined. Of unanswerable ones: refused (nothing
shown); shown; unheard (a person in distress got a refusal that does not see it)."""
OUTCOMES: tuple[Outcome, ...] = ("right", "asked", "wrong", "declined", "refused", "shown", "unheard")
GOOD = frozenset({"right", "asked", "refused"})


@dataclass(frozen=True, slots=True)
class Record:
    """One item with what became of it."""

    item: Item
    outcome: Outcome
    kind: str
    """Of the answer."""
    reason: str | None
    """Why the bot showed nothing."""
    sections: tuple[str, ...]
    """What it showed, or offered to choose from."""
    confidence: float | None
    """The bot's probability that its best section answers; ``None``: decided without."""
    best_is_right: bool
    """Whether that section is accepted."""

    @property
    def good(self) -> bool:
        return self.outcome in GOOD


def evaluate(
    items: Sequence[Item], bot: Bot, progress: Callable[[int, int], None] | None = None
) -> list[Record]:
    """Ask every item in a conversation of its own; records in the items' order.

    ``progress`` is called with how many are answered and how many there are.
    """
    records = []
    # The encoder leaves the interpreter to other threads while it works.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for record in pool.map(lambda item: _play(item, bot), items):
            records.append(record)
            if progress:
                progress(len(records), len(items))
    return records


def _play(item: Item, bot: Bot) -> Record:
    conversation = item.conversation
    for turn in item.turns[:-1]:
        conversation = bot.ask(turn, conversation).conversation
    answer = bot.ask(item.question, conversation)
    best = bot.best(item.question, conversation, answer)
    offered = (choice.section or choice.municipality or "" for choice in answer.choices)
    return Record(
        item=item,
        outcome=judge(item, answer, bot),
        kind=answer.kind,
        reason=answer.reason,
        sections=tuple(part.section for part in answer.parts) or tuple(offered),
        confidence=None if best is None else answer.confidence,
        best_is_right=best in item.accept,
    )


def judge(item: Item, answer: Answer, bot: Bot) -> Outcome:
    """What became of an item, by its answer; choices that the answer offers are followed."""
    withheld = answer.kind in ("no_answer", "smalltalk")
    if not item.accept:
        if not withheld:
            return "shown"
        reason: str | None = answer.reason
        heard = item.abstain != "distress" or reason == "distress"
        return "refused" if heard else "unheard"
    if answer.kind == "clarify":
        followed = (bot.choose(answer, choice) for choice in answer.choices)
        return "asked" if any(_is_right(item, one) for one in followed) else "wrong"
    if withheld:
        return "declined"
    return "right" if _is_right(item, answer) else "wrong"


def _is_right(item: Item, answer: Answer) -> bool:
    accepted = {part.section for part in answer.parts} & set(item.accept)
    if item.kind == "comparison":
        wanted = {_municipality(section) for section in item.accept}
        if {_municipality(section) for section in accepted} < wanted:
            return False
    if not accepted or not item.shows:
        return bool(accepted)
    shown = _plain("\n".join((answer.text, *answer.quotes)))
    return any(_plain(phrase) in shown for phrase in item.shows)


def _municipality(section: str) -> str:
    return section.partition("/")[0]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
