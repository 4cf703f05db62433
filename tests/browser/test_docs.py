"""The page /docs and the page that says what went wrong."""

import pytest

from tests.browser.pages import VIEWS, Check, OpenPage, Scheme


@pytest.mark.parametrize(("width", "scheme", "lang"), VIEWS)
def test_they_are_accessible_and_readable(
    open_page: OpenPage, axe: Check, layout: Check, width: int, scheme: Scheme, lang: str
) -> None:
    docs = open_page("/docs", width=width, scheme=scheme, lang=lang)
    assert docs.locator("html").get_attribute("lang") == lang
    assert axe(docs) + layout(docs) == []
    missing = open_page("/nowhere", width=width, scheme=scheme, lang=lang)
    assert missing.locator("html").get_attribute("lang") == lang
    assert axe(missing) == []
    # It says too little for the check of layouts.
    assert missing.evaluate("document.documentElement.scrollWidth") <= width
