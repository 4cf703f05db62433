"""In groups the bot speaks only when it is spoken to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from telegram_api import TOKEN, GoalBook, Group, Person, TelegramApi, running
from telegram_api.server import BOT
from waiting import wait_for

from bot.texts import load_texts

sv = load_texts("sv")
ANOTHER_BOT = {"id": 99, "is_bot": True, "first_name": "Annan", "username": "annanbot"}
PHOTO = {"photo": [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]}


@pytest.fixture
def api() -> Iterator[TelegramApi]:
    with TelegramApi(TOKEN) as server:
        yield server


async def test_mentions_commands_and_replies_are_answered_and_quoted(api, tmp_path):
    ada, book = Group(api, 1), GoalBook()
    async with running(api, tmp_path, book):
        ada.says("😀 @MalvaktBot är det grönt här?")
        await wait_for(lambda: len(ada.got) == 1)
        ada.says("/mal@malvaktbot")
        await wait_for(lambda: len(ada.got) == 2)
        ada.replies_to(ada.last, "och grön?")
        await wait_for(lambda: len(ada.got) == 3)
        mention = {"type": "text_mention", "offset": 0, "length": 7, "user": BOT}
        ada.says("Målvakt grön", entities=[mention])
        await wait_for(lambda: len(ada.got) == 4)
        ada.says(None, **PHOTO, caption="@malvaktbot grön", caption_entities=[
            {"type": "mention", "offset": 0, "length": 11}
        ])  # fmt: skip
        await wait_for(lambda: len(ada.got) == 5)
    assert [question for question, _ in book.asked] == [
        "😀  är det grönt här?",
        "och grön?",
        "grön",
        "grön",
    ]
    for message in ada.got:
        assert message.params["reply_parameters"]["allow_sending_without_reply"] is True
        assert "message_thread_id" not in message.params


async def test_talk_among_others_is_left_alone(api, tmp_path):
    ada = Group(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("Är det grönt här?")
        ada.says("@annanbot grön")
        ada.says("/mal@annanbot")
        ada.says("/okant")
        ada.says("mejla ada@malvaktbot.example")
        ada.says(None, **PHOTO)
        ada.says(None, new_chat_members=[BOT])
        ada.says(None, left_chat_member=ada.user)
        topic = ada.message(None, forum_topic_created={"name": "Miljö", "icon_color": 1})
        ada.says("grön?", reply_to_message=topic | {"from": BOT})
        ada.says("@malvaktbot grön", **{"from": ANOTHER_BOT})
        ada.says("@malvaktbot grön", is_automatic_forward=True)
        api.push({"my_chat_member": {}})
        ada.says("hej @malvaktbot")
        await wait_for(lambda: ada.got)
    assert [message.text for message in api.sent] == ["Hej."]


async def test_a_topic_is_answered_in_the_topic(api, tmp_path):
    ada = Group(api, 1, forum=True)
    async with running(api, tmp_path, GoalBook()):
        ada.says("@malvaktbot grön utförligt", message_thread_id=17, is_topic_message=True)
        await wait_for(lambda: len(ada.got) == 3)
        ada.says("@malvaktbot hej", message_thread_id=18)
        await wait_for(lambda: len(ada.got) == 4)
    assert [message.params.get("message_thread_id") for message in ada.got] == [17, 17, 17, None]
    assert ["reply_parameters" in message.params for message in ada.got] == [True, False, False, True]


async def test_an_anonymous_administrator_is_answered(api, tmp_path):
    ada = Group(api, 1)
    nobody = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    async with running(api, tmp_path, GoalBook()):
        ada.says("@malvaktbot hej", **{"from": nobody, "sender_chat": ada.chat})
        await wait_for(lambda: ada.got)
    assert ada.last.text == "Hej."


async def test_a_button_in_a_group_edits_its_message(api, tmp_path):
    ada = Group(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("@malvaktbot tryggt?")
        await wait_for(lambda: ada.got)
        ada.presses(ada.last, "Vara kommun")
        await wait_for(lambda: ada.last.versions == 2)
    assert "Trygghet i Vara" in ada.last.text


async def test_a_group_and_a_private_chat_choose_for_themselves(api, tmp_path):
    ada, group = Person(api, 1), Group(api, 1)
    async with running(api, tmp_path, GoalBook()):
        group.says("/kommun vara")
        await wait_for(lambda: group.got)
        ada.says("/mal")
        await wait_for(lambda: ada.got)
    assert ada.last.text == sv("telegram.goals_of_which")
