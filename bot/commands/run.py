"""``malvakt run``: what the settings ask for: the Telegram bot where a token is set, else a conversation."""

from __future__ import annotations

import sys
from argparse import Namespace

from bot.commands import chat, telegram
from bot.settings import Settings
from bot.texts import Texts


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    if settings.telegram_token:
        print(texts("cli.run.telegram"), file=sys.stderr)
        return telegram.run(Namespace(webhook=False), settings, texts)
    print(texts("cli.run.chat"), file=sys.stderr)
    return chat.run(Namespace(municipality=None, language=None), settings, texts)
