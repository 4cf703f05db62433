"""What is kept in the database: staff accounts and their sessions, and the choices of Telegram chats."""

from bot.database.account import Account
from bot.database.account_names import fold_name
from bot.database.accounts import Accounts
from bot.database.chat_choices import ChatChoice, ChatChoices
from bot.database.engine import Database
from bot.database.errors import AccountError, DatabaseError, PasswordsBusy
from bot.database.staff_sessions import StaffSession, StaffSessions

__all__ = [
    "Account",
    "AccountError",
    "Accounts",
    "ChatChoice",
    "ChatChoices",
    "Database",
    "DatabaseError",
    "PasswordsBusy",
    "StaffSession",
    "StaffSessions",
    "fold_name",
]
