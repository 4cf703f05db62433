"""A progress bar for what takes long, above all building the index."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from bot.texts import Texts

if TYPE_CHECKING:
    from bot.assemble import Progress as Report


@contextmanager
def progress_bar(texts: Texts, key: str = "cli.building") -> Iterator[Report]:
    """A bar on standard error from the first report on; an index that is in place reports nothing.

    ``key``: of the text that says what is done.
    """
    shown: list[Callable[[int], None]] = []

    def report(done: int, total: int) -> None:
        if not shown:
            # Imported only now: most starts build nothing.
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeRemainingColumn,
            )

            description = TextColumn("{task.description}")
            columns = (description, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            bar = stack.enter_context(Progress(*columns, console=Console(file=sys.stderr)))
            task = bar.add_task(texts(key), total=total)
            shown.append(lambda done: bar.update(task, completed=done))
        shown[0](done)

    with ExitStack() as stack:
        yield report
