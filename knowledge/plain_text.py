"""The letters of every text: quotes are letter for letter, so nothing invisible may hide in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Set

from knowledge.faults import Fault
from knowledge.source import At, Source
from knowledge.yaml_reading import invisible_characters

# The only places where "null" says something: no days at all, or a side that is open.
MAY_BE_NOTHING = frozenset({"valid", "from", "to"})


def text_faults(source: Source) -> Iterator[Fault]:
    """Faults of all texts, and of lists and mappings that hold nothing."""
    yield from empty_faults(source, MAY_BE_NOTHING)
    for at, value in source.values():
        if isinstance(value, str) and value.strip():
            yield from _faults(source, at, value)


def empty_faults(source: Source, may_be_nothing: Set[str]) -> Iterator[Fault]:
    """Texts, lists and mappings that hold nothing; some keys may be ``null``."""
    for at, value in source.values():
        if value is None and at and at[-1] in may_be_nothing:
            continue
        if not value or (isinstance(value, str) and not value.strip()):
            yield source.fault("empty_value", at, where=source.where(at))


def _faults(source: Source, at: At, text: str) -> Iterator[Fault]:
    lines = text.split("\n")
    if len(lines) > 1 and not _has_paragraphs(at):
        yield source.fault("several_lines", at, where=source.where(at))
    for number, line in enumerate(lines):
        # The file itself is already searched for them; these came as escapes ("\u00ad").
        for name in invisible_characters(line):
            yield source.fault("invisible_character", at, number, character=name)
        if not unicodedata.is_normalized("NFC", line):
            yield source.fault("not_nfc", at, number, where=source.where(at))
        if line != line.strip():
            yield source.fault("stray_space", at, number, where=source.where(at))
        if not line and (number in (0, len(lines) - 1) or not lines[number - 1]):
            yield source.fault("extra_blank_line", at, number, where=source.where(at))


def _has_paragraphs(at: At) -> bool:
    return at[-1] == "text" or at[-4:-3] == ("notes",)
