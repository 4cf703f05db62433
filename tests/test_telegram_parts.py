"""The small parts of the Telegram channel on their own: layout, buttons, memory, flood, inbox."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram_api.markup import visible

from bot.answer import (
    Answer,
    Contact,
    Conversation,
    MunicipalityGoals,
    Part,
    Reason,
    SectionSummary,
    Sentence,
    Suggestion,
)
from bot.channels.telegram_bot.buttons import Press, answer_rows, expand, parse
from bot.channels.telegram_bot.errors import StoreError
from bot.channels.telegram_bot.inbox import KEEP_SECONDS, PRUNE_EVERY, Inbox, Progress
from bot.channels.telegram_bot.memory import CHATS, SECONDS, TURNS, Flood, Memory
from bot.channels.telegram_bot.message import LIMIT, Span, set_pages, size
from bot.channels.telegram_bot.render import answer_pages
from bot.channels.telegram_bot.store import Store
from bot.channels.telegram_bot.views import goals_view
from bot.texts import load_texts

sv = load_texts("sv")


@pytest.mark.parametrize(("text", "units"), [("å", 1), ("😀", 2), ("👩‍👩‍👧", 8), ("", 0), ("a\u0301", 2)])
def test_size_counts_utf16_units(text, units):
    assert size(text) == units


def test_a_message_is_filled_to_the_last_unit_and_no_further():
    full = "😀" * (LIMIT // 2)
    assert set_pages([Span(full)]) == (full,)
    assert set_pages([Span(full + "!")]) == (full, "!")
    assert set_pages([Span("a" * 4000), Span("b" * 95, " ")]) == ("a" * 4000 + " " + "b" * 95,)
    assert set_pages([Span("a" * 4000), Span("b" * 96, " ")]) == ("a" * 4000, "b" * 96)


def test_sentences_stay_whole_and_a_longer_one_is_cut_at_words():
    assert set_pages([Span("Ett två tre."), Span("Fyra fem.", " ")], limit=15) == (
        "Ett två tre.",
        "Fyra fem.",
    )
    assert set_pages([Span("Ett två tre fyra.")], limit=8) == ("Ett två", "tre", "fyra.")


def test_a_quotation_goes_on_in_the_next_message_as_a_quotation():
    spans = [Span("Titel", style="b"), Span("a" * 900, "\n", quote=0), Span("b" * 900, " ", quote=0)]
    first, second = set_pages(spans, limit=1000)
    assert first == f"<b>Titel</b>\n<blockquote expandable>{'a' * 900}</blockquote>"
    assert second == f"<blockquote expandable>{'b' * 900}</blockquote>"


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
spans = st.builds(
    Span,
    text=words,
    before=st.sampled_from(["", " ", "\n", "\n\n"]),
    style=st.sampled_from(["", "b", "i"]),
    link=st.sampled_from([None, 'https://kommun.example/?a=1&b="2"\'<3>']),
    quote=st.sampled_from([None, 0, 1]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(spans, max_size=30), st.integers(20, 200))
def test_pages_hold_everything_in_order_within_the_limit(spans, limit):
    pages = set_pages(spans, limit=limit)
    seen = []
    for page in pages:
        if re.sub(r"<[^>]*>", "", page).strip():
            text = visible(page)
            assert size(text) <= limit
            seen.append(text)
    squeeze = re.compile(r"\s+")
    assert squeeze.sub("", "".join(seen)) == squeeze.sub("", "".join(span.text for span in spans))


def test_links_that_are_none_are_text():
    assert set_pages([Span("x", link="javascript:alert(1)")]) == ("x",)


def test_a_translation_shows_its_original_beneath():
    sentences = (
        Sentence("One.", original="Ett.", paragraph=0),
        Sentence("Two.", original="Två.", paragraph=0, speaker="Ada Exempel"),
        Sentence("- a", original="- å", paragraph=1, item=True),
        Sentence("- b", original="- ä", paragraph=1, item=True),
    )
    part = Part("v/x", "Title", sentences, lead="A lead", lead_original="En ingress")
    answer = Answer("answer", "en", "", Conversation(), parts=(part,))
    assert answer_pages(answer, sv) == (
        "<b>Title</b>\nA lead\n<i>En ingress</i>"
        "\n<blockquote>One. Two.\n<b>– Ada Exempel</b>\n\n• a\n• b</blockquote>"
        "\n<blockquote><i>Ett.</i> <i>Två.</i>\n\n<i>• å</i>\n<i>• ä</i></blockquote>",
    )


def test_what_is_left_out_is_marked():
    sentences = (
        Sentence("Two.", "Två.", gap=True),
        Sentence("Four.", "Fyra.", gap=True),
        Sentence("- b", "- ä", paragraph=1, item=True, gap=True),
        Sentence("- c", "- ö", paragraph=1, item=True),
    )
    answer = Answer("answer", "en", "", Conversation(), parts=(Part("v/x", "Title", sentences, gap=True),))
    assert answer_pages(answer, sv) == (
        "<b>Title</b>\n<blockquote>[…] Two. […] Four.\n\n[…]\n• b\n• c\n\n[…]</blockquote>"
        "\n<blockquote><i>[…]</i> <i>Två.</i> <i>[…]</i> <i>Fyra.</i>"
        "\n\n<i>[…]</i>\n<i>• ä</i>\n<i>• ö</i>\n\n<i>[…]</i></blockquote>",
    )


@pytest.mark.parametrize("reason", get_args(Reason))
def test_notices_stand_before_every_decline(reason):
    said = {"message": "Det kan jag inte svara på.", "notices": ("Skövde är inte med.",)}
    answer = Answer("no_answer", "sv", "", Conversation(), reason=reason, **said)
    assert answer_pages(answer, sv) == ("<i>Skövde är inte med.</i>\n\nDet kan jag inte svara på.",)
    assert [row for row in answer_rows(answer, sv, "", ()) if row]


def test_a_list_of_many_goals_is_sent_and_paged_whole():
    goals = tuple(SectionSummary(f"v/{n}", "v", "goal", f"Mål {n} " + "ö" * 80, None) for n in range(90))
    contact = Contact("Kontaktcenter", "https://v.example")
    view = goals_view(MunicipalityGoals("v", "V", "https://v.example", contact, goals), sv, others=False)
    assert len(view.pages) > 1
    together = "\n".join(message.html for message in view.messages)
    assert [together.count(f"• Mål {n} ") for n in range(90)] == [1] * 90
    assert [bool(message.rows) for message in view.messages] == [False] * (len(view.pages) - 1) + [True]
    for page, html in enumerate(view.pages):
        assert view.page(Press("goals", "v", page), sv).html == html


def test_every_suggestion_has_its_button():
    suggestions = tuple(Suggestion(f"v/{n}", f"Mål {n}") for n in range(4))
    answer = Answer("answer", "sv", "", Conversation(), suggestions=suggestions)
    labels = [row[0].label for row in answer_rows(answer, sv, "", ())]
    assert labels[:4] == ["Mål 0", "Mål 1", "Mål 2", "Mål 3"]


def test_an_answer_without_words_still_says_something():
    assert answer_pages(Answer("error", "sv", "Fel.", Conversation()), sv) == ("Fel.",)
    assert answer_pages(Answer("error", "sv", "", Conversation()), sv) == (sv("telegram.error"),)


LONG_ID = "en-kommun-med-langt-namn/ett-avsnitt-med-ett-langt-namn"


@pytest.mark.parametrize(
    "press",
    [
        Press("ask", "vara", 0, "0123abcd"),
        Press("show", "varnamo/gron", 12),
        Press("goals"),
        Press("language", "sv"),
        Press("show", LONG_ID, 999, "0123abcd"),
    ],
)
def test_a_button_says_what_it_does_within_64_bytes(press):
    data = press.encode()
    assert len(data.encode()) <= 64
    read = parse(data)
    assert read is not None
    assert (read.action, read.page, read.token) == (press.action, press.page, press.token)
    assert expand(read.target, ["vara/x", press.target]) == press.target


@pytest.mark.parametrize(
    "data",
    [None, "", "s", "s:a:0", "s:a:0:x", "s:a:00:", "s:a:-1:", "z:a:0:", "s:a b:0:", "s:a:0:0123abcd\n"],
)
def test_what_no_button_of_ours_says_is_nothing(data):
    assert parse(data) is None


def test_memory_forgets_after_an_hour_and_past_its_size():
    now = [0.0]
    memory = Memory(clock=lambda: now[0])
    token = memory.keep(1, Conversation(question="a"))
    now[0] = SECONDS - 1
    assert memory.turn(1, token) == Conversation(question="a")
    memory.keep(2, Conversation(question="b"))
    now[0] = SECONDS
    assert memory.get(1) is None
    assert memory.get(2) is not None
    for chat in range(CHATS):
        memory.keep(100 + chat, Conversation())
    assert memory.get(2) is None
    assert memory.get(100) is not None


def test_memory_keeps_the_last_turns_of_a_chat():
    memory = Memory()
    tokens = [memory.keep(1, Conversation(question=str(n))) for n in range(TURNS + 1)]
    assert memory.keep(1, Conversation(question="3")) == tokens[3]
    assert memory.keep(1, Conversation()) == ""
    assert memory.turn(1, tokens[0]) is None
    assert memory.turn(1, tokens[1]) is not None
    memory.forget(1)
    assert memory.turn(1, tokens[1]) is None


def test_flood_is_told_once_and_ends_as_the_window_moves():
    flood = Flood(limit=2, seconds=60)
    verdicts = [flood.judge("ada", at) for at in (0, 10, 20, 30, 60, 61, 69.9, 70)]
    assert verdicts == ["pass", "pass", "tell", "ignore", "pass", "tell", "ignore", "pass"]
    assert flood.judge("bo", 20) == "pass"


async def test_the_inbox_keeps_what_is_unanswered_and_forgets_the_rest(tmp_path):
    now = [1000.0]
    store = Store(tmp_path / "inbox.sqlite3")
    inbox = Inbox(store, 1, clock=lambda: now[0])
    for update in (1, 2, 3):
        assert await inbox.store(update, "ada", {"update_id": update})
    assert not await inbox.store(2, "ada", {"update_id": 2})
    await inbox.keep_reply(2, "reply")
    await inbox.count(2, 1)
    await inbox.begin(2)
    for _ in range(2):
        await inbox.begin(3)
    await inbox.handled(1)
    assert not await inbox.store(1, "ada", {"update_id": 1})
    pending = await inbox.pending()
    assert [(update.id, update.content, update.progress) for update in pending] == [
        (2, {"update_id": 2}, Progress(1, "reply", 1)),
        (3, {"update_id": 3}, Progress(begun=2)),
    ]
    assert [update.progress.deadly for update in pending] == [False, True]
    await inbox.clear(3)
    assert [update.progress.deadly for update in await inbox.pending()] == [False, False]
    await inbox.forget("ada", 3)
    assert [update.id for update in await inbox.pending()] == [3]
    now[0] += KEEP_SECONDS + 1
    for update in range(10, 10 + PRUNE_EVERY):
        await inbox.store(update, None, {"update_id": update})
        await inbox.handled(update)
    assert await inbox.store(1, "ada", {"update_id": 1}), "an id is forgotten after a week"
    assert not await inbox.store(11, "ada", {"update_id": 11})
    store.close()


async def test_a_store_that_fails_says_so_in_its_own_words(tmp_path):
    store = Store(tmp_path / "inbox.sqlite3")
    with pytest.raises(StoreError):
        await store.run(lambda connection: connection.close())
    with pytest.raises(StoreError):
        await store.scrub()
    store.close()


def test_the_channels_texts_exist_in_both_languages():
    keys = {
        language: [key for key in sorted(load_texts(language).keys()) if key.startswith("telegram.")]
        for language in ("sv", "en")
    }
    assert keys["sv"] == keys["en"]
    assert len(keys["sv"]) > 50
    for key, limit in (("telegram.description", 512), ("telegram.short_description", 120)):
        assert all(len(load_texts(language)(key)) <= limit for language in keys)
    for key in keys["sv"]:
        if key.startswith(("telegram.toast.", "telegram.flood", "telegram.error")):
            assert all(len(load_texts(language)(key)) <= 200 for language in keys), (
                "a toast has 200 characters"
            )
