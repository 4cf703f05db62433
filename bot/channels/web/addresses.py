"""Addresses of clients: whose they are, for limits, and which proxies are believed."""

from __future__ import annotations

import ipaddress

from fastapi import Request

from bot.setting_types import Network
from bot.settings import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

HOUSEHOLD, SITE = 64, 48
"""Bits of an IPv6 address: a network in which one device chooses freely, and what one customer may be given,
who chooses among 65,536 such networks."""


def client_host(request: Request) -> str | None:
    """Where the request comes from; nothing is known of it behind a socket file."""
    return request.client.host if request.client else None


def client_address(host: str | None) -> Address | None:
    """The address as a value; nothing for what is none, such as a socket file."""
    try:
        address = ipaddress.ip_address((host or "").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def client_keys(host: str | None) -> tuple[str, ...]:
    """What a client is counted under, the narrowest first: its IPv4 address, or the /64 and the /48 network
    of its IPv6 address."""
    address = client_address(host)
    if address is None:
        return ((host or "")[:64],)
    if address.version == 4:
        return (str(address),)
    return tuple(str(ipaddress.ip_network((address, bits), strict=False)) for bits in (HOUSEHOLD, SITE))


class RequestLimits:
    """Requests a minute by address: the narrowest network's that holds it, else the setting for all."""

    def __init__(self, settings: Settings) -> None:
        self._default = settings.rate_limit
        self._networks: list[tuple[Network, int]] = sorted(
            settings.rate_limit_networks.items(), key=lambda pair: pair[0].prefixlen, reverse=True
        )

    def __call__(self, host: str | None) -> int:
        address = client_address(host)
        if address is not None:
            for network, limit in self._networks:
                if address in network:
                    return limit
        return self._default
