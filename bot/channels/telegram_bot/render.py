"""An answer as spans of text, in the order in which a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.answer import Answer, Citation, Contact, Part
from bot.channels.telegram_bot.message import Span, Style, set_pages
from bot.compose import OMITTED
from bot.texts import Texts


def answer_pages(answer: Answer, texts: Texts) -> tuple[str, ...]:
    """The whole answer as HTML, at least one page."""
    pages = set_pages(_answer(answer, texts))
    return pages or set_pages([Span(answer.text)]) or set_pages([Span(texts("telegram.error"))])


def _answer(answer: Answer, texts: Texts) -> Iterator[Span]:
    for notice in answer.notices:
        yield Span(notice, "\n\n", "i")
    if answer.message:
        yield Span(answer.message, "\n\n")
    shown = set()
    for number, part in enumerate(answer.parts):
        yield from _part(part, number, texts)
        for citation in answer.citations:
            if citation.section == part.section:
                yield from _citation(citation, texts)
                shown.add(citation)
    for citation in answer.citations:
        if citation not in shown:
            yield from _citation(citation, texts)
    if answer.contact:
        yield from contact_spans(answer.contact, texts)


def _part(part: Part, number: int, texts: Texts) -> Iterator[Span]:
    yield Span(part.title, "\n\n", "b")
    yield Span(part.lead or "", "\n")
    yield Span(part.lead_original or "", "\n", "i")
    yield from _quotation(part, 2 * number)
    # The source's own words stand beneath their translation, as a quotation of their own.
    originals = tuple(
        replace(sentence, text=sentence.original, speaker=None)
        for sentence in part.sentences
        if sentence.original is not None
    )
    if originals:
        yield from _quotation(replace(part, sentences=originals), 2 * number + 1, "i")
    for note in part.notes:
        yield Span(texts("telegram.note"), "\n\n", "i")
        yield Span(note.text, " ")
        yield Span(note.document, "\n", link=note.url)


def _quotation(part: Part, quote: int, style: Style = "") -> Iterator[Span]:
    """The sentences, paragraphs and lines of lists apart, each speaker after the last of their words, and a
    mark where sentences are left out."""
    sentences = part.sentences
    line = True
    for position, sentence in enumerate(sentences):
        before = sentences[position - 1] if position else None
        gap = "\n" if line or sentence.item else " "
        if before and before.paragraph != sentence.paragraph:
            gap = "\n\n"
        if sentence.gap:
            yield Span(OMITTED, gap, style, quote=quote)
            gap = "\n" if sentence.item else " "
        yield Span(_line(sentence.text, sentence.item), gap, style, quote=quote)
        line = sentence.item
        following = sentences[position + 1].speaker if position + 1 < len(sentences) else None
        if sentence.speaker and sentence.speaker != following:
            yield Span(f"– {sentence.speaker}", "\n", "b", quote=quote)
            line = True
    if part.gap:
        yield Span(OMITTED, "\n\n", style, quote=quote)


def _line(text: str, item: bool) -> str:
    return f"• {text.removeprefix('- ')}" if item else text


def _citation(citation: Citation, texts: Texts) -> Iterator[Span]:
    yield Span(texts("telegram.source"), "\n\n")
    yield Span(citation.document, " ", link=citation.url)
    if citation.valid:
        yield Span(citation.valid, "\n")


def contact_spans(contact: Contact, texts: Texts) -> Iterator[Span]:
    yield Span(contact.name, "\n\n", "b")
    if contact.phone:
        yield Span(texts("telegram.phone", phone=contact.phone), "\n")
    if contact.email:
        yield Span(texts("telegram.email", email=contact.email), "\n")
    yield Span(contact.url, "\n", link=contact.url)
