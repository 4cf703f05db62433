"""The web service as a command runs it, with the Telegram bot beside it where that is wished."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from argparse import Namespace
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.assemble import assemble
from bot.assistant import Assistant
from bot.channels.web import WebServer, create_app
from bot.commands.progress import progress_bar
from bot.database import Database
from bot.obstacles import OutsideError
from bot.serving import Listening, listen
from bot.settings import Settings
from bot.texts import Texts

if TYPE_CHECKING:
    from bot.channels.telegram_bot import TelegramBot

log = logging.getLogger(__name__)

Telegram = Literal["none", "polling", "webhook"]


def serve(options: Namespace, settings: Settings, texts: Texts, telegram: Telegram = "none") -> int:
    """Serve until SIGINT or SIGTERM. Raises `OutsideError` and `SettingsError` for what cannot be used."""
    host = settings.web_host if options.host is None else options.host
    port = settings.web_port if options.port is None else options.port
    # Before the index is built, which takes a while at the first start: what is amiss is said at once.
    settings.reveal_secret_key()
    with listen(host, port) as listening:
        with progress_bar(texts) as progress:
            assistant = assemble(settings, progress)
        asyncio.run(Service(settings, texts, listening, telegram).run(assistant))
    return 0


@dataclass(frozen=True, slots=True)
class Service:
    """The website on its port, and the Telegram bot where that is wished."""

    settings: Settings
    texts: Texts
    listening: Listening
    telegram: Telegram

    async def run(self, assistant: Assistant) -> None:
        stopping = asyncio.Event()
        database = await Database.open(self.settings)
        try:
            bot = None if self.telegram == "none" else self._bot(assistant, database)
            app = create_app(assistant, self.settings, database, routes=bot.routes if bot else ())
            server = WebServer(app)

            def stop() -> None:
                stopping.set()
                server.stop()

            loop = asyncio.get_running_loop()
            for name in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(name, stop)
            url = self.listening.url
            self._say(self.texts("cli.web.serving", demo=f"{url}/demo", staff=f"{url}/staff"))
            async with asyncio.TaskGroup() as together:
                together.create_task(server.serve(self.listening))
                if bot:
                    together.create_task(self._answer_telegram(bot, stopping))
        finally:
            await database.close()

    def _bot(self, assistant: Assistant, database: Database) -> TelegramBot:
        # Only here: the website alone needs none of it.
        from bot.channels.telegram_bot import TelegramBot

        return TelegramBot(assistant, self.settings, database, webhook=self.telegram == "webhook")

    async def _answer_telegram(self, bot: TelegramBot, stopping: asyncio.Event) -> None:
        """The Telegram bot until ``stopping``. What ends it before is said, and leaves the website alone."""
        from bot.channels.telegram_bot import StartError

        try:
            await bot.run_until(stopping)
        except StartError as error:
            self._say_without(self.texts(f"telegram.start_error.{error.code}", detail=error.detail))
        except OutsideError as error:
            self._say_without(self.texts(error.key, detail=error.detail))
        except Exception as error:
            log.error("the Telegram bot ended with %s", type(error).__name__)

    def _say_without(self, reason: str) -> None:
        self._say(self.texts("cli.run.without_telegram", reason=reason))

    def _say(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)
