"""How sure the assistant is: a logistic model whose numbers are data."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.confidence import FILE, SIGNALS, Confidence
from bot.library import Candidate, Signals

NUMBERS = Confidence.load()
USUAL = Signals(**{name: 0.5 for name in SIGNALS})


def candidate(signals: Signals) -> Candidate:
    return Candidate("sjo/gron", signals.score, 0.5, 0.5, signals)


def probability(signals: Signals, confidence: Confidence = NUMBERS) -> float:
    return confidence.probability(candidate(signals))


def test_the_file_has_exactly_the_signals_that_there_are() -> None:
    data = yaml.safe_load(FILE.read_text("utf-8"))
    assert set(data) == {"intercept", "weights", "threshold", "hint"}
    assert list(data["weights"]) == [field.name for field in fields(Signals)] == list(SIGNALS)
    assert NUMBERS.weights == data["weights"]
    assert NUMBERS.intercept == data["intercept"]


def test_the_thresholds_are_in_order() -> None:
    assert 0 < NUMBERS.hint < NUMBERS.threshold < 1


def test_a_signal_that_is_missing_is_noticed(tmp_path: Path) -> None:
    data = yaml.safe_load(FILE.read_text("utf-8"))
    del data["weights"][SIGNALS[-1]]
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
        ("concrete", -1),
    ],
)
@given(start=signals, step=st.floats(0.01, 2))
def test_it_rises_with_what_speaks_for_the_section_and_falls_with_what_speaks_against(
    name: str, sign: int, start: Signals, step: float
) -> None:
    assert math.copysign(1, NUMBERS.weights[name]) == sign
    more = replace(start, **{name: getattr(start, name) + step})
    before, after = probability(start), probability(more)
    assert sign * (after - before) >= 0
    if 0.001 < before < 0.999:
        assert after != before


@given(signals)
def test_it_is_a_probability(start: Signals) -> None:
    assert 0 <= probability(start) <= 1


def test_the_formula() -> None:
    confidence = Confidence(0.5, {name: 0.0 for name in SIGNALS} | {"score": 2.0}, 0.5, 0.3)
    assert probability(replace(USUAL, score=1.0), confidence) == pytest.approx(1 / (1 + math.exp(-2.5)))
    assert probability(replace(USUAL, score=-0.25), confidence) == pytest.approx(0.5)
