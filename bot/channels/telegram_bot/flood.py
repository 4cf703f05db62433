"""One person's flood: told once, then waited out."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

PEOPLE = 10_000

Verdict = Literal["pass", "tell", "ignore"]


@dataclass(slots=True)
class _Window:
    times: deque[float] = field(default_factory=deque)
    told: bool = False


class Flood:
    """At most ``limit`` in any ``seconds`` of a person; what is turned away does not count.

    Times are handed in: a message's own date, so that messages that waited for the bot are no flood.
    """

    def __init__(self, *, limit: int = 20, seconds: float = 60.0) -> None:
        self._limit = limit
        self._seconds = seconds
        self._people: OrderedDict[Hashable, _Window] = OrderedDict()

    def judge(self, person: Hashable, at: float) -> Verdict:
        """Whether to answer what the person sent at this time (seconds)."""
        window = self._people.setdefault(person, _Window())
        self._people.move_to_end(person)
        if len(self._people) > PEOPLE:
            self._people.popitem(last=False)
        while window.times and window.times[0] <= at - self._seconds:
            window.times.popleft()
        if len(window.times) < self._limit:
            window.times.append(at)
            window.told = False
            return "pass"
        if window.told:
            return "ignore"
        window.told = True
        return "tell"
