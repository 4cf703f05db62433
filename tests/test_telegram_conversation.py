"""Whole conversations in private chats, from Telegram's side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from telegram_api import TOKEN, Fault, GoalBook, Person, TelegramApi, running
from telegram_api.markup import visible
from waiting import wait_for

from bot.database import ChatChoices, DatabaseError
from bot.texts import load_texts

sv = load_texts("sv")
en = load_texts("en")


@pytest.fixture
def api() -> Iterator[TelegramApi]:
    with TelegramApi(TOKEN) as server:
        yield server


async def test_a_question_gets_its_goal_with_source_and_buttons(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("Vad betyder målet om en grön kommun?")
        await wait_for(lambda: ada.got)
    html = ada.last.html
    assert "<i>Texten är inofficiell.</i>" in html
    assert "<b>En grön kommun</b>" in html
    assert (
        "<blockquote>Vi värnar &lt;b&gt;miljön&lt;/b&gt; &amp; varandra.\n<b>– Ada Exempel, rådgivare</b>"
        in html
    )
    assert "\n\n• Rent vatten.\n• Frisk luft.</blockquote>" in html
    assert 'Källa: <a href="https://kommun.example/varnamo/gron?a=1&amp;b=2">Mål 2024</a>' in html
    assert "Gäller från 1 januari 2024." in html
    assert f"<i>{sv('telegram.note')}</i> Gäller än." in html
    assert ada.last.labels == [
        sv("telegram.button.whole"),
        "En trygg & <säker> kommun",
        sv("telegram.button.same", municipality="Vara kommun"),
        sv("telegram.button.goals"),
        sv("telegram.button.contact"),
    ]
    assert len(ada.got) == 1
    assert ada.last.params["link_preview_options"] == {"is_disabled": True}
    assert api.unconfirmed == 0


async def test_typing_is_shown_while_it_works(api, tmp_path):
    ada = Person(api, 1)
    book = GoalBook(held=True)
    async with running(api, tmp_path, book):
        ada.says("grön")
        await wait_for(lambda: api.count("sendChatAction"))
        assert not ada.got
        book.go.set()
        await wait_for(lambda: ada.got)
    assert api.params("sendChatAction") == [{"chat_id": 1, "action": "typing"}]


@pytest.mark.parametrize(
    ("command", "language", "expected"),
    [
        ("/start", "sv", sv("telegram.start")),
        ("/start", "en", en("telegram.start")),
        ("/start", "en-GB", en("telegram.start")),
        ("/start", "sv-FI", sv("telegram.start")),
        ("/start", "da", sv("telegram.start")),
        ("/start", "de-AT", sv("telegram.start")),
        ("/start", None, sv("telegram.start")),
        ("/hjalp", "sv", sv("telegram.help")),
        ("/hjälp", "sv", sv("telegram.help")),
        ("/HELP@MalvaktBot", "en", en("telegram.help")),
        ("/radera", "sv", sv("telegram.forgotten")),
        ("/nonsense", "sv", sv("telegram.unknown_command")),
        ("/sprak", "sv", sv("telegram.language")),
        ("/sprak en", "sv", en("telegram.language_chosen")),
        ("/kommun", "sv", sv("telegram.municipality")),
        ("/kommun Vara kommun", "sv", sv("telegram.municipality_chosen", municipality="Vara kommun")),
        ("/kommun Atlantis", "sv", sv("telegram.municipality_unknown")),
        ("/mal", "sv", sv("telegram.goals_of_which")),
        ("/goals", "en", en("telegram.goals_of_which")),
    ],
)
async def test_commands(api, tmp_path, command, language, expected):
    ada = Person(api, 1, language)
    async with running(api, tmp_path, GoalBook()):
        ada.says(command)
        await wait_for(lambda: ada.got)
    assert [message.text for message in ada.got] == [expected]


async def test_a_deep_link_chooses_the_municipality(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("/start vara")
        ada.says("/mal")
        await wait_for(lambda: len(ada.got) == 3)
    assert ada.got[1].text == sv("telegram.municipality_chosen", municipality="Vara kommun")
    assert ada.got[2].text.startswith("Mål för Vara kommun\n• Trygghet i Vara – allas <väl>")


async def test_a_link_to_a_municipality_that_is_not_known_says_so(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("/start nope")
        await wait_for(lambda: len(ada.got) == 2)
    assert [message.text for message in ada.got] == [
        sv("telegram.start"),
        sv("telegram.municipality_unknown"),
    ]
    assert ada.last.labels == ["Värnamo kommun", "Vara kommun", sv("telegram.button.no_municipality")]


async def test_the_greeting_lets_a_municipality_be_chosen(api, tmp_path):
    ada, book = Person(api, 1), GoalBook()
    async with running(api, tmp_path, book):
        ada.says("/start")
        await wait_for(lambda: ada.got)
        assert ada.last.labels == ["Värnamo kommun", "Vara kommun"]
        ada.presses(ada.last, "Vara kommun")
        await wait_for(lambda: ada.last.versions == 2)
        chosen = sv("telegram.municipality_chosen", municipality="Vara kommun")
        assert ada.last.text == f"{sv('telegram.start')}\n\n{chosen}"
        ada.says("trygg")
        ada.says("/start")
        await wait_for(lambda: len(ada.got) == 3)
    assert "Trygghet i Vara" in ada.got[1].text
    assert ada.last.labels == []


async def test_the_greeting_asks_nothing_where_the_municipality_is_clear(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook(), default_municipality="vara"):
        ada.says("/start")
        await wait_for(lambda: ada.got)
    async with running(api, tmp_path, GoalBook(municipalities=("vara",))):
        ada.says("/start")
        await wait_for(lambda: len(ada.got) == 2)
    assert [message.labels for message in ada.got] == [[], []]


async def test_small_talk_shows_where_a_person_answers(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("/kommun vara")
        ada.says("Kan jag få tala med en människa?")
        await wait_for(lambda: len(ada.got) == 2)
    assert ada.last.text.startswith("Här.\n\nVara kommun\nhttps://www.vara.example")
    assert sv("telegram.button.contact") not in ada.last.labels


async def test_about_and_contact(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook(), default_municipality="varnamo"):
        ada.says("/om")
        ada.says("/kontakt")
        await wait_for(lambda: len(ada.got) == 2)
    about, contact = ada.got
    assert sv("telegram.about.no_operator") in about.text
    assert "Kontaktcenter <Värnamo>" in about.text
    assert sv("telegram.about.kept") in about.text
    assert "Telefon: 0370-00 00 00" in contact.text
    async with running(api, tmp_path, GoalBook(), operator="Exempelförbundet"):
        ada.says("/om")
        await wait_for(lambda: len(ada.got) == 3)
    assert "Tjänsten drivs av Exempelförbundet." in ada.last.text


async def test_choices_survive_a_restart_and_radera_erases_them(api, tmp_path, database_settings):
    ada, book, url = Person(api, 1), GoalBook(), database_settings.database_url
    async with running(api, tmp_path, book, database_url=url):
        ada.says("/kommun vara")
        ada.says("/sprak en")
        await wait_for(lambda: len(ada.got) == 2)
    async with running(api, tmp_path, book, database_url=url):
        ada.says("trygg")
        await wait_for(lambda: len(ada.got) == 3)
        ada.says("/forget")
        ada.says("trygg igen")
        await wait_for(lambda: len(ada.got) == 5)
    (_, before), (_, after) = book.asked
    assert (before.municipality, before.chosen_language) == ("vara", "en")
    assert (after.municipality, after.chosen_language, after.language) == (None, None, "sv")
    assert ada.got[3].text == en("telegram.forgotten")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"trygg" not in kept


async def test_a_database_that_is_gone_stops_no_answer_and_nothing_is_promised(api, tmp_path, monkeypatch):
    ada, book = Person(api, 1), GoalBook()

    async def gone(*_: object) -> None:
        raise DatabaseError("unreachable", "db.example.se/malvakt")

    async with running(api, tmp_path, book):
        for name in ("get", "set", "erase"):
            monkeypatch.setattr(ChatChoices, name, gone)
        ada.says("trygg")
        await wait_for(lambda: len(ada.got) == 1)
        ada.says("/kommun vara")
        await wait_for(lambda: len(ada.got) == 2)
        ada.says("/radera")
        await wait_for(lambda: len(ada.got) == 3)
    assert len(book.asked) == 1
    assert [message.text for message in ada.got[1:]] == [sv("telegram.error"), sv("telegram.later")]


async def test_a_clarification_is_edited_into_the_answer(api, tmp_path):
    ada, book = Person(api, 1), GoalBook()
    async with running(api, tmp_path, book):
        ada.says("Hur blir det tryggare?")
        await wait_for(lambda: ada.got)
        assert ada.last.labels == ["Värnamo kommun", "Vara kommun"]
        ada.presses(ada.last, "Vara kommun")
        await wait_for(lambda: ada.last.versions == 2)
        ada.presses(ada.last, data="a:vara:0:" + ada.last.data(sv("telegram.button.whole"))[-8:])
        await wait_for(lambda: api.count("editMessageText") == 2)
    assert len(ada.got) == 1
    assert "Trygghet i Vara" in ada.last.text
    assert ada.last.versions == 2
    assert book.asked[1][0] == "Hur blir det tryggare?"
    assert book.asked[1][1].municipality == "vara"


async def test_whole_goal_pages_and_the_way_back(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("grön")
        await wait_for(lambda: ada.got)
        answer = ada.last.html
        ada.presses(ada.last, sv("telegram.button.whole"))
        await wait_for(lambda: ada.last.versions == 2)
        assert "<blockquote expandable>" in ada.last.html
        first = ada.last.text
        following = sv("telegram.button.next", page=2, pages=3)
        ada.presses(ada.last, following)
        await wait_for(lambda: ada.last.versions == 3)
        second = ada.last.text
        ada.presses(ada.last, sv("telegram.button.next", page=3, pages=3))
        await wait_for(lambda: ada.last.versions == 4)
        read = f"{first}\n{second}\n{ada.last.text}"
        ada.presses(ada.last, sv("telegram.button.previous"))
        await wait_for(lambda: ada.last.versions == 5)
        assert ada.last.text == second
        ada.presses(ada.last, sv("telegram.button.back"))
        await wait_for(lambda: ada.last.versions == 6)
        assert ada.last.html == answer
        ada.presses(ada.last, sv("telegram.button.contact"))
        await wait_for(lambda: ada.last.versions == 7)
        assert "0370-00 00 00" in ada.last.text
    assert [read.count(f"({n}) Vi bygger") for n in range(120)] == [1] * 120
    assert len(ada.got) == 1
    assert api.count("answerCallbackQuery") == 6


async def test_goals_municipalities_and_languages_by_button(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        steps = ["Vara kommun", sv("telegram.button.municipalities"), "Värnamo kommun", "En grön kommun"]
        ada.says("/mal")
        await wait_for(lambda: ada.got)
        for number, label in enumerate(steps, 2):
            ada.presses(ada.last, label)
            await wait_for(lambda number=number: ada.last.versions == number)
        assert ada.last.text.startswith("Texten är inofficiell.\n\nEn grön kommun")
        ada.says("/kommun")
        await wait_for(lambda: len(ada.got) == 2)
        ada.presses(ada.last, "Vara kommun")
        await wait_for(lambda: ada.last.versions == 2)
        assert ada.last.text == sv("telegram.municipality_chosen", municipality="Vara kommun")
        ada.says("/sprak")
        await wait_for(lambda: len(ada.got) == 3)
        ada.presses(ada.last, "English")
        await wait_for(lambda: ada.last.versions == 2)
    assert ada.last.text == en("telegram.language_chosen")


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ("", "stale"),
        ("nonsense", "stale"),
        ("s:vara/borta:0:", "stale"),
        ("g:atlantis:0:", "stale"),
        ("l:tlh:0:", "stale"),
        ("a::0:", "forgotten"),
        ("a:vara:0:0123abcd", "forgotten"),
        ("e::0:0123abcd", "forgotten"),
        ("x" * 64, "stale"),
    ],
)
async def test_stale_buttons_say_so(api, tmp_path, data, key):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("hej")
        await wait_for(lambda: ada.got)
        ada.presses(ada.last, data=data)
        await wait_for(lambda: api.count("answerCallbackQuery"))
    assert api.params("answerCallbackQuery")[0]["text"] == sv(f"telegram.toast.{key}")
    assert len(ada.got) == 1


async def test_what_cannot_be_edited_is_sent_anew(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("grön")
        await wait_for(lambda: ada.got)
        old = ada.last
        api.gone.add(old.id)
        ada.presses(old, sv("telegram.button.contact"))
        await wait_for(lambda: len(ada.got) == 2)
        inaccessible = {"message_id": old.id, "date": 0, "chat": ada.chat}
        ada.press(inaccessible, old.data(sv("telegram.button.goals")))
        await wait_for(lambda: len(ada.got) == 3)
    assert old.versions == 1
    assert ada.last.text.startswith("Mål för Värnamo kommun")


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1, "type": "regular",
                     "is_animated": False, "is_video": False}},
        {"photo": [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]},
        {"voice": {"file_id": "a", "file_unique_id": "a", "duration": 1}},
        {"video": {"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1, "duration": 1}},
        {"document": {"file_id": "a", "file_unique_id": "a"}},
        {"location": {"latitude": 57.2, "longitude": 14.0}},
        {"contact": {"phone_number": "1", "first_name": "Ada"}},
        {"dice": {"emoji": "🎲", "value": 3}},
    ],
)  # fmt: skip
async def test_what_is_not_text_gets_a_friendly_line(api, tmp_path, content):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says(None, **content)
        await wait_for(lambda: ada.got)
    assert ada.last.text == sv("telegram.unsupported")


async def test_albums_captions_edits_and_service_messages(api, tmp_path):
    ada = Person(api, 1)
    photo = {"photo": [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]}
    async with running(api, tmp_path, GoalBook()):
        for _ in range(3):
            ada.says(None, **photo, media_group_id="77")
        ada.says(None, pinned_message=ada.message("hej"))
        api.push({"edited_message": ada.message("grön", edit_date=1_700_000_000)})
        channel = {"id": -1001, "type": "channel", "title": "Nytt"}
        api.push({"channel_post": {"message_id": 9, "date": 1_700_000_000, "chat": channel, "text": "grön"}})
        ada.says(None, **photo, caption="grön?")
        await wait_for(lambda: len(ada.got) == 2)
    assert ada.got[0].text == sv("telegram.unsupported")
    assert "Du frågade: grön?" in ada.got[1].text
    assert len(api.sent) == 2


@pytest.mark.parametrize(
    "text", ["   ", "grön\0 och\u202e \u200f vågad", "grön \ud83d ensam", "grön 😀" + "å" * 4090, "\u200f"]
)
async def test_strange_text_is_answered(api, tmp_path, text):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says(text)
        await wait_for(lambda: ada.got)
    assert visible(ada.last.html)
    assert sv("telegram.error") not in [message.text for message in ada.got]


async def test_a_long_answer_is_split_and_only_its_end_has_buttons(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("grön utförligt")
        await wait_for(lambda: len(ada.got) == 3)
    assert [bool(message.rows) for message in ada.got] == [False, False, True]


async def test_an_unexpected_fault_apologises_once_and_logs_no_question(api, tmp_path, caplog):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("min hemlighet brister")
        ada.says("hej")
        await wait_for(lambda: len(ada.got) == 2)
    assert [message.text for message in ada.got] == [sv("telegram.error"), "Hej."]
    assert "ValueError" in caplog.text
    assert "in ask" in caplog.text
    assert "hemlighet" not in caplog.text
    assert TOKEN not in caplog.text


async def test_the_menu_is_set_in_both_languages_and_may_fail(api, tmp_path):
    api.missing |= {"setMyShortDescription", "sendChatAction", "answerCallbackQuery"}
    api.script["setMyCommands"].append(Fault(429, retry_after=0.01))
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("hej")
        await wait_for(lambda: ada.got and api.count("setMyShortDescription") == 2)
    swedish, english = api.params("setMyCommands")[1:]
    assert "language_code" not in swedish
    assert english["language_code"] == "en"
    assert [command["command"] for command in swedish["commands"]][:2] == ["start", "mal"]
    assert [command["command"] for command in english["commands"]][:2] == ["start", "goals"]


async def test_one_person_floods_and_others_are_served(api, tmp_path):
    ada, bo = Person(api, 1), Person(api, 2)
    async with running(api, tmp_path, GoalBook()):
        for number in range(30):
            ada.says(f"hej {number}", date=1_700_000_000 + number // 10)
        bo.says("hej")
        ada.says("hej", date=1_700_000_090)
        await wait_for(lambda: bo.got and len(ada.got) == 22)
    assert [message.text for message in ada.got] == ["Hej."] * 20 + [sv("telegram.flood"), "Hej."]


async def test_messages_that_waited_for_the_bot_are_no_flood(api, tmp_path):
    ada = Person(api, 1)
    for number in range(40):
        ada.says("hej", date=1_700_000_000 + 4 * number)
    async with running(api, tmp_path, GoalBook()):
        await wait_for(lambda: len(ada.got) == 40)
    assert {message.text for message in ada.got} == {"Hej."}


async def test_pressing_too_often_is_told_in_a_toast(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("hej")
        await wait_for(lambda: ada.got)
        for _ in range(25):
            ada.presses(ada.last, sv("telegram.button.goals"))
        await wait_for(lambda: api.count("answerCallbackQuery") == 25)
    toasts = [params.get("text", "") for params in api.params("answerCallbackQuery")]
    assert toasts == [""] * 20 + [sv("telegram.flood")] + [""] * 4


async def test_what_was_perhaps_meant_is_a_button(api, tmp_path):
    ada = Person(api, 1)
    async with running(api, tmp_path, GoalBook()):
        ada.says("vad menade jag")
        await wait_for(lambda: ada.got)
        offer = ada.last.html
        assert offer.startswith("<i>Skövde är inte med.</i>\n\nMenade du något av det här?")
        assert "0370-00 00 00" in offer
        assert ada.last.labels == ["En grön kommun", "Hållbar ekonomi"]
        ada.presses(ada.last, "Hållbar ekonomi")
        await wait_for(lambda: ada.last.versions == 2)
        assert "<b>Hållbar ekonomi</b>" in ada.last.html
        ada.presses(ada.last, sv("telegram.button.back"))
        await wait_for(lambda: ada.last.versions == 3)
        assert ada.last.html == offer
