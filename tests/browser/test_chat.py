"""The chat on the demo page: answers, keyboard, focus, languages, what is kept."""

import re
from collections.abc import Callable

import pytest

from bot.answer import Answer, Choice, Conversation, Part, Sentence
from bot.assistant import Assistant
from tests.browser.chatting import (
    ASK,
    COMPARED,
    DECLINED,
    GREEN,
    GREEN_ENGLISH,
    GREEN_WORDS,
    LONG,
    Chat,
    asked,
)
from tests.browser.pages import DESKTOP, PHONE, VIEWS, Check, OpenPage, Page, Scheme, stop_clock
from tests.web_server import RunningServer

STATES = [GREEN, GREEN_ENGLISH, LONG, COMPARED, DECLINED]


@pytest.mark.parametrize(("width", "scheme", "lang"), VIEWS)
def test_every_state_is_accessible_and_readable(
    open_page: OpenPage,
    axe: Check,
    layout: Check,
    screenshot: Callable[[Page, str], None],
    lang: str,
    scheme: Scheme,
    width: int,
) -> None:
    page = open_page(f"/demo?municipality=varnamo&lang={lang}", width=width, scheme=scheme, lang=lang)
    chat = Chat(page)
    chat.launcher.wait_for()
    found = axe(page) + layout(page)
    chat.open()
    found += axe(page) + layout(page)
    screenshot(page, f"opened-{lang}-{scheme}-{width}")
    page.route(ASK, lambda route: None)
    chat.write(GREEN)
    found += axe(page) + layout(page)
    page.unroute_all(behavior="ignoreErrors")
    chat.panel.get_by_role("button", name=re.compile("Rensa|Clear")).click()
    for question in STATES:
        chat.ask(question)
        screenshot(page, f"{question[:12]}-{lang}-{scheme}-{width}")
    for original in chat.panel.locator("summary").all():
        original.click()
    page.route(ASK, lambda route: route.abort())
    chat.ask("Vad vill kommunen med skolan?")
    chat.field.fill("å" * 1003)
    found += axe(page) + layout(page)
    assert found == []
    assert chat.people.count() == len(STATES) + 1


@pytest.mark.parametrize(
    ("question", "language", "words", "source"),
    [(GREEN, "sv", GREEN_WORDS, "Gäller från 1 januari 2024."),
     (GREEN_ENGLISH, "en", "Värnamo is to develop", "Applies from 1 January 2024.")],
)  # fmt: skip
def test_the_example_questions_are_answered(
    open_page: OpenPage, question: str, language: str, words: str, source: str
) -> None:
    page = open_page("/demo?lang=sv")
    page.get_by_role("link", name=question).click()
    chat = Chat(page).finish()
    assert chat.people.inner_text().endswith(question)
    assert words in chat.reply.locator("blockquote").first.inner_text()
    assert source in chat.reply.locator(".source").inner_text()
    assert chat.reply.locator(f"> [lang={language}]").count() == 1
    link = chat.reply.get_by_role("link", name="Reviderad vision och nya mål")
    assert link.get_attribute("href").startswith("https://kommun.varnamo.se/")
    assert chat.focused == "field"


def test_the_example_in_the_chat_itself(open_page: OpenPage) -> None:
    chat = Chat(open_page("/demo?municipality=vara")).open()
    chat.press("Vilka mål har kommunen?")
    assert chat.reply.get_by_role("heading", name="Övergripande mål").count() == 1
    assert chat.reply.locator("li").count() > 3
    assert chat.focused == "field"


def test_a_translation_shows_its_original(open_page: OpenPage) -> None:
    chat = Chat(open_page("/demo?lang=en")).open().ask(GREEN_ENGLISH)
    first = chat.reply.locator("p").first.inner_text()
    assert first.startswith("Translation:")
    chat.reply.get_by_text("Show the original text in Swedish").click()
    original = chat.reply.locator("details blockquote")
    assert original.get_attribute("lang") == "sv"
    assert GREEN_WORDS in original.inner_text()


def test_more_of_a_goal_can_be_shown_and_all_of_it_only_once(open_page: OpenPage) -> None:
    chat = Chat(open_page("/demo")).open().ask(LONG)
    shown = chat.reply.locator("blockquote").inner_text()
    chat.press("Visa hela målet")
    whole = chat.reply.locator("blockquote").inner_text()
    assert len(whole) > len(shown)
    pieces = [piece.strip() for line in shown.splitlines() for piece in line.split("[…]")]
    assert any(pieces)
    assert all(piece in whole for piece in pieces)
    assert chat.people.last.inner_text().startswith("Du\nVisa hela målet: ")
    assert chat.reply.get_by_role("button", name="Visa hela målet").count() == 0
    chat.press("En grön kommun")
    assert GREEN_WORDS in chat.reply.inner_text()


def test_a_choice_asks_the_question_it_stands_under(open_page: OpenPage, server: RunningServer) -> None:
    page = open_page("/embed")
    chat = Chat(page)
    chat.ask("Vilka mål har kommunen?")
    chat.ask("Vad betyder en trygg kommun i Värnamo?")
    # The older choice goes on from the answer that it belongs to.
    chat.panel.get_by_role("button", name="Vara kommun").click()
    chat.finish()
    assert "Attraktivt Vara" in chat.reply.inner_text()


def test_what_was_perhaps_meant_is_a_button(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    choices = (
        Choice("En grön kommun", None, "varnamo/gron"),
        Choice("Hållbar ekonomi", None, "vara/ekonomi"),
    )
    said = {
        "message": "Menade du något av det här?\nFråga annars 0370-37 70 00.",
        "notices": ("Skövde är inte med.",),
    }
    offer = Answer("clarify", "sv", "Menade du …", Conversation(), choices=choices, **said)
    monkeypatch.setattr(Assistant, "ask", lambda *_: offer)
    chat = Chat(open_page("/demo")).open()
    chat.watch()
    chat.ask("vad menade jag")
    words = chat.reply.inner_text()
    assert words.index("Skövde är inte med.") < words.index("Menade du något")
    # Without a part the message is all that there is.
    assert chat.announced[-1].endswith("Fråga annars 0370-37 70 00.")
    chat.press("Hållbar ekonomi")
    assert chat.people.last.inner_text() == "Du\nHållbar ekonomi"
    assert chat.reply.get_by_role("heading", name="Hållbar ekonomi").count() == 1


def test_what_is_left_out_is_marked(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = (
        Sentence("Two.", "Två.", gap=True),
        Sentence("Four.", "Fyra.", gap=True),
        Sentence("b", "ä", paragraph=1, item=True, gap=True),
    )
    part = Part("varnamo/gron", "Title", sentences, gap=True)
    answer = Answer("answer", "en", "Two.", Conversation(), parts=(part,))
    monkeypatch.setattr(Assistant, "ask", lambda *_: answer)
    chat = Chat(open_page("/demo?lang=en")).open().ask(GREEN_ENGLISH)
    shown = chat.reply.locator("blockquote").first.text_content()
    assert shown == "[…] Two. […] Four.[…]b[…]"
    original = chat.reply.locator("details blockquote")
    assert original.text_content() == "[…] Två. […] Fyra.[…]ä[…]"


def test_two_municipalities_stand_side_by_side_where_there_is_room(open_page: OpenPage) -> None:
    for width, beside in ((DESKTOP, True), (PHONE, False)):
        chat = Chat(open_page("/demo", width=width)).open().ask(COMPARED)
        first, second = (part.bounding_box() for part in chat.reply.locator(".part").all())
        assert (second["x"] > first["x"] + 100) is beside


def test_a_person_can_be_reached(open_page: OpenPage) -> None:
    chat = Chat(open_page("/demo?municipality=varnamo")).open().ask(DECLINED)
    for _ in range(2):
        assert chat.reply.get_by_role("link", name="0370-37 70 00").get_attribute("href") == "tel:0370377000"
        assert chat.reply.get_by_role("link", name="kommun.varnamo.se").count() == 1
        chat.press("Tala med en människa")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_keyboard_alone(open_page: OpenPage, width: int) -> None:
    page = open_page("/demo", width=width)
    chat = Chat(page)
    chat.launcher.wait_for()
    chat.launcher.focus()
    assert chat.launcher.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    assert chat.launcher.get_attribute("aria-expanded") == "true"
    # A phone's keyboard would cover the chat as soon as it opens.
    assert chat.focused == ("field" if width == DESKTOP else "title")
    if width == PHONE:
        for place in ("quiet", "quiet close", "log", "begin", "field"):
            page.keyboard.press("Tab")
            assert chat.focused == place
    page.keyboard.type(GREEN)
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Tack")
    page.keyboard.press("Enter")
    chat.finish()
    assert chat.people.inner_text() == f"Du\n{GREEN}\nTack"
    assert chat.focused == "field"
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(chat.focused)
    assert {"send", "quiet"} <= set(reached)
    # What lies behind a full screen cannot be reached; beside a page it can.
    behind = page.evaluate("document.activeElement.localName !== 'malvakt-chat'")
    assert not (behind and width == PHONE)
    chat.field.focus()
    page.keyboard.press("Escape")
    chat.panel.wait_for(state="hidden")
    assert chat.focused == "launcher"
    page.keyboard.press("Enter")
    assert chat.people.count() == 1
    page.keyboard.press("Escape")
    chat.launcher.click()
    chat.panel.get_by_role("button", name="Stäng").click()
    assert chat.focused == "launcher"


def test_turning_the_phone_keeps_dialog_and_focus(open_page: OpenPage) -> None:
    page = open_page("/demo")
    chat = Chat(page).open()
    chat.field.fill("Halva frågan")
    for size, modal in (({"width": 390, "height": 844}, True), ({"width": 1280, "height": 800}, False)):
        page.set_viewport_size(size)
        page.wait_for_function(
            "modal => document.querySelector('malvakt-chat').shadowRoot.querySelector('.panel')"
            ".matches(':modal') === modal",
            arg=modal,
        )
        assert chat.field.input_value() == "Halva frågan"
        assert chat.focused == "field"
    # The dialog tells a moment later that it was closed, when it is shown again.
    page.evaluate("new Promise(done => setTimeout(done))")
    assert chat.launcher.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    chat.panel.wait_for(state="hidden")


def test_moved_in_the_page_it_stays_as_it_is(open_page: OpenPage) -> None:
    for width in (DESKTOP, PHONE):
        page = open_page("/demo", width=width)
        chat = Chat(page).open().ask(GREEN)
        page.evaluate("document.querySelector('main').prepend(document.querySelector('malvakt-chat'))")
        assert chat.panel.is_visible()
        chat.ask(DECLINED)
        page.keyboard.press("Escape")
        chat.panel.wait_for(state="hidden")
        assert chat.launcher.is_visible()


def test_each_answer_is_announced_once_and_short(open_page: OpenPage) -> None:
    chat = Chat(open_page("/demo")).open()
    chat.watch()
    chat.ask(GREEN)
    chat.ask(DECLINED)
    waiting, green, again, declined = chat.announced
    assert waiting == again == "Letar i kommunens texter …"
    assert green.startswith("Det här gäller Värnamo kommun. En grön kommun.")
    assert 50 < len(green) < 450
    assert declined.startswith("Det hittar jag inget svar på")
    live = (
        "[...document.querySelector('malvakt-chat').shadowRoot.querySelectorAll('[aria-live],[role=status],"
    )
    live += "[role=alert],[role=log]')].length"
    assert chat.page.evaluate(live) == 1


def test_pressed_twice_it_asks_once(open_page: OpenPage) -> None:
    page = open_page("/demo")
    chat = Chat(page).open()
    bodies = asked(page)
    chat.field.fill(GREEN)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    chat.panel.get_by_role("button", name="Skicka").dblclick()
    chat.finish()
    chat.panel.get_by_role("button", name="En trygg kommun").dblclick()
    chat.finish()
    assert len(bodies) == 2
    assert chat.people.count() == 2


def press(page: Page, *, click: int) -> None:
    """Press the mouse where it is, for the ``click``-th time in a row."""
    page.mouse.down(click_count=click)
    page.mouse.up(click_count=click)


def test_a_double_click_is_one_press_also_where_the_answer_comes_within_it(open_page: OpenPage) -> None:
    page = open_page("/demo")
    chat = Chat(page).open()
    bodies = asked(page)
    chat.field.fill(GREEN)
    chat.panel.get_by_role("button", name="Skicka").hover()
    press(page, click=1)
    chat.finish()
    press(page, click=2)
    # The field is empty by now, which would be a fault.
    assert chat.panel.locator("#fault").inner_text() == ""
    suggestion = chat.reply.get_by_role("button", name="En trygg kommun")
    suggestion.hover()
    press(page, click=2)
    assert chat.people.count() == 1
    press(page, click=1)
    chat.finish()
    assert chat.people.count() == 2
    assert len(bodies) == 2


def test_a_key_held_down_is_one_press(open_page: OpenPage) -> None:
    page = open_page("/demo")
    chat = Chat(page).open()
    bodies = asked(page)
    chat.field.fill(GREEN)
    for focused in (chat.field, chat.panel.get_by_role("button", name="En trygg kommun").first):
        focused.focus()
        page.keyboard.down("Enter")
        chat.finish()
        page.keyboard.down("Enter")
        page.keyboard.up("Enter")
        assert chat.panel.locator("#fault").inner_text() == ""
    assert chat.people.count() == 2
    assert len(bodies) == 2


def test_presses_that_are_no_double_click_all_count(open_page: OpenPage) -> None:
    page = open_page("/demo")
    chat = Chat(page).open().ask(GREEN)
    # As screen readers and voice control press: without a pointer, and as fast as they like.
    for name in ("In English", "På svenska", "In English"):
        chat.panel.get_by_role("button", name=name).evaluate("button => button.click()")
    assert chat.panel.get_by_role("button", name="På svenska").count() == 1
    for name in ("En trygg kommun", "En stark kommun"):
        chat.panel.get_by_role("button", name=name).last.evaluate("button => button.click()")
        chat.finish()
    for name in ("På svenska", "Rensa", "Ångra"):
        chat.panel.get_by_role("button", name=name).click()
    assert chat.people.count() == 3


def test_nothing_is_cut_off_and_nothing_empty_is_sent(open_page: OpenPage) -> None:
    page = open_page("/demo")
    bodies = asked(page)
    chat = Chat(page).open()
    fault = chat.panel.locator("#fault")
    chat.write("   ")
    assert fault.inner_text() == "Skriv en fråga först."
    assert chat.field.get_attribute("aria-invalid") == "true"
    chat.field.fill("ö" * 799)
    assert fault.inner_text() == ""
    # An emoji counts as one character, as the service counts.
    chat.field.fill("😀" * 990)
    assert fault.inner_text() == "Tecken kvar: 10"
    chat.write("å" * 5000)
    assert "4000 tecken för lång" in fault.inner_text()
    assert chat.field.input_value() == "å" * 5000
    assert bodies == []
    chat.ask("å" * 1000)
    assert len(bodies) == 1
    assert chat.field.input_value() == ""


def test_the_language_changes_at_once(open_page: OpenPage) -> None:
    page = open_page("/demo?lang=sv")
    bodies = asked(page)
    chat = Chat(page).open().ask(GREEN)
    chat.field.fill("Påbörjad")
    chat.press("In English")
    assert chat.field.input_value() == "Påbörjad"
    assert chat.panel.get_by_role("heading", level=2).inner_text() == "Ask about the municipality's goals"
    assert chat.people.first.inner_text() == f"You\n{GREEN}"
    # What was answered stays in its language.
    assert chat.reply.locator("> [lang=sv]").count() == 1
    chat.ask(GREEN)
    assert "Värnamo is to develop" in chat.reply.inner_text()
    assert '"language"' not in bodies[0]
    assert '"language":"en"' in bodies[1]
    page.reload()
    chat.launcher.wait_for()
    assert chat.launcher.inner_text() == "Ask about the goals"


def test_clearing_forgets_and_can_be_undone(open_page: OpenPage) -> None:
    page = open_page("/demo")
    bodies = asked(page)
    chat = Chat(page).open().ask(GREEN)
    assert page.evaluate("sessionStorage.length") == 1
    chat.panel.get_by_role("button", name="Rensa").click()
    assert chat.people.count() == 0
    assert page.evaluate("sessionStorage.length") == 0
    chat.panel.get_by_role("button", name="Ångra").click()
    assert chat.people.count() == 1
    assert chat.focused == "field"
    chat.panel.get_by_role("button", name="Rensa").click()
    chat.ask(DECLINED)
    assert '"conversation"' not in bodies[-1]
    assert chat.panel.get_by_role("button", name="Ångra").count() == 0


def test_a_late_answer_after_clearing_is_dropped(open_page: OpenPage) -> None:
    held = []
    page = open_page("/demo")
    page.route(ASK, lambda route: held.append(route))
    chat = Chat(page).open()
    with page.expect_request(ASK):
        chat.write(GREEN)
    chat.panel.locator(".waiting").wait_for()
    chat.panel.get_by_role("button", name="Rensa").click()
    page.unroute_all(behavior="ignoreErrors")
    assert held
    chat.ask(DECLINED)
    assert chat.people.count() == 1
    assert chat.reply.locator("blockquote").count() == 0


def test_the_conversation_follows_from_page_to_page_in_its_tab_alone(open_page: OpenPage) -> None:
    page = open_page("/demo")
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    chat = Chat(page).open().ask(GREEN)
    page.goto(page.url.replace("/demo", "/demo?municipality=varnamo&page=2"))
    chat.panel.wait_for()
    assert GREEN_WORDS in chat.reply.inner_text()
    bodies = asked(page)
    chat.ask("Och i Vara?")
    assert '"conversation":' in bodies[0]
    assert page.evaluate("localStorage.length") == 0
    assert page.context.cookies() == []
    other = page.context.new_page()
    other.goto(page.url)
    assert Chat(other).open().people.count() == 0


def test_an_hour_later_it_is_forgotten(open_page: OpenPage) -> None:
    page = open_page("/demo", before=stop_clock)
    chat = Chat(page).open().ask(GREEN)
    page.clock.fast_forward("59:00")
    assert chat.people.count() == 1
    page.clock.fast_forward("02:00")
    chat.people.first.wait_for(state="detached")
    assert page.evaluate("sessionStorage.length") == 0


def test_without_storage_it_works(open_page: OpenPage) -> None:
    def block(page: object) -> None:
        page.add_init_script(  # type: ignore[attr-defined]
            "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('blocked'); }});"
        )

    chat = Chat(open_page("/demo", before=block)).open().ask(GREEN)
    assert GREEN_WORDS in chat.reply.inner_text()


def test_what_another_script_has_stored_does_not_stop_it(open_page: OpenPage) -> None:
    page = open_page("/demo")
    Chat(page).open().ask(GREEN)
    turns = ("5", "[null]", '[{"words": "Hej", "request": {}, "answer": {"kind": 1}}]')
    for stored in ("{", *(f'{{"at": 1e15, "turns": {one}}}' for one in turns)):
        page.evaluate("stored => sessionStorage.setItem(Object.keys(sessionStorage)[0], stored)", stored)
        page.reload()
        chat = Chat(page).open()
        assert chat.people.count() == 0, stored
        chat.ask(GREEN)


def test_colours_follow_the_site_before_the_visitor(open_page: OpenPage) -> None:
    page = open_page("/demo", scheme="dark")
    chat = Chat(page).open()
    colour = "element => getComputedStyle(element).backgroundColor"
    assert chat.panel.evaluate(colour) == "rgb(19, 27, 29)"
    page.evaluate("document.documentElement.style.setProperty('--malvakt-accent', 'rgb(120, 0, 80)')")
    assert chat.launcher.evaluate(colour) == "rgb(120, 0, 80)"


def test_the_shadow_is_closed(open_page: OpenPage) -> None:
    page = open_page("/demo", closed_shadows=True)
    page.wait_for_function("document.querySelector('malvakt-chat')")
    assert page.evaluate("document.querySelector('malvakt-chat').shadowRoot") is None


def test_text_spacing_and_targets(open_page: OpenPage, layout: Check) -> None:
    page = open_page("/demo", width=PHONE)
    chat = Chat(page).open().ask(GREEN_ENGLISH)
    spacing = "line-height:1.5;letter-spacing:.12em;word-spacing:.16em"
    page.evaluate(
        "spacing => document.querySelector('malvakt-chat').shadowRoot.querySelectorAll('*')"
        ".forEach(element => element.style.cssText += spacing)",
        spacing,
    )
    assert layout(page) == []
    sizes = [one.bounding_box() for one in chat.panel.locator("button:visible").all()]
    assert len(sizes) > 6
    assert all(size["width"] >= 44 and size["height"] >= 44 for size in sizes)


@pytest.mark.parametrize(
    ("motion", "animation", "scrolling"), [("reduce", "none", "auto"), ("no-preference", "wait", "smooth")]
)
def test_motion(open_page: OpenPage, motion: str, animation: str, scrolling: str) -> None:
    page = open_page("/demo", reduced_motion=motion)
    page.route(ASK, lambda route: None)
    chat = Chat(page).open()
    chat.write(GREEN)
    bar = chat.panel.locator(".waiting i")
    assert bar.evaluate("element => getComputedStyle(element).animationName") == animation
    log = chat.panel.locator(".log")
    assert log.evaluate("element => getComputedStyle(element).scrollBehavior") == scrolling
    page.unroute_all(behavior="ignoreErrors")


def test_forced_colours(open_page: OpenPage) -> None:
    chat = Chat(open_page("/demo", forced_colors="active")).open()
    send = chat.panel.get_by_role("button", name="Skicka")
    assert send.evaluate("element => getComputedStyle(element).borderTopStyle") == "solid"
