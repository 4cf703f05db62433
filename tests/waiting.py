"""Waiting for what a test is about: as long as a busy machine needs, and no longer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from typing import Any

PATIENCE = 60.0
"""Seconds until a test fails because what it waits for never happens."""


async def wait_for(condition: Callable[[], object]) -> None:
    """Returns when the condition holds; fails if it never does."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.01)


def await_condition(condition: Callable[[], object]) -> None:
    """`wait_for` where there is no event loop."""
    asyncio.run(wait_for(condition))


async def first_ended(
    tasks: Collection[asyncio.Task[Any]], count: int
) -> tuple[set[asyncio.Task[Any]], set[asyncio.Task[Any]]]:
    """The tasks that have ended once ``count`` of them have, and those that go on."""
    await wait_for(lambda: sum(task.done() for task in tasks) >= count)
    ended = {task for task in tasks if task.done()}
    return ended, set(tasks) - ended
