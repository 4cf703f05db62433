"""Searching, whole sections and quotations, as the staff page's server answers them."""

import html
import json
import re

import pytest
from staff_client import staff_site, token_of

from bot.answer import Sentence
from bot.channels.web.staff.passage import pieces
from bot.settings import Settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(data_dir=tmp_path_factory.mktemp("staff"), staff_rate_limit=100_000)


@pytest.fixture
async def staff(assistant, settings):
    """A browser that is signed in, and the token of its session."""
    async with staff_site(assistant, settings) as site:
        if await site.database.accounts.get("Anna") is None:
            await site.add("Anna")
        async with site.signed_in("Anna") as browser:
            browser.headers["X-CSRF-Token"] = await token_of(browser)
            yield browser


async def search(browser, query, **filters):
    response = await browser.post("/staff/api/search", json={"query": query, **filters})
    assert response.status_code == 200, response.text
    return response.text


def sections(page):
    return re.findall(r'<li class="result" data-section="([^"]+)"', page)


@pytest.mark.parametrize(
    ("query", "filters", "first"),
    [
        ("grön kommun", {}, "varnamo/gron"),
        ("gron kommun", {}, "varnamo/gron"),
        ("trygghet på kvällen", {}, "varnamo/trygg"),
        ("a sustainable economy", {"language": "en"}, "vara/ekonomi"),
        ("trygghet", {"municipality": "vara"}, "vara/attraktivt"),
        ("mål", {"kind": "vision"}, "varnamo/vision"),
        ("ekonomi", {"document": "vara/mal-2020"}, "vara/ekonomi"),
        ("framgång", {"state": "ended"}, "vara/framgangsfaktorer"),
    ],
)
async def test_the_best_section_comes_first(staff, query, filters, first):
    found = sections(await search(staff, query, **filters))
    assert found[0] == first
    if "municipality" in filters:
        assert all(one.startswith(filters["municipality"]) for one in found)
    assert 1 <= len(found) <= 10


async def test_words_and_the_best_sentence_are_marked(staff):
    page = await search(staff, "trygg på kvällen")
    first = page.split('<li class="result"')[1]
    assert "<mark>trygg</mark>" in first
    assert len(re.findall(r'<strong class="best">', first)) == 1
    assert "Passar bäst:" in first
    for shown in (
        "Värnamo kommun",
        "Mål",
        "Reviderad vision och nya mål",
        "Gäller från 1 januari 2024.",
        "Gäller",
    ):
        assert shown in first
    score = re.findall(r"<dt>([^<]+)</dt><dd><b>(\d,\d{3})</b>", first)
    assert [name for name, _ in score] == ["Totalt", "Betydelse", "Ord"]


async def test_it_says_where_no_result_surely_answers(staff):
    assert "Ingen träff svarar säkert" not in await search(staff, "miljö")
    unsure = await search(staff, "när öppnar simhallen?")
    assert "Ingen träff svarar säkert" in unsure
    assert '<li class="result"' in unsure


async def test_validity_is_said_in_words(staff):
    page = await search(staff, "framgångsfaktorer", municipality="vara")
    assert "Gäller inte längre" in page
    assert "Målen gäller, äldre text" in page
    assert "Gällde 2020–2023, inte längre i kraft." in page


async def test_the_text_itself_is_untouched_by_its_marks(staff, assistant):
    page = await search(staff, "miljö", municipality="varnamo", kind="goal")
    first = page.split('<li class="result"')[1]
    passage = re.search(r'<div class="passage"[^>]*>(.*?)</div>', first, re.S)[1]
    plain = html.unescape(re.sub(r"<[^>]+>", "", passage)).replace("Passar bäst: ", "")
    found = assistant.find("miljö")[0]
    assert " ".join(plain.split()) == " ".join(" ".join(one.text for one in found.passage).split())


@pytest.mark.parametrize(
    "query",
    [
        "å" * 5000,
        "\0",
        "grön\0kommun",
        "\ud800",
        "\udfff grön",
        "👩‍👩‍👧‍👦" * 20,
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "{{ 7 * 7 }}",
        "   ",
        "?",
        "\u202egrön",
    ],
)
async def test_hard_queries(staff, query):
    content = json.dumps({"query": query[:1000]})
    response = await staff.post(
        "/staff/api/search", content=content, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 200
    assert "<script>" not in response.text
    assert "49" not in re.sub(r"\d,\d{3}", "", response.text)
    form = await staff.post(
        "/staff",
        data={"query": query[:1000].encode("utf-8", "replace"), "csrf": staff.headers["X-CSRF-Token"]},
    )
    assert form.status_code == 200


async def test_what_is_no_search_is_told_so(staff):
    for body in ("", "[]", '"x"', '{"query": 1}', "{", '{"query": {"a": 1}}'):
        response = await staff.post(
            "/staff/api/search", content=body, headers={"Content-Type": "application/json"}
        )
        assert response.status_code == 422, body
        assert response.headers["content-type"] == "application/problem+json"
    large = await staff.post("/staff/api/search", json={"query": "å" * 20_000})
    assert large.status_code == 413


async def test_filters_that_are_not_on_offer_are_as_none(staff):
    page = await search(
        staff, "grön", municipality="nowhere", kind="x", state="y", document="z", language="xx"
    )
    assert sections(page)[0] == "varnamo/gron"


async def test_a_document_of_another_municipality_is_no_filter(staff):
    page = await search(staff, "ekonomi", municipality="vara", document="varnamo/mal-2024")
    assert sections(page)


async def test_no_hit_says_what_is_covered_and_who_answers(staff):
    page = await search(staff, "grön", state="not_yet")
    assert sections(page) == []
    assert "Inga avsnitt passar avgränsningen." in page
    assert "0370-37 70 00" in page
    assert 'href="tel:0370377000"' in page


async def test_nothing_written_shows_what_there_is(staff):
    page = await search(staff, "", municipality="vara")
    assert "/staff/sections/vara/ekonomi" in page
    assert "/staff/sections/varnamo/" not in page


async def test_without_javascript_the_form_finds_the_same(staff):
    live = await search(staff, "grön kommun", municipality="varnamo")
    data = {"query": "grön kommun", "municipality": "varnamo", "csrf": staff.headers["X-CSRF-Token"]}
    del staff.headers["X-CSRF-Token"]
    page = (await staff.post("/staff", data=data)).text
    assert sections(page) == sections(live) != []
    assert 'value="grön kommun"' in page
    assert '<option value="varnamo" selected>' in page
    assert live.strip() in page


async def test_the_address_chooses_filters_and_never_words(staff):
    page = (await staff.get("/staff?kind=goal&municipality=vara&q=hemligt&query=hemligt")).text
    assert '<option value="goal" selected>' in page
    assert '<option value="vara" selected>' in page
    form = page[page.index('<form id="search"') :]
    assert "hemligt" not in form
    assert 'method="post"' in form[:80]


@pytest.mark.parametrize(
    ("language", "begins", "source"),
    [("sv", "Det här gäller Värnamo kommun.", "Källa:"), ("en", "Translation:", "Source:")],
)
async def test_a_quotation_is_complete_alone(staff, language, begins, source):
    body = {"section": "varnamo/gron", "query": "miljö", "language": language}
    reply = (await staff.post("/staff/api/quote", json=body)).json()
    assert reply["text"].startswith(begins)
    assert source in reply["text"]
    assert "https://kommun.varnamo.se/" in reply["text"]
    assert "2024" in reply["text"]
    assert '<a href="https://kommun.varnamo.se/' in reply["html"]
    # The large type is the answer alone.
    assert "https://" not in reply["reading"]
    assert f'lang="{language}"' in reply["reading"]


async def test_what_has_ended_is_read_out_first(staff):
    body = {"section": "vara/framgangsfaktorer", "query": "", "language": "sv"}
    reply = (await staff.post("/staff/api/quote", json=body)).json()
    assert "gäller inte längre" in reply["reading"].split("<h2")[0]
    assert "gäller inte längre" in reply["text"].split("\n")[0]


async def test_a_quotation_of_nothing(staff):
    assert (await staff.post("/staff/api/quote", json={"section": "varnamo/x"})).status_code == 404
    assert (
        await staff.post(
            "/staff/api/quote",
            content=b'{"section": "\\ud800"}',
            headers={"Content-Type": "application/json"},
        )
    ).status_code == 404
    assert (await staff.post("/staff/api/quote", json={})).status_code == 422


async def test_every_section_has_its_page(staff, assistant):
    seen = 0
    for language in ("sv", "en"):
        for municipality in assistant.goals(language):
            for summary in municipality.sections:
                seen += 1
                page = (await staff.get(f"/staff/sections/{summary.id}?language={language}")).text
                text = html.unescape(page)
                section = assistant.section(summary.id, language)
                assert f'<h1 id="section-title" lang="{language}">' in page
                assert section.title in text
                for sentence in section.sentences:
                    assert sentence.text in text
                    assert sentence.original is None or sentence.original in text
                assert section.citation.url in text
                assert (section.citation.valid or "") in text
                for other in (section.previous, section.next):
                    assert other is None or f"/staff/sections/{other.section}?" in page
    assert seen >= 28


@pytest.mark.parametrize(
    "path", ["varnamo/nothing", "nowhere/gron", "varnamo/..", "%00/%00", "varnamo/gr%C3%B6n", "a/b/c"]
)
async def test_a_section_that_does_not_exist(staff, path):
    assert (await staff.get(f"/staff/sections/{path}")).status_code == 404


def test_pieces_put_together_are_the_text():
    sentence = Sentence("Grön är skön.")
    for spans in ((), ((0, 4),), ((0, 4), (8, 12)), ((8, 13),)):
        cut = pieces(sentence.text, spans)
        assert "".join(piece.text for piece in cut) == sentence.text
        assert [piece.text for piece in cut if piece.marked] == [sentence.text[a:b] for a, b in spans]
