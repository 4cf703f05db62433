"""The bot's commands, and its menu and description as Telegram's apps show them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from telegram import Bot, BotCommand
from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram_bot.delivery import retry_after
from bot.texts import LANGUAGES, load_texts

log = logging.getLogger(__name__)

MENU = {
    "start": {"sv": "start", "en": "start"},
    "goals": {"sv": "mal", "en": "goals"},
    "municipality": {"sv": "kommun", "en": "municipality"},
    "language": {"sv": "sprak", "en": "language"},
    "help": {"sv": "hjalp", "en": "help"},
    "about": {"sv": "om", "en": "about"},
    "contact": {"sv": "kontakt", "en": "contact"},
    "forget": {"sv": "radera", "en": "forget"},
}
"""What each command means, and what people write for it, in the menu's order; Telegram admits no accents."""
COMMANDS = {name: meaning for meaning, names in MENU.items() for name in names.values()}
"""The same the other way: every name is understood in either language."""
PATIENCE = 60.0
"""Seconds; a longer ``retry_after`` means that the menu was set often enough."""


async def set_menu(bot: Bot, default_language: str) -> None:
    """Set everything in both languages. What Telegram refuses is left as it is: the bot works without."""
    for language in LANGUAGES:
        # Without a language code: for every Telegram language but those that have their own.
        code = None if language == default_language else language
        texts = load_texts(language)
        commands = [
            BotCommand(names[language], texts(f"telegram.menu.{meaning}")) for meaning, names in MENU.items()
        ]
        description, short = texts("telegram.description"), texts("telegram.short_description")
        calls: tuple[Callable[[], Awaitable[object]], ...] = (
            partial(bot.set_my_commands, commands, language_code=code),
            partial(bot.set_my_description, description, language_code=code),
            partial(bot.set_my_short_description, short, language_code=code),
        )
        for call in calls:
            await _try_twice(call)


async def _try_twice(call: Callable[[], Awaitable[object]]) -> None:
    for last in (False, True):
        try:
            await call()
            return
        except RetryAfter as error:
            if last or retry_after(error) > PATIENCE:
                return
            await asyncio.sleep(retry_after(error))
        except TelegramError as error:
            log.info("a part of the menu was not set: %s", type(error).__name__)
            return
