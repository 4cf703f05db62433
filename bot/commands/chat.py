"""``malvakt chat``: a conversation in the terminal."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace

from bot.assemble import assemble
from bot.commands.progress import progress_bar
from bot.commands.start import starting_conversation
from bot.settings import Settings
from bot.texts import Texts, load_texts


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    with progress_bar(texts) as progress:
        assistant = assemble(settings, progress)
    from bot.channels.terminal import chat

    conversation = starting_conversation(options, assistant, texts)
    if conversation is None:
        return 2
    spoken = load_texts(options.language) if options.language else texts
    chat(assistant, spoken, conversation=replace(conversation, language=spoken.language))
    return 0
