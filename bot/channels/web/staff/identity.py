"""Who an identity provider says somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_EMAIL = ("email", "email_verified")


@dataclass(frozen=True, slots=True)
class Identity:
    """An issuer's subject, and what is claimed of it."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]

    @property
    def name(self) -> str:
        names = (self.claims.get(key) for key in ("name", "preferred_username", "email"))
        return next((one for one in names if isinstance(one, str) and one.strip()), self.subject)

    def email(self, *, trusting: bool) -> str | None:
        """Only an address that the provider has verified: any other is what somebody has written.

        Args:
            trusting: an address counts too where the provider does not say whether it is verified.
        """
        email = self.claims.get("email")
        verified = self.claims.get("email_verified", trusting)
        return email if isinstance(email, str) and verified is True else None


def joined_claims(token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> Mapping[str, Any]:
    """The identity token's claims, and those that the userinfo endpoint adds.

    The address and whether it is verified come from one of them: each vouches for its own address alone.
    """
    source = token if "email" in token else userinfo
    claims = {key: value for key, value in {**userinfo, **token}.items() if key not in _EMAIL}
    return {**claims, **{key: source[key] for key in _EMAIL if key in source}}
