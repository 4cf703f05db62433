"""Pages in Chromium, as tests open them."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from typing import Any, Literal

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE, DESKTOP, ZOOMED = 390, 1280, 320
"""Widths in CSS pixels; the last is a window of 1280 at 400 % zoom."""
HEIGHTS = {PHONE: 844, DESKTOP: 800, ZOOMED: 256}
NOON = 1_772_449_200
"""2 March 2026, the day of the assistant, as seconds since 1970."""
PATIENCE = 60_000
"""Milliseconds that a busy machine gets for what takes a few."""

# So that tests and axe see the inside of the chat. The element itself asks for a closed root.
OPEN_SHADOWS = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (init) { return attach.call(this, {...init, mode: "open"}); };
"""

Scheme = Literal["light", "dark"]
VIEWS: tuple[tuple[int, Scheme, str], ...] = (
    (DESKTOP, "light", "sv"),
    (DESKTOP, "dark", "en"),
    (PHONE, "light", "en"),
    (PHONE, "dark", "sv"),
    (ZOOMED, "light", "sv"),
    (ZOOMED, "dark", "en"),
)
"""Width, colour scheme and language: each value of one with each of the others, in as few as that takes."""
POLICY = "Security Policy"
"""What the console says of a page that meets its own Content Security Policy."""

Page = Any
"""`playwright.sync_api.Page`; not imported here, because it may be missing."""


def missing() -> str | None:
    """What has to be installed before a page can be driven, in one line."""
    for package in ("playwright", "axe_playwright_python"):
        if importlib.util.find_spec(package) is None:
            return f"the Python package {package} is missing: pip install '.[dev]'"
    return None if CHROMIUM else "Chromium is missing. On Debian: apt install chromium"


class OpenPage:
    """Opens pages of a service in one browser, each with a context of its own, and closes them."""

    def __init__(self, browser: Any, base_url: str) -> None:
        self._browser = browser
        self._base_url = base_url
        self._opened: list[tuple[Any, Page, bool]] = []
        self._faults: list[str] = []

    def __call__(
        self,
        path: str,
        *,
        width: int = DESKTOP,
        height: int | None = None,
        scheme: Scheme = "light",
        lang: str = "sv",
        cookies: bool = False,
        before: Callable[[Page], None] | None = None,
        closed_shadows: bool = False,
        **context: Any,
    ) -> Page:
        """A page at ``path`` of the service or at a whole address, loaded with all its scripts.

        Nothing in it moves: a click on what is being scrolled to or faded in may miss.

        Args:
            lang: what the browser asks for in Accept-Language.
            cookies: whether the page may set any.
            before: is called with the page before it is loaded, to intercept requests.
            closed_shadows: leave the chat's inside closed, as it is for the host page.
            context: further options of Playwright's ``new_context``.
        """
        opened = self._browser.new_context(
            viewport={"width": width, "height": height or HEIGHTS.get(width, 800)},
            color_scheme=scheme,
            locale={"sv": "sv-SE", "en": "en-GB"}[lang],
            **{"reduced_motion": "reduce", **context},
        )
        opened.set_default_timeout(PATIENCE)
        if not closed_shadows:
            opened.add_init_script(OPEN_SHADOWS)
        page = opened.new_page()
        page.on("pageerror", lambda error: self._faults.append(str(error)))
        page.on("console", lambda said: self._faults.append(said.text) if POLICY in said.text else None)
        self._opened.append((opened, page, cookies))
        if before:
            before(page)
        page.goto(path if "://" in path else f"{self._base_url}{path}")
        return page

    def close(self) -> None:
        """Close them all. Fails where one met an error or set a cookie that it must not set."""
        for context, page, cookies in self._opened:
            set_cookies = [] if cookies else context.cookies()
            self._faults += [f"{page.url} set {cookie}" for cookie in set_cookies]
            context.close()
        assert self._faults == []


def stop_clock(page: Page) -> None:
    """As ``before`` of a page: its timers wait until the test moves its clock, however long it takes."""
    # It runs until it is stopped, and cannot be stopped at what has been.
    page.clock.install(time=NOON - 3600)
    page.clock.pause_at(NOON)


Check = Callable[[Page], list[str]]
"""What is wrong with a page, one fault a line."""
