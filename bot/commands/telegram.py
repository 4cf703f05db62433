"""``malvakt telegram``: the Telegram bot, by long polling or by webhook."""

from __future__ import annotations

import sys
from argparse import Namespace

from bot.assemble import assemble
from bot.commands.progress import progress_bar
from bot.settings import Settings
from bot.texts import Texts


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    from bot.channels.telegram_bot import StartError, run_telegram

    try:
        if not settings.telegram_token:
            # Said before the index is built, which takes a while at the first start.
            raise StartError("no_token")
        with progress_bar(texts) as progress:
            assistant = assemble(settings, progress)
        run_telegram(assistant, settings, webhook=options.webhook)
    except StartError as error:
        print(texts(f"telegram.start_error.{error.code}", detail=error.detail), file=sys.stderr)
        return 2
    return 0
