"""A member of staff, as the other layers see it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from bot.database.tables import AccountRow
from bot.roles import Role


@dataclass(frozen=True, slots=True)
class Account:
    """Times are aware and in UTC."""

    id: int
    name: str
    email: str | None
    role: Role
    has_password: bool
    linked: bool
    """Whether an identity of the identity provider leads to it."""
    by_claim: bool
    """Whether the identity provider made it and decides its role, rather than anybody here."""
    blocked: bool
    created_at: datetime
    signed_in_at: datetime | None
    stamp: str = field(repr=False)
    """Becomes another with the password and with the identity: a session is begun for what was verified."""


def read_account(row: AccountRow) -> Account:
    return Account(
        row.id,
        row.name,
        row.email,
        row.role,
        row.password_hash is not None,
        row.issuer is not None,
        row.by_claim,
        row.blocked,
        row.created_at,
        row.signed_in_at,
        _stamp(row),
    )


def _stamp(row: AccountRow) -> str:
    # Hashed, so that a password's hash goes nowhere.
    kept = repr((row.password_hash, row.issuer, row.subject))
    return hashlib.sha256(kept.encode()).hexdigest()
