"""Sentences as a page sets them: paragraphs and lists, each speaker after the last of their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from bot.answer import Part, Sentence
from bot.compose import OMITTED


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a list."""

    texts: tuple[str, ...]
    listed: bool
    speaker: str | None
    """Named after this block; nobody where the next one is the same person's."""


def blocks(part: Part) -> tuple[Block, ...]:
    """The part's sentences as they are shown, with a mark where some are left out."""
    found = _blocks(part.sentences)
    return (*found, Block((OMITTED,), False, None)) if part.gap else found


def original_blocks(part: Part) -> tuple[Block, ...]:
    """Their originals, without speakers; nothing where they are no translation."""
    originals = tuple(
        replace(one, text=one.original, speaker=None) for one in part.sentences if one.original is not None
    )
    return blocks(replace(part, sentences=originals)) if originals else ()


def _blocks(sentences: Iterable[Sentence]) -> tuple[Block, ...]:
    groups = [
        (listed, speaker, tuple(_texts(group)))
        for (_, listed, speaker), group in groupby(
            sentences, key=lambda one: (one.paragraph, one.item, one.speaker)
        )
    ]
    following = [*(speaker for _, speaker, _ in groups[1:]), None][: len(groups)]
    return tuple(
        Block(texts, listed, None if speaker == after else speaker)
        for (listed, speaker, texts), after in zip(groups, following, strict=True)
    )


def _texts(sentences: Iterable[Sentence]) -> Iterator[str]:
    for one in sentences:
        if one.gap:
            yield OMITTED
        yield one.text
