"""The accounts of staff, as their keeper and their password know them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.account import Account, read_account
from bot.database.account_names import clean_name, fold_email, fold_name
from bot.database.errors import AccountError
from bot.database.identities import Identities
from bot.database.passwords import Passwords
from bot.database.tables import AccountRow, SessionRow
from bot.database.transactions import Transactions
from bot.roles import Role

_SWEDISH = str.maketrans("åäö", "{|}")
"""The letters' order after z."""


class Accounts:
    """Names are looked up without regard to case. Every method raises `DatabaseError`."""

    def __init__(
        self, transactions: Transactions, passwords: Passwords, clock: Callable[[], datetime]
    ) -> None:
        self._transactions = transactions
        self._passwords = passwords
        self._clock = clock
        self._identities = Identities(transactions, clock)

    async def add(
        self, name: str, *, role: Role = "reader", email: str | None = None, password: str | None = None
    ) -> Account:
        """A new account; without a password its owner signs in with the identity provider.

        Raises:
            AccountError: ``bad_name``, ``bad_email``, ``weak_password``, ``taken``, ``taken_email``.
        """
        name, email = clean_name(name), fold_email(email)
        folded = fold_name(name)
        await self._refuse_taken(folded, email)
        hashed = await self._passwords.hash(password, known=(name, email)) if password is not None else None
        row = AccountRow(
            name=name,
            folded_name=folded,
            email=email,
            role=role,
            password_hash=hashed,
            by_claim=False,
            blocked=False,
            created_at=self._clock(),
        )
        try:
            async with self._transactions.write() as session:
                session.add(row)
        except IntegrityError:
            # Someone has been quicker since it was looked at.
            await self._refuse_taken(folded, email)
            raise
        return read_account(row)

    async def all(self) -> tuple[Account, ...]:
        """Every account, by name, in the Swedish order."""
        async with self._transactions.read() as session:
            rows = await session.scalars(select(AccountRow))
            # Here, for each database has an order of letters of its own.
            ordered = sorted(rows, key=lambda row: row.folded_name.translate(_SWEDISH))
            return tuple(map(read_account, ordered))

    async def get(self, name: str) -> Account | None:
        async with self._transactions.read() as session:
            row = await _find(session, name)
            return read_account(row) if row else None

    async def verify(self, name: str, password: str, *, known_device: bool = False) -> Account | None:
        """The account, where the password is its own and it is not blocked; notes when it was.

        An unknown name takes as long as a wrong password.

        Args:
            known_device: whether this name has signed in from there before; strangers do not delay it.

        Raises:
            PasswordsBusy: too many passwords wait to be checked; this one was not.
        """
        # Before the database is asked: it too has few connections, and the crowd would fill them.
        with self._passwords.place(known_device=known_device):
            return await self._verify(name, password, known_device)

    async def _verify(self, name: str, password: str, known_device: bool) -> Account | None:
        async with self._transactions.read() as session:
            row = await _find(session, name)
        kept = row.password_hash if row and not row.blocked else None
        matches = await self._passwords.verify(password, kept, known_device=known_device)
        if not matches or row is None or kept is None:
            return None
        renewed = await self._passwords.renew(password, kept, known_device=known_device)
        async with self._transactions.write() as session:
            # Only while it is still what was verified: the account may have been blocked meanwhile.
            same = (AccountRow.id == row.id) & (AccountRow.password_hash == kept) & ~AccountRow.blocked
            row = await session.scalar(select(AccountRow).where(same).with_for_update())
            if row is None:
                return None
            row.signed_in_at = self._clock()
            row.password_hash = renewed or kept
        return read_account(row)

    async def by_identity(self, issuer: str, subject: str, *, email: str | None) -> Account | None:
        """The account of a person whom the identity provider vouches for; notes when it was.

        That is the one linked to the identity, else an unlinked one with the e-mail address, which the
        caller has seen to be verified; it is linked from then on. None where it is blocked or unknown, or
        where a claim admitted the person: whoever has lost the claim is not to come in without it.
        """
        return await self._identities.find(issuer, subject, email)

    async def admit(
        self, issuer: str, subject: str, *, name: str, email: str | None, role: Role
    ) -> Account | None:
        """The account of a person whom a claim admits: made, or given the role. None where it is blocked.

        A name that another has gets a number; an address that another has is left out. None too where the
        address is that of a blocked account: a second account would go round the block.
        """
        return await self._identities.admit(issuer, subject, name, email, role)

    async def set_role(self, name: str, role: Role) -> Account:
        """Raises `AccountError`: ``unknown``, ``by_claim`` where the identity provider decides the role."""
        return await self._change(name, {"role": role}, end_sessions=False, ours=True)

    async def set_password(self, name: str, password: str) -> Account:
        """Ends the account's sessions. Raises `AccountError`: ``unknown``, ``weak_password``."""
        known = await self.get(name)
        if known is None:
            raise AccountError("unknown")
        hashed = await self._passwords.hash(password, known=(known.name, known.email))
        return await self._change(name, {"password_hash": hashed}, end_sessions=True)

    async def set_blocked(self, name: str, blocked: bool) -> Account:
        """Blocking ends the account's sessions. Raises `AccountError`: ``unknown``."""
        return await self._change(name, {"blocked": blocked}, end_sessions=blocked)

    async def unlink(self, name: str) -> Account:
        """Forget the account's identity at the provider: the next one with its e-mail address is linked.

        Ends the account's sessions. Raises `AccountError`: ``unknown``, ``by_claim``.
        """
        return await self._change(name, {"issuer": None, "subject": None}, end_sessions=True, ours=True)

    async def remove(self, name: str) -> None:
        """With its sessions. Raises `AccountError`: ``unknown``."""
        async with self._transactions.write() as session:
            row = await _find(session, name)
            if row is None:
                raise AccountError("unknown")
            await session.delete(row)

    async def _change(
        self, name: str, values: dict[str, object], *, end_sessions: bool, ours: bool = False
    ) -> Account:
        """``ours``: not where the identity provider would change it back at the next sign-in."""
        async with self._transactions.write() as session:
            row = await _find(session, name)
            if row is None:
                raise AccountError("unknown")
            if ours and row.by_claim:
                raise AccountError("by_claim")
            await session.execute(update(AccountRow).where(AccountRow.id == row.id).values(values))
            if end_sessions:
                await session.execute(delete(SessionRow).where(SessionRow.account_id == row.id))
            await session.refresh(row)
            return read_account(row)

    async def _refuse_taken(self, folded: str | None, email: str | None) -> None:
        # In one look: between two, another could add both, and the address would be told before the name.
        clash = AccountRow.folded_name == folded
        if email:
            clash |= AccountRow.email == email
        async with self._transactions.read() as session:
            names = (await session.scalars(select(AccountRow.folded_name).where(clash))).all()
        if names:
            raise AccountError("taken" if folded in names else "taken_email")


async def _find(session: AsyncSession, name: str) -> AccountRow | None:
    folded = fold_name(name)
    if folded is None:
        return None
    found: AccountRow | None = await session.scalar(
        select(AccountRow).where(AccountRow.folded_name == folded)
    )
    return found
