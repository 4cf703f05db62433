"""The plain data of a file, in which every value knows its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.faults import Fault

At = tuple[str | int, ...]
"""Where a value stands: the keys and places in lists (from 0) that lead to it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Mappings, lists, texts and ``None``; a file's date or number is text here."""

    path: Path
    data: Any
    """A mapping, or a list where that is the file's form."""
    faults: tuple[Fault, ...]
    """Those that still let the rest be read."""
    lines: Mapping[At, int] = field(repr=False)
    """Where each key stands or each list entry starts, from 1."""
    literal: frozenset[At] = field(repr=False)
    """Texts written as a ``|`` block: their first line is the one after the key."""

    def value(self, at: At) -> Any:
        """What stands at a place that exists."""
        value: Any = self.data
        for step in at:
            value = value[step]
        return value

    def line(self, at: At, text_line: int | None = None) -> int:
        """The line of a key or list entry, or of what is nearest around it where it is missing.

        ``text_line`` counts from 0 inside a text; it has an effect in ``|`` blocks only.
        """
        if text_line is not None and at in self.literal:
            return self.lines[at] + 1 + text_line
        while at not in self.lines:
            at = at[:-1]
        return self.lines[at]

    def where(self, at: At) -> str:
        """The place, nothing to translate: ``documents[mal-2024].valid``; the file's name for its top."""
        value: Any = self.data
        place = ""
        for step in at:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                value = None
            if isinstance(step, int):
                name = value.get("id") if isinstance(value, dict) else None
                place += f"[{name}]" if isinstance(name, str) else f"[{step + 1}]"
            else:
                place += f".{step}" if place else step
        return place or self.path.name

    def fault(self, code: str, at: At, text_line: int | None = None, /, **details: str) -> Fault:
        """A fault at that place; see ``line``."""
        return Fault(self.path, self.line(at, text_line), code, details)

    def values(self) -> Iterator[tuple[At, Any]]:
        """Every value with its place, in the file's order, a mapping or list before what it holds."""
        waiting: list[tuple[At, Any]] = [((), self.data)]
        while waiting:
            at, value = waiting.pop()
            yield at, value
            waiting.extend((((*at, step), held) for step, held in reversed(steps(value))))


def steps(value: Any) -> list[tuple[str | int, Any]]:
    """What a mapping or list holds, each with its key or place; nothing for a text."""
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def sample(value: Any) -> str:
    """A value as a person recognises it in the file, cut short."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    text = " ".join(str(value or "").split())
    return text if len(text) <= 60 else text[:59] + "…"
