"""The sentences that people see, from ``bot/texts/{sv,en}.yaml``, looked up by dotted key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

DIRECTORY = Path(__file__).parent
LANGUAGES = ("sv", "en")
"""The languages that Målvakt speaks; the first is the source texts' own."""


class Texts:
    """All sentences in one language.

    A key names a leaf by its path, as in ``texts("no_answer.too_long", limit=1000)``; values fill the
    sentence's ``{placeholders}``. A missing key or value raises ``KeyError``: it is a fault of the program.
    """

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    def __call__(self, key: str, /, **values: object) -> str:
        return self._sentences[key].format_map(values)

    def __contains__(self, key: object) -> bool:
        return key in self._sentences

    def keys(self) -> tuple[str, ...]:
        return tuple(self._sentences)

    def date(self, day: dt.date) -> str:
        """The day as written in running text: "1 januari 2024", "1 January 2024"."""
        return f"{day.day} {self(f'months.{day.month}')} {day.year}"

    def listing(self, items: tuple[str, ...], joined_by: str = "and") -> str:
        """The items as running text: "a, b och c"; ``joined_by`` is the key of the last joint."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self(joined_by)} {items[-1]}"


@cache
def load_texts(language: str) -> Texts:
    """The texts of a language in `LANGUAGES`; read from disk once a process."""
    data = yaml.load((DIRECTORY / f"{language}.yaml").read_text("utf-8"), yaml.CBaseLoader)
    return Texts(language, dict(_leaves(data, "")))


def _leaves(node: object, path: str) -> list[tuple[str, str]]:
    if isinstance(node, dict):
        prefix = f"{path}." if path else ""
        return [leaf for key, child in node.items() for leaf in _leaves(child, f"{prefix}{key}")]
    if not isinstance(node, str):
        raise TypeError(f"{path} in the texts is {type(node).__name__}, not a string: quote it")
    return [(path, node.rstrip("\n"))]
