"""The page ``/docs``: complete, in both languages, and every link within it leads somewhere."""

from __future__ import annotations

import re

import pytest
from web_client import web_client, web_settings

from bot.channels.web.problems import STATUSES, problem_type
from bot.texts import load_texts


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_docs_say_all_that_the_document_says(assistant, data_dir, language):
    async with web_client(assistant, web_settings(data_dir)) as client:
        document = (await client.get("/openapi.json")).json()
        page = await client.get("/docs", headers={"Accept-Language": language})
    assert page.status_code == 200
    assert page.headers["content-language"] == language
    html = page.text
    assert f'<html lang="{language}">' in html
    assert load_texts(language)("docs.title") in html.replace("&#39;", "'")
    for path, methods in document["paths"].items():
        assert f"<code>{path}</code>" in html
        for operation in methods.values():
            assert operation["summary"] in html
            for parameter in operation.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in html
    anchors = set(re.findall(r'\bid="([^"]+)"', html))
    assert set(document["components"]["schemas"]) <= anchors
    assert {problem_type(kind).removeprefix("/docs#") for kind in STATUSES} <= anchors
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert len(links) > 20
    assert links <= anchors
    assert "openapi.json" in html
    assert "curl http://test/api/v1/ask" in html
    assert "curl http://test/api/v1/sections/varnamo/gron" in html
    assert not re.search(r"<script|<style|\bstyle=|\bon\w+=|https?://(?!test)[^<]*\.(js|css)", html)


async def test_the_address_is_the_public_one_and_nothing_of_a_host_header_is_markup(assistant, data_dir):
    async with web_client(assistant, web_settings(data_dir)) as client:
        page = await client.get("/docs", headers={"Host": '"><script>alert(1)</script>'})
        assert "<script" not in page.text
    settings = web_settings(data_dir, public_url="https://malvakt.example/")
    async with web_client(assistant, settings) as client:
        assert "curl https://malvakt.example/api/v1/ask" in (await client.get("/docs")).text
