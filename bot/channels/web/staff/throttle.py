"""How often somebody may try to sign in.

Failures are counted for each account name and for each client address. Counting by name alone would let
anybody keep a colleague out by failing on purpose, and by address alone would let many addresses guess one
password. A browser with which the person has signed in before is therefore counted by itself: failures from
elsewhere do not touch it, nor do its own touch the office that shares its address. A right password counts as
nothing, nor does it forgive: whoever has one account could otherwise guess at others without end.

The counts are this process's own, so several replicas allow as many times more.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.strategies import MovingWindowRateLimiter

from bot.channels.web.addresses import client_keys
from bot.channels.web.limits import SITE_LIMIT
from bot.channels.web.windows import SHORTEST_WAIT, Windows, WindowStorage, seconds_to_wait

MINUTES = 5
NAME_LIMIT = RateLimitItemPerMinute(5, MINUTES)
ADDRESS_LIMIT = RateLimitItemPerMinute(20, MINUTES)
SITE_FAILURES = RateLimitItemPerMinute(SITE_LIMIT * ADDRESS_LIMIT.amount, MINUTES)
JOURNEY_LIMIT = RateLimitItemPerMinute(60)
SITE_JOURNEYS = RateLimitItemPerMinute(SITE_LIMIT * JOURNEY_LIMIT.amount)

Kind = Literal["address", "name", "device"]
Count = tuple[Kind, RateLimitItem, str]


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody gives a name and a password."""

    name: str
    """As `fold_name` gives it: spellings that the accounts do not tell apart count together."""
    host: str | None
    device: str | None
    """Id of a browser with which this name has signed in before."""

    @property
    def counts(self) -> tuple[Count, ...]:
        """What the attempt counts towards."""
        # Hashed: a name of any length and alphabet becomes a short key.
        name = hashlib.sha256(self.name.encode("utf-8", "replace")).hexdigest()
        if self.device:
            return (("device", NAME_LIMIT, f"{self.device} {name}"),)
        addresses = zip((ADDRESS_LIMIT, SITE_FAILURES), client_keys(self.host), strict=False)
        return (*(("address", limit, key) for limit, key in addresses), ("name", NAME_LIMIT, name))


class SignInThrottle:
    """Every `begin` that lets an attempt through is followed by its `end`."""

    def __init__(self) -> None:
        # One each: names without end push no address out of what is remembered.
        kinds: tuple[Kind, ...] = ("address", "name", "device")
        self._failures = {kind: MovingWindowRateLimiter(WindowStorage()) for kind in kinds}
        self._under_way: Counter[tuple[Kind, str]] = Counter()

    async def begin(self, attempt: Attempt) -> int:
        """Seconds to wait; 0: go on. Attempts under way count as failures until their password has been
        looked at, so that a thousand at the same moment are not all let through."""
        for kind, limit, key in attempt.counts:
            window = await self._failures[kind].get_window_stats(limit, key)
            # An attempt that is refused counts towards nothing: with a name it would keep its owner out.
            if window.remaining <= 0:
                return seconds_to_wait(window)
            if self._under_way[kind, key] >= window.remaining:
                return SHORTEST_WAIT
        self._under_way.update(_names(attempt))
        return 0

    async def end(self, attempt: Attempt, *, failed: bool) -> None:
        for name in _names(attempt):
            self._under_way[name] -= 1
            if self._under_way[name] <= 0:
                del self._under_way[name]
        if failed:
            for kind, limit, key in attempt.counts:
                await self._failures[kind].hit(limit, key)


class JourneyThrottle:
    """How often an address may have us talk to the identity provider: each time costs requests to it."""

    def __init__(self) -> None:
        self._windows = Windows()

    async def count(self, host: str | None) -> int:
        """Seconds to wait; 0: go on."""
        limits = (JOURNEY_LIMIT, SITE_JOURNEYS)
        return await self._windows.count(list(zip(limits, client_keys(host), strict=False)))


def _names(attempt: Attempt) -> Iterator[tuple[Kind, str]]:
    return ((kind, key) for kind, _, key in attempt.counts)
