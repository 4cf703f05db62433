"""The acceptance questions: nobody tunes on them."""

from __future__ import annotations

from collections import Counter

from benchmarks.quality import outcome
from benchmarks.questions import load_items
from bot.assistant import Assistant


def test_residents_questions_are_answered_and_others_declined(assistant: Assistant) -> None:
    items = load_items("core")
    found = Counter(outcome(item, assistant.ask(item.question, item.conversation)) for item in items)
    assert sum(found.values()) == 60
    assert found["right"] + found["asked"] >= 36
    assert found["wrong"] <= 2
    assert found["refused"] == 20
