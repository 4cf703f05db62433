"""The Telegram channel, built on python-telegram-bot."""

from bot.channels.telegram_bot.app import TelegramBot, run_telegram
from bot.channels.telegram_bot.errors import StartError

__all__ = ["StartError", "TelegramBot", "run_telegram"]
