"""Short messages that come quickly one after the other are one question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from telegram_api import TOKEN, Fault, GoalBook, Group, Person, TelegramApi, running
from waiting import wait_for

from bot.texts import load_texts

sv = load_texts("sv")
AGES = 60.0
"""Seconds of quiet that no test waits for."""


@pytest.fixture
def api() -> Iterator[TelegramApi]:
    with TelegramApi(TOKEN) as server:
        yield server


@pytest.fixture
def book() -> GoalBook:
    return GoalBook()


def asked(book: GoalBook) -> list[str]:
    return [question for question, _ in book.asked]


async def test_a_burst_is_one_question(api, book, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, book, quiet=AGES):
        for text in ("hörru", "jag undrar en sak", "vad är grön kommun?"):
            ada.says(text)
        await wait_for(lambda: ada.got)
        # Nothing of it is answered once more.
        ada.says("hej?")
        await wait_for(lambda: len(ada.got) == 2)
    assert asked(book) == ["hörru\njag undrar en sak\nvad är grön kommun?", "hej?"]
    assert api.unconfirmed == 0
    async with running(api, tmp_path, book, quiet=AGES):
        ada.says("grön?")
        await wait_for(lambda: len(ada.got) == 3)
    assert asked(book)[2:] == ["grön?"]


async def test_quiet_ends_a_burst(api, book, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, book, quiet=0.1):
        ada.says("grön")
        await wait_for(lambda: ada.got)
        ada.says("trygg")
        await wait_for(lambda: len(ada.got) == 2)
    assert asked(book) == ["grön", "trygg"]


async def test_a_burst_does_not_go_on_for_ever(api, book, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.channels.telegram_bot.bursts.LONGEST", 0.1)
    ada = Person(api, 1)
    async with running(api, tmp_path, book, quiet=AGES):
        ada.says("grön")
        await wait_for(lambda: ada.got)
    assert asked(book) == ["grön"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("grön?", "trygg?"), ("grön " + "å" * 60, "trygg?"), ("grön", "trygg " + "å" * 60)],
)
async def test_what_is_whole_is_a_question_of_its_own(api, book, tmp_path, first, second):
    ada = Person(api, 1)
    async with running(api, tmp_path, book, quiet=AGES):
        ada.says(first)
        ada.says(second)
        await wait_for(lambda: len(ada.got) == 2)
    assert asked(book) == [first, second]


async def test_a_command_ends_a_burst_and_keeps_its_place(api, book, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, book, quiet=AGES):
        ada.says("hej")
        ada.says("/hjalp")
        await wait_for(lambda: len(ada.got) == 2)
    assert [message.text for message in ada.got] == ["Hej.", sv("telegram.help")]


async def test_each_chat_has_bursts_of_its_own(api, book, tmp_path):
    ada, bo = Person(api, 1), Person(api, 2)
    async with running(api, tmp_path, book, quiet=AGES):
        for text in ("grön", "och ekonomi?"):
            for person in (ada, bo):
                person.says(text)
        await wait_for(lambda: ada.got and bo.got)
    assert asked(book) == ["grön\noch ekonomi?"] * 2


async def test_in_a_group_nobody_finishes_anothers_sentence(api, book, tmp_path):
    ada, bo = Group(api, 1), Group(api, 2)
    async with running(api, tmp_path, book, quiet=AGES):
        ada.says("@malvaktbot grön")
        bo.says("@malvaktbot trygg")
        bo.says("@malvaktbot i Vara?")
        await wait_for(lambda: len(ada.got) == 2)
    assert asked(book) == ["grön", "trygg\ni Vara?"]


@pytest.mark.parametrize(("seconds", "questions"), [(1, ["grön\nekonomi?"]), (60, ["grön", "ekonomi?"])])
async def test_what_waited_for_the_bot_was_a_burst_when_it_was_written(
    api, book, tmp_path, seconds, questions
):
    ada = Person(api, 1)
    ada.says("grön", date=1_000_000)
    ada.says("ekonomi?", date=1_000_000 + seconds)
    async with running(api, tmp_path, book, quiet=AGES):
        await wait_for(lambda: len(ada.got) == len(questions))
    assert asked(book) == questions


async def test_a_burst_counts_once_towards_a_flood(api, book, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, book, quiet=AGES):
        for _ in range(30):
            ada.says("grön")
        ada.says("grön?")
        await wait_for(lambda: ada.got)
        ada.says("hej?")
        await wait_for(lambda: len(ada.got) == 2)
    assert ada.last.text == "Hej."


async def test_a_burst_that_fails_gets_one_apology(api, book, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, book, quiet=AGES):
        ada.says("det")
        ada.says("brister?")
        await wait_for(lambda: ada.got)
    async with running(api, tmp_path, book, quiet=AGES):
        ada.says("hej?")
        await wait_for(lambda: len(ada.got) == 2)
    assert [message.text for message in ada.got] == [sv("telegram.error"), "Hej."]


async def test_a_stop_ends_the_wait_for_more(api, book, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, book, quiet=AGES):
        ada.says("grön")
        await wait_for(lambda: api.count("sendChatAction"))
    assert asked(book) == ["grön"]
    assert len(ada.got) == 1


async def test_a_stop_while_a_burst_is_sent_keeps_it_whole(api, book, tmp_path):
    ada = Person(api, 1)
    api.fault = lambda method, params: Fault(500) if method == "sendMessage" else None
    async with running(api, tmp_path, book, quiet=AGES):
        ada.says("grön")
        ada.says("kommun?")
        await wait_for(lambda: api.count("sendMessage") > 1)
    assert not ada.got
    api.fault = lambda method, params: None
    async with running(api, tmp_path, book, quiet=AGES):
        await wait_for(lambda: ada.got)
        ada.says("hej?")
        await wait_for(lambda: len(ada.got) == 2)
    assert "Du frågade: grön\nkommun?" in ada.got[0].text
    assert asked(book) == ["grön\nkommun?", "hej?"]
