"""Who is signed in: sessions of staff, found by a token that is kept as its hash alone."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update

from bot.database.account import Account, read_account
from bot.database.errors import AccountError
from bot.database.tables import AccountRow, SessionRow
from bot.database.transactions import Transactions

TOKEN_BYTES = 32
LONGEST = timedelta(hours=12)
"""After a working day everyone signs in again."""
NOTE_EVERY = timedelta(minutes=1)
"""How exactly a session knows when it was last used: not every request is to write."""


@dataclass(frozen=True, slots=True)
class StaffSession:
    """Times are aware and in UTC; ``seen_at`` is up to a minute old."""

    token: str = field(repr=False)
    csrf: str = field(repr=False)
    account: Account
    created_at: datetime
    seen_at: datetime


class StaffSessions:
    """Several processes may share them. Every method raises `DatabaseError`."""

    def __init__(self, transactions: Transactions, idle_minutes: int, clock: Callable[[], datetime]) -> None:
        self._transactions = transactions
        self._idle = timedelta(minutes=idle_minutes)
        # A short timeout must not end a session that is in use.
        self._note_every = min(NOTE_EVERY, self._idle / 10)
        self._clock = clock

    async def begin(self, account: Account) -> StaffSession:
        """A new session, for an account as it was when its owner was verified.

        Raises:
            AccountError: ``unknown`` where it has since been removed or blocked, or its password or its
                identity has become another: whoever did that wanted nobody signed in by the old one.
        """
        now = self._clock()
        session = StaffSession(
            secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(32), account, now, now
        )
        row = SessionRow(
            token_hash=_hash(session.token),
            account_id=account.id,
            csrf=session.csrf,
            created_at=now,
            seen_at=now,
        )
        async with self._transactions.write() as transaction:
            # Locked: a change of the account that comes now waits, and then finds this session to end.
            same = (AccountRow.id == account.id) & ~AccountRow.blocked
            owner = await transaction.scalar(select(AccountRow).where(same).with_for_update())
            if owner is None or read_account(owner).stamp != account.stamp:
                raise AccountError("unknown")
            await transaction.execute(delete(SessionRow).where(self._expired(now)))
            transaction.add(row)
        return session

    async def find(self, token: str) -> StaffSession | None:
        """The session, unless it has expired, was ended, or its account is blocked."""
        now, name = self._clock(), _hash(token)
        async with self._transactions.read() as transaction:
            found = await transaction.execute(
                select(SessionRow, AccountRow)
                .join(AccountRow, AccountRow.id == SessionRow.account_id)
                .where(SessionRow.token_hash == name, ~self._expired(now), ~AccountRow.blocked)
            )
            pair = found.one_or_none()
        if pair is None:
            return None
        row, owner = pair
        session = StaffSession(token, row.csrf, read_account(owner), row.created_at, row.seen_at)
        if now - row.seen_at < self._note_every:
            return session
        async with self._transactions.write() as transaction:
            await transaction.execute(
                update(SessionRow).where(SessionRow.token_hash == name).values(seen_at=now)
            )
        return replace(session, seen_at=now)

    async def end(self, token: str) -> None:
        """Sign out; a session that is no more is none the worse for it."""
        async with self._transactions.write() as transaction:
            await transaction.execute(delete(SessionRow).where(SessionRow.token_hash == _hash(token)))

    async def end_all(self, account: Account) -> int:
        """Sign out everywhere; returns how many sessions that ended."""
        now = self._clock()
        async with self._transactions.write() as transaction:
            await transaction.execute(delete(SessionRow).where(self._expired(now)))
            ended = await transaction.scalars(
                delete(SessionRow).where(SessionRow.account_id == account.id).returning(SessionRow.token_hash)
            )
            return len(ended.all())

    def _expired(self, now: datetime) -> ColumnElement[bool]:
        return or_(SessionRow.seen_at <= now - self._idle, SessionRow.created_at <= now - LONGEST)


def _hash(token: str) -> str:
    # Not keyed and not slow: a token of 256 random bits cannot be guessed.
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
