"""How often a client may ask, and a member of staff may search.

The dependencies read what they need from the application: ``Depends(limit_questions)`` is all that a route
needs. Counted in this process; several replicas each count for themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerMinute

from bot.channels.web.addresses import RequestLimits, client_host, client_keys
from bot.channels.web.problems import Problem
from bot.channels.web.windows import Windows
from bot.settings import Settings

READS_PER_QUESTION = 10
"""Lists and pages cost no search: so many times as many of them may be fetched."""
SITE_LIMIT = 10
"""A whole IPv6 site, which has addresses without end, may ask so many times as much as one client."""


class RateLimits:
    """Moving windows of a minute, for clients by address and for staff by account."""

    def __init__(self, settings: Settings) -> None:
        self._limit = RequestLimits(settings)
        self._staff_limit = settings.staff_rate_limit
        # Storages of their own: whoever fills one with addresses pushes nobody out of another.
        self._questions, self._reads, self._staff = (Windows() for _ in range(3))

    async def question(self, host: str | None) -> None:
        """Count a question from an address. Raises `Problem` where it is one too many."""
        await _count(self._questions, _client(host, self._limit(host)))

    async def read(self, host: str | None) -> None:
        """Count a look at a list, a section or a page from an address. Raises `Problem`."""
        await _count(self._reads, _client(host, READS_PER_QUESTION * self._limit(host)))

    async def account(self, account: int) -> None:
        """Count a request of an account. Raises `Problem`."""
        await _count(self._staff, [(RateLimitItemPerMinute(self._staff_limit), str(account))])


async def _count(windows: Windows, limits: Sequence[tuple[RateLimitItem, str]]) -> None:
    if seconds := await windows.count(limits):
        raise Problem("rate_limited", retry_after=seconds, seconds=seconds)


def _client(host: str | None, limit: int) -> list[tuple[RateLimitItem, str]]:
    limits = (RateLimitItemPerMinute(limit), RateLimitItemPerMinute(SITE_LIMIT * limit))
    return list(zip(limits, client_keys(host), strict=False))


async def limit_questions(request: Request) -> None:
    """A dependency for whatever asks the assistant a question: the API and the form without JavaScript."""
    limits: RateLimits = request.app.state.limits
    await limits.question(client_host(request))


async def limit_reads(request: Request) -> None:
    """A dependency for what only fetches lists, sections and pages."""
    limits: RateLimits = request.app.state.limits
    await limits.read(client_host(request))


async def limit_account(request: Request, account: int) -> None:
    """For staff: the id of the account that is signed in. Raises `Problem`."""
    limits: RateLimits = request.app.state.limits
    await limits.account(account)
