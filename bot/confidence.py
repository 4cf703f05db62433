"""The probability that the best section answers, from how much better it matches than the background."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.library import Candidate

FILE = Path(__file__).with_name("confidence.yaml")


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic model of two signals; its numbers are data, fitted by ``benchmarks/confidence.py``."""

    intercept: float
    margin: float
    """Log odds for each standard deviation of margin; see `Candidate.margin`."""
    score: float
    """Log odds for each tenth of the section's own score: without it, letters without sense, which resemble
    nothing, resemble the sections as much as the background."""
    threshold: float
    """The least probability with which a section is shown."""

    @classmethod
    def load(cls, path: Path = FILE) -> Confidence:
        numbers = yaml.load(path.read_text("utf-8"), yaml.CBaseLoader)
        return cls(**{name: float(numbers[name]) for name in ("intercept", "margin", "score", "threshold")})

    def probability(self, candidate: Candidate) -> float:
        odds = self.intercept + self.margin * candidate.margin + self.score * 10 * candidate.score
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
