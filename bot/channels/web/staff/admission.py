"""Whom of those that the identity provider knows the staff page admits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.web.staff.identity import Identity
from bot.database import Account, Accounts
from bot.roles import ROLES, Role
from bot.settings import Settings


class Admission:
    """Accounts that were added, and people for whom a configured claim speaks; nobody else."""

    def __init__(self, settings: Settings, accounts: Accounts) -> None:
        self._claim = settings.oidc_claim
        self._roles = settings.oidc_claim_roles
        self._trusting = settings.oidc_trust_email
        self._accounts = accounts

    async def __call__(self, identity: Identity) -> Account | None:
        """The account to sign in to; none: not admitted."""
        issuer, subject = identity.issuer, identity.subject
        email = identity.email(trusting=self._trusting)
        # Whom somebody here has added has the role that was given here.
        account = await self._accounts.by_identity(issuer, subject, email=email)
        role = claimed_role(identity.claims, self._claim, self._roles)
        if account or role is None:
            return account
        return await self._accounts.admit(issuer, subject, name=identity.name, email=email, role=role)


def claimed_role(claims: Mapping[str, Any], claim: str | None, roles: Mapping[str, Role]) -> Role | None:
    """The highest role that a value of the claim gives; the claim is a text or a list of texts."""
    value = claims.get(claim) if claim else None
    values = value if isinstance(value, list) else [value]
    given = [roles[one] for one in values if isinstance(one, str) and one in roles]
    return max(given, key=ROLES.index, default=None)
