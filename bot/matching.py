"""Which words of a text a query names, for marking them; deciding what answers is the search's work."""

from __future__ import annotations

from collections.abc import Sequence

from bot.question import WORD
from bot.recognition import WordList

SHORTEST_STEM = 4
"""Letters that two words must share at the start: "trygg" in "trygga" and "trygghet"."""
SHORTEST_PART = 5
"""Letters of a word that counts inside a compound: "miljö" in "livsmiljöer"."""
STEM_SHARE = 0.7
"""Of the shorter word, that two must share at the start: not "kommun" and "kommit"."""


def matched_spans(text: str, query: Sequence[str], words: WordList) -> tuple[tuple[int, int], ...]:
    """Start and end in ``text`` of each word that one of the query's folded words matches, in reading order.

    The last word of the query may be unfinished: somebody is still typing.
    """
    typed = query[-1] if query else ""
    spans = []
    for token in WORD.finditer(text):
        folded = "".join(words(token.group()))
        unfinished = len(typed) >= SHORTEST_STEM - 1 and folded.startswith(typed)
        if unfinished or any(matches(word, folded) for word in query):
            spans.append(token.span())
    return tuple(spans)


def matches(query: str, word: str) -> bool:
    """Whether two folded words are alike: the same, one in the other's compound, or of the same stem."""
    if query == word:
        return True
    if len(query) >= SHORTEST_PART and query in word:
        return True
    if query[:SHORTEST_STEM] != word[:SHORTEST_STEM]:
        return False
    shared = 0
    for one, other in zip(query, word, strict=False):
        if one != other:
            break
        shared += 1
    return shared >= max(SHORTEST_STEM, STEM_SHARE * min(len(query), len(word)))
