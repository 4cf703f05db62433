"""How passwords are kept and checked."""

from __future__ import annotations

from contextlib import AbstractContextManager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.database.errors import AccountError
from bot.database.password_queue import PasswordQueue
from bot.database.password_rules import is_strong, normalise_password

AT_ONCE = 2
WAITING = 20
"""About a second's work on two cores. Whoever came after them would wait for strangers' guesses."""


class Passwords:
    """Argon2id with the parameters that RFC 9106 gives for little memory.

    Browsers that are known have a thread of their own: however many strangers try, staff come in.
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._anybody = PasswordQueue(at_once=AT_ONCE, waiting=WAITING)
        self._known = PasswordQueue(at_once=1, waiting=WAITING)

    async def hash(self, password: str, *, known: tuple[str | None, ...]) -> str:
        """What is kept of the password. ``known``: what others know of its owner, such as the name.

        Raises:
            AccountError: ``weak_password``.
            PasswordsBusy: too many wait.
        """
        plain = normalise_password(password)
        words = [one for one in known if one]
        with self._anybody.place():
            if plain is None or not await self._anybody.run(lambda: is_strong(plain, words)):
                raise AccountError("weak_password")
            return await self._anybody.run(lambda: self._hasher.hash(plain))

    def place(self, *, known_device: bool) -> AbstractContextManager[None]:
        """To be taken before `verify` and `renew`. Raises `PasswordsBusy`."""
        return self._queue(known_device).place()

    async def verify(self, password: str, kept: str | None, *, known_device: bool = False) -> bool:
        """Whether it is the one; without one that is kept, no, after as much work."""
        plain = normalise_password(password)
        if plain is None:
            return False
        return await self._queue(known_device).run(lambda: self._matches(plain, kept))

    async def renew(self, password: str, kept: str, *, known_device: bool = False) -> str | None:
        """For a password that `verify` accepts: what is to be kept instead, where that is outdated."""
        plain = normalise_password(password)
        if plain is None or not self._hasher.check_needs_rehash(kept):
            return None
        return await self._queue(known_device).run(lambda: self._hasher.hash(plain))

    def close(self) -> None:
        self._anybody.close()
        self._known.close()

    def _queue(self, known_device: bool) -> PasswordQueue:
        return self._known if known_device else self._anybody

    def _matches(self, plain: str, kept: str | None) -> bool:
        if kept is None:
            self._hasher.hash(plain)
            return False
        try:
            return self._hasher.verify(kept, plain)
        except (VerificationError, InvalidHashError):
            return False
