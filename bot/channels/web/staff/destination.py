"""Where a person goes after signing in: back to where they were, and never anywhere else."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

HOME = "/staff"
LONGEST = 1000
# Letters that cannot change what a browser takes for the host or the folder: no backslash, no control
# character, and no percent sign in the path, behind which either could hide.
_PATH = re.compile(r"/staff(/[A-Za-z0-9_-]+)*/?")
_QUERY = re.compile(r"[A-Za-z0-9_.~%=&+/-]*")
_NOT_PAGES = ("/staff/sign-in", "/staff/sign-out", "/staff/oidc", "/staff/api")


def destination(wished: str | None) -> str:
    """``wished`` where it is the path of a page of ours under ``/staff``, else the search page."""
    if not wished or len(wished) > LONGEST:
        return HOME
    path, _, query = wished.partition("?")
    if not _PATH.fullmatch(path) or not _QUERY.fullmatch(query):
        return HOME
    if any(path == one or path.startswith(f"{one}/") for one in _NOT_PAGES):
        return HOME
    return wished


def same_origin(origin: str, hosts: tuple[str, ...]) -> bool:
    """Whether a page of ``origin`` is one of ours; a scheme is not compared, since a proxy may end TLS."""
    try:
        return urlsplit(origin).netloc.lower() in hosts
    except ValueError:
        return False
