"""A question made fit for everything after: one Unicode form, no characters that break a layer below."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[^\W_]+")
"""A word as it is written."""
SENTENCE_END = re.compile(r"[.!?]+\s+")
SHORTEST_SENTENCE = 3
"""Words; a shorter one says nothing by itself."""
CLAUSE_END = re.compile(r"[,.!?;:]+(?=\s|$)")
"""Not the colon of "4:an", nor the point of "8.30"."""
MAX_LENGTH = 1000
"""Characters; a longer question costs the encoder over 0.3 s and is declined."""


def normalise(question: str) -> str:
    """The question in NFC, with control, format and surrogate characters as spaces, and single spaces.

    Joiners inside emoji and marks of direction carry nothing that is searched.
    """
    composed = unicodedata.normalize("NFC", question)
    # Soft hyphens and zero-width characters come from copied web pages, in the middle of words.
    joined = "".join(c for c in composed if unicodedata.category(c) != "Cf")
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Cn", "Co") else c for c in joined)
    return " ".join(spaced.split())
