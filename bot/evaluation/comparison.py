"""Two runs over the same questions: what has changed, and whether by more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError

from bot.evaluation.statistics import Rows, bootstrap, mcnemar
from bot.evaluation.totals import Measure, Point, measures
from bot.obstacles import AssemblyError, Obstacle


@dataclass(frozen=True, slots=True)
class Change:
    """A total over the items that both runs have; ``difference`` is new less old, with its 95 % interval."""

    old: float
    new: float
    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    matched: int
    """Items that both runs have."""
    only_old: int
    only_new: int
    changes: dict[str, Change]
    p_value: float
    """Of McNemar's test on ``better`` and ``worse``."""
    better: tuple[str, ...]
    """Keys of the items that only the new run gets right."""
    worse: tuple[str, ...]
    """Keys of the items that only the old run got right."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class _Report(BaseModel):
    items: list[Point]


def read_points(path: Path) -> list[Point]:
    """The points of a report that `malvakt eval --json` wrote. Raises `AssemblyError` where it is none."""
    try:
        return _Report.model_validate_json(path.read_bytes()).items
    except ValidationError as error:
        raise AssemblyError([Obstacle("cli.eval.not_report", {}, str(path))]) from error


def compare(old: Sequence[Point], new: Sequence[Point]) -> Comparison:
    """The items are matched by their keys; each resample of the paired bootstrap holds the same items of both
    runs."""
    before = {point.key: point for point in old}
    after = {point.key: point for point in new}
    keys = [key for key in after if key in before]
    both = [before[key] for key in keys], [after[key] for key in keys]
    better = tuple(key for key in keys if after[key].good and not before[key].good)
    worse = tuple(key for key in keys if before[key].good and not after[key].good)
    return Comparison(
        matched=len(keys),
        only_old=len(before) - len(keys),
        only_new=len(after) - len(keys),
        changes=_changes(*both),
        p_value=mcnemar(len(better), len(worse)),
        better=better,
        worse=worse,
    )


def _changes(old: Sequence[Point], new: Sequence[Point]) -> dict[str, Change]:
    found = {}
    after = measures(new)
    for name, earlier in measures(old).items():
        change = _change(earlier, after[name], len(old))
        if change is not None:
            found[name] = change
    return found


def _change(old: Measure, new: Measure, size: int) -> Change | None:
    def difference(rows: Rows) -> float:
        return new.value(rows) - old.value(rows)

    rows = np.arange(size)
    if np.isnan(difference(rows)):
        return None
    return Change(old.value(rows), new.value(rows), difference(rows), *bootstrap(difference, size))
