"""The probability that the best section answers a question."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import yaml

from bot.library import Candidate, Signals

FILE = Path(__file__).with_name("confidence.yaml")
SIGNALS = tuple(field.name for field in fields(Signals))


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic model; its numbers are data, fitted by ``python -m benchmarks.confidence``."""

    intercept: float
    weights: Mapping[str, float]
    """Log odds for each unit of a signal, by its name."""
    threshold: float
    """The least probability with which a section is shown."""
    hint: float
    """The least probability with which a section is offered: "did you mean …?"."""

    @classmethod
    def load(cls, path: Path = FILE) -> Confidence:
        data = yaml.load(path.read_text("utf-8"), yaml.CBaseLoader)
        weights = {name: float(data["weights"][name]) for name in SIGNALS}
        return cls(float(data["intercept"]), weights, float(data["threshold"]), float(data["hint"]))

    def probability(self, candidate: Candidate) -> float:
        signals = candidate.signals
        odds = self.intercept + sum(self.weights[name] * getattr(signals, name) for name in SIGNALS)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
