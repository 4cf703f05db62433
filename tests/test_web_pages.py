"""Pages for visitors, without a browser: what is served, and that no input is too strange."""

import asyncio
import gzip
import html
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import httpx
import pytest
from jinja2 import FileSystemLoader

from bot.answer import Answer, Choice, Conversation, Part, Reason, Sentence
from bot.assistant import Assistant
from bot.channels.web import create_app
from bot.channels.web.asking import AsyncAssistant, Overloaded
from bot.channels.web.quotation import blocks, original_blocks
from bot.channels.web.templating import TEMPLATES, _environment
from bot.database import Database
from bot.settings import Settings
from bot.texts import load_texts

LARGEST_WIDGET = 15 * 1024


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, rate_limit=6, allowed_origins=("https://www.kommun.example",))


@pytest.fixture
async def client(assistant: Assistant, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    database = await Database.open(settings)
    transport = httpx.ASGITransport(create_app(assistant, settings, database))
    async with httpx.AsyncClient(transport=transport, base_url="http://malvakt.test") as client:
        yield client
    await database.close()


class Fields(HTMLParser):
    """The values of a page's hidden fields and buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("input", "button") and given.get("name"):
            self.values.setdefault(str(given["name"]), []).append(given.get("value") or "")


async def test_the_widget_is_small_and_whole(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", "/widget.js") as response:
        packed = b"".join([part async for part in response.aiter_raw()])
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert 5_000 < len(packed) <= LARGEST_WIDGET
    plain = await client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed) == plain.content
    for sentence in ("Tala med en människa", "Talk to a person", "malvakt-chat"):
        assert sentence in plain.text
    assert "innerHTML" not in plain.text


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_the_widget_is_sent_once(client: httpx.AsyncClient, encoding: str) -> None:
    first = await client.get("/widget.js", headers={"Accept-Encoding": encoding})
    assert "max-age=600" in first.headers["cache-control"]
    assert "accept-encoding" in first.headers["vary"].lower()
    for tag in (first.headers["etag"], f"W/{first.headers['etag']}", f'"x", {first.headers["etag"]}'):
        again = await client.get("/widget.js", headers={"Accept-Encoding": encoding, "If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
    other = await client.get("/widget.js", headers={"Accept-Encoding": encoding, "If-None-Match": '"x"'})
    assert other.status_code == 200
    head = await client.head("/widget.js", headers={"Accept-Encoding": encoding})
    assert head.headers["etag"] == first.headers["etag"]


PAGES = [
    "/demo",
    "/demo?municipality=vara&lang=en",
    "/demo?municipality=%00",
    "/embed",
    "/embed?municipality=Vara",
    "/fraga",
    "/ask",
    "/fraga?lang=en",
    "/fraga?municipality=xyz&question=%22%3E%3Cscript%3E",
]


@pytest.mark.parametrize("path", PAGES)
async def test_pages_are_plain_and_set_nothing(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert response.status_code == 200
    assert "set-cookie" not in response.headers
    assert re.search(r"<script(?! src=\"/)", response.text) is None
    assert "style=" not in response.text
    assert "unsafe" not in response.headers["content-security-policy"]
    lang = "en" if "ask" in path or "lang=en" in path else "sv"
    assert f'<html lang="{lang}">' in response.text
    assert (await client.head(path)).status_code == 200


async def test_the_language_of_the_browser_is_spoken(client: httpx.AsyncClient) -> None:
    for path in ("/demo", "/embed"):
        page = await client.get(path, headers={"Accept-Language": "de, en;q=0.5"})
        assert '<html lang="en">' in page.text
        assert page.headers["vary"] == "Accept-Language"


async def test_the_start_leads_to_the_demo(client: httpx.AsyncClient) -> None:
    response = await client.get("/")
    assert (response.status_code, response.headers["location"]) == (307, "/demo")


async def test_the_demo_shows_what_its_example_is_about(client: httpx.AsyncClient) -> None:
    assert "<h3>En grön kommun</h3>" in (await client.get("/demo")).text
    assert "<h3>A green municipality</h3>" in (await client.get("/demo?lang=en")).text
    assert "Vara kommun" in (await client.get("/demo?municipality=Vara")).text.split("</header>")[0]


@pytest.mark.parametrize("municipality", ["varnamo", "vara"])
async def test_the_demo_proposes_questions_about_the_goals_that_it_shows(
    client: httpx.AsyncClient, assistant: Assistant, municipality: str
) -> None:
    page = (await client.get(f"/demo?municipality={municipality}")).text
    examples = [html.unescape(one) for one in re.findall(r'data-malvakt-question="([^"]+)"', page)]
    assert len(examples) == 2
    assert f'href="{assistant.goals()[0].website}"' not in page.split("</main>")[0]
    assert any(
        f'href="{one.url}"' in page for one in assistant.documents() if one.municipality == municipality
    )
    for example in examples:
        answer = assistant.ask(example, Conversation(municipality=municipality))
        assert (answer.kind, answer.municipalities) == ("answer", (municipality,)), example


async def test_the_demo_searches_once_for_all_visitors(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = Assistant.ask

    def counted(self: Assistant, question: str, *rest: Conversation) -> Answer:
        asked.append(question)
        return ask(self, question, *rest)

    monkeypatch.setattr(Assistant, "ask", counted)
    for path in ("/demo?municipality=vara", "/demo?municipality=Vara+kommun"):
        assert (await client.get(path)).status_code == 200
    paths = ["/demo", "/demo?municipality=nowhere", "/demo?lang=en"] * 3
    pages = await asyncio.gather(*(client.get(path) for path in paths))
    assert [page.status_code for page in pages] == [200] * 9
    assert len(asked) == 1


async def test_pages_take_no_place_in_the_queue(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await client.get("/demo")).status_code == 200

    async def refuse(self: AsyncAssistant, call: object) -> None:
        raise Overloaded

    monkeypatch.setattr(AsyncAssistant, "__call__", refuse)
    for path in (*PAGES, "/api/v1/municipalities"):
        assert (await client.get(path)).status_code == 200, path
    response = await client.post("/fraga", data={"question": "Vad är <målet>?", "municipality": "vara"})
    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert "Vad är &lt;målet&gt;?</textarea>" in response.text
    assert load_texts("sv")("problem.overloaded.detail") in response.text


async def test_an_upgrade_in_place_changes_no_page_of_the_running_program(
    assistant: Assistant, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "templates"
    shutil.copytree(TEMPLATES, directory)
    monkeypatch.setattr(_environment, "loader", FileSystemLoader(directory))
    database = await Database.open(settings)
    transport = httpx.ASGITransport(create_app(assistant, settings, database))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://malvakt.test") as client:
            assert (await client.get("/fraga")).status_code == 200
            for file in directory.rglob("*.html"):
                file.write_text("{{ a_value_that_only_the_new_program_knows }}", "utf-8")
                os.utime(file, (1, 1))
            # Both what has been shown before and what has not.
            for path in ("/fraga", "/demo", "/docs", "/staff/sign-in"):
                assert (await client.get(path)).status_code == 200, path
    finally:
        await database.close()


async def test_an_unknown_municipality_has_no_chat(client: httpx.AsyncClient) -> None:
    response = await client.get("/embed?municipality=%3Cb%3E")
    assert response.status_code == 404
    assert "widget.js" not in response.text
    assert "vara, varnamo" in response.text
    assert "frame-ancestors 'self' https://www.kommun.example" in response.headers["content-security-policy"]


async def test_follow_ups_carry_the_conversation(client: httpx.AsyncClient) -> None:
    first = await client.post("/fraga", data={"question": "Vad betyder målet om en grön kommun?"})
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-store"
    token = Fields(first.text).values["conversation"][0]
    second = await client.post("/fraga", data={"question": "Berätta mer", "conversation": token})
    assert "En grön kommun" in second.text
    alone = await client.post("/fraga", data={"question": "Berätta mer"})
    assert "<blockquote" not in alone.text


async def test_what_was_typed_is_kept_when_too_many_ask(client: httpx.AsyncClient) -> None:
    for _ in range(6):
        assert (await client.post("/fraga", data={"question": "hej"})).status_code == 200
    # Nothing was asked, so nothing is counted.
    assert (await client.post("/fraga", data={"question": " "})).status_code == 422
    response = await client.post("/fraga", data={"question": "Vad är <målet>?", "municipality": "vara"})
    assert response.status_code == 429
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert "Vad är &lt;målet&gt;?</textarea>" in response.text
    assert '<option value="vara" selected>' in response.text


STRANGE = [
    (b"", "application/x-www-form-urlencoded", 422),
    (b"question=%FF%FE", "application/x-www-form-urlencoded", 200),
    (b"question=\xff\xfe", "application/x-www-form-urlencoded", 200),
    (b"question=a%00b", "application/x-www-form-urlencoded", 200),
    (b"question=" + b"a" * 5000, "application/x-www-form-urlencoded", 422),
    (b"question=" + b"%C3%A5" * 5000, "application/x-www-form-urlencoded", 413),
    (b"question=a&question=b", "application/x-www-form-urlencoded", 200),
    (b"section=varnamo/gron", "application/x-www-form-urlencoded", 200),
    (b"section=varnamo/finns-inte", "application/x-www-form-urlencoded", 404),
    (b"section=" + b"x" * 500, "application/x-www-form-urlencoded", 422),
    (b"choice=gnosjo", "application/x-www-form-urlencoded", 404),
    (b"question=hej&municipality=gnosjo&asked_of=gnosjo", "application/x-www-form-urlencoded", 404),
    (b"question=hej&conversation=%00", "application/x-www-form-urlencoded", 200),
    (b'{"question": "hej"}', "application/json", 422),
    (b"question=hej", "text/plain", 422),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x", 422),
    (b"question=hej", "multipart/form-data", 422),
    (
        b'--x\r\nContent-Disposition: form-data; name="question"; filename="a.txt"\r\n\r\nhej\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
        422,
    ),
    (
        b'--x\r\nContent-Disposition: form-data; name="question"\r\n\r\n'
        + "å".encode() * 5000
        + b"\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
        422,
    ),
]


@pytest.mark.parametrize(("body", "kind", "status"), STRANGE)
@pytest.mark.parametrize("path", ["/fraga", "/ask"])
async def test_no_form_is_too_strange(
    client: httpx.AsyncClient, path: str, body: bytes, kind: str, status: int
) -> None:
    response = await client.post(path, content=body, headers={"Content-Type": kind, "Accept": "text/html"})
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert "<h1>" in response.text


def test_who_speaks_is_named_after_the_last_of_their_words() -> None:
    sentences = (
        Sentence("One.", "Ett.", None, 0),
        Sentence("Two.", "Två.", "A", 0),
        Sentence("Three.", "Tre.", "A", 1),
        Sentence("four", "fyra", None, 2, item=True),
        Sentence("five", "fem", None, 2, item=True),
    )
    part = Part("v/x", "Title", sentences)
    found = [(block.texts, block.listed, block.speaker) for block in blocks(part)]
    assert found == [
        (("One.",), False, None),
        (("Two.",), False, None),
        (("Three.",), False, "A"),
        (("four", "five"), True, None),
    ]
    assert [block.texts for block in original_blocks(part)][-1] == ("fyra", "fem")
    assert {block.speaker for block in original_blocks(part)} == {None}
    assert blocks(Part("v/x", "T", ())) == original_blocks(Part("v/x", "T", (Sentence("Ett."),))) == ()


def test_what_is_left_out_is_marked() -> None:
    sentences = (
        Sentence("Two.", "Två.", "A", 0, gap=True),
        Sentence("Four.", "Fyra.", "A", 0, gap=True),
        Sentence("b", "ä", None, 1, item=True, gap=True),
    )
    part = Part("v/x", "Title", sentences, gap=True)
    shown = [(block.texts, block.speaker) for block in blocks(part)]
    assert shown == [(("[…]", "Two.", "[…]", "Four."), "A"), (("[…]", "b"), None), (("[…]",), None)]
    originals = [block.texts for block in original_blocks(part)]
    assert originals == [("[…]", "Två.", "[…]", "Fyra."), ("[…]", "ä"), ("[…]",)]


@pytest.mark.parametrize("reason", [None, *get_args(Reason)])
async def test_what_was_perhaps_meant_is_a_button(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, reason: Reason | None
) -> None:
    choices = (
        Choice("En grön kommun", None, "varnamo/gron"),
        Choice("Hållbar ekonomi", None, "vara/ekonomi"),
    )
    offer = Answer(
        "no_answer" if reason else "clarify",
        "sv",
        "Menade du …",
        Conversation(),
        reason=reason,
        message="Menade du något av det här?",
        choices=choices,
        notices=("Skövde är inte med.",),
    )
    monkeypatch.setattr(Assistant, "ask", lambda *_: offer)
    page = await client.post("/fraga", data={"question": "vad menade jag"})
    if reason == "too_long":
        assert page.status_code == 422
        return
    assert page.text.index("Skövde är inte med.") < page.text.index("Menade du något")
    fields = Fields(page.text).values
    assert [value.partition("|")[2] for value in fields["section"]] == [one.label for one in choices]
    pressed = {"section": fields["section"][1], "conversation": fields["conversation"][0]}
    shown = await client.post("/fraga", data=pressed)
    assert "Du valde:" in shown.text
    assert "<h3>Hållbar ekonomi</h3>" in shown.text


async def test_the_widget_holds_the_texts_of_both_languages(client: httpx.AsyncClient) -> None:
    source = (await client.get("/widget.js")).text
    given = source.rpartition("})(")[2]
    texts, _ = json.JSONDecoder().raw_decode(given)
    assert texts.keys() == {"sv", "en"}
    assert texts["sv"].keys() == texts["en"].keys()
    assert texts["sv"]["chat.left"] == "Tecken kvar: {count}"
