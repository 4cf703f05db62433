"""What can go wrong with the database, and with what someone asks of an account, as values."""

from __future__ import annotations

from typing import Literal

from bot.obstacles import OutsideError

DatabaseCode = Literal[
    "bad_url", "unreachable", "refused", "rights", "newer", "foreign", "damaged", "full", "busy", "failed"
]
AccountCode = Literal["taken", "taken_email", "bad_name", "bad_email", "weak_password", "by_claim", "unknown"]


class DatabaseError(OutsideError):
    """The database cannot be used. Its line for people is the text ``database.<code>`` with ``detail``.

    ``detail`` names the file or the server, and where it helps what the server said; never a password.
    """

    def __init__(self, code: DatabaseCode, detail: str = "") -> None:
        super().__init__(f"database.{code}", detail)
        self.code = code


class AccountError(Exception):
    """What is asked cannot be done with the account."""

    def __init__(self, code: AccountCode) -> None:
        super().__init__(code)
        self.code = code


class PasswordsBusy(Exception):
    """Too many passwords wait to be checked already; try again in a moment."""
