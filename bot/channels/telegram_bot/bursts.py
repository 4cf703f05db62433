"""Short messages that come quickly one after the other: they are one question, sent line by line."""

from __future__ import annotations

from telegram import Bot

from bot.channels.telegram_bot.incoming import Said, read
from bot.channels.telegram_bot.updates import ChatOrder

QUIET = 1.2
"""Seconds after a short message in which the next one still belongs to it."""
LONGEST = 4.0
"""Seconds from the first message of a burst to its last."""
SHORT = 60
"""Characters; whoever writes more at once has said what they mean."""
DATE_STEP = 1.0
"""Telegram's dates are whole seconds."""


class Bursts:
    """Who is answered together with whom; asked in the turn of a burst's first message."""

    def __init__(self, order: ChatOrder, bot: Bot, *, quiet: float) -> None:
        self._order = order
        self._bot = bot
        self._quiet = quiet
        self._joined: set[int] = set()

    async def gather(self, said: Said) -> tuple[str, tuple[int, ...]]:
        """The whole question, and the ids of the further updates that hold it.

        A message that ends with a question mark ends the burst, so it waits for nobody; so does whatever
        cannot be a part of it, which is then answered for itself.
        """
        texts, others = [said.text], []
        first = last = await self._order.arrival(said.place.chat, 0, 0.0)
        before = said
        while first and last and _goes_on(before):
            until = min(last.at + self._quiet, first.at + LONGEST)
            arrival = await self._order.arrival(said.place.chat, len(texts), until)
            # By Telegram's dates too: after a stop all that waited arrives at once.
            if arrival is None or arrival.at > until:
                break
            following = read(arrival.update, self._bot.bot)
            if not isinstance(following, Said) or not self._belongs(following, before, said):
                break
            texts.append(following.text)
            others.append(arrival.update.update_id)
            last, before = arrival, following
        self._joined.update(others)
        return "\n".join(texts), tuple(others)

    def took(self, update: int) -> bool:
        """Whether the update was answered with one before it; told once."""
        taken = update in self._joined
        self._joined.discard(update)
        return taken

    def _belongs(self, said: Said, before: Said, first: Said) -> bool:
        same = (said.person, said.place.thread) == (before.person, before.place.thread)
        soon = said.at - before.at <= self._quiet + DATE_STEP and said.at - first.at <= LONGEST + DATE_STEP
        return same and soon and _is_short(said)


def _is_short(said: Said) -> bool:
    return said.kind == "question" and said.album is None and len(said.text) < SHORT


def _goes_on(said: Said) -> bool:
    return _is_short(said) and not said.text.endswith("?")
