"""What a conversation begins with, as the options of a command say."""

from __future__ import annotations

import sys
from argparse import Namespace

from bot.answer import Conversation
from bot.assistant import Assistant
from bot.texts import Texts


def starting_conversation(options: Namespace, assistant: Assistant, texts: Texts) -> Conversation | None:
    """With the options' municipality and language; nothing, and a message, for an unknown municipality."""
    municipality = None
    if options.municipality:
        municipality = assistant.municipality(options.municipality)
        if municipality is None:
            known = ", ".join(one.id for one in assistant.goals())
            print(texts("cli.unknown_municipality", name=options.municipality, known=known), file=sys.stderr)
            return None
    return Conversation(municipality=municipality, chosen_language=options.language)
