"""A message to be sent or shown, as values that can be stored."""

from __future__ import annotations

import json
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup


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
