"""An application on a port, whichever channel's it is: where it listens, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.obstacles import OutsideError

BACKLOG = 512
HEAD_PATIENCE = 15.0
"""Seconds in which the head of a request must have arrived, from the first byte or the connection on."""
_CODES = {
    errno.EADDRINUSE: "in_use",
    errno.EACCES: "not_permitted",
    errno.EPERM: "not_permitted",
    errno.EADDRNOTAVAIL: "not_here",
}
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}


class ServeError(OutsideError):
    """The port cannot be served; its line for people is the text ``cli.web.error.<code>``."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"cli.web.error.{code}", detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class Listening:
    """Sockets that accept connections; ``with`` closes them."""

    host: str
    sockets: tuple[socket.socket, ...]

    @property
    def url(self) -> str:
        """An address that a browser on this machine opens, without a path."""
        host = _EVERYWHERE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def port(self) -> int:
        number: int = self.sockets[0].getsockname()[1]
        return number

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self.sockets:
            one.close()


def listen(host: str, port: int) -> Listening:
    """Listen at all addresses of the host. Raises `ServeError`."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise ServeError("unknown_host", host) from None
    opened: list[socket.socket] = []
    for family, kind, protocol, _, address in dict.fromkeys(found):
        try:
            one = socket.socket(family, kind, protocol)
        except OSError:
            # The name has an IPv6 address and this machine no IPv6.
            continue
        opened.append(one)
        try:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
            # Now, and not when the server starts: two programs can bind to one port, but only one listens.
            one.listen(BACKLOG)
        except OSError as error:
            for each in opened:
                each.close()
            code = _CODES.get(error.errno or 0, "cannot_listen")
            raise ServeError(code, f"{host}:{port}" if code != "cannot_listen" else str(error)) from None
    if not opened:
        raise ServeError("unknown_host", host)
    return Listening(host, tuple(opened))


class Server:
    """Serves an application until it is told to stop."""

    def __init__(self, app: Starlette, *, grace: int) -> None:
        """``grace``: seconds in which requests that have begun may finish once it is told to end."""
        self._server = _Uvicorn(
            uvicorn.Config(
                app,
                lifespan="on",
                http=_Connection,
                ws="none",
                log_config=None,
                # Addresses of people; and the path of a webhook is half a secret.
                access_log=False,
                server_header=False,
                # The application itself decides which proxies it believes.
                proxy_headers=False,
                timeout_graceful_shutdown=grace,
                backlog=BACKLOG,
            )
        )
        # It warns of every malformed request; anyone can send those.
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)

    async def serve(self, listening: Listening) -> None:
        """Answer until `stop`; then what has begun, and return."""
        await self._server.serve(list(listening.sockets))

    def stop(self) -> None:
        """Begin to end; called once more it ends at once. For the event loop's own thread."""
        if self._server.should_exit:
            self._server.force_exit = True
        self._server.should_exit = True


class _Connection(H11Protocol):
    """Closes where the head of a request does not arrive in time: uvicorn waits for it without end."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._forget_head()

    def _watch_head(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._forget_head()
        elif self._late is None:
            self._late = self.loop.call_later(HEAD_PATIENCE, self.timeout_keep_alive_handler)

    def _forget_head(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


class _Uvicorn(uvicorn.Server):
    """Leaves the signals to whoever runs it: more than the server ends with them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
