"""What an update asks of the bot, if anything."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from telegram import Chat, Message, MessageEntity, Update, User

from bot.channels.telegram_bot.menu import COMMANDS
from bot.channels.telegram_bot.message import Place

Kind = Literal["question", "command", "unknown_command", "unsupported"]

_COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Said:
    """A message for the bot."""

    place: Place
    private: bool
    person: int
    at: float
    """When Telegram took it in, seconds since 1970."""
    locale: str | None
    """The person's own Telegram language, as an IETF tag."""
    kind: Kind
    text: str = ""
    """The question, or what follows a command."""
    command: str = ""
    """A key of `menu.MENU`."""
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that was pressed."""

    place: Place
    person: int
    locale: str | None
    query: str
    data: str | None
    message: int | None
    """The message to edit; ``None``: it is out of reach."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A group that became a supergroup."""

    old: int
    new: int


def read(update: Update, me: User) -> Said | Pressed | Moved | None:
    """What the update asks; nothing for edits, channel posts, service messages and talk among others."""
    if update.callback_query:
        return _pressed(update)
    message = update.message
    if message is None or message.chat.type == Chat.CHANNEL:
        return None
    if message.migrate_to_chat_id:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    sender = message.from_user
    # An anonymous administrator writes as a bot in the name of the group; other bots are not talked to.
    if sender is None or message.is_automatic_forward or (sender.is_bot and message.sender_chat is None):
        return None
    return _said(message, sender, me)


def _pressed(update: Update) -> Pressed | None:
    query = update.callback_query
    if query is None or query.message is None:
        return None
    message = query.message
    topic = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    return Pressed(
        place=Place(message.chat.id, topic),
        person=query.from_user.id,
        locale=query.from_user.language_code,
        query=query.id,
        data=query.data,
        message=message.message_id if message.is_accessible else None,
    )


def _said(message: Message, sender: User, me: User) -> Said | None:
    private = message.chat.type == Chat.PRIVATE
    text = message.text if message.text is not None else message.caption
    kind: Kind = "question"
    command = ""
    if text is None:
        if not private or message.effective_attachment is None:
            return None
        kind = "unsupported"
    elif message.text is not None and (match := _COMMAND.fullmatch(text.strip())):
        named = match[2]
        if named and named.casefold() != (me.username or "").casefold():
            return None
        command = COMMANDS.get(_plain(match[1]), "")
        if not command and not (private or named):
            return None
        kind, text = ("command" if command else "unknown_command"), match[3] or ""
    elif not private:
        text, mentioned = _without_mentions(message, text, me)
        if not (mentioned or _is_reply_to(message, me)):
            return None
    return Said(
        place=Place(
            message.chat.id,
            # Also set outside forums, where a reply must not name it.
            message.message_thread_id if message.is_topic_message else None,
            None if private else message.message_id,
        ),
        private=private,
        person=message.sender_chat.id if message.sender_chat else sender.id,
        at=message.date.timestamp(),
        locale=sender.language_code,
        kind=kind,
        text=_SURROGATE.sub("\ufffd", (text or "").replace("\0", " ")).strip(),
        command=command,
        album=message.media_group_id,
    )


def _plain(word: str) -> str:
    """Lower case without accents: /Mål is /mal."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _is_reply_to(message: Message, me: User) -> bool:
    """Whether it answers the bot; in a topic that the bot made, every message "replies" to its making."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.forum_topic_created:
        return False
    return replied.from_user.id == me.id


def _without_mentions(message: Message, text: str, me: User) -> tuple[str, bool]:
    """The text without mentions of the bot, and whether there was one."""
    # Offsets count UTF-16 code units; lone surrogates must not stop us.
    units = text.encode("utf-16-le", "surrogatepass")
    mentioned = False
    entities = message.entities if message.text is not None else message.caption_entities
    for entity in sorted(entities, key=lambda entity: entity.offset, reverse=True):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        said = units[start:end].decode("utf-16-le", "replace")
        by_name = entity.type == MessageEntity.MENTION and said.casefold() == f"@{me.username}".casefold()
        by_id = (
            entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == me.id
        )
        if by_name or by_id:
            units = units[:start] + units[end:]
            mentioned = True
    return units.decode("utf-16-le", "surrogatepass"), mentioned
