"""The Telegram channel, built on python-telegram-bot."""

from bot.channels.telegram_bot.app import TelegramBot
from bot.channels.telegram_bot.errors import StartError
from bot.channels.telegram_bot.process import run_telegram

__all__ = ["StartError", "TelegramBot", "run_telegram"]
