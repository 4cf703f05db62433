"""``/widget.js``: the chat as one script, with its texts and its style sheet in it."""

from __future__ import annotations

import gzip
import hashlib
import json

from fastapi import Request, Response

from bot.channels.web.templating import STATIC
from bot.texts import LANGUAGES, load_texts

DIRECTORY = STATIC / "widget"
SCRIPTS = ("dom", "store", "request", "answer", "chat", "start")
# An embedding site names no version: a new one is to reach visitors within minutes.
CACHE_CONTROL = "public, max-age=600, stale-while-revalidate=86400"
_PLACEHOLDERS = {name: f"{{{name}}}" for name in ("count", "seconds", "title")}
_ELSEWHERE = ("chat.form.", "chat.embed.")


class WidgetScript:
    """The script as it is served, put together once."""

    def __init__(self) -> None:
        self._plain = widget_source().encode()
        self._packed = gzip.compress(self._plain, mtime=0)
        self._tag = hashlib.sha256(self._plain).hexdigest()[:20]

    def respond(self, request: Request) -> Response:
        packed = "gzip" in request.headers.get("accept-encoding", "")
        tag = f'"{self._tag}-gzip"' if packed else f'"{self._tag}"'
        headers = {"ETag": tag, "Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding"}
        known = request.headers.get("if-none-match", "")
        if tag in (one.strip().removeprefix("W/") for one in known.split(",")):
            return Response(status_code=304, headers=headers)
        if packed:
            headers["Content-Encoding"] = "gzip"
        body = self._packed if packed else self._plain
        return Response(body, headers=headers, media_type="text/javascript; charset=utf-8")


def widget_source() -> str:
    """The files one after the other, as the body of one function: the host page sees none of their names."""
    scripts = "\n".join((DIRECTORY / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    style = (DIRECTORY / "widget.css").read_text("utf-8")
    texts = {language: _sentences(language) for language in LANGUAGES}
    given = ", ".join(json.dumps(value, ensure_ascii=False) for value in (texts, style))
    return f'((TEXTS, STYLE) => {{\n"use strict";\n{scripts}}})({given});\n'


def _sentences(language: str) -> dict[str, str]:
    """What the chat says, its placeholders as they stand."""
    texts = load_texts(language)
    wanted = [key for key in texts.keys() if key.startswith("chat.")]  # noqa: SIM118 - no mapping
    return {key: texts(key, **_PLACEHOLDERS) for key in wanted if not key.startswith(_ELSEWHERE)}
