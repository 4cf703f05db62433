"""``malvakt settings``: what is in force; secrets are masked."""

from __future__ import annotations

import os
from argparse import Namespace

from bot.settings import PREFIX, Settings
from bot.texts import Texts
from knowledge import GOALS_DIRECTORY


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    # As JSON, in which secrets and what an address says of them are masked.
    for name, value in settings.model_dump(mode="json").items():
        if name == "knowledge_dirs":
            value = os.pathsep.join(value or [str(GOALS_DIRECTORY)])
        print(f"{PREFIX}{name.upper()}={_shown(value)}")
    return 0


def _shown(value: object) -> object:
    """As it is written in the environment."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}={one}" for key, one in value.items())
    return "" if value is None else value
