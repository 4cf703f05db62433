"""What waits on disk is enough to answer, and tells nothing else of the person."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Update, User
from telegram_api import Group, Person
from telegram_api.server import BOT

from bot.channels.telegram_bot.extract import extract
from bot.channels.telegram_bot.incoming import Moved, Pressed, Said, read

ME = User(BOT["id"], BOT["first_name"], True, username=BOT["username"])
NOWHERE: Any = SimpleNamespace(next_message=lambda: 7)
ADA = Person(NOWHERE, 100_000_001)
NEIGHBOURS = Group(NOWHERE, 100_000_002, forum=True)
BO = {"id": 100_000_003, "is_bot": False, "first_name": "Bo", "last_name": "Ek", "username": "boek"}
FILE = {"file_id": "fil-1", "file_unique_id": "fil-2"}
PICTURE = FILE | {"width": 1, "height": 1}
PLACE = {"latitude": 57.18, "longitude": 14.04}
CONTACT = {"phone_number": "+46701740605", "first_name": "Bo", "user_id": BO["id"]}
VENUE = {"location": PLACE, "title": "Hemma", "address": "Storgatan 1"}
GROUP = {"type": "supergroup", "id": -100500}


def mention(text: str, name: str, **more: Any) -> list[dict[str, Any]]:
    return [{"type": "mention", "offset": text.index(name), "length": len(name), **more}]


def said(person: Person, text: str | None, **more: Any) -> dict[str, Any]:
    return {"message": person.message(text, **more)}


def replied(author: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"reply_to_message": NEIGHBOURS.message("hemligt", **{"from": author}, **more)}


def pressed(**message: Any) -> dict[str, Any]:
    query = {"id": "9", "from": ADA.user, "chat_instance": "1", "data": "s:vara/ekonomi:0:"}
    return {"callback_query": query | {"message": ADA.message("hemligt") | message}}


UPDATES = {
    "question": said(ADA, "Vad gör kommunen för klimatet?"),
    "command": said(ADA, "/kommun Vara"),
    "contact": said(ADA, None, contact=CONTACT),
    "location": said(ADA, None, location=PLACE),
    "venue": said(ADA, None, venue=VENUE, location=PLACE),
    "document": said(ADA, None, document=FILE | {"file_name": "hemligt.pdf"}),
    "album": said(ADA, None, photo=[PICTURE], media_group_id="77"),
    "caption": said(ADA, None, photo=[PICTURE], caption="grön?", caption_entities=mention("grön?", "grön")),
    "forwarded": said(ADA, "grön?", forward_origin={"type": "user", "date": 1, "sender_user": BO}),
    "contact shown": said(ADA, "grön?", external_reply={"origin": {"type": "hidden_user", "date": 1,
                                                                  "sender_user_name": "Bo Ek"}}),
    "service": said(ADA, None, pinned_message=ADA.message("hemligt")),
    "group talk": said(NEIGHBOURS, "vi ses hos mig"),
    "group mention": said(NEIGHBOURS, "😀 @malvaktbot grön?"),
    "group mention by id": said(NEIGHBOURS, "Målvakt grön?", entities=[
        {"type": "text_mention", "offset": 0, "length": 7, "user": BOT}]),
    "group mention of another": said(NEIGHBOURS, "Bo grön?", entities=[
        {"type": "text_mention", "offset": 0, "length": 2, "user": BO}]),
    "group caption": said(NEIGHBOURS, None, photo=[PICTURE], caption="@malvaktbot grön?",
                          caption_entities=mention("@malvaktbot grön?", "@malvaktbot")),
    "group reply": said(NEIGHBOURS, "och trygg?", **replied(BOT)),
    "group reply to another": said(NEIGHBOURS, "och trygg?", **replied(BO)),
    "group topic": said(NEIGHBOURS, "@malvaktbot trygg?", message_thread_id=5, is_topic_message=True,
                        **replied(BOT, forum_topic_created={"name": "hemligt", "icon_color": 1})),
    "anonymous": said(NEIGHBOURS, "/mal", sender_chat=GROUP | {"title": "Grannar"},
                      **{"from": {"id": 5, "is_bot": True, "first_name": "Group"}}),
    "forwarded by itself": said(NEIGHBOURS, "@malvaktbot grön?", is_automatic_forward=True),
    "moved": said(NEIGHBOURS, None, migrate_to_chat_id=-100600),
    "press": pressed(),
    "press in a topic": pressed(message_thread_id=5, is_topic_message=True),
    "press on what is gone": pressed(date=0),
    "press without a message": {"callback_query": {"id": "9", "from": ADA.user, "chat_instance": "1"}},
    "edit": {"edited_message": ADA.message("hemligt", edit_date=1)},
}  # fmt: skip
PERSONAL = ("Ada", "Bo", "Ek", "boek", "Grannar", "Storgatan", "hemligt", "fil-", "46701740605", "57.18")


def update_of(content: dict[str, Any]) -> Update:
    return Update.de_json({"update_id": 5, **content}, None)


@pytest.mark.parametrize("name", UPDATES)
def test_an_extract_asks_the_same_and_tells_nothing_else(name: str) -> None:
    update = update_of(UPDATES[name])
    kept = extract(update.to_dict(), ME.id)
    assert kept["update_id"] == 5
    assert read(Update.de_json(kept, None), ME) == read(update, ME)
    text = json.dumps(kept, ensure_ascii=False)
    words = UPDATES[name].get("message", {}).get("text") or ""
    assert [one for one in PERSONAL if one in text and one not in words] == []
    assert str(BO["id"]) not in text


def test_updates_of_every_kind_are_looked_at() -> None:
    asked = [read(update_of(content), ME) for content in UPDATES.values()]
    kinds = {one.kind for one in asked if isinstance(one, Said)}
    assert kinds == {"question", "command", "unsupported"}
    assert {type(one) for one in asked} == {Said, Pressed, Moved, type(None)}


def test_what_people_write_is_masked_where_it_stands() -> None:
    caption = "@malvaktbot jag är 811228-9874, bo.ek@example.se"
    entities = mention(caption, "@malvaktbot") + [
        {"type": "email", "offset": caption.index("bo.ek"), "length": 16},
        {"type": "phone_number", "offset": 19, "length": 11},
    ]
    update = update_of(said(NEIGHBOURS, None, photo=[PICTURE], caption=caption, caption_entities=entities))
    message = extract(update.to_dict(), ME.id)["message"]
    assert message["caption"] == f"@malvaktbot jag är {'*' * 11}, {'*' * 16}"
    assert [one["type"] for one in message["caption_entities"]] == ["mention"]
    text = extract(update_of(said(ADA, "ring 070-174 06 05")).to_dict(), ME.id)["message"]["text"]
    assert text == f"ring {'*' * 13}"
