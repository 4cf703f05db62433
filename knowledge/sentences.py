"""Where paragraphs and sentences begin and end in a Swedish or English text.

A text is paragraphs parted by empty lines. A line that starts with "- " is a list line and one
sentence, without its marker. Every character that is neither space nor marker lies in one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
LIST_MARKER = re.compile(r"[^\S\n]*- +(?=\S)")

# A mark, the quotes and brackets that close behind it, then space or a dash and the next speaker's words:
# "slut.—Nästa".
CLOSING = "\"'”’“»«)]"
SENTENCE_END = re.compile(rf"[.!?…]+[{re.escape(CLOSING)}]*(?:(?=\s)|(?=[—–][^\W\d_]))")
# What may stand between the end of one sentence and the first letter of the next.
OPENING = re.compile(r"[\s\"'”’“»«(\[—–-]*")

# Spelled with or without space between their parts: "t.ex." and "t. ex."; they always go on.
_ABBREVIATIONS = (
    "a.a bl.a ca c:a dvs d.v.s exkl ev fr.o.m f.d f.n f.ö inkl jfr kl m.a.o p.g.a pga resp s.k t.ex t.o.m "
    "t.v u.a cf dr e.g i.e mr mrs ms prof viz vs"
)
# These go on only before a number: "nr. 5", "1 jan. 2024"; before a capital they end a sentence.
_BEFORE_NUMBERS = "nr no art fig kap s sid p pp tel jan feb febr mar apr jun jul aug sep sept okt oct nov dec"


def _ends_with(abbreviations: str) -> re.Pattern[str]:
    spelled = (re.escape(one).replace(r"\.", r"\.\s?") for one in abbreviations.split())
    return re.compile(rf"(?<![\w.])(?:{'|'.join(spelled)})\.\Z", re.IGNORECASE)


ABBREVIATION = _ends_with(_ABBREVIATIONS)
ABBREVIATION_BEFORE_NUMBER = _ends_with(_BEFORE_NUMBERS)
# "A. Svensson", "J.R. Svensson": one capital letter, which is not the end of a longer word.
INITIAL = re.compile(r"(?<!\w)[^\W\d_a-zåäö]\.\Z")
# "1. Första målet": a number that opens the sentence is a label, not a sentence of its own.
LABEL = re.compile(r"\s*\d{1,3}\.\Z")
# No abbreviation above is longer, so that a long paragraph is not searched from its start for each mark.
_LOOK_BACK = 12


@dataclass(frozen=True, slots=True)
class Span:
    """Character offsets into a text, ``end`` exclusive: ``text[start:end]``."""

    start: int
    end: int


def paragraphs(text: str) -> list[Span]:
    """The paragraphs in order, without the space around them."""
    starts = [0, *(found.end() for found in PARAGRAPH_BREAK.finditer(text))]
    ends = [*(found.start() for found in PARAGRAPH_BREAK.finditer(text)), len(text)]
    return list(_stripped(text, zip(starts, ends, strict=True)))


def sentences(text: str) -> list[Span]:
    """All sentences in order; none crosses a paragraph."""
    return [sentence for paragraph in sentences_by_paragraph(text) for sentence in paragraph]


def sentences_by_paragraph(text: str) -> list[list[Span]]:
    """The sentences of each paragraph; the outer list runs parallel to ``paragraphs(text)``."""
    return [list(_stripped(text, _pieces(text, paragraph))) for paragraph in paragraphs(text)]


def is_list_line(text: str, sentence: Span) -> bool:
    """Whether the sentence stands behind a list marker."""
    line_start = text.rfind("\n", 0, sentence.start) + 1
    marker = LIST_MARKER.match(text, line_start)
    return marker is not None and marker.end() == sentence.start


def _pieces(text: str, paragraph: Span) -> Iterator[tuple[int, int]]:
    """Cut a paragraph into list lines and the running text between them, and that into sentences."""
    running = line = paragraph.start
    while line < paragraph.end:
        newline = text.find("\n", line, paragraph.end)
        line_end = paragraph.end if newline < 0 else newline
        if marker := LIST_MARKER.match(text, line, line_end):
            yield from _running_text(text, running, line)
            yield marker.end(), line_end
            running = line_end
        line = line_end + 1
    yield from _running_text(text, running, paragraph.end)


def _running_text(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for mark in SENTENCE_END.finditer(text, start, end):
        if _goes_on(text, start, mark, end):
            continue
        yield start, mark.end()
        start = mark.end()
    yield start, end


def _goes_on(text: str, start: int, mark: re.Match[str], end: int) -> bool:
    opening = OPENING.match(text, mark.end(), end)
    assert opening is not None, "it matches nothing too"
    following = text[opening.end() : min(opening.end() + 1, end)]
    if following.islower():
        return True
    if mark.group().rstrip(CLOSING) != ".":
        return False
    dot = mark.start() + 1
    before = text[max(start, dot - _LOOK_BACK) : dot]
    return bool(
        ABBREVIATION.search(before)
        or INITIAL.search(before)
        or LABEL.fullmatch(text, start, dot)
        or (following.isdigit() and ABBREVIATION_BEFORE_NUMBER.search(before))
    )


def _stripped(text: str, pieces: Iterator[tuple[int, int]] | zip[tuple[int, int]]) -> Iterator[Span]:
    """The pieces without surrounding space; those of nothing but space are left out."""
    for start, end in pieces:
        piece = text[start:end]
        if stripped := piece.strip():
            start += len(piece) - len(piece.lstrip())
            yield Span(start, start + len(stripped))
