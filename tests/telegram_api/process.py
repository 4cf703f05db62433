"""The bot as a process of its own, to be stopped and killed: ``python -m telegram_api.process URL DIR``."""

import logging
import sys
from pathlib import Path

from bot.channels.telegram_bot import run_telegram
from bot.settings import Settings
from telegram_api.goalbook import GoalBook
from telegram_api.running import TOKEN

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    run_telegram(
        GoalBook(),
        Settings(
            data_dir=Path(sys.argv[2]),
            telegram_token=TOKEN,
            telegram_base_url=sys.argv[1],
            secret_key="k" * 40,
        ),
        first_wait=0.05,
        longest_wait=0.3,
    )
