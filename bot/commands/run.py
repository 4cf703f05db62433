"""``malvakt run``: what the settings ask for: the web service, and the Telegram bot where a token is set."""

from __future__ import annotations

from argparse import Namespace

from bot.commands.service import serve
from bot.settings import Settings
from bot.texts import Texts


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    if settings.telegram_token is None:
        return serve(options, settings, texts)
    return serve(options, settings, texts, "webhook" if options.webhook else "polling")
