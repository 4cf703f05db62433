"""A search result's passage cut where words are marked, as the template shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer import Found, Sentence


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is marked or not."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class ShownSentence:
    sentence: Sentence
    pieces: tuple[Piece, ...]
    best: bool
    """Whether no other of the passage fits the query better."""


def shown_passage(found: Found) -> tuple[tuple[ShownSentence, ...], ...]:
    """The passage by paragraphs, in reading order; the lines of a list are one paragraph."""
    paragraphs: dict[int, list[ShownSentence]] = {}
    for at, (sentence, spans) in enumerate(zip(found.passage, found.matches, strict=True)):
        shown = ShownSentence(sentence, pieces(sentence.text, spans), at == found.best)
        paragraphs.setdefault(sentence.paragraph, []).append(shown)
    return tuple(tuple(sentences) for sentences in paragraphs.values())


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """``text`` cut at the spans, which lie in reading order and do not overlap."""
    cut = []
    at = 0
    for start, end in spans:
        cut += [Piece(text[at:start], False), Piece(text[start:end], True)]
        at = end
    cut.append(Piece(text[at:], False))
    return tuple(piece for piece in cut if piece.text)
