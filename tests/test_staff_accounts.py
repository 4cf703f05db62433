"""The accounts page: administrators see to the others, and to nobody's harm to themselves."""

import re

import pytest
from staff_client import PASSWORD, sign_in, staff_site, token_of

from bot.settings import Settings


@pytest.fixture
async def site(assistant, tmp_path):
    async with staff_site(assistant, Settings(data_dir=tmp_path)) as site:
        await site.add("Anna", "admin")
        await site.add("Bo Ek & son <b>", "reader", email="bo@kommun.example")
        yield site


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("editor", 403), ("admin", 200)])
async def test_only_administrators_come_in(site, role, status):
    await site.add("Cia", role)
    async with site.signed_in("Cia") as browser:
        token = await token_of(browser)
        page = await browser.get("/staff/accounts")
        assert page.status_code == status
        assert ("bo@kommun.example" in page.text) == (status == 200)
        assert ('href="/staff/accounts"' in page.text) == (status == 200)
        response = await browser.post("/staff/accounts/block", data={"name": "Anna", "csrf": token})
        assert response.status_code == (303 if status == 200 else 403)
        assert (await site.database.accounts.get("Anna")).blocked == (status == 200)


async def test_what_an_administrator_can_do(site):
    name = "Bo Ek & son <b>"
    async with site.signed_in("Anna") as browser, site.signed_in(name) as other:
        token = await token_of(browser)

        async def do(action, **values):
            data = {"name": name, "csrf": token, **values}
            response = await browser.post(f"/staff/accounts/{action}", data=data)
            assert response.status_code == 303
            page = await browser.get(response.headers["location"])
            assert "Bo Ek &amp; son &lt;b&gt;" in page.text
            return re.search(r'role="status">([^<]+)', page.text)[1]

        assert (await do("role", role="editor")).startswith("Rollen är ändrad")
        assert (await site.database.accounts.get(name)).role == "editor"
        assert (await other.get("/staff")).status_code == 200
        assert "utloggad överallt" in await do("end")
        assert (await other.get("/staff")).status_code == 303
        await sign_in(other, name)
        assert "spärrat" in await do("block")
        assert (await other.get("/staff")).status_code == 303
        assert (await sign_in(other, name)).status_code == 401
        assert "Spärren är hävd" in await do("unblock")
        assert (await sign_in(other, name)).status_code == 303


async def test_a_role_that_the_provider_gives_is_not_changed_here(site):
    admitted = await site.database.accounts.admit(
        "https://x.example", "s", name="Eva", email=None, role="reader"
    )
    async with site.signed_in("Anna") as browser:
        page = (await browser.get("/staff/accounts")).text
        assert page.count("från kommunens inloggning") == 1
        assert 'aria-label="Roll för Eva"' not in page
        assert 'aria-label="Roll för Bo' in page
        data = {"name": "Eva", "role": "admin", "csrf": await token_of(browser)}
        response = await browser.post("/staff/accounts/role", data=data)
        assert response.status_code == 403
        assert "varje gång personen loggar in" in response.text
        assert await site.database.accounts.get("Eva") == admitted
        assert (await browser.post("/staff/accounts/block", data=data)).status_code == 303


@pytest.mark.parametrize(
    ("action", "status"), [("role", 403), ("block", 403), ("unblock", 403), ("end", 303)]
)
async def test_nobody_locks_themselves_out(site, action, status):
    async with site.signed_in("Anna") as browser:
        token = await token_of(browser)
        data = {"name": " ANNA ", "role": "reader", "csrf": token}
        assert (await browser.post(f"/staff/accounts/{action}", data=data)).status_code == status
        account = await site.database.accounts.get("Anna")
        assert (account.role, account.blocked) == ("admin", False)


@pytest.mark.parametrize(
    ("action", "values", "status"),
    [
        ("role", {"name": "Nobody", "role": "admin"}, 404),
        ("role", {"name": "Bo Ek & son <b>", "role": "owner"}, 404),
        ("role", {"name": "Bo Ek & son <b>"}, 404),
        ("remove", {"name": "Bo Ek & son <b>"}, 404),
        ("block", {"name": "\0"}, 404),
        ("block", {}, 404),
        ("block", {"name": "Bo Ek & son <b>", "csrf": "wrong"}, 403),
    ],
)
async def test_what_cannot_be_done(site, action, values, status):
    before = await site.database.accounts.all()
    async with site.signed_in("Anna") as browser:
        data = {"csrf": await token_of(browser), **values}
        response = await browser.post(f"/staff/accounts/{action}", data=data)
        assert response.status_code == status
    after = await site.database.accounts.all()
    assert [(one.role, one.blocked) for one in before] == [(one.role, one.blocked) for one in after]


async def test_the_page_says_nothing_that_was_not_done(site):
    async with site.signed_in("Anna") as browser:
        page = await browser.get("/staff/accounts?done=<script>&name=<script>")
        assert "<script>" not in page.text
        assert 'role="status">' not in re.sub(
            r'id="status"[^>]*role="status">|class="toast" role="status">', "", page.text
        )
        page = await browser.get("/staff/accounts?done=block&name=<i>")
        assert "&lt;i&gt;" in page.text


async def test_last_sign_in_is_in_local_time(site):
    async with site.signed_in("Anna", language="en") as browser:
        page = await browser.get("/staff/accounts")
        assert re.search(r"\d{1,2} [A-Z][a-z]+ \d{4} at \d{2}:\d{2}", page.text)
        assert "Never" in page.text
        assert PASSWORD not in page.text
