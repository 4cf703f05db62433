"""What an identity provider says of itself (OpenID Connect Discovery)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url

from bot.channels.web.staff.provider_faults import ProviderFault

TIMEOUT = 10.0
METADATA_AGE = 3600.0
FAILURE_AGE = 10.0
"""Seconds for which a provider that failed is not asked again, however many come."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Discovery:
    """Asks when it is first needed, and then hourly; one request at a time."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer.rstrip("/")
        self._asking = asyncio.Lock()
        self._metadata: Mapping[str, Any] = {}
        self._read_at = 0.0
        self._fault: ProviderFault | None = None
        self._failed_at = 0.0

    async def __call__(self) -> Mapping[str, Any]:
        """The metadata. Raises `ProviderFault`."""
        if not self._is_fresh():
            async with self._asking:
                # Whoever had the lock before may have brought it, or have failed.
                if not self._is_fresh():
                    await self._renew()
        return self._metadata

    def _is_fresh(self) -> bool:
        return bool(self._metadata) and time.monotonic() - self._read_at < METADATA_AGE

    async def _renew(self) -> None:
        if self._fault and time.monotonic() - self._failed_at < FAILURE_AGE:
            raise ProviderFault(self._fault.code, self._fault.detail)
        try:
            self._metadata, self._read_at = await self._fetch(), time.monotonic()
        except ProviderFault as fault:
            self._fault, self._failed_at = fault, time.monotonic()
            raise

    async def _fetch(self) -> Mapping[str, Any]:
        parts = urlsplit(self._issuer)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ProviderFault("misconfigured", "the issuer is not https")
        try:
            async with httpx2.AsyncClient(timeout=TIMEOUT) as client:
                response = await client.get(get_well_known_url(self._issuer, external=True))
                metadata = OpenIDProviderMetadata(response.raise_for_status().json())
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if urlsplit(str(metadata[name])).scheme not in ("https", parts.scheme):
                    raise ProviderFault("misconfigured", f"{name} is not https")
        except httpx2.HTTPError as error:
            raise ProviderFault("unreachable", type(error).__name__) from None
        except (KeyError, TypeError, ValueError, AuthlibBaseError) as error:
            raise ProviderFault("misconfigured", f"metadata: {type(error).__name__}") from None
        if str(metadata.get("issuer")).rstrip("/") != self._issuer:
            raise ProviderFault("misconfigured", "the metadata name another issuer")
        return dict(metadata)
