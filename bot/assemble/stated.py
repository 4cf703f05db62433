"""Whether a section states what kind of thing a question asks for, by the words of both alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import knowledge
from bot.recognition import Phrases

_AMOUNT = re.compile(r"\d{1,3}(?:[ \u00a0]\d{3})+|\d+(?:[.,]\d+)? ?(?:%|procent|percent|kronor|kr\b|miljon)")
"""Numbers that count something: no dates, years or paragraphs."""
_ITEM = re.compile(r"^- ", re.MULTILINE)
NEVER = ("asks_name", "asks_promise")
"""Kinds of phrases that ask for what goals and visions never state."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What one section states beside its words on the matter."""

    amounts: bool
    lists: bool
    """Whether it has a list, whose lines can be counted."""

    @classmethod
    def of(cls, section: knowledge.Section) -> Stated:
        return cls(bool(_AMOUNT.search(section.text)), bool(_ITEM.search(section.text)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What kinds of thing a question asks for."""

    amount: bool
    count: bool
    other: bool
    """Something that goals never state: a proper name, a promise."""

    @classmethod
    def of(cls, words: Sequence[str], phrases: Phrases) -> Wanted:
        """Read off a question's folded words."""
        return cls(
            phrases.contains("asks_amount", words),
            phrases.contains("asks_count", words),
            any(phrases.contains(kind, words) for kind in NEVER),
        )

    def is_missing(self, stated: Stated) -> bool:
        """Whether any of it is nothing that the section can tell."""
        counted = stated.amounts or stated.lists
        return self.other or (self.amount and not stated.amounts) or (self.count and not counted)
