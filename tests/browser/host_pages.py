"""A website that is not ours, on a loopback port of its own, with whatever pages a test gives it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class HostPages:
    """``pages`` maps a path to headers and HTML; may be changed at any time."""

    def __init__(self) -> None:
        pages: dict[str, tuple[dict[str, str], str]] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers, html = pages.get(self.path, ({}, ""))
                body = html.encode()
                self.send_response(200 if self.path in pages else 404)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.pages = pages
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def put(self, path: str, html: str, **headers: str) -> str:
        """The page's address. Underscores in names of headers become hyphens."""
        self.pages[path] = ({name.replace("_", "-"): value for name, value in headers.items()}, html)
        return f"{self.url}{path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()
