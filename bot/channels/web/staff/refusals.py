"""Why the staff page does not do what is asked, before it becomes a page or a problem document."""

from __future__ import annotations

from typing import Literal

RefusalCode = Literal[
    "signed_out", "foreign", "token", "role", "self", "by_claim", "absent", "too_many", "unavailable"
]

STATUS: dict[RefusalCode, int] = {
    "signed_out": 401,
    "foreign": 403,
    "token": 403,
    "role": 403,
    "self": 403,
    "by_claim": 403,
    "absent": 404,
    "too_many": 429,
    "unavailable": 503,
}


class Refusal(Exception):
    """A request is not carried out. For people: the texts ``staff.refusal.<code>``.

    Args:
        wait: whole seconds until it is worth trying again.
    """

    def __init__(self, code: RefusalCode, *, wait: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.wait = wait

    @property
    def status(self) -> int:
        return STATUS[self.code]

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.wait)} if self.wait is not None else {}
