"""The Bot API over HTTP, with faults on order."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qsl

from telegram_api.markup import Refused, check_keyboard, visible

BOT = {"id": 4711, "is_bot": True, "first_name": "Målvakt", "username": "malvaktbot"}


@dataclass(frozen=True)
class Fault:
    """``drop``: the connection ends before anything was accepted; ``drop_after``: after.

    ``delay`` waits before accepting, ``hold`` between accepting and saying so.
    """

    kind: Literal["drop", "drop_after", "delay", "hold"] | int
    retry_after: float | None = None
    seconds: float = 0.0
    migrate_to: int | None = None


@dataclass
class Sent:
    """A message that stands in a chat."""

    chat: int
    id: int
    html: str
    text: str
    rows: list[list[dict[str, Any]]]
    params: dict[str, Any]
    versions: int = 1

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.rows for button in row]

    def data(self, label: str) -> str:
        return next(b["callback_data"] for row in self.rows for b in row if b["text"] == label)


@dataclass
class TelegramApi:
    """``with TelegramApi(token) as api``. `sent` holds accepted messages in order, `calls` every attempt."""

    token: str
    fault: Callable[[str, dict[str, Any]], Fault | None] = lambda method, params: None
    script: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    missing: set[str] = field(default_factory=set)
    sent: list[Sent] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    webhook: dict[str, Any] | None = None
    bot: dict[str, Any] = field(default_factory=lambda: dict(BOT))
    most_sending: int = 0
    """The most sendMessage calls that were ever under way together."""
    gone: set[int] = field(default_factory=set)
    """Ids of messages that can no longer be edited."""

    def __enter__(self) -> Self:
        self._news = threading.Condition()
        self._updates: list[dict[str, Any]] = []
        self._update = 1000
        self._message = 1
        self._closed = False
        self._sending = 0
        api = self

        class Handler(_Handler):
            server_api = api

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/bot"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._news:
            self._closed = True
            self._news.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @contextmanager
    def under_way(self, method: str) -> Iterator[None]:
        """Counts sends that overlap."""
        sending = method == "sendMessage"
        with self._news:
            self._sending += sending
            self.most_sending = max(self.most_sending, self._sending)
        try:
            yield
        finally:
            with self._news:
                self._sending -= sending

    def push(self, update: dict[str, Any]) -> int:
        """Queue an update for the bot; returns its id."""
        with self._news:
            self._update += 1
            self._updates.append({"update_id": self._update, **update})
            self._news.notify_all()
            return self._update

    def push_again(self, update: dict[str, Any]) -> None:
        """Queue an update that has an id already."""
        with self._news:
            self._updates.append(update)
            self._news.notify_all()

    def next_message(self) -> int:
        with self._news:
            self._message += 1
            return self._message

    def to(self, chat: int) -> list[Sent]:
        return [message for message in self.sent if message.chat == chat]

    def count(self, method: str) -> int:
        return sum(name == method for name, _ in self.calls)

    def params(self, method: str) -> list[dict[str, Any]]:
        return [params for name, params in self.calls if name == method]

    @property
    def unconfirmed(self) -> int:
        return len(self._updates)

    def answer(self, method: str, params: dict[str, Any]) -> Any:
        """The result of a call. Raises `Refused` for a 400."""
        if method == "getUpdates":
            return self._get_updates(int(params.get("offset", 0)), float(params.get("timeout", 0)))
        if method == "getMe":
            return {**self.bot, "can_join_groups": True, "can_read_all_group_messages": False}
        if method == "sendMessage":
            return self._send(params)
        if method == "editMessageText":
            return self._edit(params)
        if method == "setWebhook":
            self.webhook = params
        return True

    def _get_updates(self, offset: int, timeout: float) -> list[dict[str, Any]]:
        end = time.monotonic() + timeout
        with self._news:
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            while not self._updates and not self._closed and (left := end - time.monotonic()) > 0:
                self._news.wait(left)
            return self._updates[:100]

    def _send(self, params: dict[str, Any]) -> dict[str, Any]:
        text, rows = visible(params["text"]), check_keyboard(params.get("reply_markup"))
        message = Sent(int(params["chat_id"]), self.next_message(), params["text"], text, rows, params)
        with self._news:
            self.sent.append(message)
        return self._as_json(message)

    def _edit(self, params: dict[str, Any]) -> dict[str, Any]:
        text, rows = visible(params["text"]), check_keyboard(params.get("reply_markup"))
        chat, id = int(params["chat_id"]), int(params["message_id"])
        found = next((message for message in self.sent if (message.chat, message.id) == (chat, id)), None)
        if found is None or id in self.gone:
            raise Refused("Bad Request: message to edit not found")
        if (found.html, found.rows) == (params["text"], rows):
            raise Refused("Bad Request: message is not modified: specified new message content is the same")
        found.html, found.text, found.rows = params["text"], text, rows
        found.versions += 1
        return self._as_json(found)

    def _as_json(self, message: Sent) -> dict[str, Any]:
        chat = {"id": message.chat, "type": "private" if message.chat > 0 else "supergroup"}
        return {
            "message_id": message.id,
            "date": int(time.time()),
            "chat": chat,
            "from": self.bot,
            "text": message.text,
        }


class _Handler(BaseHTTPRequestHandler):
    server_api: TelegramApi
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, format: str, *args: Any) -> None:
        """The tests look at `calls`."""

    def do_POST(self) -> None:
        api = self.server_api
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        params = {key: _value(key, value) for key, value in parse_qsl(body.decode(), keep_blank_values=True)}
        token, _, method = self.path.removeprefix("/bot").partition("/")
        if token != api.token:
            return self._respond(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        api.calls.append((method, params))
        with api.under_way(method):
            return self._serve(method, params)

    def _serve(self, method: str, params: dict[str, Any]) -> None:
        api = self.server_api
        if method in api.missing:
            return self._respond(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        fault = api.script[method].popleft() if api.script[method] else api.fault(method, params)
        if fault:
            api.faults.append((method, fault))
            if fault.kind == "delay":
                time.sleep(fault.seconds)
            elif fault.kind not in ("drop_after", "hold"):
                return self._fail(fault)
        try:
            result = api.answer(method, params)
        except Refused as refused:
            return self._respond(400, {"ok": False, "error_code": 400, "description": str(refused)})
        if fault and fault.kind == "drop_after":
            return self._drop()
        if fault and fault.kind == "hold":
            time.sleep(fault.seconds)
        return self._respond(200, {"ok": True, "result": result})

    def _fail(self, fault: Fault) -> None:
        if fault.kind == "drop":
            return self._drop()
        assert isinstance(fault.kind, int)
        content: dict[str, Any] = {
            "ok": False,
            "error_code": fault.kind,
            "description": f"fault {fault.kind}",
        }
        if fault.retry_after:
            content["parameters"] = {"retry_after": fault.retry_after}
        if fault.migrate_to:
            content["parameters"] = {"migrate_to_chat_id": fault.migrate_to}
        return self._respond(fault.kind, content)

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _respond(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()
        except OSError:
            # The bot was killed, or gave up waiting.
            self.close_connection = True

    def handle(self) -> None:
        with suppress(OSError):
            super().handle()

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()


def _value(key: str, value: str) -> Any:
    """python-telegram-bot sends what is no string as JSON."""
    if key in ("text", "description", "short_description", "url", "secret_token", "language_code"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
