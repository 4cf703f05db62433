"""What the browser tests share: a running service, one Chromium, pages in it, and what is checked on each.

Every page is closed after its test, which fails if the page raised an error, met its own Content Security
Policy, or set a cookie that it was not allowed to set. `SCREENSHOTS=directory` keeps the screenshots.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant
from bot.settings import Settings
from tests.browser.host_pages import HostPages
from tests.browser.inspection import axe_violations, layout_faults
from tests.browser.pages import ARGUMENTS, CHROMIUM, Check, OpenPage, Page, missing
from tests.web_server import RunningServer, running_server


@pytest.fixture(scope="package")
def hosts() -> Iterator[tuple[HostPages, HostPages]]:
    """Two other sites: one that the service allows to show the chat, and one that it does not."""
    with HostPages() as allowed, HostPages() as refused:
        yield allowed, refused


@pytest.fixture(scope="package")
def server(
    assistant: Assistant, hosts: tuple[HostPages, HostPages], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("browser"),
        allowed_origins=(hosts[0].url,),
        rate_limit=100_000,
        staff_rate_limit=100_000,
    )
    with running_server(assistant, settings) as server:
        yield server


# Not of the whole session: while Playwright runs, no other test may start an event loop in this thread.
@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    if reason := missing():
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any, server: RunningServer) -> Iterator[OpenPage]:
    opening = OpenPage(browser, server.url)
    yield opening
    opening.close()


@pytest.fixture(scope="package")
def axe() -> Check:
    """The page's faults by WCAG 2.0 to 2.2 A and AA and by axe's best practices, one a line."""
    return axe_violations


@pytest.fixture(scope="package")
def layout() -> Check:
    """What of the page's text is cut off, overlaps or has to be scrolled to sideways, one a line."""
    return layout_faults


@pytest.fixture
def screenshot() -> Callable[[Page, str], None]:
    """Keeps a picture of the page under a name, where pictures are wished."""
    wished = os.environ.get("SCREENSHOTS")

    def screenshot(page: Page, name: str) -> None:
        if wished:
            page.screenshot(path=Path(wished) / f"{name}.png")

    return screenshot
