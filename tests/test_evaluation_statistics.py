"""Measures against values worked out by hand or taken from their papers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bot.evaluation.comparison import compare
from bot.evaluation.outcomes import Outcome
from bot.evaluation.statistics import (
    BINS,
    area_under_risk,
    bootstrap,
    brier,
    calibration_error,
    mcnemar,
    reliability,
    risk_coverage,
    wilson,
)
from bot.evaluation.totals import Point, totals

NOTHING = np.empty(0), np.empty(0, bool)


def test_wilson() -> None:
    # The formula by hand for 8 of 10, z = 1.959964.
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == 1


def test_the_bootstrap_is_the_same_each_time_and_about_right() -> None:
    values = np.arange(100.0)
    low, high = bootstrap(lambda rows: float(values[rows].mean()), 100)
    assert (low, high) == bootstrap(lambda rows: float(values[rows].mean()), 100)
    error = values.std() / 10
    assert low == pytest.approx(49.5 - 1.96 * error, abs=0.5)
    assert high == pytest.approx(49.5 + 1.96 * error, abs=0.5)


def test_the_bootstrap_leaves_out_resamples_without_a_value() -> None:
    def only_with_the_first(rows: np.ndarray) -> float:
        return 1.0 if 0 in rows else math.nan

    assert bootstrap(only_with_the_first, 3) == (1.0, 1.0)
    assert all(math.isnan(end) for end in bootstrap(lambda rows: math.nan, 3))


def test_mcnemar() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(5, 0) == pytest.approx(2 * 0.5**5)
    assert mcnemar(3, 9) == mcnemar(9, 3) == pytest.approx(0.146, abs=1e-3)


def test_calibration_error() -> None:
    # 15 bins of two: in each the mean confidence is 0.8 and half is right.
    confidences = np.full(2 * BINS, 0.8)
    right = np.array([True, False] * BINS)
    assert calibration_error(confidences, right) == pytest.approx(0.3)
    assert calibration_error(right.astype(float), right) == 0
    assert brier(confidences, right) == pytest.approx((0.04 + 0.64) / 2)
    assert math.isnan(calibration_error(*NOTHING))
    assert math.isnan(brier(*NOTHING))


def test_bins_have_equal_mass_and_rising_confidence() -> None:
    confidences = np.random.default_rng(1).random(100)
    bins = reliability(confidences, confidences > 0.5)
    assert len(bins) == BINS
    assert {one.size for one in bins} == {6, 7}
    assert [one.confidence for one in bins] == sorted(one.confidence for one in bins)
    assert (bins[0].right, bins[-1].right) == (0, 1)
    assert [one.size for one in reliability(confidences[:3], confidences[:3] > 0.5)] == [1, 1, 1]


def test_risk_and_coverage() -> None:
    confidences = np.array([0.2, 0.9, 0.6, 0.7])
    right = np.array([False, True, True, False])
    coverage, risk = risk_coverage(confidences, right)
    assert coverage == pytest.approx([0.25, 0.5, 0.75, 1])
    assert risk == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert area_under_risk(confidences, right) == pytest.approx((1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert math.isnan(area_under_risk(*NOTHING))


def test_equal_confidences_come_in_no_order() -> None:
    for right in ([True, False, True], [False, True, True]):
        _, risk = risk_coverage(np.array([0.5, 0.5, 0.1]), np.array(right))
        assert risk == pytest.approx([0.5, 0.5, 1 / 3])


def point(key: str, good: bool, confidence: float | None = 0.5) -> Point:
    outcome: Outcome = "right" if good else "wrong"
    return Point(key, "direct", "sv", "plain", outcome, good, False, confidence, good)


def test_runs_are_compared_over_the_items_that_both_have() -> None:
    old = [point("a", True), point("b", False), point("c", False), point("gone", True)]
    new = [point("c", True), point("b", True), point("a", False), point("new", False)]
    found = compare(old, new)
    assert (found.matched, found.only_old, found.only_new) == (3, 1, 1)
    assert (found.better, found.worse) == (("c", "b"), ("a",))
    change = found.changes["overall"]
    assert (change.old, change.new) == pytest.approx((1 / 3, 2 / 3))
    assert change.difference == pytest.approx(1 / 3)
    assert change.low < 0 < change.high
    assert found.p_value == 1


def test_the_paired_interval_is_that_of_the_differences() -> None:
    """Both runs vary much from item to item, but in the same way."""
    old = [point(str(number), number % 2 == 0) for number in range(200)]
    new = [point(str(number), number % 2 == 0 or number == 1) for number in range(200)]
    change = compare(old, new).changes["overall"]
    assert change.difference == pytest.approx(0.005)
    assert change.low >= 0
    assert change.high < 0.02


def test_runs_without_a_common_item_have_no_changes() -> None:
    found = compare([point("a", True)], [point("b", True)])
    assert (found.matched, found.changes) == (0, {})


def test_a_cosine_is_no_probability() -> None:
    points = [point("a", True), point("b", False, None)]
    assert {"aurc", "ece", "brier"} <= totals(points).keys()
    assert totals(points)["ece"].n == 1
    assert {"aurc", "ece", "brier"} & totals(points, probabilities=False).keys() == {"aurc"}
