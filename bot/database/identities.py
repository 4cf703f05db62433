"""Accounts of people whom an identity provider vouches for (OpenID Connect)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.account import Account, read_account
from bot.database.account_names import fold_email, fold_name, printable_name
from bot.database.errors import AccountError
from bot.database.tables import LONGEST_IDENTITY, LONGEST_NAME, AccountRow
from bot.database.transactions import Transactions, again
from bot.roles import Role


class Identities:
    """An identity is an issuer and a subject, both exact."""

    def __init__(self, transactions: Transactions, clock: Callable[[], datetime]) -> None:
        self._transactions = transactions
        self._clock = clock

    @again
    async def find(self, issuer: str, subject: str, email: str | None) -> Account | None:
        """See `Accounts.by_identity`."""
        if not _storable(issuer, subject):
            return None
        address = _known_email(email)
        async with self._transactions.write() as session:
            row = await _linked(session, issuer, subject)
            if row is None and address:
                unlinked = (AccountRow.email == address) & AccountRow.issuer.is_(None)
                row = await session.scalar(select(AccountRow).where(unlinked).with_for_update())
            if row is None or row.blocked or row.by_claim:
                return None
            row.issuer, row.subject = issuer, subject
            row.signed_in_at = self._clock()
        return read_account(row)

    @again
    async def admit(
        self, issuer: str, subject: str, name: str, email: str | None, role: Role
    ) -> Account | None:
        """See `Accounts.admit`."""
        if not _storable(issuer, subject):
            return None
        address = _known_email(email)
        async with self._transactions.write() as session:
            row = await _linked(session, issuer, subject)
            if row is None:
                same = select(AccountRow.blocked).where(AccountRow.email == address)
                blocked = await session.scalar(same) if address else None
                if blocked:
                    return None
                if blocked is not None:
                    address = None
                free = await _free_name(session, printable_name(name, subject))
                row = AccountRow(
                    name=free,
                    folded_name=fold_name(free),
                    email=address,
                    issuer=issuer,
                    subject=subject,
                    by_claim=True,
                    blocked=False,
                    created_at=self._clock(),
                )
                session.add(row)
            if row.blocked:
                return None
            row.role = role
            row.signed_in_at = self._clock()
        return read_account(row)


async def _linked(session: AsyncSession, issuer: str, subject: str) -> AccountRow | None:
    identity = (AccountRow.issuer == issuer) & (AccountRow.subject == subject)
    row: AccountRow | None = await session.scalar(select(AccountRow).where(identity).with_for_update())
    return row


async def _free_name(session: AsyncSession, wished: str) -> str:
    taken = set(await session.scalars(select(AccountRow.folded_name)))
    name, number = wished, 1
    while fold_name(name) in taken:
        number += 1
        ending = f" ({number})"
        name = wished[: LONGEST_NAME - len(ending)] + ending
    return name


def _storable(*texts: str) -> bool:
    """Whether they can be written exactly as they are; no provider sends others."""
    return all(0 < len(text) <= LONGEST_IDENTITY and text.isprintable() for text in texts)


def _known_email(email: str | None) -> str | None:
    try:
        return fold_email(email)
    except AccountError:
        return None
