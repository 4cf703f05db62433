"""Every question is answered exactly once, whatever happens to the connection or to the bot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
from telegram_api import TOKEN, Fault, GoalBook, Group, Person, TelegramApi, running
from waiting import wait_for

from bot.texts import load_texts

sv = load_texts("sv")


@pytest.fixture
def api() -> Iterator[TelegramApi]:
    with TelegramApi(TOKEN) as server:
        yield server


@pytest.mark.parametrize(
    ("faults", "calls", "accepted"),
    [
        ([Fault(429, retry_after=0.05)], 2, 1),
        ([Fault(500), Fault(502), Fault(503), Fault(500)], 5, 1),
        ([Fault("drop"), Fault("drop")], 3, 1),
        ([Fault("drop"), Fault(429, retry_after=0.05), Fault(502)], 4, 1),
        ([Fault("drop_after")], 2, 2),
    ],
)
async def test_a_send_is_repeated_until_it_is_accepted(api, tmp_path, faults, calls, accepted):
    ada = Person(api, 1)
    api.script["sendMessage"].extend(faults)
    async with running(api, tmp_path, GoalBook()):
        ada.says("grön")
        await wait_for(lambda: len(ada.got) == accepted)
    assert api.count("sendMessage") == calls
    assert len(ada.got) == accepted


@pytest.mark.parametrize("faults", [[Fault(403)], [Fault(400)]])
async def test_what_telegram_refuses_is_not_repeated(api, tmp_path, faults):
    ada = Person(api, 1)
    api.script["sendMessage"].extend(faults)
    async with running(api, tmp_path, GoalBook()):
        ada.says("grön")
        ada.says("hej")
        await wait_for(lambda: ada.got)
    async with running(api, tmp_path, GoalBook()):
        ada.says("hej")
        await wait_for(lambda: len(ada.got) == 2)
    assert [message.text for message in ada.got] == ["Hej.", "Hej."]
    assert api.count("sendMessage") == 3


async def test_a_refused_edit_is_repeated_after_429_and_500(api, tmp_path):
    ada = Person(api, 1)
    api.script["editMessageText"].extend([Fault(429, retry_after=0.05), Fault(500), Fault("drop_after")])
    async with running(api, tmp_path, GoalBook()):
        ada.says("grön")
        await wait_for(lambda: ada.got)
        ada.presses(ada.last, sv("telegram.button.goals"))
        await wait_for(lambda: api.count("answerCallbackQuery"))
    assert api.count("editMessageText") == 4
    assert ada.last.versions == 2
    assert len(ada.got) == 1


async def test_one_chat_waits_alone(api, tmp_path):
    ada, bo = Person(api, 1), Person(api, 2)
    api.fault = lambda method, params: (
        Fault(429, retry_after=60) if method == "sendMessage" and params["chat_id"] == 1 else None
    )
    async with running(api, tmp_path, GoalBook()):
        ada.says("grön")
        await wait_for(lambda: api.count("sendMessage") == 1)
        bo.says("grön")
        await wait_for(lambda: bo.got)
    assert api.count("sendMessage") == 2
    assert not ada.got


async def test_chats_are_served_side_by_side_and_each_in_order(api, tmp_path):
    people = [Person(api, id) for id in (1, 2, 3, 4)]
    book = GoalBook(together=len(people))
    async with running(api, tmp_path, book):
        for number in range(3):
            for person in people:
                person.says(f"grön {number}")
        await wait_for(lambda: len(api.sent) == 12)
    assert not book.alone, "the chats waited for one another"
    for person in people:
        assert [message.text.split("Du frågade: ")[1][:6] for message in person.got] == [
            "grön 0",
            "grön 1",
            "grön 2",
        ]


async def test_one_new_message_is_in_flight_in_the_whole_bot(api, tmp_path):
    api.fault = lambda method, params: Fault("delay", seconds=0.02) if method == "sendMessage" else None
    async with running(api, tmp_path, GoalBook()):
        for id in range(1, 9):
            Person(api, id).says("hej")
        await wait_for(lambda: len(api.sent) == 8)
    assert api.most_sending == 1


async def test_a_group_that_moved_is_followed(api, tmp_path):
    ada = Group(api, 1, group=-5)
    api.script["sendMessage"].append(Fault(400, migrate_to=-100777))
    async with running(api, tmp_path, GoalBook()):
        ada.says("/kommun vara")
        await wait_for(lambda: api.to(-100777))
        ada.says(None, migrate_to_chat_id=-100777)
        moved = Group(api, 1, group=-100777)
        moved.says("/mal")
        await wait_for(lambda: len(moved.got) == 2)
    assert moved.last.text.startswith("Mål för Vara kommun")


async def test_an_update_that_comes_twice_is_answered_once(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        message = ada.message("grön")
        id = api.push({"message": message})
        await wait_for(lambda: ada.got)
        await wait_for(lambda: not api.unconfirmed)
    api.push_again({"update_id": id, "message": message})
    async with running(api, tmp_path, GoalBook()):
        ada.says("hej")
        await wait_for(lambda: len(ada.got) == 2)
    assert ada.last.text == "Hej."


async def test_a_stop_finishes_what_has_begun_and_keeps_the_rest(api, tmp_path):
    ada = Person(api, 1)
    book = GoalBook(held=True)
    async with running(api, tmp_path, book):
        for number in range(5):
            ada.says(f"grön {number}")
        # Confirmed to Telegram, so that the rest is in the inbox alone.
        await wait_for(lambda: book.asked and not api.unconfirmed)
        # Once the stop has begun.
        asyncio.get_running_loop().call_soon(book.go.set)
    assert len(ada.got) == 1
    async with running(api, tmp_path, GoalBook()):
        await wait_for(lambda: len(ada.got) == 5)
    assert [f"grön {number}" in message.text for number, message in enumerate(ada.got)] == [True] * 5


async def test_a_stop_ends_the_wait_for_telegram(api, tmp_path):
    ada = Person(api, 1)
    api.fault = lambda method, params: Fault(429, retry_after=60) if method == "sendMessage" else None
    async with running(api, tmp_path, GoalBook()):
        ada.says("grön")
        await wait_for(lambda: api.count("sendMessage"))
        begun = time.monotonic()
    assert time.monotonic() - begun < 30  # far less than Telegram asked for
    api.fault = lambda method, params: None
    async with running(api, tmp_path, GoalBook()):
        await wait_for(lambda: ada.got)
    assert len(ada.got) == 1


async def test_a_reply_of_several_messages_goes_on_where_it_was(api, tmp_path):
    ada = Person(api, 1)
    book = GoalBook()
    api.fault = lambda method, params: Fault(500) if method == "sendMessage" and len(api.sent) == 1 else None
    async with running(api, tmp_path, book):
        ada.says("grön utförligt")
        await wait_for(lambda: api.count("sendMessage") > 3)
    assert len(ada.got) == 1
    api.fault = lambda method, params: None
    async with running(api, tmp_path, book):
        await wait_for(lambda: len(ada.got) == 3)
        ada.says("hej")
        await wait_for(lambda: len(ada.got) == 4)
    assert len(book.asked) == 2, "the rest must be of the same reply, not of a new one"
    together = "".join(message.text for message in ada.got)
    assert [together.count(f"({n}) Vi bygger") for n in range(120)] == [1] * 120


async def test_a_start_waits_for_telegram(api, tmp_path):
    api.script["getMe"].extend([Fault(502), Fault("drop")])
    api.script["deleteWebhook"].extend([Fault(500)])
    ada = Person(api, 1)
    ada.says("hej")
    async with running(api, tmp_path, GoalBook()):
        await wait_for(lambda: ada.got)


async def test_fetching_goes_on_after_faults(api, tmp_path):
    api.script["getUpdates"].extend([Fault("drop")])
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        await asyncio.sleep(0.05)
        ada.says("hej")
        await wait_for(lambda: ada.got)
