"""A message to be sent or shown: its text as Telegram's HTML, its buttons, its place."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import MessageLimit

LIMIT = int(MessageLimit.MAX_TEXT_LENGTH)
MARKS = 90
"""Telegram ignores a message's formatting past 100 entities."""
LONG_QUOTE = 800
_SURROGATE = re.compile("[\ud800-\udfff]")

Style = Literal["", "b", "i"]


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    data: str


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    html: str
    rows: Rows = ()

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        if not self.rows:
            return None
        return InlineKeyboardMarkup(
            [
                [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
                for row in self.rows
            ]
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes."""

    chat: int
    thread: int | None = None
    """The topic of a forum."""
    reply_to: int | None = None
    """The message that the reply quotes; in groups only."""


def dump(messages: tuple[Message, ...]) -> str:
    rows = [[[[button.label, button.data] for button in row] for row in message.rows] for message in messages]
    return json.dumps([[message.html, row] for message, row in zip(messages, rows, strict=True)])


def load(text: str) -> tuple[Message, ...]:
    """The inverse of `dump`."""
    return tuple(
        Message(html, tuple(tuple(Button(label, data) for label, data in row) for row in rows))
        for html, rows in json.loads(text)
    )


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text that is split only if it alone is longer than a message."""

    text: str
    before: str = ""
    """What parts it from the span before it, in the same message."""
    style: Style = ""
    link: str | None = None
    quote: int | None = None
    """Number of the quotation that it belongs to."""


def size(text: str) -> int:
    """Length in UTF-16 code units, after entities are parsed: Telegram's own measure."""
    return len(text) + sum(character > "\uffff" for character in text)


def escape(text: str) -> str:
    """The text as HTML; what cannot be sent as UTF-8 is replaced."""
    return html.escape(_SURROGATE.sub("\ufffd", text.replace("\0", "")))


def set_pages(spans: Iterable[Span], *, limit: int = LIMIT) -> tuple[str, ...]:
    """The spans as the HTML of as few messages as their order allows."""
    pages: list[list[Span]] = [[]]
    length = marks = 0
    every = [span for span in spans if span.text.strip()]
    quoted = {
        number: sum(size(s.before + s.text) for s in every if s.quote == number) for number in _quotes(every)
    }
    for span in (piece for whole in every for piece in _pieces(whole, limit)):
        mark = bool(span.style) + bool(span.link) + (span.quote is not None)
        if pages[-1] and (length + size(span.before + span.text) > limit or marks + mark > MARKS):
            pages.append([])
            length = marks = 0
        first = not pages[-1]
        length += size(span.text if first else span.before + span.text)
        marks += mark
        pages[-1].append(span)
    return tuple(_html(page, quoted) for page in pages if page)


def _quotes(spans: Iterable[Span]) -> set[int]:
    return {span.quote for span in spans if span.quote is not None}


def _pieces(span: Span, limit: int) -> Iterator[Span]:
    """The span, at words in several if it is longer than a message."""
    rest, before = span.text, span.before
    while size(rest) > limit:
        # Counted in characters beyond the BMP at worst, so the cut never exceeds the limit.
        end = limit
        while size(rest[:end]) > limit:
            end -= max(1, (size(rest[:end]) - limit) // 2)
        space = rest.rfind(" ", 0, end + 1)
        cut = space if space > 0 else end
        yield replace(span, text=rest[:cut], before=before)
        rest, before = rest[cut:].lstrip(" "), " "
    if rest:
        yield replace(span, text=rest, before=before)


def _html(page: list[Span], quoted: dict[int, int]) -> str:
    parts: list[str] = []
    for number, group in groupby(page, key=lambda span: span.quote):
        spans = list(group)
        gap = escape(spans[0].before) if parts else ""
        inner = "".join(
            (escape(span.before) if position else "") + _marked(span) for position, span in enumerate(spans)
        )
        if number is None:
            parts.append(gap + inner)
        else:
            opening = "<blockquote expandable>" if quoted[number] > LONG_QUOTE else "<blockquote>"
            parts.append(f"{gap}{opening}{inner}</blockquote>")
    return "".join(parts)


def _marked(span: Span) -> str:
    text = escape(span.text)
    if span.link and span.link.startswith(("https://", "http://")):
        text = f'<a href="{escape(span.link)}">{text}</a>'
    return f"<{span.style}>{text}</{span.style}>" if span.style else text
