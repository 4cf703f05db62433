"""The staff page in a browser: signing in, searching by keyboard alone, copying, reading aloud, ending."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import HttpUrl

from bot.assistant import Assistant
from bot.settings import Settings
from tests.browser.pages import VIEWS, Page, stop_clock
from tests.web_server import RunningServer, running_server

PASSWORD = "en hel mening som ingen gissar"
SEARCH = "**/staff/api/search"


@pytest.fixture(scope="module")
def staff(server: RunningServer) -> RunningServer:
    for name, role in (("Anna", "admin"), ("Bo Långtnamnsson-Efternamnsson", "reader")):
        server.run(server.database.accounts.add(name, role=role, password=PASSWORD))
    blocked = "cecilia.med.ett.mycket.langt.namn@kontaktcenter.kommun.example"
    server.run(server.database.accounts.add(blocked, role="editor", email=blocked))
    server.run(server.database.accounts.set_blocked(blocked, True))
    return server


@pytest.fixture
def open_staff(open_page: Any, staff: RunningServer) -> Any:
    """Opens a page of the staff page with a session of its own."""

    def open_staff(path: str = "/staff", *, name: str = "Anna", **options: Any) -> Page:
        # Not by the form: a session costs no slow password check.
        account = staff.run(staff.database.accounts.get(name))
        session = staff.run(staff.database.sessions.begin(account))

        def enter(page: Page) -> None:
            cookie = {"name": "malvakt_staff_session", "value": session.token, "httpOnly": True}
            page.context.add_cookies([{**cookie, "domain": "127.0.0.1", "path": "/staff", "sameSite": "Lax"}])

        return open_page(path, cookies=True, before=enter, **options)

    return open_staff


def found(page: Page) -> list[str]:
    return list(page.locator(".result").evaluate_all("all => all.map(one => one.dataset.section)"))


@contextmanager
def searched(page: Page, text: str) -> Iterator[None]:
    """Ends when the results of a search for the whole text are shown, begun within."""

    def asks(response: Any) -> bool:
        posted = response.request.post_data_json if response.url.endswith(SEARCH[2:]) else {}
        return posted.get("query") == text

    with page.expect_response(asks):
        yield
    page.wait_for_selector("#results[aria-busy=false]")


def search(page: Page, text: str) -> None:
    with searched(page, text):
        page.fill("#query", text)
    page.wait_for_selector(".result")


def wait_for_value(page: Page, text: str) -> None:
    """Until a script that may still be loading has written it into the field."""
    page.wait_for_function("text => document.getElementById('query')?.value === text", arg=text)


def read_aloud(page: Page, text: str) -> None:
    """Search, and open the first result in large letters."""
    search(page, text)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("l")
    page.wait_for_selector("#reading[open]")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


def test_signing_in_searching_and_leaving_by_keyboard_alone(open_page: Any, staff: RunningServer) -> None:
    page = open_page("/staff/sections/varnamo/gron", cookies=True)
    assert page.url.endswith("/staff/sign-in?next=%2Fstaff%2Fsections%2Fvarnamo%2Fgron")
    # A browser sets the first focus when it paints.
    page.wait_for_selector("[name=name]:focus")
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type("fel")
    page.keyboard.press("Enter")
    page.wait_for_selector("#fault")
    assert "stämmer inte" in page.inner_text("#fault")
    page.wait_for_selector("[name=password]:focus")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("article.section")
    assert page.url.endswith("/staff/sections/varnamo/gron")

    page.wait_for_selector("[data-copy]:visible")
    page.keyboard.press("Escape")
    page.wait_for_selector("#query:focus")
    with searched(page, "trygg på kvällen"):
        page.keyboard.type("trygg på kvällen")
    page.wait_for_selector(".result mark")
    page.wait_for_selector(".result:first-child[data-section='varnamo/trygg']")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "title-1"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "title-2"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "query"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("/")
    assert focused(page) == "query"
    assert page.input_value("#query") == "trygg på kvällen"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("article.section")
    assert "/staff/sections/varnamo/trygg" in page.url
    # Written by a script that may still be loading.
    page.wait_for_selector("#searched:has-text('trygg på kvällen')")
    page.keyboard.press("Escape")
    wait_for_value(page, "trygg på kvällen")
    page.wait_for_selector(".result")

    page.get_by_role("button", name="Logga ut").press("Enter")
    page.wait_for_selector("#signed-out")
    page.wait_for_function("sessionStorage.length === 0")
    page.goto(f"{staff.url}/staff")
    assert "/staff/sign-in" in page.url


@pytest.mark.parametrize(("key", "language"), [("c", "sv"), ("C", "en")])
def test_copying(open_staff: Any, staff: RunningServer, key: str, language: str) -> None:
    page = open_staff(permissions=["clipboard-read", "clipboard-write"])
    search(page, "grön kommun")
    page.keyboard.press("ArrowDown")
    page.keyboard.press(f"Shift+{key}" if key == "C" else key)
    words = {"sv": "Svaret är kopierat på svenska.", "en": "Svaret är kopierat på engelska."}
    page.wait_for_selector(f"#status:text-is('{words[language]}')")
    plain = page.evaluate("navigator.clipboard.readText()")
    assert "https://kommun.varnamo.se/" in plain
    assert {"sv": "Källa:", "en": "Source:"}[language] in plain
    assert {"sv": "Gäller från 1 januari 2024.", "en": "Applies from 1 January 2024."}[language] in plain
    html = page.evaluate(
        """async () => {
          const [item] = await navigator.clipboard.read();
          return (await item.getType("text/html")).text();
        }"""
    )
    assert 'href="https://kommun.varnamo.se/' in html


@pytest.mark.parametrize("stage", ["no clipboard", "nothing at all"])
def test_copying_where_the_browser_will_not(open_staff: Any, stage: str) -> None:
    page = open_staff()
    search(page, "grön kommun")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    if stage == "nothing at all":
        page.evaluate("document.execCommand = () => false")
    page.locator("[data-copy]").first.click()
    if stage == "no clipboard":
        page.wait_for_selector("#status:has-text('kopierat')")
    else:
        page.wait_for_selector("#manual[open]")
        assert "Källa:" in page.input_value("#manual-text")
        assert focused(page) == "manual-text"


def test_reading_aloud_gives_the_focus_back(open_staff: Any) -> None:
    page = open_staff()
    read_aloud(page, "grön kommun")
    text = page.inner_text("#reading-text")
    assert "miljö" in text
    assert "http" not in text
    assert (
        page.evaluate("parseFloat(getComputedStyle(document.getElementById('reading-text')).fontSize)") >= 22
    )
    # No other shortcut acts behind it.
    page.keyboard.press("/")
    assert focused(page) == "reading-text"
    page.keyboard.press("Escape")
    page.wait_for_selector("#reading", state="hidden")
    page.wait_for_selector("#title-1:focus")


def test_reading_aloud_begins_at_the_top(open_staff: Any) -> None:
    page = open_staff(width=390)
    read_aloud(page, "hållbar ekonomi vara")
    assert focused(page) == "reading-text"
    assert page.evaluate("document.getElementById('reading').scrollTop") == 0


def test_letters_are_letters_while_somebody_types(open_staff: Any) -> None:
    page = open_staff()
    page.locator("#query").press_sequentially("/cl?")
    assert page.input_value("#query") == "/cl?"
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("Escape")
    assert page.input_value("#query") == ""


def test_shortcuts_can_be_switched_off_and_stay_off(open_staff: Any) -> None:
    page = open_staff()
    search(page, "grön kommun")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open]")
    page.uncheck("#shortcuts-on")
    page.keyboard.press("Escape")
    page.wait_for_selector("#shortcuts", state="hidden")
    page.reload()
    page.wait_for_selector(".result")
    page.wait_for_selector("#results[aria-busy=false]")
    page.locator("#title-1").focus()
    quoted: list[Any] = []
    page.on("request", lambda request: quoted.append(request) if "/quote" in request.url else None)
    for key in ("?", "l", "c", "/"):
        page.keyboard.press(key)
    assert page.locator("dialog[open]").count() == 0
    assert focused(page) == "title-1"
    # Copying and reading aloud would begin by asking for the words.
    assert quoted == []
    page.locator("[data-copy]").first.click()
    page.wait_for_selector("#status:has-text('kopierat')")
    assert len(quoted) == 1


@pytest.mark.parametrize("how", ["forbidden", "full"])
def test_where_the_browser_keeps_nothing(open_staff: Any, how: str) -> None:
    # As Chromium does where cookies and the like are blocked, and where the disk is full.
    forbidden = """const refuse = () => { throw new DOMException("no", "SecurityError"); };
        for (const name of ["localStorage", "sessionStorage"])
            Object.defineProperty(window, name, {get: refuse});
        window.BroadcastChannel = function () { refuse(); };"""
    full = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    page = open_staff()
    page.context.add_init_script(forbidden if how == "forbidden" else full)
    page.reload()
    search(page, "grön kommun")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open]")
    page.uncheck("#shortcuts-on")
    page.keyboard.press("Escape")
    page.wait_for_selector("#shortcuts", state="hidden")
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 0
    page.click(".leave button")
    page.wait_for_selector("#signed-out")


def test_filters_stand_in_the_address_and_words_do_not(open_staff: Any, staff: RunningServer) -> None:
    page = open_staff()
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    search(page, "hemlighet trygg")
    page.select_option("[name=municipality]", "vara")
    page.wait_for_selector("#results:not(:has(.result[data-section^='varnamo/'])) .result")
    page.select_option("[name=state]", "ended")
    page.wait_for_selector("#results:not(:has(.badge.continued)) .result")
    page.wait_for_url(f"{staff.url}/staff?municipality=vara&state=ended")
    options = page.locator("[name=document] optgroup:not([hidden])").count()
    assert options == 1
    page.select_option("[name=state]", "not_yet")
    page.wait_for_selector(".none")
    page.click("[data-unfilter]")
    page.wait_for_selector(".result")
    page.wait_for_url(f"{staff.url}/staff")
    assert len(requested) >= 4
    assert not [url for url in requested if "hemlig" in url]


def test_the_session_ends_elsewhere_while_somebody_types(open_staff: Any, staff: RunningServer) -> None:
    page = open_staff("/staff?municipality=varnamo")
    search(page, "grön")
    account = staff.run(staff.database.accounts.get("Anna"))
    staff.run(staff.database.sessions.end_all(account))
    page.locator("#query").press_sequentially(" kommun")
    page.wait_for_selector("#session-ended:visible")
    # What "grön" found must not be taken for an answer to what is asked now.
    page.wait_for_selector(".result", state="detached")
    page.click("#sign-in-again")
    page.wait_for_selector("[name=password]")
    assert "utloggad" not in page.inner_text("main")
    page.fill("[name=name]", "anna")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".result:first-child[data-section='varnamo/gron']")
    assert page.input_value("#query") == "grön kommun"
    page.wait_for_url(f"{staff.url}/staff?municipality=varnamo")


def test_idle_timeout_is_told_before_and_after(open_page: Any, open_staff: Any, staff: RunningServer) -> None:
    account = staff.run(staff.database.accounts.get("Anna"))
    session = staff.run(staff.database.sessions.begin(account))

    def enter(page: Page) -> None:
        stop_clock(page)
        page.context.add_cookies(
            [{"name": "malvakt_staff_session", "value": session.token, "url": f"{staff.url}/staff"}]
        )

    page = open_page("/staff", cookies=True, before=enter)
    page.wait_for_selector("#query")
    page.clock.fast_forward("28:30")
    page.wait_for_selector("#session-ending:visible")
    page.click("#stay")
    page.wait_for_selector("#session-ending", state="hidden")
    page.clock.fast_forward("27:00")
    assert not page.is_visible("#session-ending")
    page.clock.fast_forward("04:00")
    page.wait_for_selector("#session-ended:visible")


def test_two_tabs_share_the_session(open_staff: Any) -> None:
    page = open_staff()
    other = page.context.new_page()
    other.goto(page.url)
    search(other, "ekonomi")
    search(page, "grön")
    # Words are a tab's own.
    assert other.input_value("#query") == "ekonomi"
    other.get_by_role("button", name="Logga ut").click()
    other.wait_for_selector("#signed-out")
    page.wait_for_selector("#session-ended:visible")


@pytest.mark.parametrize(
    "text",
    ["å" * 5000, "😀" * 600, "a\ud800b", "grön\u0000kommun", "<img src=x onerror=alert(1)>", "GRON KOMMUN"],
)
def test_hard_input(open_staff: Any, text: str) -> None:
    page = open_staff()
    dialogs: list[Any] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog))
    page.evaluate(
        """codes => {
          const query = document.getElementById("query");
          query.value = String.fromCharCode(...codes);
          query.dispatchEvent(new Event("input", {bubbles: true}));
        }""",
        list(memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")),
    )
    page.wait_for_selector(".result")
    assert page.is_hidden("#failure")
    assert page.is_visible("#cut") == (len(text.encode("utf-16-le", "surrogatepass")) > 2000)
    assert dialogs == []


def test_without_javascript(open_staff: Any) -> None:
    page = open_staff(java_script_enabled=False)
    page.fill("#query", "grön kommun")
    with page.expect_navigation():
        page.locator("form#search button").click()
    assert found(page)[0] == "varnamo/gron"
    assert page.locator("[data-copy]:visible").count() == 0
    with page.expect_navigation():
        page.locator(".result-link").first.click()
    assert "En grön kommun" in page.inner_text("h1")


def test_the_network_fails(open_staff: Any) -> None:
    page = open_staff()
    page.route(SEARCH, lambda route: route.abort())
    page.fill("#query", "grön")
    page.wait_for_selector("#failure:visible")
    page.unroute(SEARCH)
    page.click("#failure button")
    page.wait_for_selector(".result")
    assert page.is_hidden("#failure")


def test_only_the_last_search_is_shown(open_staff: Any) -> None:
    """An answer that has not come when a newer search begins is never shown."""
    page = open_staff()

    def hold(route: Any) -> None:
        if "ekonomi" not in route.request.post_data:
            route.continue_()

    page.route(SEARCH, hold)
    with page.expect_request(SEARCH):
        page.fill("#query", "hållbar ekonomi")
    with page.expect_event("requestfailed", lambda request: "ekonomi" in request.post_data):
        search(page, "grön kommun")
    assert found(page)[0] == "varnamo/gron"
    assert page.is_hidden("#failure")


@pytest.mark.parametrize(
    ("path", "comes", "focus"),
    [("/staff", True, "#title-1"), ("/staff?state=not_yet", True, "#query"), ("/staff", False, "#query")],
)
def test_the_arrow_key_may_be_quicker_than_the_answer(
    open_staff: Any, path: str, comes: bool, focus: str
) -> None:
    page = open_staff(path)
    held: list[Any] = []
    page.route(SEARCH, lambda route: held.append(route))
    with page.expect_request(SEARCH):
        page.fill("#query", "grön kommun")
    # Still the list of all sections.
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".shelf .result-link:focus")
    (late,) = held
    if comes:
        late.continue_()
    else:
        late.abort()
    page.wait_for_selector(f"{focus}:focus")


def test_that_something_is_copied_is_not_talked_over(open_staff: Any) -> None:
    """The number of results is told when the typing rests, unless an answer has been copied by then."""
    page = open_staff(permissions=["clipboard-read", "clipboard-write"])
    page.clock.install()
    page.reload()
    search(page, "grön kommun")
    page.locator("[data-copy]").first.click()
    page.wait_for_selector("#status:has-text('kopierat')")
    page.clock.fast_forward(2_000)
    assert "kopierat" in page.inner_text("#status")


def test_keystroke_to_results(open_staff: Any, capsys: Any) -> None:
    """From the key to the painted results; printed, never judged: other work on the machine counts too."""
    page = open_staff()
    page.evaluate(
        """() => {
          window.times = [];
          let pressed = 0;
          document.addEventListener("input", () => { pressed = performance.now(); }, true);
          addEventListener("malvakt:shown", () => {
            const at = pressed;
            // After the frame in which they are painted.
            requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - at)));
          });
        }"""
    )
    for number, letter in enumerate("trygg på kvällen", 1):
        page.keyboard.type(letter)
        page.wait_for_function("number => times.length === number", arg=number)
    times = sorted(page.evaluate("times"))
    with capsys.disabled():
        median, slow = statistics.median(times), times[int(0.95 * len(times))]
        print(f"\nkeystroke to painted results: median {median:.0f} ms, p95 {slow:.0f} ms, n {len(times)}")


STATES = {
    "sign-in": ("/staff/sign-in", None),
    "empty": ("/staff", None),
    "results": ("/staff", "results"),
    "details": ("/staff", "details"),
    "unsure": ("/staff", "unsure"),
    "none": ("/staff?state=not_yet", "none"),
    "reading": ("/staff", "reading"),
    "shortcuts": ("/staff", "shortcuts"),
    "failure": ("/staff", "failure"),
    "ending": ("/staff", "ending"),
    "manual": ("/staff", "manual"),
    "section": ("/staff/sections/vara/ekonomi?language=sv", None),
    "translated": ("/staff/sections/varnamo/vision?language=en", None),
    "accounts": ("/staff/accounts?done=end&name=Bo", None),
    "absent": ("/staff/nowhere", None),
    "fault": ("/staff/sign-in", "fault"),
}


def reach(page: Page, state: str | None) -> None:
    if state in ("results", "details", "reading", "manual"):
        search(page, "trygg framgång på kvällen")
    if state == "details":
        page.locator(".score summary").first.click()
    elif state == "reading":
        page.locator("[data-read]").first.click()
        page.wait_for_selector("#reading[open]")
    elif state == "shortcuts":
        page.locator("#content").focus()
        page.keyboard.press("?")
        page.wait_for_selector("#shortcuts[open]")
    elif state == "manual":
        page.evaluate("document.getElementById('manual').showModal()")
    elif state == "none":
        page.fill("#query", "grön")
        page.wait_for_selector(".none")
    elif state == "unsure":
        search(page, "när öppnar simhallen?")
        page.wait_for_selector(".unsure")
    elif state == "failure":
        page.route(SEARCH, lambda route: route.abort())
        page.fill("#query", "grön")
        page.wait_for_selector("#failure:visible")
    elif state == "ending":
        page.evaluate("for (const one of document.querySelectorAll('.notice-bar')) one.hidden = false")
    elif state == "fault":
        page.fill("[name=name]", f"nobody {time.monotonic_ns()}")
        page.fill("[name=password]", "fel")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_selector("#fault")


@pytest.mark.parametrize(("width", "scheme", "lang"), VIEWS)
def test_every_state_is_accessible_and_readable(
    open_page: Any,
    open_staff: Any,
    axe: Any,
    layout: Any,
    screenshot: Any,
    lang: str,
    width: int,
    scheme: Any,
) -> None:
    faults: list[str] = []
    page = open_staff(width=width, scheme=scheme, lang=lang)
    base = re.match(r"https?://[^/]+", page.url)
    assert base
    stranger = open_page("/staff/sign-in", cookies=True, width=width, scheme=scheme, lang=lang)
    for name, (path, state) in STATES.items():
        shown = stranger if "sign-in" in path else page
        shown.unroute_all()
        shown.evaluate("sessionStorage.clear()")
        shown.goto(base[0] + path)
        reach(shown, state)
        screenshot(shown, f"staff-{name}-{width}-{scheme}-{lang}")
        faults += [f"{name}: {fault}" for fault in (*axe(shown), *layout(shown))]
    assert faults == []


@pytest.mark.parametrize(("width", "scheme", "lang"), VIEWS[:4])
def test_refusals_are_accessible_and_readable(
    open_page: Any,
    open_staff: Any,
    assistant: Assistant,
    tmp_path: Path,
    axe: Any,
    layout: Any,
    lang: str,
    width: int,
    scheme: Any,
) -> None:
    shown = {"width": width, "scheme": scheme, "lang": lang}
    refused = open_staff("/staff/accounts", name="Bo Långtnamnsson-Efternamnsson", **shown)
    assert refused.locator("h1").count() == 1
    assert axe(refused) + layout(refused) == []
    # Nobody listens on port 9.
    issuer = HttpUrl("http://127.0.0.1:9/")
    settings = Settings(data_dir=tmp_path, oidc_issuer=issuer, oidc_client_id="malvakt")
    with running_server(assistant, settings) as other:
        for path in ("/staff/sign-in", "/staff/oidc/start", "/staff/oidc/callback?state=forged"):
            page = open_page(f"{other.url}{path}", cookies=True, **shown)
            assert axe(page) + layout(page) == [], path
