"""All that one run of `malvakt eval` has measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.comparison import Comparison
from bot.evaluation.result import Result
from bot.evaluation.totals import Total

SCHEMA = 1
"""The form of the JSON: raise it when a key changes its meaning."""


@dataclass(frozen=True, slots=True)
class TunedBaseline:
    """The yardstick's result, and what its threshold was tuned on."""

    result: Result
    threshold: float
    tuned_on: Path
    questions: int


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The search on one collection."""

    documents: int
    queries: int
    totals: Mapping[str, Total]


@dataclass(frozen=True, slots=True)
class Report:
    """``None`` for what was not asked for."""

    result: Result | None = None
    baseline: TunedBaseline | None = None
    comparison: Comparison | None = None
    retrieval: Retrieval | None = None

    def as_json(self, *, texts: bool) -> dict[str, Any]:
        """As JSON types; without texts, no item's words, place or sections."""
        found: dict[str, Any] = {"schema": SCHEMA}
        if self.result:
            found |= self.result.as_json(texts=texts)
        if self.baseline:
            found["baseline"] = {
                "threshold": self.baseline.threshold,
                "tuned_on": {"file": self.baseline.tuned_on.name, "questions": self.baseline.questions},
                **self.baseline.result.as_json(texts=texts),
            }
        if self.comparison:
            found["comparison"] = self.comparison.as_json()
        if self.retrieval:
            found["retrieval"] = {
                "documents": self.retrieval.documents,
                "queries": self.retrieval.queries,
                "totals": {name: total.as_json() for name, total in self.retrieval.totals.items()},
            }
        return found
