"""``malvakt chat``: a conversation in the terminal."""

from __future__ import annotations

from argparse import Namespace

from bot.assemble import assemble
from bot.commands.progress import progress_bar
from bot.settings import Settings
from bot.texts import Texts


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    with progress_bar(texts) as progress:
        assistant = assemble(settings, progress)
    from bot.channels.terminal import chat

    chat(assistant, texts)
    return 0
