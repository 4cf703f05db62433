"""The municipality's identity provider: OpenID Connect, authorization code with PKCE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.channels.web.staff.discovery import TIMEOUT, Discovery
from bot.channels.web.staff.identity import Identity, joined_claims
from bot.channels.web.staff.provider_faults import ProviderFault
from bot.settings import Settings

SCOPE = "openid email profile"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a public key alone: a token signed with a shared secret would be anybody's who has it."""
LEEWAY = 60
"""Seconds that the provider's clock may differ."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send the browser, and what to remember until it comes back."""

    url: str
    state: str
    nonce: str
    verifier: str


class Provider:
    """Talks to the provider of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._discover = Discovery(str(settings.oidc_issuer))
        self._client_id = settings.oidc_client_id
        secret = settings.oidc_client_secret
        self._client_secret = secret.get_secret_value() if secret else None

    async def depart(self, redirect_uri: str) -> Departure:
        """Begin. Raises `ProviderFault`."""
        metadata = await self._discover()
        nonce, verifier = generate_token(32), generate_token(64)
        async with self._client(metadata, redirect_uri) as client:
            url, state = client.create_authorization_url(
                metadata["authorization_endpoint"], nonce=nonce, code_verifier=verifier
            )
        return Departure(url, state, nonce, verifier)

    async def arrive(self, query: Mapping[str, str], flow: Mapping[str, str], redirect_uri: str) -> Identity:
        """Who came back with ``query``, having left with ``flow``. Raises `ProviderFault`."""
        if query.get("error") == "access_denied":
            raise ProviderFault("cancelled")
        code = query.get("code")
        if query.get("error") or not code:
            raise ProviderFault("refused", "the provider sent an error back")
        metadata = await self._discover()
        issuer = metadata["issuer"]
        if query.get("iss", issuer) != issuer:
            # Another provider's answer (RFC 9207).
            raise ProviderFault("forged", "the answer names another issuer")
        try:
            async with self._client(metadata, redirect_uri) as client:
                token = await client.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=flow["verifier"],
                )
                # With the client's own certificate checks and time limit, but without the token.
                keys = await client.request("GET", metadata["jwks_uri"], withhold_token=True)
                claims = self._verified(token, keys.raise_for_status().json(), issuer, flow["nonce"])
                return Identity(issuer, claims["sub"], await self._completed(client, metadata, claims))
        except AuthlibBaseError as error:
            raise ProviderFault("refused", f"{type(error).__name__} {error.error or ''}") from None
        except JoseError as error:
            raise ProviderFault("forged", type(error).__name__) from None
        except httpx2.HTTPError as error:
            raise ProviderFault("unreachable", type(error).__name__) from None
        except (KeyError, TypeError, ValueError) as error:
            raise ProviderFault("misconfigured", type(error).__name__) from None

    def _verified(self, token: Mapping[str, Any], keys: Any, issuer: str, nonce: str) -> Mapping[str, Any]:
        """The claims of the identity token. Raises ``JoseError``, ``KeyError``, ``ValueError``."""
        signed = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {
                "iss": {"essential": True, "value": issuer},
                "aud": {"essential": True, "value": self._client_id},
                "sub": {"essential": True},
            },
            {"nonce": nonce, "client_id": self._client_id, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=LEEWAY)
        if not isinstance(claims["sub"], str):
            raise ValueError("the subject is no text")
        return dict(claims)

    async def _completed(
        self, client: Any, metadata: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """The claims with those that some providers give at their userinfo endpoint only."""
        if not metadata.get("userinfo_endpoint"):
            return claims
        response = await client.get(metadata["userinfo_endpoint"])
        more = response.raise_for_status().json()
        # Another person's must not be put together with these.
        if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
            raise ProviderFault("forged", "userinfo is about another subject")
        return joined_claims(claims, more)

    def _client(self, metadata: Mapping[str, Any], redirect_uri: str) -> Any:
        known = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic = "client_secret_basic" in known or "client_secret_post" not in known
        method = "client_secret_basic" if basic else "client_secret_post"
        return AsyncOAuth2Client(
            self._client_id,
            self._client_secret,
            token_endpoint_auth_method=method if self._client_secret else "none",
            scope=SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT,
        )
