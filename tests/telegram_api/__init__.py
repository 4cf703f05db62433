"""A Bot API server on loopback, the people who write to it, and an assistant small enough to reckon with."""

from telegram_api.goalbook import GoalBook
from telegram_api.people import Group, Person
from telegram_api.running import TOKEN, running, settings_for, start_refused
from telegram_api.server import Fault, TelegramApi

__all__ = [
    "TOKEN",
    "Fault",
    "GoalBook",
    "Group",
    "Person",
    "TelegramApi",
    "running",
    "settings_for",
    "start_refused",
]
