"""Why nobody could be signed in with the identity provider."""

from __future__ import annotations

from typing import Literal

FaultCode = Literal["unreachable", "misconfigured", "refused", "cancelled", "forged", "throttled"]
STATUS: dict[FaultCode, int] = {
    "unreachable": 502,
    "misconfigured": 502,
    "refused": 502,
    "cancelled": 403,
    "forged": 400,
    "throttled": 429,
}


class ProviderFault(Exception):
    """Nobody could be signed in. For people: the texts ``staff.provider.<code>``.

    ``detail`` is for the log and names neither people nor tokens; ``wait``: seconds until it is worth trying
    again.
    """

    def __init__(self, code: FaultCode, detail: str = "", *, wait: int | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.wait = wait
