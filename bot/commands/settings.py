"""``malvakt settings``: what is in force; secrets are masked."""

from __future__ import annotations

from argparse import Namespace

from bot.settings import PREFIX, Settings
from bot.texts import Texts


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    for name in Settings.model_fields:
        value = getattr(settings, name)
        shown = ":".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else value
        print(f"{PREFIX}{name.upper()}={shown}")
    return 0
