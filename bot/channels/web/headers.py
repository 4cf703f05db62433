"""Headers that every response carries, and which other sites may use what."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import Settings

EMBEDDED = "/embed"
WIDGET = "/widget.js"
YEAR = 365 * 24 * 3600
# No inline script or style anywhere; the widget's styles are constructed style sheets.
_SOURCES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
)
_COMMON = {
    "X-Content-Type-Options": "nosniff",
    # With no-referrer browsers send "Origin: null" with our own forms, and the check of it would fail.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Answers and pages of staff must not linger on shared machines; static files say otherwise themselves.
    "Cache-Control": "no-store",
}


class SecurityHeaders:
    """ASGI middleware: what a route has not set itself is set to the strictest that works."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        public = settings.public_url
        common = dict(_COMMON)
        if public is not None and public.scheme == "https":
            common["Strict-Transport-Security"] = f"max-age={YEAR}"
        embedding = " ".join(("'self'", *settings.allowed_origins))
        elsewhere = {**common, "X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin"}
        self._elsewhere = {**elsewhere, "Content-Security-Policy": _policy("'none'")}
        # The page in a frame and the script in a page are there for other sites; X-Frame-Options knows none.
        self._embedded = {**common, "Cross-Origin-Resource-Policy": "cross-origin"}
        self._embedded["Content-Security-Policy"] = _policy(embedding)
        self._widget = {**self._elsewhere, "Cross-Origin-Resource-Policy": "cross-origin"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        special = {EMBEDDED: self._embedded, WIDGET: self._widget}
        wanted = special.get(scope["path"], self._elsewhere)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending)


class AllowedOrigins:
    """ASGI middleware: CORS for the API and the widget, for the origins in the settings, and for no other.

    An origin that is not allowed is answered as if there were no CORS: Starlette's middleware would tell it
    in a preflight what others may do.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._allowed = frozenset(settings.allowed_origins)
        self._sharing = CORSMiddleware(
            app,
            allow_origins=settings.allowed_origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Content-Type",),
            expose_headers=("Retry-After", "Content-Language"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _shared(scope["path"]):
            await self._app(scope, receive, send)
        elif Headers(scope=scope).get("origin") in self._allowed:
            await self._sharing(scope, receive, send)
        else:

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    # A cache must not hand this response to an origin that is allowed.
                    MutableHeaders(scope=message).add_vary_header("Origin")
                await send(message)

            await self._app(scope, receive, sending)


def _shared(path: str) -> bool:
    return path.startswith("/api/") or path == WIDGET


def _policy(ancestors: str) -> str:
    return "; ".join((*_SOURCES, f"frame-ancestors {ancestors}"))
