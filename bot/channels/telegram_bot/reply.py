"""The reply to one update: which of its messages are still to be sent."""

from __future__ import annotations

from bot.channels.telegram_bot.delivery import Delivery
from bot.channels.telegram_bot.inbox import Inbox, Progress
from bot.channels.telegram_bot.message import Message, Place, dump, load


class Reply:
    """Sends messages in order, and leaves out those that were accepted before a restart."""

    def __init__(
        self, update: int, place: Place, progress: Progress, *, inbox: Inbox, delivery: Delivery
    ) -> None:
        self.update = update
        self.place = place
        self._progress = progress
        self._inbox = inbox
        self._delivery = delivery
        self._position = 0

    async def resume(self) -> bool:
        """Send the rest of a reply that was cut off between two messages; false if there is none."""
        if self._progress.reply is None:
            return False
        await self._send_all(load(self._progress.reply))
        return True

    async def send(self, *messages: Message) -> None:
        """Send the messages, each counted once it is accepted. Raises as `Delivery.send`."""
        if len(messages) > 1:
            await self._inbox.keep_reply(self.update, dump(messages))
        await self._send_all(messages)

    async def _send_all(self, messages: tuple[Message, ...]) -> None:
        for message in messages:
            self._position += 1
            if self._position > self._progress.sent:
                await self._delivery.send(self._quoting(), message, self._count)

    async def _count(self) -> None:
        await self._inbox.count(self.update, self._position)

    def _quoting(self) -> Place:
        """The first message alone quotes the question."""
        return self.place if self._position == 1 else Place(self.place.chat, self.place.thread)

    async def edit(self, message_id: int, message: Message) -> None:
        """Show the message in place of another, or as a new one where that is impossible."""
        if self._position < self._progress.sent or not await self._delivery.edit(
            self.place, message_id, message
        ):
            await self.send(message)
