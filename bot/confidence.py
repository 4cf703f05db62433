"""How probable it is that a section answers a question: by itself, or after having been shown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from bot.library import Candidate, ContextSignals, Signals

FILE = Path(__file__).with_name("confidence.yaml")
SIGNALS = tuple(field.name for field in fields(Signals))
CONTEXT_SIGNALS = tuple(field.name for field in fields(ContextSignals))
_MOST_ODDS = 30.0
"""Beyond it a probability is 0 or 1 in print."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model; its numbers are data, fitted by ``python -m benchmarks.confidence``."""

    intercept: float
    weights: Mapping[str, float]
    """Log odds for each unit of a signal, by its name."""

    @classmethod
    def read(cls, data: Mapping[str, Any], signals: Sequence[str]) -> Logistic:
        """From what YAML holds of it; raises ``KeyError`` where one of the signals has no weight."""
        return cls(float(data["intercept"]), {name: float(data["weights"][name]) for name in signals})

    def odds(self, signals: Signals | ContextSignals) -> float:
        """The logarithm of the odds."""
        found = self.intercept + sum(weight * getattr(signals, name) for name, weight in self.weights.items())
        return float(max(-_MOST_ODDS, min(_MOST_ODDS, found)))

    def probability(self, signals: Signals | ContextSignals) -> float:
        return 1 / (1 + math.exp(-self.odds(signals)))


@dataclass(frozen=True, slots=True)
class Confidence:
    """Both models, with what is made of their probabilities."""

    answering: Logistic
    """That a section answers a question that stands alone."""
    threshold: float
    """The least probability with which a section is shown."""
    hint: float
    """The least probability with which a section is offered: "did you mean …?"."""
    following: Logistic
    """That a section shown last answers what is asked after it."""
    follow: float
    """The least probability with which that is done."""

    @classmethod
    def load(cls, path: Path = FILE) -> Confidence:
        data = yaml.load(path.read_text("utf-8"), yaml.CBaseLoader)
        answering, following = data["answering"], data["following"]
        return cls(
            Logistic.read(answering, SIGNALS),
            float(answering["threshold"]),
            float(answering["hint"]),
            Logistic.read(following, CONTEXT_SIGNALS),
            float(following["threshold"]),
        )

    def probability(self, candidate: Candidate) -> float:
        """That the candidate answers a question that stands alone."""
        return self.answering.probability(candidate.signals)
