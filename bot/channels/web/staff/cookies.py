"""The staff page's cookies. All end at ``/staff``: a visitor of the chat never has or sends one."""

from __future__ import annotations

import hashlib
import secrets
from urllib.parse import urlsplit

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from bot.settings import Settings

PATH = "/staff"
DEVICE_DAYS = 180
DEVICE_NAMES = 8
"""How many people's devices one browser is: a shared desk has several."""
YEAR = 365 * 24 * 3600


class StaffCookies:
    """Reads and writes them; what must not be forged is signed with the secret key."""

    def __init__(self, settings: Settings, key: bytes) -> None:
        self._public = urlsplit(str(settings.public_url)) if settings.public_url else None
        self._devices = URLSafeTimedSerializer(key, salt="malvakt staff device")
        self._flows = URLSafeTimedSerializer(key, salt="malvakt staff provider")

    def is_secure(self, request: Request) -> bool:
        """Whether the browser came over https; behind a proxy the public address says it."""
        return (self._public.scheme if self._public else request.url.scheme) == "https"

    def hosts(self, request: Request) -> tuple[str, ...]:
        """Under which names pages of ours are loaded, as in an ``Origin``."""
        public = (self._public.netloc.lower(),) if self._public else ()
        return (request.headers.get("host", "").lower(), *public)

    def session(self, request: Request) -> str | None:
        return request.cookies.get(self._name(request, "session"))

    def set_session(self, request: Request, response: Response, token: str) -> None:
        # No age: it ends with the browser, or before that in the database.
        self._set(request, response, "session", token)

    def end_session(self, request: Request, response: Response) -> None:
        self._delete(request, response, "session")

    def language(self, request: Request) -> str | None:
        return request.cookies.get(self._name(request, "language"))

    def set_language(self, request: Request, response: Response, language: str) -> None:
        self._set(request, response, "language", language, age=YEAR)

    def device(self, request: Request, name: str) -> str | None:
        """The id of this browser, if ``name`` has signed in with it before."""
        device, names = self._device(request)
        return device if _hash(name) in names else None

    def remember_device(self, request: Request, response: Response, name: str) -> None:
        device, names = self._device(request)
        kept = [_hash(name), *(one for one in names if one != _hash(name))][:DEVICE_NAMES]
        value = self._devices.dumps([device or secrets.token_urlsafe(12), kept])
        self._set(request, response, "device", value, age=DEVICE_DAYS * 24 * 3600)

    def _device(self, request: Request) -> tuple[str | None, list[str]]:
        value = request.cookies.get(self._name(request, "device"), "")
        try:
            device, names = self._devices.loads(value, max_age=DEVICE_DAYS * 24 * 3600)
        except (BadData, TypeError, ValueError):
            return None, []
        return device, names

    def flow(self, request: Request, state: str, seconds: int) -> dict[str, str] | None:
        """What was remembered when this browser was sent to the identity provider with ``state``."""
        value = request.cookies.get(self._name(request, f"provider_{_hash(state)}"), "")
        try:
            flow = self._flows.loads(value, max_age=seconds)
        except BadData:
            return None
        return flow if isinstance(flow, dict) and flow.get("state") == state else None

    def set_flow(self, request: Request, response: Response, flow: dict[str, str], seconds: int) -> None:
        # One for each state: signing in from two tabs at once works in both.
        name = f"provider_{_hash(flow['state'])}"
        self._set(request, response, name, self._flows.dumps(flow), age=seconds)

    def end_flow(self, request: Request, response: Response, state: str) -> None:
        self._delete(request, response, f"provider_{_hash(state)}")

    def _name(self, request: Request, name: str) -> str:
        return f"{'__Secure-' if self.is_secure(request) else ''}malvakt_staff_{name}"

    def _set(
        self, request: Request, response: Response, name: str, value: str, *, age: int | None = None
    ) -> None:
        response.set_cookie(
            self._name(request, name),
            value,
            max_age=age,
            path=PATH,
            secure=self.is_secure(request),
            httponly=True,
            samesite="lax",
        )

    def _delete(self, request: Request, response: Response, name: str) -> None:
        response.delete_cookie(
            self._name(request, name),
            path=PATH,
            secure=self.is_secure(request),
            httponly=True,
            samesite="lax",
        )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
