"""``malvakt eval``: how well questions with known answers are answered, and how well the search finds."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.assemble import Progress, assemble, load_encoder, load_texts
from bot.assistant import Assistant
from bot.commands.json_lines import print_json
from bot.commands.progress import progress_bar
from bot.obstacles import AssemblyError, Obstacle, OutsideError
from bot.settings import Settings
from bot.texts import Texts

if TYPE_CHECKING:
    from bot.evaluation.items import Item
    from bot.evaluation.report import Report, Retrieval, TunedBaseline

EXTRA = frozenset({"ir_measures", "matplotlib", "scipy"})
"""The libraries of the extra ``eval``, by the names that they are imported by."""
NEEDS_FILES = ("baseline", "compare", "plots", "totals")
TUNING_FILES = ("calibration.yaml", "dev.yaml")


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    wrong = _wrong_usage(options, texts)
    if wrong:
        print(wrong, file=sys.stderr)
        return 2
    try:
        report = _measure(options, settings, texts)
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in EXTRA:
            raise
        raise OutsideError("cli.eval.no_extra", library) from error
    if options.json:
        print_json(report.as_json(texts=not options.totals))
        return 0
    from bot.commands.eval_report import print_report

    print_report(report, texts, words=not options.totals)
    if options.plots:
        print(texts("cli.eval.saved", path=options.plots))
    return 0


def _wrong_usage(options: Namespace, texts: Texts) -> str | None:
    if options.files:
        return None
    if not options.retrieval:
        return texts("cli.eval.what")
    given = next((name for name in NEEDS_FILES if getattr(options, name)), None)
    return texts("cli.eval.needs_files", option=f"--{given}") if given else None


def _measure(options: Namespace, settings: Settings, texts: Texts) -> Report:
    # Imported here, and before anything is asked: what they need may be missing.
    from bot.evaluation.bots import AssistantBot
    from bot.evaluation.comparison import compare, read_points
    from bot.evaluation.outcomes import evaluate
    from bot.evaluation.report import Report
    from bot.evaluation.result import Result

    if options.plots:
        from bot.evaluation.plots import save_plots
    result = baseline = comparison = None
    if options.files:
        earlier = read_points(options.compare) if options.compare else None
        with progress_bar(texts) as progress:
            assistant = assemble(settings, progress)
        items = _items(options.files, assistant, texts)
        tuning = _tuning_items(options.files, assistant, texts) if options.baseline else None
        with _bar(texts, "cli.eval.asking") as progress:
            result = Result.of(evaluate(items, AssistantBot(assistant), progress))
        if tuning:
            baseline = _baseline(items, *tuning, assistant, settings, texts)
        if earlier is not None:
            comparison = compare(earlier, result.points)
    retrieval = _retrieval(options.retrieval, settings, texts) if options.retrieval else None
    report = Report(result, baseline, comparison, retrieval)
    if options.plots:
        save_plots(report, options.plots, texts)
    return report


def _items(paths: Sequence[Path], assistant: Assistant, texts: Texts) -> list[Item]:
    from bot.evaluation.items import load_items

    sections = [section.id for municipality in assistant.goals() for section in municipality.sections]
    try:
        items = load_items(paths, sections)
    except AssemblyError as error:
        files = len({one.place.rpartition(":")[0] for one in error.obstacles})
        counts = {"count": str(len(error.obstacles)), "files": str(files)}
        raise AssemblyError([*error.obstacles, Obstacle("cli.knowledge.faults", counts)]) from error
    if not items:
        raise AssemblyError([Obstacle("cli.eval.no_items", {})])
    return items


def _tuning_items(paths: Sequence[Path], assistant: Assistant, texts: Texts) -> tuple[Path, list[Item]]:
    """What the baseline is tuned on, with its file, which stands beside the first of the files."""
    for name in TUNING_FILES:
        path = paths[0].parent / name
        if path.exists():
            return path, _items([path], assistant, texts)
    raise AssemblyError([Obstacle("cli.eval.no_tuning", {"detail": str(paths[0].parent)})])


def _baseline(
    items: Sequence[Item],
    path: Path,
    tuning: Sequence[Item],
    assistant: Assistant,
    settings: Settings,
    texts: Texts,
) -> TunedBaseline:
    from bot.evaluation.baseline import Baseline, tune_threshold
    from bot.evaluation.outcomes import evaluate
    from bot.evaluation.report import TunedBaseline
    from bot.evaluation.result import Result

    bot = Baseline(load_texts(settings), load_encoder(settings), assistant)
    with _bar(texts, "cli.eval.tuning") as progress:
        threshold = tune_threshold(bot, tuning, progress)
    with _bar(texts, "cli.eval.asking_baseline") as progress:
        result = Result.of(evaluate(items, bot, progress), probabilities=False)
    return TunedBaseline(result, threshold, path, len(tuning))


def _retrieval(folder: Path, settings: Settings, texts: Texts) -> Retrieval:
    from bot.evaluation.beir import read_collection
    from bot.evaluation.report import Retrieval
    from bot.evaluation.retrieval import measure, open_index

    collection = read_collection(folder)
    encoder = load_encoder(settings)
    with progress_bar(texts, "cli.eval.indexing") as progress:
        opened = open_index(collection, encoder, settings.data_dir / "retrieval", progress)
    with _bar(texts, "cli.eval.searching") as progress:
        found = measure(collection, opened, progress)
    return Retrieval(len(collection.documents), len(collection.queries), found)


@contextmanager
def _bar(texts: Texts, key: str) -> Iterator[Progress | None]:
    """A bar where standard error is a terminal."""
    if sys.stderr.isatty():
        with progress_bar(texts, key) as progress:
            yield progress
    else:
        yield None
