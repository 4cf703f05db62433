"""Figures as people read them, with the language's decimal mark."""

from __future__ import annotations

from bot.texts import Texts

PLAIN = frozenset({"aurc", "ece", "brier", "ndcg_10"})
"""Totals that are no shares."""
GAPS = frozenset({"language_gap", "noise_gap"})
"""Totals that are differences of shares."""


def as_number(value: float, digits: int, texts: Texts) -> str:
    return f"{value:.{digits}f}".replace(".", texts("cli.eval.decimal_mark"))


def as_total(name: str, value: float, texts: Texts, *, difference: bool = False) -> str:
    """A total of that name, or the difference of two: a share in per cent, a difference of shares in
    percentage points, anything else as it is."""
    figure = _figure(name, value, texts, difference=difference)
    if name in PLAIN:
        return figure
    unit = "points" if difference or name in GAPS else "percent"
    return texts(f"cli.eval.{unit}", value=figure)


def as_interval(name: str, low: float, high: float, texts: Texts, *, difference: bool = False) -> str:
    """The ends of a total's interval, without their unit."""
    low_text, high_text = (_figure(name, end, texts, difference=difference) for end in (low, high))
    return texts("cli.eval.interval", low=low_text, high=high_text)


def _figure(name: str, value: float, texts: Texts, *, difference: bool) -> str:
    """Without its unit; a difference has its sign."""
    sign = "+" if value > 0 and (difference or name in GAPS) else ""
    return sign + (as_number(value, 3, texts) if name in PLAIN else as_number(100 * value, 1, texts))
