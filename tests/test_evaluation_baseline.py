"""The yardstick: one index over whole sections, one threshold."""

from __future__ import annotations

import pytest
from fake_encoder import FakeEncoder

from bot.answer import Conversation
from bot.assistant import Assistant
from bot.evaluation.baseline import Baseline, tune_threshold
from bot.evaluation.items import Item
from bot.evaluation.outcomes import evaluate
from knowledge import GOALS_DIRECTORY, load_knowledge

KNOWLEDGE = load_knowledge([GOALS_DIRECTORY])
GREEN = KNOWLEDGE.section("varnamo/gron")


@pytest.fixture
def baseline(assistant: Assistant) -> Baseline:
    return Baseline(KNOWLEDGE, FakeEncoder(), assistant)


def test_shows_the_nearest_whole_section_of_the_municipality(baseline: Baseline) -> None:
    known = Conversation(municipality="varnamo")
    answer = baseline.ask(GREEN.text[:900], known)
    (part,) = answer.parts
    assert (answer.kind, part.section) == ("answer", "varnamo/gron")
    assert answer.quotes == (GREEN.text,)
    assert answer.confidence is not None
    assert 0 < answer.confidence <= 1.001
    elsewhere = baseline.ask("en god miljö för alla", Conversation(municipality="vara"))
    assert elsewhere.parts[0].section.startswith("vara/")


def test_an_english_question_finds_the_translation_and_quotes_the_source(baseline: Baseline) -> None:
    answer = baseline.ask(GREEN.translations["en"].text[:900], Conversation())
    assert answer.parts[0].section == "varnamo/gron"
    assert answer.text == GREEN.translations["en"].text
    assert answer.quotes == (GREEN.text,)


def test_names_carry_over_to_the_next_turn(baseline: Baseline) -> None:
    first = baseline.ask("Vad vill Vara?", Conversation())
    assert first.conversation.municipality == "vara"
    assert baseline.ask("ekonomi", first.conversation).parts[0].section.startswith("vara/")


def test_declines_below_the_threshold_and_still_says_what_was_best(baseline: Baseline) -> None:
    baseline.threshold = 2.0
    answer = baseline.ask(GREEN.text[:900], Conversation())
    assert (answer.kind, answer.parts, answer.text) == ("no_answer", (), "")
    assert baseline.best(GREEN.text[:900], Conversation(), answer) == "varnamo/gron"


def test_the_threshold_is_the_one_with_most_right(baseline: Baseline) -> None:
    def asked(text: str, *accept: str) -> Item:
        kind = "direct" if accept else "near_miss"
        return Item((text,), "sv", "varnamo", "plain", kind, accept, None if accept else "unclear")

    items = [asked(GREEN.text[:900], "varnamo/gron"), asked("xyz"), asked("qwj"), asked("zzx")]
    threshold = tune_threshold(baseline, items)
    assert baseline.threshold == threshold
    assert [record.outcome for record in evaluate(items, baseline)] == ["right", *["refused"] * 3]
    # Where nothing is rightly declined, everything is shown.
    tune_threshold(baseline, items[:1])
    assert baseline.ask(items[0].question, items[0].conversation).kind == "answer"
