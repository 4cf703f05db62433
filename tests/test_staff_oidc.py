"""OpenID Connect, against a real provider program on loopback."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from staff_client import staff_site

from bot.channels.web.staff.admission import claimed_role
from bot.channels.web.staff.discovery import Discovery
from bot.channels.web.staff.identity import Identity, joined_claims
from bot.channels.web.staff.provider_faults import ProviderFault
from bot.settings import Settings

SESSION = "malvakt_staff_session"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider as a process of its own; it takes any client and any secret."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ}
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{url}/.well-known/openid-configuration", trust_env=False)
                break
            except httpx.HTTPError:
                assert process.poll() is None, "the provider did not start"
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def provider(issuer: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=issuer, trust_env=False) as client:
        yield client


def settings_for(issuer: str, tmp_path: Any, **values: Any) -> Settings:
    return Settings(
        data_dir=tmp_path,
        oidc_issuer=issuer,
        oidc_client_id="malvakt",
        oidc_client_secret="hemligt",
        oidc_name="Exempelby",
        **values,
    )


def agree(issuer: str, url: str, subject: str, claims: dict[str, Any] | None, deny: bool = False) -> str:
    """What a person does at the provider; returns where it sends the browser."""
    with provider(issuer) as client:
        if claims is not None:
            client.put(f"/users/{subject}", json=claims).raise_for_status()
        response = client.post(url, data={"action": "deny"} if deny else {"sub": subject})
        assert response.status_code == 302, response.text
        return response.headers["location"]


async def arrive(
    site: Any, browser: httpx.AsyncClient, issuer: str, subject: str, claims: dict[str, Any] | None
) -> httpx.Response:
    begun = await browser.get("/staff/oidc/start?next=/staff/accounts")
    assert begun.status_code == 303
    back = agree(issuer, begun.headers["location"], subject, claims)
    return await browser.get(back)


async def test_the_request_to_the_provider(assistant, tmp_path, issuer):
    settings = settings_for(issuer, tmp_path, public_url="https://malvakt.example.se/")
    async with staff_site(assistant, settings) as site, site.browser() as browser:
        page = await browser.get("/staff/sign-in")
        assert "Logga in med Exempelby" in page.text
        begun = await browser.get("/staff/oidc/start")
        query = parse_qs(urlsplit(begun.headers["location"]).query)
        assert begun.headers["location"].startswith(f"{issuer}/")
        assert query["redirect_uri"] == ["https://malvakt.example.se/staff/oidc/callback"]
        assert query["scope"] == ["openid email profile"]
        assert query["code_challenge_method"] == ["S256"]
        assert all(len(query[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
        cookie = begun.headers["set-cookie"]
        assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Max-Age=600"))
        again = await browser.get("/staff/oidc/start")
        assert parse_qs(urlsplit(again.headers["location"]).query)["nonce"] != query["nonce"]


@pytest.mark.parametrize(
    ("claims", "added", "admitted"),
    [
        ({"email": "bo@kommun.example", "email_verified": True}, "bo@kommun.example", "Bo"),
        ({"email": "BO@Kommun.Example", "email_verified": True}, "bo@kommun.example", "Bo"),
        ({"email": "bo@kommun.example", "email_verified": False}, "bo@kommun.example", None),
        ({"email": "bo@kommun.example", "email_verified": "true"}, "bo@kommun.example", None),
        ({"email": "bo@kommun.example"}, "bo@kommun.example", None),
        ({"email": "eva@kommun.example", "email_verified": True}, "bo@kommun.example", None),
        ({"name": "Bo"}, "bo@kommun.example", None),
        ({"name": "Eva", "groups": ["anstalld", "kontaktcenter"]}, None, "Eva"),
        ({"name": "Eva", "groups": "kontaktcenter"}, None, "Eva"),
        ({"name": "Eva", "groups": ["Kontaktcenter", "x"]}, None, None),
        ({"name": "Eva", "groups": {"kontaktcenter": 1}}, None, None),
        ({"name": "Eva", "roles": ["kontaktcenter"]}, None, None),
    ],
)
async def test_who_is_admitted(assistant, tmp_path, issuer, claims, added, admitted):
    settings = settings_for(
        issuer, tmp_path, oidc_claim="groups", oidc_claim_roles="kontaktcenter=reader, it=admin"
    )
    async with staff_site(assistant, settings) as site, site.browser() as browser:
        if added:
            await site.database.accounts.add("Bo", email=added)
        subject = f"s-{time.monotonic_ns()}"
        response = await arrive(site, browser, issuer, subject, claims)
        if admitted:
            assert response.status_code == 303
            assert response.headers["location"] == "/staff/accounts"
            assert admitted in (await browser.get("/staff")).text
            # The second time by the identity, whatever the address.
            async with site.browser() as other:
                later = await arrive(site, other, issuer, subject, {**claims, "email": "ny@kommun.example"})
                assert later.status_code == 303
            assert len(await site.database.accounts.all()) == 1
        else:
            assert response.status_code == 403
            assert "har inget konto i Målvakt" in response.text
            assert SESSION not in browser.cookies
            assert (await browser.get("/staff")).status_code == 303


@pytest.mark.parametrize(
    ("verified", "trusting", "status"),
    [({}, True, 303), ({}, False, 403), ({"email_verified": False}, True, 403)]
    + [({"email_verified": one}, True, 403) for one in ("false", "true", None, 1)]
    + [({"email_verified": True}, True, 303)],
)
async def test_a_provider_that_does_not_say_what_is_verified(
    assistant, tmp_path, issuer, verified, trusting, status
):
    async with (
        staff_site(assistant, settings_for(issuer, tmp_path, oidc_trust_email=trusting)) as site,
        site.browser() as browser,
    ):
        await site.database.accounts.add("Bo", email="bo@kommun.example")
        claims = {"email": "bo@kommun.example", **verified}
        subject = f"s-{time.monotonic_ns()}"
        assert (await arrive(site, browser, issuer, subject, claims)).status_code == status


@pytest.mark.parametrize(
    ("token", "userinfo", "email"),
    [
        # What one of the two says is verified is not what the other one names.
        ({"email": "victim@x.se"}, {"email": "own@x.se", "email_verified": True}, None),
        ({"email_verified": True}, {"email": "victim@x.se"}, None),
        ({"email_verified": True}, {"email": "victim@x.se", "email_verified": False}, None),
        ({"email": "victim@x.se", "email_verified": False}, {"email_verified": True}, None),
        ({"email": "own@x.se", "email_verified": True}, {"email": "other@x.se"}, "own@x.se"),
        ({}, {"email": "own@x.se", "email_verified": True}, "own@x.se"),
        ({"email": None}, {"email": "own@x.se", "email_verified": True}, None),
    ],
)
def test_an_address_and_whether_it_is_verified_are_from_one_source(token, userinfo, email):
    claims = joined_claims({"sub": "s", "name": "A", **token}, {"sub": "s", "name": "B", "x": 1, **userinfo})
    identity = Identity("https://x.example", "s", claims)
    assert identity.email(trusting=False) == email
    assert (identity.name, claims["x"]) == ("A", 1)


async def test_an_account_that_changes_while_somebody_signs_in(assistant, tmp_path, issuer, monkeypatch):
    async with staff_site(assistant, settings_for(issuer, tmp_path)) as site, site.browser() as browser:
        await site.database.accounts.add("Bo", email="bo@kommun.example")
        real = site.database.sessions.begin

        async def begin(account):
            await site.database.accounts.set_blocked("Bo", True)
            return await real(account)

        monkeypatch.setattr(site.database.sessions, "begin", begin)
        claims = {"email": "bo@kommun.example", "email_verified": True}
        response = await arrive(site, browser, issuer, "changes", claims)
        assert response.status_code == 403
        assert "Traceback" not in response.text
        assert SESSION not in browser.cookies


async def test_a_provider_is_asked_once_however_many_come(issuer, monkeypatch):
    asked = 0
    real = Discovery._fetch

    async def fetch(self):
        nonlocal asked
        asked += 1
        return await real(self)

    monkeypatch.setattr(Discovery, "_fetch", fetch)
    discovery = Discovery(issuer)
    results = await asyncio.gather(*(discovery() for _ in range(20)))
    assert asked == 1
    assert all(one["issuer"] == issuer for one in results)


async def test_a_provider_that_fails_is_left_in_peace_for_a_while(issuer, monkeypatch):
    discovery, asked = Discovery("http://127.0.0.1:9"), 0
    real = discovery._fetch

    async def fetch():
        nonlocal asked
        asked += 1
        return await real()

    monkeypatch.setattr(discovery, "_fetch", fetch)
    faults = await asyncio.gather(*(discovery() for _ in range(20)), return_exceptions=True)
    assert [one.code for one in faults if isinstance(one, ProviderFault)] == ["unreachable"] * 20
    assert asked == 1
    # And then it is asked again, and may have come back.
    monkeypatch.setattr("bot.channels.web.staff.discovery.FAILURE_AGE", 0)
    monkeypatch.setattr(discovery, "_issuer", issuer)
    assert (await discovery())["issuer"] == issuer
    assert asked == 2


@pytest.mark.parametrize("path", ["/staff/oidc/start", "/staff/oidc/callback"])
async def test_an_address_has_us_ask_the_provider_so_many_times(assistant, tmp_path, issuer, path, caplog):
    async with staff_site(assistant, settings_for(issuer, tmp_path)) as site, site.browser() as browser:
        location = (await browser.get("/staff/oidc/start")).headers["location"]
        state = parse_qs(urlsplit(location).query)["state"][0]
        kept = dict(browser.cookies)
        statuses = []
        for _ in range(60):
            browser.cookies.clear()
            for name, value in kept.items():
                browser.cookies.set(name, value, domain="test.local", path="/staff")
            response = await browser.get(path, params={"state": state, "error": "server_error"})
            statuses.append(response.status_code)
        assert set(statuses[:59]) == {303 if path.endswith("start") else 502}
        assert statuses[59] == 429
        assert 1 <= int(response.headers["retry-after"]) <= 60
        assert "många inloggningsförsök från ditt nät" in response.text
        async with site.browser("192.0.2.77") as other:
            assert (await other.get("/staff/oidc/start")).status_code == 303


async def test_who_is_not_admitted_any_longer(assistant, tmp_path, issuer):
    settings = settings_for(issuer, tmp_path, oidc_claim="groups", oidc_claim_roles="kc=reader,it=admin")
    async with staff_site(assistant, settings) as site:

        async def status(subject: str, **claims: Any) -> int:
            async with site.browser() as browser:
                return (await arrive(site, browser, issuer, subject, claims)).status_code

        verified = {"email": "bo@kommun.example", "email_verified": True}
        await site.database.accounts.add("Bo", email="bo@kommun.example")
        await site.database.accounts.set_blocked("Bo", True)
        assert await status("blocked", **verified) == 403
        # A claim leads round no block.
        assert await status("blocked", **verified, groups=["it"]) == 403
        assert await status("claimed", name="Eva", groups=["it", "kc"]) == 303
        assert (await site.database.accounts.get("Eva")).role == "admin"
        assert await status("claimed", name="Eva", groups=["kc"]) == 303
        assert (await site.database.accounts.get("Eva")).role == "reader"
        assert await status("claimed", name="Eva", groups=[]) == 403
        assert await status("claimed", name="Eva") == 403


async def test_what_is_forged_or_used_twice(assistant, tmp_path, issuer):
    claims = {"email": "bo@kommun.example", "email_verified": True}
    async with staff_site(assistant, settings_for(issuer, tmp_path)) as site:
        await site.database.accounts.add("Bo", email="bo@kommun.example")
        async with site.browser() as browser, site.browser() as victim:
            begun = await browser.get("/staff/oidc/start")
            back = agree(issuer, begun.headers["location"], "twice", claims)
            # Somebody else's browser has not begun it.
            refused = await victim.get(back)
            assert refused.status_code == 400
            assert "påbörjades i en annan webbläsare" in refused.text
            assert (await browser.get(back.replace("state=", "state=x"))).status_code == 400
            kept = dict(browser.cookies)
            assert (await browser.get(back)).status_code == 303
            # Used: the browser has forgotten it, and the provider has too.
            assert (await browser.get(back)).status_code == 400
            for name, value in kept.items():
                victim.cookies.set(name, value, domain="test.local", path="/staff")
            again = await victim.get(back)
            assert again.status_code == 502
            assert SESSION not in victim.cookies
            for query in ("", "?code=x", "?state=x", "?state=%00&code=%00", "?error=access_denied&state=x"):
                assert (await victim.get(f"/staff/oidc/callback{query}")).status_code == 400, query


async def test_an_answer_to_another_request(assistant, tmp_path, issuer):
    """The nonce binds the identity to the browser that asked: a code of another request is refused."""
    claims = {"email": "bo@kommun.example", "email_verified": True}
    async with staff_site(assistant, settings_for(issuer, tmp_path)) as site:
        await site.database.accounts.add("Bo", email="bo@kommun.example")
        async with site.browser() as browser:
            own = (await browser.get("/staff/oidc/start")).headers["location"]
            query = parse_qs(urlsplit(own).query)
            wrong = own.replace(query["nonce"][0], "another-nonce-altogether")
            assert wrong != own
            back = agree(issuer, wrong, "nonce", claims)
            response = await browser.get(back)
            assert response.status_code == 400
            assert SESSION not in browser.cookies


async def test_somebody_cancels(assistant, tmp_path, issuer):
    async with staff_site(assistant, settings_for(issuer, tmp_path)) as site, site.browser() as browser:
        begun = await browser.get("/staff/oidc/start?next=/staff/accounts")
        state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
        back = agree(issuer, begun.headers["location"], "x", None, deny=True)
        assert "error=access_denied" in back
        # This provider leaves the state out of a refusal, which the standard asks for.
        response = await browser.get(back if "state=" in back else f"{back}&state={state}")
        assert response.status_code == 403
        assert "Inloggningen avbröts." in response.text
        assert "next=%2Fstaff%2Faccounts" in response.text.replace("/staff/accounts", "%2Fstaff%2Faccounts")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("http://127.0.0.1:9", "svarar inte"),
        ("http://provider.example", "inte rätt inställd"),
        ("{issuer}/nothing-here", "svarar inte"),
    ],
)
async def test_a_provider_that_fails(assistant, tmp_path, issuer, wrong, words, caplog):
    settings = settings_for(wrong.format(issuer=issuer), tmp_path)
    async with staff_site(assistant, settings) as site, site.browser() as browser:
        response = await browser.get("/staff/oidc/start?next=/staff/accounts")
        assert response.status_code == 502
        assert words in response.text
        assert "Försök igen" in response.text
        assert "Traceback" not in response.text
    assert "hemligt" not in caplog.text
    assert "signing in with the identity provider failed" in caplog.text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("kc", "reader"),
        (["kc", "it", "x"], "admin"),
        (["kc", "red"], "editor"),
        ([], None),
        (None, None),
        (True, None),
        ([["kc"]], None),
        ("kc it", None),
    ],
)
def test_the_highest_role_counts(value, expected):
    roles = {"kc": "reader", "red": "editor", "it": "admin"}
    assert claimed_role({"groups": value}, "groups", roles) == expected
    assert claimed_role({"groups": value}, None, roles) is None
