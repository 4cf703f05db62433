"""What one bot made of the questions, and what is counted from it, for people and for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bot.evaluation.outcomes import Record
from bot.evaluation.statistics import Bin, Flags, Floats, reliability, risk_coverage
from bot.evaluation.totals import Point, Total, outcome_counts, totals


@dataclass(frozen=True, slots=True)
class Result:
    """One bot's records, in the items' order, and its totals by name."""

    records: tuple[Record, ...]
    points: tuple[Point, ...]
    totals: Mapping[str, Total]
    probabilities: bool
    """Whether the confidences are meant as such; a cosine is not."""

    @classmethod
    def of(cls, records: Sequence[Record], *, probabilities: bool = True) -> Result:
        points = tuple(map(Point.of, records))
        return cls(tuple(records), points, totals(points, probabilities=probabilities), probabilities)

    @property
    def decisions(self) -> tuple[Floats, Flags]:
        """Confidence of each decision made by it, and whether the best section was right: shape (n,) each."""
        decided = [point for point in self.points if point.confidence is not None]
        return (
            np.array([point.confidence for point in decided], np.float64),
            np.array([point.best_is_right for point in decided], bool),
        )

    @property
    def risk_coverage(self) -> tuple[Floats, Floats]:
        return risk_coverage(*self.decisions)

    @property
    def reliability(self) -> list[Bin]:
        """Empty where the confidences are no probabilities."""
        return reliability(*self.decisions) if self.probabilities else []

    def as_json(self, *, texts: bool) -> dict[str, Any]:
        """As JSON types; without texts, no item's words, place or sections."""
        coverage, risk = self.risk_coverage
        return {
            "totals": {name: total.as_json() for name, total in self.totals.items()},
            "outcomes": outcome_counts(self.points),
            "risk_coverage": [list(pair) for pair in zip(coverage.tolist(), risk.tolist(), strict=True)],
            "reliability": [asdict(one) for one in self.reliability],
            "items": [
                {**asdict(point), **(_words(record) if texts else {})}
                for point, record in zip(self.points, self.records, strict=True)
            ],
        }


def _words(record: Record) -> dict[str, Any]:
    item = record.item
    return {
        "place": item.place,
        "turns": list(item.turns),
        "municipality": item.municipality,
        "accept": list(item.accept),
        "abstain": item.abstain,
        "shows": list(item.shows),
        "answer": record.kind,
        "reason": record.reason,
        "sections": list(record.sections),
    }
