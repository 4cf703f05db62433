"""The chat on other people's pages: hostile style, strict policies, frames, origins that are not allowed."""

import re
from typing import Any

import pytest

from tests.browser.chatting import COMPARED, GREEN, GREEN_WORDS, Chat
from tests.browser.host_pages import HostPages
from tests.browser.pages import DESKTOP, PATIENCE, PHONE, VIEWS, Check, OpenPage, Scheme
from tests.web_server import RunningServer

Hosts = tuple[HostPages, HostPages]

HOST = """<!doctype html><html lang="sv" {html}><head><title>Värdsida</title>{head}</head>
<body><main><h1>Värdsida</h1><p>Kommunens nyheter.</p>{body}</main>{scripts}</body></html>"""
HOSTILE = """<style>
* { all: unset !important; }
html { font-size: 40px !important; color: red !important; direction: rtl; }
body { transform: scale(1); filter: blur(0); overflow: hidden; }
body > * { display: none !important; position: static !important; opacity: .01 !important; }
malvakt-chat, malvakt-chat * { display: none !important; visibility: hidden !important; width: 0 !important;
  font: 60px cursive !important; color: yellow !important; background: yellow !important; }
.cover { display: block !important; position: fixed !important; inset: 0 !important; z-index: 2147483647 }
</style>"""
STRICT = "default-src 'none'; script-src {origin}; connect-src {origin}"
TYPES = "; require-trusted-types-for 'script'; trusted-types 'none'"


def script(server: RunningServer, attributes: str = "") -> str:
    return f'<script src="{server.url}/widget.js" data-municipality="varnamo" {attributes} async></script>'


def host_page(
    server: RunningServer, *, html: str = "", head: str = "", body: str = "", attributes: str = ""
) -> str:
    return HOST.format(html=html, head=head, body=body, scripts=script(server, attributes))


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_on_a_hostile_page(
    open_page: OpenPage, server: RunningServer, hosts: Hosts, layout: Check, width: int
) -> None:
    plain = Chat(open_page(hosts[0].put("/plain", host_page(server)), width=width)).open().ask(GREEN)
    body = '<div class="cover">Över allt</div>'
    address = hosts[0].put("/hostile", host_page(server, html='dir="rtl"', head=HOSTILE, body=body))
    hostile = Chat(open_page(address, width=width)).open().ask(GREEN)
    assert GREEN_WORDS in hostile.reply.inner_text()
    for place in (".panel", ".head", "textarea", ".send", ".reply blockquote"):
        boxes = [chat.root.locator(f"malvakt-chat {place}").bounding_box() for chat in (plain, hostile)]
        # As on a page that does nothing to it, not mirrored and not larger; the log may have scrolled on.
        for side in ("x", "width", "height"):
            assert boxes[0][side] == pytest.approx(boxes[1][side], abs=1), (place, side)
    style = "element => { const {color, fontSize, fontFamily, direction} = getComputedStyle(element);"
    style += " return [color, fontSize, fontFamily, direction].join(); }"
    assert plain.reply.evaluate(style) == hostile.reply.evaluate(style)
    assert [fault for fault in layout(hostile.page) if "malvakt" in fault] == []
    hostile.page.keyboard.press("Escape")
    hostile.panel.wait_for(state="hidden")


def test_under_a_strict_policy(open_page: OpenPage, server: RunningServer, hosts: Hosts, axe: Check) -> None:
    policy = STRICT.format(origin=server.url) + TYPES
    address = hosts[0].put("/strict", host_page(server), Content_Security_Policy=policy)
    page = open_page(address)
    chat = Chat(page).open().ask(GREEN)
    assert GREEN_WORDS in chat.reply.inner_text()
    assert chat.launcher.evaluate("element => getComputedStyle(element).position") == "static"
    assert chat.panel.evaluate("element => getComputedStyle(element).position") == "fixed"
    assert chat.panel.bounding_box()["width"] == pytest.approx(27 * 16, abs=1)


def test_an_origin_that_is_not_allowed_is_told_so(
    open_page: OpenPage, server: RunningServer, hosts: Hosts
) -> None:
    page = open_page(hosts[1].put("/refused", host_page(server)))
    answers = []
    page.on("response", lambda response: answers.append(response))
    with page.expect_response(f"{server.url}/**"):
        chat = Chat(page).open().ask(GREEN)
    assert "Chatten får inte användas på den här webbplatsen." in chat.reply.inner_text()
    link = chat.reply.get_by_role("link", name=re.compile("Ställ frågan på en egen sida"))
    assert link.get_attribute("href") == f"{server.url}/fraga?lang=sv&municipality=varnamo"
    assert chat.people.count() == 1
    assert answers
    for answer in answers:
        assert "access-control-allow-origin" not in answer.headers


def test_included_twice_or_placed_by_the_site_there_is_one(
    open_page: OpenPage, server: RunningServer, hosts: Hosts
) -> None:
    twice = hosts[0].put("/twice", host_page(server, body=script(server), head=script(server)))
    placed = "<malvakt-chat data-municipality='vara' data-lang='en'></malvakt-chat>"
    own = hosts[0].put("/own", host_page(server, body=placed, head=script(server)))
    for address, name in ((twice, "Fråga om målen"), (own, "Ask about the goals")):
        page = open_page(address)
        page.locator("malvakt-chat .launcher").first.wait_for()
        page.wait_for_load_state("networkidle")
        assert page.locator("malvakt-chat").count() == 1
        assert page.locator("malvakt-chat .launcher").inner_text() == name


@pytest.mark.parametrize(
    ("html", "attributes", "name"),
    [('lang="en-GB"', "", "Ask about the goals"), ('lang="en"', 'data-lang="sv"', "Fråga om målen"),
     ('lang="de"', "", "Fråga om målen"), ("", 'data-lang="xx"', "Fråga om målen")],
)  # fmt: skip
def test_the_language_of_the_site(
    open_page: OpenPage, server: RunningServer, hosts: Hosts, html: str, attributes: str, name: str
) -> None:
    source = host_page(server, attributes=attributes).replace('lang="sv"', html, 1)
    chat = Chat(open_page(hosts[0].put("/language", source)))
    chat.launcher.wait_for()
    assert chat.launcher.inner_text() == name


def test_a_theme_and_place_of_the_sites_own(open_page: OpenPage, server: RunningServer, hosts: Hosts) -> None:
    head = "<style>:root { --malvakt-right: auto; --malvakt-left: 30px; --malvakt-bottom: 50px }</style>"
    source = host_page(server, head=head, attributes='data-theme="dark"')
    chat = Chat(open_page(hosts[0].put("/theme", source))).open()
    assert chat.panel.evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(19, 27, 29)"
    assert chat.panel.bounding_box()["x"] == pytest.approx(30)
    box = chat.launcher.bounding_box()
    assert (box["x"], box["y"] + box["height"]) == pytest.approx((30, 750))


def test_without_a_theme_the_chat_follows_the_device(
    open_page: OpenPage, server: RunningServer, hosts: Hosts
) -> None:
    light, dark = "rgb(255, 255, 255)", "rgb(19, 27, 29)"
    for theme, seen in (("", [light, dark, light]), ("light", [light] * 3), ("x", [light, dark, light])):
        source = host_page(server, attributes=f'data-theme="{theme}"' if theme else "")
        page = open_page(hosts[0].put(f"/theme-{theme}", source))
        chat = Chat(page).open()
        for scheme, colour in zip(("light", "dark", "light"), seen, strict=True):
            page.emulate_media(color_scheme=scheme)
            # The page hears of the change a moment later.
            shown = f"element => getComputedStyle(element).backgroundColor === '{colour}'"
            page.wait_for_function(shown, arg=chat.panel.element_handle())


def test_a_municipality_that_is_not_there(open_page: OpenPage, server: RunningServer, hosts: Hosts) -> None:
    source = host_page(server).replace("varnamo", "gnosjo")
    page = open_page(hosts[0].put("/unknown", source))
    with page.expect_console_message(lambda message: "data-municipality" in message.text) as said:
        chat = Chat(page).open().ask(GREEN)
    assert "vara, varnamo" in said.value.text
    # The resident can mend nothing; whoever made the page is told what to write.
    failure = chat.reply.locator(".failure")
    assert "Den som ansvarar för webbplatsen" in failure.inner_text()
    assert "varnamo" not in failure.inner_text()
    assert failure.get_by_role("button").count() == 0
    with page.expect_popup() as opened:
        failure.get_by_role("link").click()
    opened.value.wait_for_url(f"{server.url}/fraga?lang=sv&municipality=")


def test_in_a_frame(open_page: OpenPage, server: RunningServer, hosts: Hosts) -> None:
    frame = (
        f'<iframe title="Chatt" width=500 height=600 src="{server.url}/embed?municipality=varnamo"></iframe>'
    )
    source = HOST.format(html="", head="", body=frame, scripts="")
    chat = Chat(open_page(hosts[0].put("/frame", source)), inside="iframe").ask(GREEN)
    assert GREEN_WORDS in chat.reply.inner_text()
    assert chat.launcher.count() == 0


def test_in_a_frame_of_a_site_that_is_not_allowed(browser: Any, server: RunningServer, hosts: Hosts) -> None:
    # Without `open_page`, which takes the browser's message about the policy for a fault.
    frame = f'<iframe title="Chatt" src="{server.url}/embed?municipality=varnamo"></iframe>'
    address = hosts[1].put("/frame", HOST.format(html="", head="", body=frame, scripts=""))
    with browser.new_page() as page:
        page.set_default_timeout(PATIENCE)
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(address)
        assert page.frames[1].locator("malvakt-chat").count() == 0


@pytest.mark.parametrize(("width", "scheme", "lang"), VIEWS)
def test_the_embedded_page(
    open_page: OpenPage, axe: Check, layout: Check, width: int, scheme: Scheme, lang: str
) -> None:
    page = open_page(f"/embed?municipality=varnamo&lang={lang}", width=width, scheme=scheme)
    chat = Chat(page)
    chat.field.wait_for()
    assert page.evaluate("document.documentElement.lang") == lang
    found = axe(page) + layout(page)
    chat.ask(GREEN)
    chat.ask(COMPARED)
    assert found + axe(page) + layout(page) == []
    page = open_page(f"/embed?municipality=gnosjo&lang={lang}", width=width, scheme=scheme)
    assert "vara, varnamo" in page.inner_text("main")
    assert axe(page) == []


def test_the_embedded_page_without_javascript(open_page: OpenPage, server: RunningServer) -> None:
    page = open_page("/embed?municipality=vara&lang=en", java_script_enabled=False)
    link = page.get_by_role("link", name="Ask on a page of its own")
    assert link.get_attribute("href") == "/fraga?lang=en&municipality=vara"
