"""Those who write to the bot."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import dataclass
from typing import Any

from telegram_api.server import BOT, Sent, TelegramApi

_query = itertools.count(1)


def entities_of(text: str) -> list[dict[str, Any]]:
    """As Telegram finds them: offsets in UTF-16 code units."""
    kinds = {"/": "bot_command", "@": "mention"}
    return [
        {
            "type": kinds[match[0][0]],
            "offset": len(text[: match.start()].encode("utf-16-le", "surrogatepass")) // 2,
            "length": len(match[0]),
        }
        for match in re.finditer(r"(?<!\S)[/@][\w@]+", text)
    ]


@dataclass
class Person:
    """Someone in a private chat with the bot."""

    api: TelegramApi
    id: int
    language: str | None = "sv"

    @property
    def user(self) -> dict[str, Any]:
        plain = {"id": self.id, "is_bot": False, "first_name": "Ada"}
        return {**plain, "language_code": self.language} if self.language else plain

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": "Ada"}

    def message(self, text: str | None, **more: Any) -> dict[str, Any]:
        content: dict[str, Any] = {
            "message_id": self.api.next_message(),
            "date": int(time.time()),
            "chat": self.chat,
            "from": self.user,
        }
        if text is not None:
            content |= {"text": text, "entities": entities_of(text)}
        return {**content, **more}

    def says(self, text: str | None, **more: Any) -> int:
        return self.api.push({"message": self.message(text, **more)})

    def presses(self, message: Sent, label: str | None = None, *, data: str | None = None) -> int:
        pressed = data if label is None else message.data(label)
        shown = self.api._as_json(message) | {"chat": {"id": message.chat, "type": "private"}}
        return self.press(shown, pressed or "")

    def press(self, message: dict[str, Any], data: str) -> int:
        query = {"id": str(next(_query)), "from": self.user, "chat_instance": "1", "data": data}
        return self.api.push({"callback_query": {**query, "message": message}})

    @property
    def got(self) -> list[Sent]:
        return self.api.to(self.id)

    @property
    def last(self) -> Sent:
        return self.got[-1]


@dataclass
class Group(Person):
    """Someone in a group; ``id`` is the person's, ``group`` the chat's."""

    group: int = -100500
    forum: bool = False

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.group, "type": "supergroup", "title": "Grannar", "is_forum": self.forum}

    @property
    def got(self) -> list[Sent]:
        return self.api.to(self.group)

    def replies_to(self, message: Sent, text: str, *, author: dict[str, Any] = BOT) -> int:
        replied = self.api._as_json(message) | {"from": author, "chat": self.chat}
        return self.says(text, reply_to_message=replied)
