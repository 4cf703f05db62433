"""The chat on a slow, broken or busy network: nothing that was typed is lost, and it can be asked again."""

import pytest

from tests.browser.chatting import ASK, GREEN, GREEN_WORDS, Chat, asked
from tests.browser.pages import Check, OpenPage, stop_clock

PROBLEM = "application/problem+json"


def test_too_slow_an_answer_can_be_asked_for_again(open_page: OpenPage) -> None:
    page = open_page("/demo", before=stop_clock)
    page.route(ASK, lambda route: None)
    chat = Chat(page).open()
    chat.watch()
    bodies = asked(page)
    chat.write(GREEN)
    chat.panel.locator(".waiting").wait_for()
    chat.field.fill("Nästa fråga")
    page.clock.fast_forward(19_000)
    assert chat.panel.locator(".waiting").count() == 1
    page.clock.fast_forward(2_000)
    chat.panel.locator(".failure").wait_for()
    assert "dröjer för länge" in chat.reply.inner_text()
    assert chat.field.input_value() == "Nästa fråga"
    assert len(chat.announced) == 2
    page.unroute_all(behavior="ignoreErrors")
    chat.press("Försök igen")
    assert GREEN_WORDS in chat.reply.inner_text()
    assert bodies[0] == bodies[1]
    assert chat.people.count() == 1
    assert chat.focused == "field"


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (500, "{}", "Något gick fel hos Målvakt."),
        (502, "<html>", "Något gick fel hos Målvakt."),
        (200, "<html>", "Något gick fel hos Målvakt."),
        (200, "null", "Något gick fel hos Målvakt."),
        (200, '{"kind": "answer"}', "Något gick fel hos Målvakt."),
        (404, "nothing", "Frågan gick inte att ta emot."),
        (413, '{"detail": "Skicka högst 16 kB åt gången."}', "Skicka högst 16 kB åt gången."),
        (422, '{"detail": "Rätta det."}', "Rätta det."),
    ],
)
def test_what_the_service_says(open_page: OpenPage, status: int, body: str, words: str) -> None:
    page = open_page("/demo")
    page.route(ASK, lambda route: route.fulfill(status=status, body=body, content_type=PROBLEM))
    chat = Chat(page).open().ask(GREEN)
    assert chat.reply.locator(".failure").inner_text().startswith(words)
    # What was refused can be changed; what went wrong can be tried again.
    assert chat.field.input_value() == (GREEN if 400 <= status < 500 else "")
    page.unroute_all()
    chat.press("Försök igen")
    assert GREEN_WORDS in chat.reply.inner_text()


@pytest.mark.parametrize("status", [429, 503])
def test_too_many_questions(open_page: OpenPage, axe: Check, status: int) -> None:
    page = open_page("/demo", before=stop_clock)
    bodies = asked(page)
    page.route(ASK, lambda route: route.fulfill(status=status, body="{}", headers={"Retry-After": "350"}))
    chat = Chat(page).open().ask(GREEN)
    again = chat.panel.get_by_role("button", name="Försök igen")
    assert "Vänta 350 sekunder" in chat.reply.inner_text()
    assert again.get_attribute("aria-disabled") == "true"
    page.unroute_all()
    again.click(force=True)
    assert len(bodies) == 1
    # What looks at the page has timers of its own.
    page.clock.resume()
    assert axe(page) == []
    page.clock.fast_forward(351_000)
    chat.reply.get_by_text("Nu går det att försöka igen.").wait_for()
    assert again.get_attribute("aria-disabled") is None
    again.click()
    chat.finish()
    assert GREEN_WORDS in chat.reply.inner_text()


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_seconds_are_never_one(open_page: OpenPage, lang: str) -> None:
    page = open_page("/demo", lang=lang, before=stop_clock)
    page.route(ASK, lambda route: route.fulfill(status=503, body="{}", headers={"Retry-After": "1"}))
    chat = Chat(page).open().ask(GREEN)
    assert {"sv": "Vänta 2 sekunder", "en": "Wait 2 seconds"}[lang] in chat.reply.inner_text()


def test_offline_and_unreachable(open_page: OpenPage) -> None:
    page = open_page("/demo")
    chat = Chat(page).open()
    page.context.set_offline(True)
    page.wait_for_function("!navigator.onLine")
    chat.ask(GREEN)
    assert "någon uppkoppling" in chat.reply.inner_text()
    page.context.set_offline(False)
    page.wait_for_function("navigator.onLine")
    page.route("**/api/v1/**", lambda route: route.abort())
    page.route("**/widget.js", lambda route: route.abort())
    chat.press("Försök igen")
    assert "Det gick inte att nå Målvakt." in chat.reply.inner_text()
    chat.press("Tala med en människa")
    assert "Det gick inte att nå Målvakt." in chat.reply.inner_text()
    page.unroute_all()
    chat.press("Försök igen")
    assert chat.reply.get_by_role("link", name="0370-37 70 00").count() == 1
    assert chat.people.count() == 2


def test_a_page_left_while_waiting_keeps_the_question(open_page: OpenPage) -> None:
    page = open_page("/demo")
    page.route(ASK, lambda route: None)
    chat = Chat(page).open()
    chat.write(GREEN)
    chat.panel.locator(".waiting").wait_for()
    page.reload()
    page.unroute_all(behavior="ignoreErrors")
    chat.panel.locator(".failure").wait_for()
    assert chat.people.inner_text() == f"Du\n{GREEN}"
    chat.press("Försök igen")
    assert GREEN_WORDS in chat.reply.inner_text()


def test_an_expired_conversation_begins_anew(open_page: OpenPage) -> None:
    page = open_page("/demo")
    chat = Chat(page).open().ask(GREEN)
    page.evaluate(
        "() => { const key = Object.keys(sessionStorage)[0];"
        ' sessionStorage.setItem(key, sessionStorage.getItem(key).replace(/"conversation":"[^"]*"/, '
        '\'"conversation":"expired"\')); }'
    )
    page.reload()
    chat.panel.wait_for()
    chat.ask("Vad betyder målet om en trygg kommun?")
    assert chat.reply.get_by_role("heading", name="En trygg kommun").count() == 1
