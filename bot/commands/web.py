"""``malvakt web``: the website chat, the staff page and the web API."""

from __future__ import annotations

from argparse import Namespace

from bot.commands.service import serve
from bot.settings import Settings
from bot.texts import Texts


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    return serve(options, settings, texts)
