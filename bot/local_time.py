"""Local time, for people in Sweden: the machine's own zone is often UTC."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Stockholm")


def local_time(at: datetime) -> datetime:
    """An aware time as clocks in Sweden show it."""
    return at.astimezone(ZONE)
