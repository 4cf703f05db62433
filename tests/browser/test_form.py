"""The form for browsers without JavaScript, in one."""

import pytest

from tests.browser.chatting import COMPARED, DECLINED, GREEN, GREEN_ENGLISH, GREEN_WORDS, LONG
from tests.browser.pages import DESKTOP, PHONE, ZOOMED, Check, OpenPage, Page, Scheme


def ask(page: Page, question: str) -> None:
    page.fill("#question", question)
    with page.expect_navigation():
        page.click("button.main")


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name).click()


def test_a_conversation(open_page: OpenPage) -> None:
    page = open_page("/fraga", java_script_enabled=False)
    ask(page, GREEN)
    assert GREEN_WORDS in page.inner_text("blockquote")
    assert page.inner_text(".asked") == f"Du frågade: {GREEN}"
    assert "Reviderad vision och nya mål. Gäller från 1 januari 2024." in page.inner_text(".source")
    press(page, "En trygg kommun")
    assert page.inner_text(".asked") == "Du valde: En trygg kommun"
    ask(page, LONG)
    shown = page.inner_text("blockquote")
    press(page, "Visa hela målet")
    assert len(page.inner_text("blockquote")) > len(shown)
    assert page.get_by_role("button", name="Visa hela målet").count() == 0
    ask(page, DECLINED)
    assert page.get_by_role("link", name="0370-37 70 00").count() == 1
    press(page, "Målen för Värnamo kommun")
    assert page.locator("blockquote").count() == 1


def test_a_choice_of_municipality(open_page: OpenPage) -> None:
    page = open_page("/fraga", java_script_enabled=False)
    ask(page, "Vilka mål har kommunen?")
    press(page, "Vara kommun")
    assert "Attraktivt Vara" in page.inner_text("blockquote")
    # Another municipality in the field is a new conversation.
    page.select_option("#municipality", "varnamo")
    ask(page, "Vilka mål har kommunen?")
    assert "Attraktivt Vara" not in page.inner_text(".answered")
    assert page.input_value("#municipality") == "varnamo"


def test_english(open_page: OpenPage) -> None:
    page = open_page("/fraga", java_script_enabled=False)
    ask(page, GREEN_ENGLISH)
    assert page.locator(".answered [lang=en] blockquote").count() == 2
    assert GREEN_WORDS in page.locator("details blockquote[lang=sv]").text_content()
    follow(page, "In English")
    assert page.title() == "Ask about the municipality's goals – Målvakt"
    ask(page, GREEN)
    assert "Värnamo is to develop" in page.locator("blockquote").first.inner_text()


def test_what_is_wrong_stands_beside_what_was_typed(open_page: OpenPage, axe: Check) -> None:
    page = open_page("/ask", lang="en")
    ask(page, "")
    assert page.title().startswith("Error: ")
    assert page.inner_text("#fault") == "Write a question first."
    assert page.get_attribute("#question", "aria-describedby") == "fault"
    # A browser sets the first focus when it paints.
    page.wait_for_selector("#question:focus")
    ask(page, "\nå 😀" * 700)
    assert "1000" in page.inner_text("#fault")
    assert page.input_value("#question").replace("\r", "") == ("\nå 😀" * 700).strip()
    assert axe(page) == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE, ZOOMED])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_is_accessible_and_readable(
    open_page: OpenPage, axe: Check, layout: Check, scheme: Scheme, width: int
) -> None:
    for path, questions in (("/fraga", [COMPARED, DECLINED, "x" * 1500]), ("/ask", [GREEN_ENGLISH])):
        page = open_page(path, width=width, scheme=scheme)
        found = axe(page) + layout(page)
        for question in questions:
            ask(page, question)
            found += axe(page) + layout(page)
        assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_demo_page_itself(open_page: OpenPage, axe: Check, layout: Check, scheme: Scheme) -> None:
    page = open_page("/", scheme=scheme)
    assert page.url.endswith("/demo")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    # It lies over the header as long as it has the focus.
    page.evaluate("document.activeElement.blur()")
    assert axe(page) + layout(page) == []
    goals = page.locator(".goals h3").all_inner_texts()
    assert goals == ["En stark kommun", "En attraktiv kommun", "En grön kommun", "En trygg kommun"]
    follow(page, "Visa sidan för Vara kommun")
    assert page.inner_text(".name") == "Vara kommun"


def test_the_examples_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/demo", java_script_enabled=False)
    follow(page, GREEN)
    assert page.input_value("#question") == GREEN
    ask(page, GREEN)
    assert GREEN_WORDS in page.inner_text("blockquote")
