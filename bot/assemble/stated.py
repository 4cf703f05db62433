"""Whether a section states what kind of thing a question asks for, by the words of both alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import knowledge
from bot.recognition import Phrases, WordList

_AMOUNT = re.compile(
    r"(?<![\d-])\d{1,3}(?:[ \u00a0]\d{3})+"
    r"|\d+(?:[.,]\d+)? ?(?:%|procent|percent|kronor|kr\b|miljon|million|SEK\b)"
)
"""Numbers that count something: no dates, years or paragraphs."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ITEM = re.compile(r"^- ", re.MULTILINE)
_NEVER = ("asks_name", "asks_promise", "asks_errand", "asks_present")
"""Kinds of phrases that ask for what goals and visions never state."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What one section states beside its words on the matter."""

    amounts: bool
    dates: bool
    """Whether a year stands in it, alone or in a date."""
    lists: bool
    """Whether it has a list, whose lines can be counted."""
    reasons: bool

    @classmethod
    def of(cls, section: knowledge.Section, words: WordList, phrases: Phrases) -> Stated:
        """Read off a section's own text."""
        amounts, dates, lists = (bool(pattern.search(section.text)) for pattern in (_AMOUNT, _YEAR, _ITEM))
        return cls(amounts, dates, lists, phrases.contains("reasons", words(section.text)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What kinds of thing a question asks for."""

    amount: bool
    count: bool
    date: bool
    reason: bool
    """The reason for a change: other whys are asked of goals as a whole."""
    other: bool
    """What goals never state: a proper name, a promise, how an errand is done, how many live here now."""

    @classmethod
    def of(cls, words: Sequence[str], phrases: Phrases) -> Wanted:
        """Read off a question's folded words."""
        return cls(
            phrases.contains("asks_amount", words),
            phrases.contains("asks_count", words),
            phrases.contains("asks_date", words),
            phrases.contains("asks_reason", words),
            any(phrases.contains(kind, words) for kind in _NEVER),
        )

    def is_missing(self, stated: Stated) -> bool:
        """Whether any of it is nothing that the section can tell."""
        lacking = (
            (self.amount, stated.amounts),
            (self.count, stated.amounts or stated.lists),
            (self.date, stated.dates),
            (self.reason, stated.reasons),
        )
        return self.other or any(wanted and not told for wanted, told in lacking)
