"""What is kept in memory alone: conversations, and who has just written a great deal."""

from __future__ import annotations

import hashlib
import json
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Literal

from bot.answer import Conversation

CHATS = 10_000
TURNS = 8
"""Answers of a chat whose buttons lead back to their question."""
SECONDS = 3600.0
PEOPLE = 10_000
"""Whose last minute is remembered."""

Verdict = Literal["pass", "tell", "ignore"]


@dataclass(slots=True)
class _Chat:
    conversation: Conversation
    at: float
    turns: OrderedDict[str, Conversation] = field(default_factory=OrderedDict)


class Memory:
    """The conversation of each chat, and of its last answers by a token that fits into a button."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._chats: OrderedDict[int, _Chat] = OrderedDict()

    def get(self, chat: int) -> Conversation | None:
        found = self._find(chat)
        return found.conversation if found else None

    def turn(self, chat: int, token: str) -> Conversation | None:
        """The conversation after the answer with this token, or nothing if it is forgotten."""
        found = self._find(chat)
        return found.turns.get(token) if found else None

    def keep(self, chat: int, conversation: Conversation) -> str:
        """Remember the conversation; returns its token, empty if no question can be asked again."""
        now = self._clock()
        kept = self._find(chat) or _Chat(conversation, now)
        kept.conversation, kept.at = conversation, now
        self._chats[chat] = kept
        self._chats.move_to_end(chat)
        if len(self._chats) > CHATS:
            self._chats.popitem(last=False)
        if conversation.question is None:
            return ""
        # From the content: the same answer has the same token, so that a second press changes nothing.
        content = json.dumps(conversation.as_json(), sort_keys=True).encode()
        token = hashlib.blake2b(content, digest_size=4).hexdigest()
        kept.turns[token] = conversation
        kept.turns.move_to_end(token)
        if len(kept.turns) > TURNS:
            kept.turns.popitem(last=False)
        return token

    def forget(self, chat: int) -> None:
        self._chats.pop(chat, None)

    def move(self, old: int, new: int) -> None:
        if old in self._chats:
            self._chats.setdefault(new, self._chats.pop(old))

    def _find(self, chat: int) -> _Chat | None:
        # The oldest lie first; each look forgets whoever has been silent for too long.
        limit = self._clock() - SECONDS
        while self._chats:
            oldest, entry = next(iter(self._chats.items()))
            if entry.at > limit:
                break
            del self._chats[oldest]
        return self._chats.get(chat)


@dataclass(slots=True)
class _Window:
    times: deque[float] = field(default_factory=deque)
    told: bool = False


class Flood:
    """At most ``limit`` in any ``seconds`` of a person; what is turned away does not count.

    Times are handed in: a message's own date, so that messages that waited for the bot are no flood.
    """

    def __init__(self, *, limit: int = 20, seconds: float = 60.0) -> None:
        self._limit = limit
        self._seconds = seconds
        self._people: OrderedDict[Hashable, _Window] = OrderedDict()

    def judge(self, person: Hashable, at: float) -> Verdict:
        """Whether to answer what the person sent at this time (seconds)."""
        window = self._people.setdefault(person, _Window())
        self._people.move_to_end(person)
        if len(self._people) > PEOPLE:
            self._people.popitem(last=False)
        while window.times and window.times[0] <= at - self._seconds:
            window.times.popleft()
        if len(window.times) < self._limit:
            window.times.append(at)
            window.told = False
            return "pass"
        if window.told:
            return "ignore"
        window.told = True
        return "tell"
