"""What keeps Målvakt from starting, as values; the sentences for people are in ``bot/texts``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that keeps Målvakt from starting: a text in ``bot/texts`` with its values."""

    key: str
    values: Mapping[str, str]
    place: str = ""
    """File and line, where it is in a file."""


class AssemblyError(Exception):
    """The parts cannot be put together; all that is known to be wrong, at once."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__("; ".join(f"{one.place} {one.key} {dict(one.values)}".strip() for one in obstacles))
        self.obstacles = tuple(obstacles)


class OutsideError(Exception):
    """Something that Målvakt uses cannot be used, such as its database: the text ``key`` with ``detail``.

    ``detail`` holds no secret.
    """

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(f"{key}: {detail}" if detail else key)
        self.key = key
        self.detail = detail


class Fault(Protocol):
    """A fault in a goal text, as the layer below reports it."""

    @property
    def path(self) -> Path: ...

    @property
    def line(self) -> int | None: ...

    @property
    def code(self) -> str: ...

    @property
    def details(self) -> Mapping[str, str]: ...


def fault_obstacles(faults: Iterable[Fault]) -> list[Obstacle]:
    """The faults in the goal texts, as obstacles."""
    return [
        Obstacle(
            f"faults.{fault.code}",
            fault.details,
            f"{fault.path}:{fault.line}" if fault.line else str(fault.path),
        )
        for fault in faults
    ]
