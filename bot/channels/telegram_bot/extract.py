"""What is kept of an update until it is answered: what `incoming.read` asks for, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telegram import Chat, MessageEntity
from telegram.constants import MessageAttachmentType

from bot.personal_data import mask

Json = Mapping[str, Any]

_WRITTEN = ("text", "caption")
_MESSAGE = (
    "message_id",
    "date",
    "message_thread_id",
    "is_topic_message",
    "is_automatic_forward",
    "migrate_to_chat_id",
    "media_group_id",
)
_MENTIONS = (MessageEntity.MENTION, MessageEntity.TEXT_MENTION)
_SOMETHING = {"file_id": "", "file_unique_id": ""}
"""A document of which nothing is known: it says that something was attached, not what."""


def extract(update: Json, me: int) -> dict[str, Any]:
    """The update without names, contacts, places, files and others' words, personal data in its text masked.

    Args:
        update: as Telegram sends it.
        me: the bot's id; replies to others and mentions of others are not for it.
    """
    kept = {"update_id": update["update_id"]}
    if message := update.get("message"):
        kept["message"] = _message(message, me)
    if query := update.get("callback_query"):
        kept["callback_query"] = _pick(query, "id", "data") | {
            "from": _user(query["from"]),
            "chat_instance": "",
        }
        if shown := query.get("message"):
            kept["callback_query"]["message"] = _place(shown)
    return kept


def _message(message: Json, me: int) -> dict[str, Any]:
    kept = _place(message)
    for name in ("entities", "caption_entities"):
        if mentions := [_entity(one) for one in message.get(name, ()) if _may_mention(one, me)]:
            kept[name] = mentions
    if "from" in message:
        kept["from"] = _user(message["from"])
    if "sender_chat" in message:
        kept["sender_chat"] = _chat(message["sender_chat"])
    replied = message.get("reply_to_message", {})
    if replied.get("from", {}).get("id") == me and "forum_topic_created" not in replied:
        kept["reply_to_message"] = _place(replied) | {"from": _user(replied["from"])}
    if _may_be_for_bot(message, kept):
        kept |= {name: mask(message[name]).text for name in _WRITTEN if name in message}
    if any(kind.value in message for kind in MessageAttachmentType):
        kept["document"] = _SOMETHING
    return kept


def _may_be_for_bot(message: Json, kept: Json) -> bool:
    """Whether it is no talk among others in a group."""
    commands = message.get("text", "").lstrip().startswith("/")
    called = commands or not kept.keys().isdisjoint(("entities", "caption_entities", "reply_to_message"))
    return bool(called or message["chat"]["type"] == Chat.PRIVATE)


def _place(message: Json) -> dict[str, Any]:
    """When and where the message was sent."""
    return _pick(message, *_MESSAGE) | {"chat": _chat(message["chat"])}


def _chat(chat: Json) -> dict[str, Any]:
    return _pick(chat, "id", "type")


def _user(user: Json) -> dict[str, Any]:
    """Without the name, which python-telegram-bot wants to have, be it empty."""
    return _pick(user, "id", "is_bot", "language_code") | {"first_name": ""}


def _may_mention(entity: Json, me: int) -> bool:
    return entity["type"] in _MENTIONS and entity.get("user", {}).get("id", me) == me


def _entity(entity: Json) -> dict[str, Any]:
    kept = _pick(entity, "type", "offset", "length")
    return kept | {"user": _user(entity["user"])} if "user" in entity else kept


def _pick(content: Json, *names: str) -> dict[str, Any]:
    return {name: content[name] for name in names if name in content}
