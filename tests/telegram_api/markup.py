"""What Telegram makes of a message in HTML, and what it refuses."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

TAGS = {"b", "i", "a", "blockquote"}


class Refused(Exception):
    """A 400 with Telegram's description."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []
        self.entities = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or (tag == "blockquote" and "blockquote" in self.open):
            raise Refused(f"Bad Request: can't parse entities: unsupported start tag {tag}")
        self.open.append(tag)
        self.entities += 1

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refused(f"Bad Request: can't parse entities: unexpected end tag {tag}")

    def handle_data(self, data: str) -> None:
        self.text += data


def visible(html: str) -> str:
    """The text that people see. Raises `Refused` where Telegram would."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.open:
        raise Refused("Bad Request: can't parse entities: unclosed tag")
    text = reader.text.strip()
    if not text:
        raise Refused("Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise Refused("Bad Request: message is too long")
    if reader.entities > 100:
        raise Refused("too many entities: Telegram would drop some without a word")
    return text


def check_keyboard(markup: dict[str, Any] | None) -> list[list[dict[str, Any]]]:
    """The rows of an inline keyboard."""
    rows = markup["inline_keyboard"] if markup else []
    for button in (button for row in rows for button in row):
        if not button["text"] or not 1 <= len(button["callback_data"].encode()) <= 64:
            raise Refused("Bad Request: BUTTON_DATA_INVALID")
    if sum(map(len, rows)) > 100:
        raise Refused("Bad Request: reply markup is too long")
    return rows
