"""What is owed to people is done once the database is back; everything else goes on meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from telegram_api import TOKEN, GoalBook, Group, Person, TelegramApi, running, settings_for
from waiting import wait_for

from bot.channels.telegram_bot.store import chat_hash
from bot.database import ChatChoice, ChatChoices, Database, DatabaseError
from bot.texts import load_texts

sv = load_texts("sv")
FLOOD = 20
"""Messages a minute after which a person is told to wait."""


class Outage:
    """A database of which the choices can be neither read nor written while it is ``down``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.down = False
        self.tried: list[str] = []
        for name in ("get", "set", "move", "erase"):
            self._cut(name, monkeypatch)

    def _cut(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        real = getattr(ChatChoices, name)

        async def call(choices: ChatChoices, *arguments: object) -> object:
            self.tried.append(name)
            if self.down:
                raise DatabaseError("unreachable", "db.example.se/malvakt")
            return await real(choices, *arguments)

        monkeypatch.setattr(ChatChoices, name, call)


@pytest.fixture
def api() -> Iterator[TelegramApi]:
    with TelegramApi(TOKEN) as server:
        yield server


@pytest.fixture
def outage(monkeypatch: pytest.MonkeyPatch) -> Outage:
    return Outage(monkeypatch)


async def kept(api: TelegramApi, directory: object, chat: int) -> ChatChoice:
    settings = settings_for(api, directory)
    database = await Database.open(settings)
    try:
        return await database.choices.get(chat_hash(settings.reveal_secret_key(), chat))
    finally:
        await database.close()


async def test_to_forget_is_repeated_until_the_database_has_forgotten_too(api, tmp_path, outage, caplog):
    ada, eve, book = Person(api, 1), Person(api, 2), GoalBook()
    async with running(api, tmp_path, book):
        ada.says("/kommun vara")
        await wait_for(lambda: ada.got)
        outage.down = True
        ada.says("/radera")
        await wait_for(lambda: len(ada.got) == 2)
        assert ada.last.text == sv("telegram.later")
        # Neither the person nor anybody else waits for it.
        ada.says("trygg")
        eve.says("hej")
        await wait_for(lambda: len(ada.got) == 3 and eve.got)
        assert book.asked[-1][1].municipality is None, "what the bot itself knew is forgotten at once"
        await wait_for(lambda: outage.tried.count("erase") > FLOOD)
        assert len(ada.got) == 3, "it is said once"
        outage.down = False
        await wait_for(lambda: len(ada.got) == 4)
        assert ada.last.text == sv("telegram.forgotten")
        done = outage.tried.count("erase")
        ada.says("hej")
        await wait_for(lambda: len(ada.got) == 5)
    assert outage.tried.count("erase") == done
    assert await kept(api, tmp_path, 1) == ChatChoice()
    assert "database.unreachable" in caplog.text


async def test_to_forget_outlives_stops(api, tmp_path, outage):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("/kommun vara")
        await wait_for(lambda: ada.got)
        outage.down = True
        ada.says("/radera")
        await wait_for(lambda: outage.tried.count("erase") > 3)
    for _ in range(3):
        before = outage.tried.count("erase")
        async with running(api, tmp_path, GoalBook()):
            await wait_for(lambda before=before: outage.tried.count("erase") > before + 2)
    assert sv("telegram.error") not in [message.text for message in ada.got]
    outage.down = False
    async with running(api, tmp_path, GoalBook()):
        await wait_for(lambda: ada.last.text == sv("telegram.forgotten"))
    assert await kept(api, tmp_path, 1) == ChatChoice()
    assert [message.text for message in ada.got].count(sv("telegram.forgotten")) == 1


async def test_earlier_messages_are_forgotten_while_the_database_is_away(api, tmp_path, outage, monkeypatch):
    ada = Person(api, 1)
    # Answered, but still in the file: the bot was killed before it could strike the question out.
    async with running(api, tmp_path, GoalBook()):
        with monkeypatch.context() as patch:
            patch.setattr("bot.channels.telegram_bot.inbox.Inbox.handled", _nothing)
            ada.says("trygg hemlighet")
            await wait_for(lambda: ada.got)
        outage.down = True
        ada.says("/radera")
        await wait_for(lambda: len(ada.got) == 2)
        assert all(b"hemlighet" not in path.read_bytes() for path in tmp_path.glob("telegram.sqlite3*"))


async def test_a_group_that_moves_takes_its_choices_along_in_the_end(api, tmp_path, outage):
    group = Group(api, 1)
    moved = Group(api, 1, group=-100777)
    async with running(api, tmp_path, GoalBook()):
        group.says("/kommun vara")
        await wait_for(lambda: group.got)
        outage.down = True
        group.says(None, migrate_to_chat_id=moved.group)
        await wait_for(lambda: outage.tried.count("move") > 2)
        outage.down = False
        before = outage.tried.count("move")
        await wait_for(lambda: outage.tried.count("move") > before)
        moved.says("hej @malvaktbot")
        await wait_for(lambda: moved.got)
    assert (await kept(api, tmp_path, moved.group)).municipality == "vara"
    assert await kept(api, tmp_path, group.group) == ChatChoice()


async def test_a_choice_that_could_not_be_kept_does_not_come_back_to_undo_a_later_one(api, tmp_path, outage):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        outage.down = True
        ada.says("/kommun vara")
        await wait_for(lambda: ada.got)
        assert ada.last.text == sv("telegram.error")
        outage.down = False
        ada.says("/kommun värnamo")
        await wait_for(lambda: len(ada.got) == 2)
        assert outage.tried.count("set") == 2
    assert (await kept(api, tmp_path, 1)).municipality == "varnamo"


async def _nothing(*_: object) -> None:
    return None
