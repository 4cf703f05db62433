"""Questions with the sections that answer them, for measuring."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.answer import Conversation

DIRECTORY = Path(__file__).parent.parent / "tests" / "quality"


@dataclass(frozen=True, slots=True)
class Item:
    question: str
    language: str
    municipality: str | None
    style: str
    kind: str
    accept: tuple[str, ...] = ()
    """Sections of which any one is right; empty: nothing should be answered."""
    abstain: str | None = None

    @property
    def conversation(self) -> Conversation:
        return Conversation(municipality=self.municipality)


def load_items(name: str) -> list[Item]:
    """The items of ``tests/quality/<name>.yaml``."""
    data = yaml.safe_load((DIRECTORY / f"{name}.yaml").read_text("utf-8"))
    return [Item(**{**item, "accept": tuple(item.get("accept", ()))}) for item in data]
