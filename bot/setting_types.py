"""Types of settings that hold several values: as text ``a, b`` or ``a=1, b=2``, in the file also as YAML."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

import idna
from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

from bot.roles import Role, read_role

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_DEFAULT_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9._\[\]:-]+")
LARGEST_LIMIT = 1_000_000

T = TypeVar("T")


def _fault(code: str, value: object) -> PydanticCustomError:
    """A fault whose code is one of the texts ``settings_error``."""
    return PydanticCustomError(code, "{value}", {"value": str(value)})


def _listed(value: object) -> list[str]:
    """The single values of text in which commas or spaces part them, or of a YAML list."""
    if isinstance(value, str):
        return [part for part in re.split(r"[,\s]+", value) if part]
    return [str(part) for part in value] if isinstance(value, list | tuple) else [str(value)]


def _paired(value: object) -> list[tuple[str, str]]:
    """The pairs of text in which commas part ``key=value``, or of a YAML mapping."""
    if isinstance(value, Mapping):
        return [(str(key), str(one)) for key, one in value.items()]
    pairs = [part.rpartition("=") for part in str(value).split(",") if part.strip()]
    return [(key.strip(), one.strip()) for key, _, one in pairs]


def origin(text: str) -> str:
    """An origin as browsers send it: scheme, host in ASCII, port where it is not the scheme's own.

    A host such as ``www.växjö.se`` becomes ``www.xn--vxj-qla6g.se``.

    Raises ``PydanticCustomError`` with the code ``origin`` for anything else, a path or ``*`` among it.
    """
    try:
        parts = urlsplit(text.strip())
        if not parts.netloc.isascii():
            host, colon, number = parts.netloc.partition(":")
            # The standard library knows an older IDNA, in which "ß" is "ss".
            parts = parts._replace(netloc=f"{idna.encode(host, uts46=True).decode()}{colon}{number}")
        port = parts.port
    except ValueError:
        raise _fault("origin", text) from None
    host = parts.netloc.lower().rpartition("@")[2]
    rest = (parts.path.rstrip("/"), parts.query, parts.fragment, parts.username or "")
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or not _HOST.fullmatch(host) or any(rest):
        raise _fault("origin", text)
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{name}{shown}"


def _network(text: str, code: str = "network") -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise _fault(code, text) from None


def _limits(value: object) -> dict[Network, int]:
    limits: dict[Network, int] = {}
    for network, limit in _paired(value):
        if not limit.isdecimal() or not 1 <= int(limit) <= LARGEST_LIMIT:
            raise _fault("network_limits", f"{network}={limit}")
        read = _network(network, "network_limits")
        if read in limits:
            raise _fault("given_twice", network)
        limits[read] = int(limit)
    return limits


def _roles(value: object) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    for claim, role in _paired(value):
        known = read_role(role)
        if not claim or known is None:
            raise _fault("claim_roles", f"{claim}={role}")
        if claim in roles:
            raise _fault("given_twice", claim)
        roles[claim] = known
    return roles


def _each(read: Callable[[str], T]) -> Callable[[object], tuple[T, ...]]:
    return lambda value: tuple(dict.fromkeys(read(part) for part in _listed(value)))


def _not_everyone(networks: tuple[Network, ...]) -> tuple[Network, ...]:
    older = (one for one in networks if isinstance(one, ipaddress.IPv4Network))
    newer = (one for one in networks if isinstance(one, ipaddress.IPv6Network))
    # Two halves are everyone too.
    joined: list[Network] = [*ipaddress.collapse_addresses(older), *ipaddress.collapse_addresses(newer)]
    for one in joined:
        if one.prefixlen == 0:
            raise _fault("everyone", one)
    return networks


Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_each(origin))]
Proxies = Annotated[
    tuple[Network, ...], NoDecode, BeforeValidator(_each(_network)), AfterValidator(_not_everyone)
]
"""Who may say whose a request is: never everyone."""
NetworkLimits = Annotated[dict[Network, int], NoDecode, BeforeValidator(_limits)]
"""Requests a minute by network; the narrowest that holds an address counts."""
ClaimRoles = Annotated[dict[str, Role], NoDecode, BeforeValidator(_roles)]
"""Roles by the value of a claim."""
