"""Figures over many records; none of them holds a word of any question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bot.evaluation.items import KINDS, STYLES
from bot.evaluation.outcomes import OUTCOMES, Outcome, Record
from bot.evaluation.statistics import (
    Flags,
    Rows,
    area_under_risk,
    bootstrap,
    brier,
    calibration_error,
    wilson,
)
from bot.texts import LANGUAGES

NOISY_STYLES = ("typos", "no_accents")


@dataclass(frozen=True, slots=True)
class Point:
    """What is left of a record when all texts, places and sections are taken away."""

    key: str
    """The item's."""
    kind: str
    language: str
    style: str
    outcome: Outcome
    good: bool
    reason_right: bool
    """Whether the bot's reason for showing nothing is the item's."""
    confidence: float | None
    best_is_right: bool

    @classmethod
    def of(cls, record: Record) -> Point:
        item = record.item
        return cls(
            key=item.key,
            kind=item.kind,
            language=item.language,
            style=item.style,
            outcome=record.outcome,
            good=record.good,
            reason_right=item.abstain is not None and item.abstain == record.reason,
            confidence=record.confidence,
            best_is_right=record.best_is_right,
        )


@dataclass(frozen=True, slots=True)
class Total:
    """A figure over ``n`` items with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure over some points: its value on any resample of their rows."""

    value: Callable[[Rows], float]
    """NaN where the rows have no such value."""
    members: Flags
    """The points behind it, shape (n,)."""
    hits: Flags | None = None
    """Where it is a share: what is counted."""


def totals(points: Sequence[Point], *, probabilities: bool = True) -> dict[str, Total]:
    """Every figure that the points have, by name; shares with Wilson's interval, the rest bootstrapped.

    ``probabilities``: whether the confidences are meant as such; a cosine is not.
    """
    found = {}
    for name, measure in measures(points, probabilities=probabilities).items():
        n = int(measure.members.sum())
        value = measure.value(np.arange(len(points)))
        if not n or np.isnan(value):
            continue
        if measure.hits is None:
            low, high = bootstrap(measure.value, len(points))
        else:
            low, high = wilson(int((measure.members & measure.hits).sum()), n)
        found[name] = Total(value, low, high, n)
    return found


def measures(points: Sequence[Point], *, probabilities: bool = True) -> dict[str, Measure]:
    """All measures over the points, in the order in which they are shown."""
    return dict(_measures(points, probabilities))


def outcome_counts(points: Iterable[Point]) -> dict[str, dict[str, int]]:
    """How many of each outcome, by kind."""
    counts: dict[str, Counter[str]] = {}
    for point in points:
        counts.setdefault(point.kind, Counter())[point.outcome] += 1
    return {
        kind: {outcome: counts[kind][outcome] for outcome in OUTCOMES if counts[kind][outcome]}
        for kind in KINDS
        if kind in counts
    }


def _measures(points: Sequence[Point], probabilities: bool) -> Iterator[tuple[str, Measure]]:
    good = np.array([point.good for point in points], bool)
    outcome = np.array([point.outcome for point in points], object)
    kind, language, style = (
        np.array([getattr(point, name) for point in points], object) for name in ("kind", "language", "style")
    )
    everything = np.ones(len(points), bool)
    refused, asked = outcome == "refused", outcome == "asked"
    unanswerable = np.isin(outcome, ("refused", "shown", "unheard"))

    yield "overall", _share(everything, good)
    for name in KINDS:
        yield f"kind.{name}", _share(kind == name, good)
    for name in LANGUAGES:
        yield f"language.{name}", _share(language == name, good)
    for name in STYLES:
        yield f"style.{name}", _share(style == name, good)
    yield "language_gap", _gap(language == "sv", language == "en", good)
    yield "noise_gap", _gap(style == "plain", np.isin(style, NOISY_STYLES), good)
    yield "asked", _share(~unanswerable, asked)
    withheld = refused | (outcome == "declined")
    yield "abstention_precision", _share(withheld, refused)
    yield "abstention_recall", _share(unanswerable, refused)
    yield "abstention_f1", _f1(refused, withheld, unanswerable)
    yield "near_misses_refused", _share(kind == "near_miss", refused)
    yield "reasons_right", _share(refused, np.array([point.reason_right for point in points], bool))

    decided = np.array([point.confidence is not None for point in points], bool)
    confidence = np.array([point.confidence or 0.0 for point in points], np.float64)
    best_is_right = np.array([point.best_is_right for point in points], bool)

    def of_decisions(measure: Callable[..., float]) -> Measure:
        def value(rows: Rows) -> float:
            kept = rows[decided[rows]]
            return measure(confidence[kept], best_is_right[kept])

        return Measure(value, decided)

    yield "aurc", of_decisions(area_under_risk)
    if probabilities:
        yield "ece", of_decisions(calibration_error)
        yield "brier", of_decisions(brier)


def _share(members: Flags, hits: Flags) -> Measure:
    def value(rows: Rows) -> float:
        return _mean(hits[rows[members[rows]]])

    return Measure(value, members, hits)


def _gap(ahead: Flags, behind: Flags, good: Flags) -> Measure:
    """How much larger the share of good ones is among the first than among the second."""

    def value(rows: Rows) -> float:
        return _mean(good[rows[ahead[rows]]]) - _mean(good[rows[behind[rows]]])

    return Measure(value, ahead | behind)


def _f1(hits: Flags, chosen: Flags, wanted: Flags) -> Measure:
    def value(rows: Rows) -> float:
        total = chosen[rows].sum() + wanted[rows].sum()
        return float(2 * hits[rows].sum() / total) if total else float("nan")

    return Measure(value, chosen | wanted)


def _mean(flags: Flags) -> float:
    return float(flags.mean()) if flags.size else float("nan")
