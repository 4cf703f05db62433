"""The held-out questions: nobody tunes on them, and nothing here prints one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot.assistant import Assistant
from bot.evaluation.bots import AssistantBot
from bot.evaluation.items import ANSWERABLE_KINDS, UNANSWERABLE_KINDS, load_items
from bot.evaluation.outcomes import evaluate
from bot.evaluation.result import Result

QUALITY = Path(__file__).parent / "quality"
FLOORS = yaml.safe_load((QUALITY / "floors.yaml").read_text("utf-8"))


def measured(assistant: Assistant, name: str) -> Result:
    sections = [section.id for municipality in assistant.goals() for section in municipality.sections]
    return Result.of(evaluate(load_items([QUALITY / name], sections), AssistantBot(assistant)))


@pytest.fixture(scope="module")
def values(assistant: Assistant) -> dict[str, float]:
    """The totals of ``test.yaml`` by name, printed with their intervals."""
    totals = measured(assistant, "test.yaml").totals
    for name, total in totals.items():
        print(f"{name:25} {total.value:7.3f}  {total.low:.3f} to {total.high:.3f}  n {total.n}")
    return {name: total.value for name, total in totals.items()}


def test_every_kind_has_a_floor() -> None:
    kinds = {*ANSWERABLE_KINDS, *UNANSWERABLE_KINDS} - {"unanswerable"}
    assert {f"kind.{kind}" for kind in kinds} | {"overall"} <= FLOORS["at_least"].keys()


def test_residents_questions_are_answered_as_well_as_before(values: dict[str, float]) -> None:
    below = {
        name: (values[name], floor) for name, floor in FLOORS["at_least"].items() if values[name] < floor
    }
    above = {
        name: (values[name], most) for name, most in FLOORS["at_most"].items() if abs(values[name]) > most
    }
    assert (below, above) == ({}, {})


def test_the_acceptance_questions(assistant: Assistant) -> None:
    found = Counter(point.outcome for point in measured(assistant, "core.yaml").points)
    assert sum(found.values()) == 60
    assert found["right"] + found["asked"] >= 36
    assert found["wrong"] <= 2
    assert found["refused"] == 20
