"""Nothing under /staff answers without a session, or does anything without the session's own token."""

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import iter_route_contexts
from staff_client import StaffSite, staff_site, token_of

from bot.channels.web.staff.destination import destination
from bot.settings import Settings

OPEN = {"/staff/sign-in", "/staff/oidc/start", "/staff/oidc/callback"}


@pytest.fixture
async def site(assistant, tmp_path):
    settings = Settings(
        data_dir=tmp_path, oidc_issuer="http://127.0.0.1:9", oidc_client_id="x", rate_limit=100_000
    )
    async with staff_site(assistant, settings) as site:
        await site.add("Anna", "admin")
        await site.add("Bo")
        yield site


def staff_routes(site: StaffSite) -> Iterator[tuple[str, str]]:
    """Method and path of every route under /staff, with something in the place of each parameter."""
    for route in iter_route_contexts(site.app.router.routes):
        if (route.path or "").startswith("/staff"):
            for method in sorted(route.methods or ()):
                yield method, re.sub(r"\{[^}]+\}", "varnamo", route.path or "")


async def test_no_route_answers_without_a_session(site):
    looked_at = 0
    async with site.browser() as browser:
        for method, path in staff_routes(site):
            if path in OPEN:
                continue
            looked_at += 1
            response = await browser.request(method, path, json={} if method == "POST" else None)
            if path.startswith("/staff/api/"):
                assert response.status_code == 401, (method, path)
                assert response.headers["content-type"].startswith("application/problem+json")
            else:
                assert response.status_code == 303, (method, path)
                assert response.headers["location"].startswith("/staff/sign-in?"), (method, path)
            assert response.headers["cache-control"] == "no-store"
            assert "varnamo/gron" not in response.text
    assert looked_at >= 14


async def test_a_forged_or_ended_session_is_none(site):
    async with site.signed_in("Bo") as browser:
        name = "malvakt_staff_session"
        token = browser.cookies[name]
        rows = [("", 303), ("x", 303), (token[:-1], 303), (token + "x", 303), ("ÿ\x7f", 303)]
        rows += [("a" * 4000, 303), (token.swapcase(), 303), (token, 200)]
        for given, status in rows:
            async with site.browser() as fresh:
                cookie = f"{name}={given}".encode("latin-1")
                response = await fresh.get("/staff", headers={"Cookie": cookie})
                assert response.status_code == status, given
        assert (await browser.get("/staff")).status_code == 200
        await site.database.sessions.end(token)
        response = await browser.get("/staff?kind=goal")
        assert response.headers["location"] == "/staff/sign-in?next=%2Fstaff%3Fkind%3Dgoal&reason=ended"


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ("own header", 200),
        ("own field", 200),
        ("missing", 403),
        ("empty", 403),
        ("another session's", 403),
        ("own in the address", 403),
    ],
)
async def test_the_token_of_the_session_itself_is_needed(site, how, status):
    async with site.signed_in("Bo") as browser, site.signed_in("Anna") as other:
        own, foreign = await token_of(browser), await token_of(other)
        assert own != foreign
        if how == "own field":
            response = await browser.post("/staff", data={"query": "trygg", "csrf": own})
        elif how == "own in the address":
            response = await browser.post(f"/staff/api/search?csrf={own}", json={"query": "trygg"})
        else:
            headers = {"own header": own, "empty": "", "another session's": foreign}.get(how)
            response = await browser.post(
                "/staff/api/search",
                json={"query": "trygg"},
                headers={} if headers is None else {"X-CSRF-Token": headers},
            )
        assert response.status_code == status
        if status == 403 and how != "own field":
            assert response.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://test"}, 303),
        ({"Origin": "https://test"}, 303),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[bad"}, 403),
    ],
)
async def test_no_other_site_can_sign_somebody_in(site, headers, status):
    from staff_client import PASSWORD

    async with site.browser() as browser:
        response = await browser.post(
            "/staff/sign-in", data={"name": "Bo", "password": PASSWORD}, headers=headers
        )
        assert response.status_code == status
        assert ("malvakt_staff_session" in browser.cookies) == (status == 303)


async def test_json_means_one_thing_only(site):
    """As in the public API."""
    async with site.signed_in("Bo") as browser:
        token, json = await token_of(browser), "application/json"
        form = "application/x-www-form-urlencoded"
        for content, kind, status in [
            (b'{"query": "skola"}', json, 200),
            (b'{"query": "skola", "query": "sopor"}', json, 422),
            (b'{"query": "skola"', json, 422),
            (b'{"query": "sk\xf6l"}', json, 422),
            (b'{"query": "sk\xf6l"}', f"{json}; charset=latin-1", 415),
            (b'{"query": "skola"}', "text/plain", 415),
            (b"", json, 422),
            (f"csrf={token}&query=skola".encode(), form, 415),
        ]:
            headers = {"Content-Type": kind, "X-CSRF-Token": token}
            response = await browser.post("/staff/api/search", content=content, headers=headers)
            assert response.status_code == status, content
        # Where no token is in the header, none is looked for in a body that is no form's.
        response = await browser.post(
            "/staff/api/search", content=f"csrf={token}&query=x".encode(), headers={"Content-Type": form}
        )
        assert response.status_code == 403


async def test_no_other_site_can_use_a_token_that_it_knows(site):
    async with site.signed_in("Bo") as browser:
        token = await token_of(browser)
        headers = {"X-CSRF-Token": token, "Sec-Fetch-Site": "cross-site"}
        response = await browser.post("/staff/api/search", json={"query": "x"}, headers=headers)
        assert response.status_code == 403


async def test_unknown_pages_look_alike_to_strangers(site):
    async with site.browser() as stranger, site.signed_in("Bo") as browser:
        for path in ("/staff/nowhere", "/staff/sections/varnamo/nothing", "/staff/accounts/x"):
            assert (await stranger.get(path)).status_code == 303
        response = await browser.get("/staff/nowhere")
        assert response.status_code == 404
        assert "Sidan finns inte" in response.text
        assert (await browser.get("/staff/api/nowhere")).json()["status"] == 404
        assert (await browser.get("/staff/sections/varnamo/nothing")).status_code == 404


async def test_an_account_is_limited_wherever_it_asks_from(assistant, tmp_path):
    async with staff_site(assistant, Settings(data_dir=tmp_path, staff_rate_limit=3)) as site:
        await site.add("Bo")
        await site.add("Cia")
        async with site.signed_in("Bo") as browser, site.signed_in("Cia") as other:
            assert [(await browser.get("/staff")).status_code for _ in range(3)] == [200] * 3
            response = await browser.get("/staff")
            assert response.status_code == 429
            assert 1 <= int(response.headers["retry-after"]) <= 60
            assert "Vänta" in response.text
            problem = await browser.post("/staff/api/search", json={"query": "x"})
            assert problem.json()["status"] == 429
            assert (await other.get("/staff")).status_code == 200


@pytest.mark.parametrize(
    ("wished", "expected"),
    [
        ("/staff", "/staff"),
        ("/staff?kind=goal&lang=en", "/staff?kind=goal&lang=en"),
        ("/staff/sections/varnamo/gron?language=en", "/staff/sections/varnamo/gron?language=en"),
        ("/staff/accounts", "/staff/accounts"),
        (None, "/staff"),
        ("", "/staff"),
        ("//evil.example", "/staff"),
        ("https://evil.example/staff", "/staff"),
        ("/staff@evil.example", "/staff"),
        ("/staff//evil.example", "/staff"),
        ("/staff/../docs", "/staff"),
        ("/staff/%2e%2e/docs", "/staff"),
        ("/staff\\evil.example", "/staff"),
        ("/staff/\r\nSet-Cookie:x=y", "/staff"),
        ("/staff?x=\r\nSet-Cookie:x=y", "/staff"),
        ("/staffing", "/staff"),
        ("javascript:alert(1)", "/staff"),
        ("/staff/sign-in?next=/staff", "/staff"),
        ("/staff/sign-out", "/staff"),
        ("/staff/oidc/start", "/staff"),
        ("/staff/api/search", "/staff"),
        ("/staff?" + "a" * 2000, "/staff"),
    ],
)
def test_signing_in_leads_nowhere_else(wished, expected):
    assert destination(wished) == expected


async def test_the_language_is_remembered_under_the_staff_page_alone(site):
    async with site.signed_in("Bo") as browser:
        assert '<html lang="sv">' in (await browser.get("/staff")).text
        response = await browser.get("/staff?lang=en")
        assert '<html lang="en">' in response.text
        assert "Path=/staff" in response.headers["set-cookie"]
        assert '<html lang="en">' in (await browser.get("/staff")).text
        assert '<html lang="sv">' in (await browser.get("/staff?lang=sv")).text
        assert '<html lang="sv">' in (await browser.get("/staff?lang=xx")).text


async def test_no_page_holds_script_or_style_of_its_own(site):
    async with site.signed_in("Anna") as browser:
        pages = ["/staff", "/staff/accounts", "/staff/sections/varnamo/gron", "/staff/x", "/staff/sign-in"]
        for path in pages:
            page = await browser.get(path)
            assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", page.text), path
            assert "script-src 'self'" in page.headers["content-security-policy"]
