"""The buttons beneath a message, and what each says when it is pressed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from bot.answer import Answer, MunicipalityGoals
from bot.channels.telegram_bot.message import Button, Rows
from bot.texts import Texts

Action = Literal["ask", "show", "elsewhere", "goals", "begin", "home", "language", "contact"]
_LETTERS: dict[str, Action] = {action[0]: action for action in get_args(Action)}
assert len(_LETTERS) == len(get_args(Action)), "two actions share their first letter"

_DATA = re.compile(r"([a-z]):([^:\s]{0,48}):(0|[1-9]\d{0,2}):([0-9a-f]{8})?")
_SHORT = 48
"""Bytes left for an id beside action, page and token; Telegram allows 64 in all."""
LABEL = 60
"""Characters; a phone shows no more of a button."""
DIRECT = 2
"""Other municipalities that get a button of their own; more than that are listed."""
LISTED = 90
"""Telegram allows 100 buttons a message; the others are reached by name."""


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


def button(label: str, press: Press) -> Button:
    return Button(label if len(label) <= LABEL else label[: LABEL - 1].rstrip() + "…", press.encode())


def answer_rows(answer: Answer, texts: Texts, token: str, every: Sequence[MunicipalityGoals]) -> Rows:
    """Ways on from an answer to a question.

    Args:
        token: leads back to the answer.
        every: all municipalities.
    """
    rows: list[tuple[Button, ...]] = []
    for choice in answer.choices:
        if choice.section:
            press = Press("show", choice.section, token=token)
        else:
            press = Press("ask", choice.municipality or "", token=token)
        rows.append((button(choice.label, press),))
    for part in (part for part in answer.parts if not part.whole):
        label = texts("telegram.button.whole")
        if len(answer.parts) > 1:
            label = texts("telegram.button.whole_of", title=part.title)
        rows.append((button(label, Press("show", part.section, token=token)),))
    rows += _suggestions(answer, token)
    if answer.kind == "answer" and token:
        rows += _elsewhere(answer, texts, token, every)
    if answer.kind != "clarify":
        # Where the contact stands in the answer itself, it needs no button.
        rows.append(_service(_municipality(answer), texts, token)[: 1 if answer.contact else 2])
    return tuple(rows)


def section_rows(answer: Answer, texts: Texts, token: str) -> Rows:
    """Ways on from a whole section, and back."""
    municipality = _municipality(answer)
    rows = _suggestions(answer, token)
    if token:
        rows.append(back_row(texts, token))
    rows.append(_service(municipality, texts, token))
    return tuple(rows)


def pager(texts: Texts, press: Press, pages: int) -> Rows:
    """Previous and next page of a text that is paged in place."""
    row = []
    if press.page > 0:
        row.append(button(texts("telegram.button.previous"), replace(press, page=press.page - 1)))
    if press.page + 1 < pages:
        label = texts("telegram.button.next", page=press.page + 2, pages=pages)
        row.append(button(label, replace(press, page=press.page + 1)))
    return (tuple(row),) if row else ()


def back_row(texts: Texts, token: str, municipality: str = "") -> tuple[Button, ...]:
    """To the answer that led here, else to the goals."""
    if token:
        return (button(texts("telegram.button.back"), Press("ask", token=token)),)
    return (button(texts("telegram.button.goals"), Press("goals", municipality)),)


def _suggestions(answer: Answer, token: str) -> list[tuple[Button, ...]]:
    return [
        (button(suggestion.title, Press("show", suggestion.section, token=token)),)
        for suggestion in answer.suggestions
    ]


def _elsewhere(
    answer: Answer, texts: Texts, token: str, every: Sequence[MunicipalityGoals]
) -> list[tuple[Button, ...]]:
    others = [municipality for municipality in every if municipality.id not in answer.municipalities]
    if len(others) > DIRECT:
        return [(button(texts("telegram.button.elsewhere"), Press("elsewhere", token=token)),)]
    return [
        (button(texts("telegram.button.same", municipality=other.name), Press("ask", other.id, token=token)),)
        for other in others
    ]


def _service(municipality: str, texts: Texts, token: str) -> tuple[Button, ...]:
    return (
        button(texts("telegram.button.goals"), Press("goals", municipality)),
        button(texts("telegram.button.contact"), Press("contact", municipality, token=token)),
    )


def _municipality(answer: Answer) -> str:
    if len(answer.municipalities) == 1:
        return answer.municipalities[0]
    return answer.conversation.municipality or ""
