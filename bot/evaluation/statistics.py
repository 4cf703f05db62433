"""Measures and their uncertainty, as pure functions over arrays; every interval is one of 95 %."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

RESAMPLES = 2000
SEED = 2024
BINS = 15


Interval = tuple[float, float]
"""Its lower and its upper end."""


def wilson(successes: int, trials: int) -> Interval:
    """Wilson's score interval of a share (Wilson 1927). Raises ``ValueError`` without trials."""
    found = stats.binomtest(successes, trials).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def bootstrap(statistic: Callable[[Rows], float], size: int) -> Interval:
    """The percentile interval of a statistic over ``size`` rows, resampled `RESAMPLES` times with a fixed
    seed (Efron 1979); resamples in which it has no value are left out. NaN where it never has one.

    ``statistic`` takes the rows of a resample, shape (size,), and gives NaN where it has no value.
    """
    rng = np.random.default_rng(SEED)
    values = np.array([statistic(rng.integers(0, size, size)) for _ in range(RESAMPLES)])
    values = values[~np.isnan(values)]
    low, high = np.percentile(values, (2.5, 97.5)) if values.size else (np.nan, np.nan)
    return float(low), float(high)


def mcnemar(better: int, worse: int) -> float:
    """The exact two-sided p-value of McNemar's test on how many items changed which way (McNemar 1947)."""
    changed = better + worse
    return float(stats.binomtest(better, changed).pvalue) if changed else 1.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Decisions of similar confidence."""

    confidence: float
    """Their mean confidence."""
    right: float
    """The share of them that is right."""
    size: int


def reliability(confidences: Floats, right: Flags) -> list[Bin]:
    """At most `BINS` bins of equal mass, by rising confidence; both inputs of shape (n,).

    Fifteen, as Guo et al., "On Calibration of Modern Neural Networks" (2017), have; of equal mass, after
    Nixon et al., "Measuring Calibration in Deep Learning" (2019): bins of equal width leave most of them
    with few decisions or none.
    """
    order = np.argsort(confidences, kind="stable")
    parts = [part for part in np.array_split(order, BINS) if part.size]
    return [Bin(float(confidences[part].mean()), float(right[part].mean()), int(part.size)) for part in parts]


def calibration_error(confidences: Floats, right: Flags) -> float:
    """Expected calibration error over `reliability`'s bins: the mean distance between confidence and share
    right, weighted by size (Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian
    Binning", 2015). NaN without decisions."""
    if not confidences.size:
        return float("nan")
    bins = reliability(confidences, right)
    return sum(one.size * abs(one.confidence - one.right) for one in bins) / confidences.size


def brier(confidences: Floats, right: Flags) -> float:
    """The mean squared distance between confidence and what came true (Brier 1950). NaN without decisions."""
    return float(np.mean((confidences - right) ** 2)) if confidences.size else float("nan")


def risk_coverage(confidences: Floats, right: Flags) -> tuple[Floats, Floats]:
    """Coverage and risk where the k most confident decisions are kept, for k from 1 to n: shape (n,) each.

    Decisions of equal confidence come in no order: each counts as wrong as they are on average.
    """
    _, group, sizes = np.unique(-confidences, return_inverse=True, return_counts=True)
    wrong = np.bincount(group, weights=~right, minlength=len(sizes)) / sizes
    kept = np.arange(1, len(right) + 1)
    return kept / max(len(right), 1), np.cumsum(np.repeat(wrong, sizes)) / kept


def area_under_risk(confidences: Floats, right: Flags) -> float:
    """The mean risk over all coverages, AURC (Geifman et al., "Bias-Reduced Uncertainty Estimation for Deep
    Neural Classifiers", 2019); less is better. NaN without decisions."""
    if not confidences.size:
        return float("nan")
    return float(risk_coverage(confidences, right)[1].mean())
