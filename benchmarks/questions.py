"""The questions that the benchmarks ask."""

from __future__ import annotations

from pathlib import Path

from bot.evaluation.items import Item, load_items
from knowledge import GOALS_DIRECTORY, load_knowledge

DIRECTORY = Path(__file__).parent.parent / "tests" / "quality"


def load_questions(name: str) -> list[Item]:
    """The items of ``tests/quality/<name>.yaml``."""
    municipalities = load_knowledge([GOALS_DIRECTORY]).municipalities
    sections = [section.id for municipality in municipalities for section in municipality.sections()]
    return load_items([DIRECTORY / f"{name}.yaml"], sections)
