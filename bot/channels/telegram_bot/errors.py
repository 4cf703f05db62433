"""What can stop the Telegram channel, in words that the command line can show."""

from __future__ import annotations

from typing import Literal

StartCode = Literal["no_token", "bad_token", "no_public_url", "webhook", "locked", "database"]


class StartError(Exception):
    """The bot cannot run. Its line for people is the text ``telegram.start_error.<code>`` with ``detail``.

    ``detail`` never holds the token.
    """

    def __init__(self, code: StartCode, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class StoreError(Exception):
    """The bot's file could not be read or written while it ran."""


class Unfinished(Exception):
    """The database kept something from being done that must be done: the update is to come again."""


class Stopped(Exception):
    """The bot is stopping: what is not sent stays in the inbox for the next start."""
