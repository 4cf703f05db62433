"""What `malvakt eval` has measured, as tables and lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from bot.evaluation.comparison import Comparison
from bot.evaluation.numbers import as_interval, as_number, as_total
from bot.evaluation.outcomes import Record
from bot.evaluation.report import Report, Retrieval, TunedBaseline
from bot.evaluation.result import Result
from bot.evaluation.totals import Total, outcome_counts
from bot.texts import Texts

WIDTH = 110
"""Columns where the output is no terminal."""


def print_report(report: Report, texts: Texts, *, words: bool) -> None:
    """On standard output; without ``words``, no item's text, place or sections."""
    width = None if sys.stdout.isatty() else WIDTH
    console = Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)
    if report.result:
        baseline = report.baseline.result.totals if report.baseline else None
        console.print(_totals_table(report.result.totals, baseline, texts))
        if report.baseline:
            print(_tuned(report.baseline, texts))
        console.print(_outcomes_table(report.result, texts))
        if words:
            print("\n".join(_wrong_items(report.result.records, texts)))
    if report.result and report.comparison:
        console.print(_changes_table(report.comparison, texts))
        print("\n".join(_compared(report.comparison, report.result, texts, words=words)))
    if report.retrieval:
        console.print(_totals_table(report.retrieval.totals, None, texts))
        print(_retrieved(report.retrieval, texts))


def _table(columns: Sequence[str], texts: Texts, *, text_columns: int = 1) -> Table:
    """With headings by their keys; all but the first columns hold figures."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        heading = texts(f"cli.eval.column.{column}") if column else ""
        table.add_column(heading, justify="left" if number < text_columns else "right", no_wrap=not number)
    return table


def _totals_table(totals: Mapping[str, Total], baseline: Mapping[str, Total] | None, texts: Texts) -> Table:
    columns = ["", "questions", "result", "interval"]
    table = _table([*columns, "baseline", "interval"] if baseline is not None else columns, texts)
    for name, total in totals.items():
        row = [texts(f"cli.eval.name.{name}"), str(total.n), *_figures(name, total, texts)]
        if baseline is not None:
            row += _figures(name, baseline[name], texts) if name in baseline else ["", ""]
        table.add_row(*row)
    return table


def _figures(name: str, total: Total, texts: Texts) -> list[str]:
    return [as_total(name, total.value, texts), as_interval(name, total.low, total.high, texts)]


def _tuned(baseline: TunedBaseline, texts: Texts) -> str:
    threshold = as_number(baseline.threshold, 3, texts)
    file, count = baseline.tuned_on.name, baseline.questions
    return texts("cli.eval.tuned", threshold=threshold, file=file, count=count)


def _outcomes_table(result: Result, texts: Texts) -> Table:
    table = _table(["kind", "outcomes"], texts, text_columns=2)
    for kind, counts in outcome_counts(result.points).items():
        parts = [
            texts("cli.eval.and_outcomes", outcome=texts(f"cli.eval.outcome.{outcome}"), count=count)
            for outcome, count in counts.items()
        ]
        table.add_row(texts(f"cli.eval.name.kind.{kind}"), ", ".join(parts))
    return table


def _wrong_items(records: Sequence[Record], texts: Texts) -> Iterator[str]:
    wrong = [record for record in records if not record.good]
    yield texts("cli.eval.wrong_items", count=len(wrong))
    nothing = texts("cli.eval.nothing")
    for record in wrong:
        outcome = texts(f"cli.eval.outcome.{record.outcome}")
        yield texts("cli.eval.item", outcome=outcome, place=record.item.place, question=_question(record))
        confidence = record.confidence
        yield "    " + texts(
            "cli.eval.details",
            shown=", ".join(record.sections) or nothing,
            expected=", ".join(record.item.accept) or record.item.abstain,
            reason=record.reason or nothing,
            confidence=nothing if confidence is None else as_number(confidence, 2, texts),
        )


def _changes_table(comparison: Comparison, texts: Texts) -> Table:
    table = _table(["", "old", "new", "difference", "interval"], texts)
    for name, change in comparison.changes.items():
        old, new = (as_total(name, value, texts) for value in (change.old, change.new))
        difference = as_total(name, change.difference, texts, difference=True)
        interval = as_interval(name, change.low, change.high, texts, difference=True)
        table.add_row(texts(f"cli.eval.name.{name}"), old, new, difference, interval)
    return table


def _compared(comparison: Comparison, result: Result, texts: Texts, *, words: bool) -> Iterator[str]:
    yield texts(
        "cli.eval.compared",
        matched=comparison.matched,
        old=comparison.only_old,
        new=comparison.only_new,
        better=len(comparison.better),
        worse=len(comparison.worse),
        p=as_number(comparison.p_value, 3, texts),
    )
    if words:
        questions = {record.item.key: _question(record) for record in result.records}
        yield from (texts("cli.eval.better", question=questions[key]) for key in comparison.better)
        yield from (texts("cli.eval.worse", question=questions[key]) for key in comparison.worse)


def _retrieved(retrieval: Retrieval, texts: Texts) -> str:
    return texts("cli.eval.retrieved", documents=retrieval.documents, queries=retrieval.queries)


def _question(record: Record) -> str:
    """The whole conversation on one line."""
    return " / ".join(" ".join(turn.split()) for turn in record.item.turns)
