"""How the libraries beneath must behave: what they log, and one of their switches."""

from __future__ import annotations

import logging
import os

TALKATIVE = (
    "telegram.Bot",
    "telegram.ext.Application",
    "telegram.ext.ExtBot",
    "telegram.ext.Updater",
)
"""They log what they received when they cannot make sense of it."""


def settle_libraries() -> None:
    """Keep the token and people's words out of the log, and choose python-telegram-bot's coming behaviour."""
    # URLs hold the token. python-telegram-bot logs whole updates at DEBUG, and at ERROR, with a traceback
    # each time, what it also raises or hands to us: we log that in one line.
    for name, level in (
        ("httpx", logging.WARNING),
        ("httpcore", logging.WARNING),
        ("telegram", logging.CRITICAL),
    ):
        logger = logging.getLogger(name)
        logger.setLevel(max(level, logger.level))
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        if without_content not in logger.filters:
            logger.addFilter(without_content)
    # Without it every 429 raises a deprecation warning where it is read.
    os.environ.setdefault("PTB_TIMEDELTA", "true")


def without_content(record: logging.LogRecord) -> bool:
    """A logging filter that keeps a record's own words and drops what was filled in."""
    record.args = ()
    if record.exc_info and record.exc_info[0]:
        record.msg = f"{record.msg} ({record.exc_info[0].__name__})"
        record.exc_info = None
    return True
