"""The bot with the real assistant over the real goal texts, as a resident meets it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from telegram_api import TOKEN, Person, TelegramApi, running
from waiting import wait_for

from bot.texts import load_texts

sv = load_texts("sv")
en = load_texts("en")


@pytest.fixture
def api() -> Iterator[TelegramApi]:
    with TelegramApi(TOKEN) as server:
        yield server


async def test_a_conversation_in_two_languages(api, tmp_path, assistant):
    ada, eve = Person(api, 1), Person(api, 2, "en")
    async with running(api, tmp_path, assistant):
        ada.says("Vad betyder målet om en grön kommun?")
        eve.says("what does the green municipality goal mean?")
        await wait_for(lambda: ada.got and eve.got)
        title = "<b>En grön kommun</b>\nen god miljö är grunden för vår välfärd\n"
        assert f"{title}<blockquote>Värnamo ska utvecklas" in ada.last.html
        assert "Gäller från 1 januari 2024." in ada.last.text
        assert "Applies from 1 January 2024." in eve.last.text
        assert "Värnamo is to develop" in eve.last.text
        assert "\n<i>en god miljö är grunden för vår välfärd</i>\n" in eve.last.html
        assert "<blockquote><i>Värnamo ska utvecklas" in eve.last.html
        assert "https://kommun.varnamo.se/" in eve.last.html

        answer = eve.last.html
        eve.presses(eve.last, "A safe municipality")
        await wait_for(lambda: eve.last.versions == 2)
        assert "<b>A safe municipality</b>" in eve.last.html
        eve.presses(eve.last, en("telegram.button.back"))
        await wait_for(lambda: eve.last.versions == 3)
        assert eve.last.html == answer

        ada.says("/kommun Vara")
        ada.says("hur ser det ut med ekonomin?")
        await wait_for(lambda: len(ada.got) == 3)
        assert "Vara kommun" in ada.last.text
        ada.presses(ada.last, sv("telegram.button.same", municipality="Värnamo kommun"))
        await wait_for(lambda: ada.last.versions == 2)
        assert "<b>En stark kommun</b>" in ada.last.html

        ada.says("/mal")
        await wait_for(lambda: len(ada.got) == 4)
        for label in [label for label in ada.last.labels if label != sv("telegram.button.contact")]:
            menu = ada.last
            seen = menu.versions
            ada.presses(menu, label)
            await wait_for(lambda menu=menu, seen=seen: menu.versions == seen + 1)
            ada.says("/mal")
            await wait_for(lambda menu=menu: ada.last is not menu)


async def test_every_section_can_be_read_page_by_page(api, tmp_path, assistant):
    eve = Person(api, 2, "en")
    sections = [section for one in assistant.goals("en") for section in one.sections]
    assert len(sections) >= 14
    async with running(api, tmp_path, assistant):
        eve.says("hello")
        await wait_for(lambda: eve.got)
        message = eve.last
        for section in sections[:14]:
            eve.presses(message, data=f"s:{section.id}:0:")
            await wait_for(lambda title=section.title: title in message.text)


async def test_what_the_texts_do_not_say_is_refused_with_a_contact(api, tmp_path, assistant):
    ada = Person(api, 1)
    async with running(api, tmp_path, assistant):
        ada.says("Vilka tider har simhallen öppet?")
        ada.says("Vilka tider har simhallen i Värnamo öppet?")
        await wait_for(lambda: len(ada.got) == 2)
    anywhere, varnamo = ada.got
    assert "<blockquote>" not in anywhere.html + varnamo.html
    assert {sv("telegram.button.goals"), sv("telegram.button.contact")} <= set(anywhere.labels)
    assert "0370-37 70 00" in varnamo.text
    assert sv("telegram.button.contact") not in varnamo.labels
