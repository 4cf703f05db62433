"""Pictures of a report: what is kept at which risk, how far probabilities hold, and what is right by kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from bot.evaluation.numbers import as_number
from bot.evaluation.report import Report
from bot.evaluation.result import Result
from bot.evaluation.totals import Total
from bot.texts import Texts

# Of the palette by Okabe and Ito, "Color Universal Design" (2008), safe in all forms of colour blindness.
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#666666"
DPI = 150


def save_plots(report: Report, directory: Path, texts: Texts) -> None:
    """Write the pictures as PNG files. Raises ``OSError`` where they cannot be written."""
    if not report.result:
        return
    directory.mkdir(parents=True, exist_ok=True)
    results = [(texts("cli.eval.plot.malvakt"), BLUE, report.result)]
    if report.baseline:
        results.append((texts("cli.eval.column.baseline"), ORANGE, report.baseline.result))
    _accuracy_by_kind(results, texts).savefig(directory / "accuracy_by_kind.png")
    if len(report.result.decisions[0]):
        _risk_coverage(results, texts).savefig(directory / "risk_coverage.png")
        _reliability(report.result, texts).savefig(directory / "reliability.png")


_Named = tuple[str, str, Result]
"""Label, colour and what is drawn."""


def _risk_coverage(results: Sequence[_Named], texts: Texts) -> Figure:
    figure, axes = _figure(7, 4.5, texts)
    for label, colour, result in results:
        coverage, risk = result.risk_coverage
        area = as_number(result.totals["aurc"].value, 3, texts)
        name = texts("cli.eval.plot.area", name=label, area=area)
        axes.plot(coverage, risk, color=colour, linewidth=2, label=name)
    axes.set(xlim=(0, 1), ylim=(0, None))
    axes.set_xlabel(texts("cli.eval.plot.coverage"))
    axes.set_ylabel(texts("cli.eval.plot.risk"))
    axes.legend(frameon=False)
    return figure


def _reliability(result: Result, texts: Texts) -> Figure:
    figure, axes = _figure(5.5, 5.5, texts)
    axes.plot((0, 1), (0, 1), color=GREY, linestyle="--", linewidth=1, label=texts("cli.eval.plot.perfect"))
    bins = result.reliability
    error = as_number(result.totals["ece"].value, 3, texts)
    axes.plot(
        [one.confidence for one in bins],
        [one.right for one in bins],
        color=BLUE,
        marker="o",
        clip_on=False,
        linewidth=1.5,
        label=texts("cli.eval.plot.calibrated", error=error),
    )
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.set_xlabel(texts("cli.eval.plot.confidence"))
    axes.set_ylabel(texts("cli.eval.plot.right"))
    axes.legend(frameon=False, loc="upper left")
    return figure


def _accuracy_by_kind(results: Sequence[_Named], texts: Texts) -> Figure:
    totals = results[0][2].totals
    names = [name for name in totals if name == "overall" or name.startswith("kind.")]
    figure, axes = _figure(8, 1.4 + 0.45 * len(names), texts)
    offset = 0.16 * (len(results) - 1)
    for (label, colour, result), shift in zip(results, (-offset, offset), strict=False):
        shown = [result.totals[name] for name in names]
        axes.errorbar(
            [total.value for total in shown],
            [place + shift for place in range(len(names))],
            xerr=_bars(shown),
            color=colour,
            marker="o" if shift <= 0 else "s",
            linestyle="none",
            capsize=3,
            label=label,
        )
    axes.set_yticks(
        range(len(names)),
        [
            texts("cli.eval.plot.by_kind", kind=texts(f"cli.eval.name.{name}"), count=totals[name].n)
            for name in names
        ],
    )
    axes.invert_yaxis()
    axes.set_xlim(0, 1.02)
    axes.set_xlabel(texts("cli.eval.plot.accuracy"))
    if len(results) > 1:
        axes.legend(frameon=False, loc="lower left")
    return figure


def _bars(totals: Sequence[Total]) -> tuple[list[float], list[float]]:
    """How far the intervals reach to the left and to the right."""
    left = [max(0.0, total.value - total.low) for total in totals]
    return left, [max(0.0, total.high - total.value) for total in totals]


def _figure(width: float, height: float, texts: Texts) -> tuple[Figure, Axes]:
    """In inches, on white, with shares on both axes in per cent."""
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(
            FuncFormatter(lambda share, _: texts("cli.eval.percent", value=round(100 * share)))
        )
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#DDDDDD", linewidth=0.7)
    axes.set_axisbelow(True)
    return figure, axes
