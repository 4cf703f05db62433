"""What a button says when it is pressed, within Telegram's 64 bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Action = Literal["ask", "show", "elsewhere", "goals", "begin", "home", "language", "contact"]
_LETTERS: dict[str, Action] = {action[0]: action for action in get_args(Action)}
assert len(_LETTERS) == len(get_args(Action)), "two actions share their first letter"

_DATA = re.compile(r"([a-z]):([^:\s]{0,48}):(0|[1-9]\d{0,2}):([0-9a-f]{8})?")
_SHORT = 48
"""Bytes left for an id beside action, page and token; Telegram allows 64 in all."""


@dataclass(frozen=True, slots=True)
class Press:
    """One thing that a button does."""

    action: Action
    target: str = ""
    """Id of a section or municipality, or a language; empty: none in particular."""
    page: int = 0
    token: str = ""
    """Which answer the button belongs to; see `Memory.keep`."""

    def encode(self) -> str:
        return f"{self.action[0]}:{_shorten(self.target)}:{self.page}:{self.token}"


def parse(data: str | None) -> Press | None:
    """The inverse of `Press.encode` but for a shortened target; nothing for what is not ours."""
    match = _DATA.fullmatch(data or "")
    if not match or match[1] not in _LETTERS:
        return None
    return Press(_LETTERS[match[1]], match[2], int(match[3]), match[4] or "")


def expand(target: str, ids: Iterable[str]) -> str | None:
    """The id among ``ids`` that ``target`` names, also where it had to be shortened."""
    return next((id for id in ids if target in (id, _shorten(id))), None)


def _shorten(id: str) -> str:
    if len(id.encode()) <= _SHORT:
        return id
    return "~" + hashlib.blake2b(id.encode(), digest_size=12).hexdigest()
