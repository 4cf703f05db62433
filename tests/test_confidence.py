"""How sure the assistant is: a logistic model whose numbers are data."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.confidence import CONTEXT_SIGNALS, FILE, SIGNALS, Confidence, Logistic
from bot.library import Candidate, ContextSignals, Signals

NUMBERS = Confidence.load()
USUAL = Signals(**{name: 0.5 for name in SIGNALS})


def candidate(signals: Signals) -> Candidate:
    return Candidate("sjo/gron", signals.score, 0.5, 0.5, signals)


def probability(signals: Signals, confidence: Confidence = NUMBERS) -> float:
    return confidence.probability(candidate(signals))


def test_the_file_has_exactly_the_signals_that_there_are() -> None:
    data = yaml.safe_load(FILE.read_text("utf-8"))
    assert {name: set(model) for name, model in data.items()} == {
        "answering": {"intercept", "weights", "threshold", "hint"},
        "following": {"intercept", "weights", "threshold"},
    }
    for name, kind, known in (
        ("answering", Signals, SIGNALS),
        ("following", ContextSignals, CONTEXT_SIGNALS),
    ):
        model = getattr(NUMBERS, name)
        assert list(data[name]["weights"]) == [field.name for field in fields(kind)] == list(known)
        assert (model.weights, model.intercept) == (data[name]["weights"], data[name]["intercept"])


def test_the_thresholds_are_in_order() -> None:
    assert 0 < NUMBERS.hint < NUMBERS.threshold < 1
    assert 0 < NUMBERS.follow < 1


@pytest.mark.parametrize(
    ("model", "signal"), [("answering", SIGNALS[-1]), ("following", CONTEXT_SIGNALS[-1])]
)
def test_a_signal_that_is_missing_is_noticed(tmp_path: Path, model: str, signal: str) -> None:
    data = yaml.safe_load(FILE.read_text("utf-8"))
    del data[model]["weights"][signal]
    (tmp_path / "confidence.yaml").write_text(yaml.safe_dump(data), "utf-8")
    with pytest.raises(KeyError):
        Confidence.load(tmp_path / "confidence.yaml")


signals = st.builds(Signals, **{name: st.floats(-2, 5) for name in SIGNALS})


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("score", 1),
        ("lead", 1),
        ("matched", 1),
        ("affinity", 1),
        ("background", -1),
        ("unrelated", -1),
        ("unstated", -1),
    ],
)
@given(start=signals, step=st.floats(0.01, 2))
def test_it_rises_with_what_speaks_for_the_section_and_falls_with_what_speaks_against(
    name: str, sign: int, start: Signals, step: float
) -> None:
    assert math.copysign(1, NUMBERS.answering.weights[name]) == sign
    more = replace(start, **{name: getattr(start, name) + step})
    before, after = probability(start), probability(more)
    assert sign * (after - before) >= 0
    if 0.001 < before < 0.999:
        assert after != before


@given(signals)
def test_it_is_a_probability(start: Signals) -> None:
    assert 0 <= probability(start) <= 1


def test_the_formula() -> None:
    flat = Logistic(0.5, {name: 0.0 for name in SIGNALS} | {"score": 2.0})
    confidence = replace(NUMBERS, answering=flat)
    assert probability(replace(USUAL, score=1.0), confidence) == pytest.approx(1 / (1 + math.exp(-2.5)))
    assert probability(replace(USUAL, score=-0.25), confidence) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("name", "sign"), [("alone", 1), ("lead", 1), ("scope", 1), ("content", -1), ("unstated", -1)]
)
def test_what_points_back_speaks_for_what_was_shown(name: str, sign: int) -> None:
    assert math.copysign(1, NUMBERS.following.weights[name]) == sign
    none = ContextSignals(**dict.fromkeys(CONTEXT_SIGNALS, 0.0))
    some = replace(none, **{name: 1.0})
    model = NUMBERS.following
    assert sign * (model.probability(some) - model.probability(none)) > 0
