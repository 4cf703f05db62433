"""Signing in with name and password: who comes in, how often one may fail, and what the browser keeps."""

import asyncio
import re
import socket
import threading
from contextlib import ExitStack

import pytest
from argon2 import PasswordHasher
from staff_client import PASSWORD, sign_in, staff_site
from waiting import PATIENCE, await_condition, first_ended
from web_server import running_server

from bot.channels.web.staff.throttle import Attempt, SignInThrottle
from bot.settings import Settings

SESSION = "malvakt_staff_session"


@pytest.fixture
async def site(assistant, tmp_path):
    async with staff_site(assistant, Settings(data_dir=tmp_path)) as site:
        await site.add("Åsa Öberg")
        yield site


@pytest.mark.parametrize("name", ["Åsa Öberg", "åsa öberg", " ÅSA ÖBERG ", "A\u030asa O\u0308berg"])
async def test_a_person_signs_in_and_out(site, name):
    async with site.browser() as browser:
        response = await sign_in(browser, name)
        assert response.status_code == 303
        assert response.headers["location"] == "/staff"
        page = await browser.get("/staff")
        assert "Åsa Öberg" in page.text
        token = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
        response = await browser.post("/staff/sign-out", data={"csrf": token})
        assert response.headers["location"] == "/staff/sign-in?reason=out"
        assert SESSION not in browser.cookies
        assert "Du är utloggad." in (await browser.get(response.headers["location"])).text
        assert (await browser.get("/staff")).status_code == 303


async def test_every_reason_for_no_is_the_same_sentence(site):
    await site.database.accounts.add("Bo", password=PASSWORD)
    await site.database.accounts.set_blocked("Bo", True)
    await site.database.accounts.add("Cia")
    pages = set()
    wrong = [("Åsa Öberg", "fel"), ("Bo", PASSWORD), ("Cia", ""), ("Cia", "x"), ("Nobody", PASSWORD)]
    wrong += [("", ""), ("\0", "\0"), ("Åsa Öberg\0", PASSWORD), ("😀" * 500, "😀" * 500), ("'--", "x")]
    async with site.browser() as browser:
        for name, password in wrong:
            response = await sign_in(browser, name, password)
            assert response.status_code == 401, name
            shown = re.search(r'id="fault">([^<]+)', response.text)[1]
            pages.add(shown)
            assert SESSION not in browser.cookies
    assert len(pages) == 1


async def test_fields_that_no_form_sends(site):
    async with site.browser() as browser:
        for content, kind in [
            (b"name=%ED%A0%80&password=%FF", "application/x-www-form-urlencoded"),
            (b"", "application/x-www-form-urlencoded"),
            (b'{"name": "x"}', "application/json"),
            (b"\xff\xfe", "multipart/form-data; boundary=x"),
            (
                b'--x\r\nContent-Disposition: form-data; name="name"; filename="a"\r\n\r\nb\r\n--x--\r\n',
                "multipart/form-data; boundary=x",
            ),
        ]:
            response = await browser.post("/staff/sign-in", content=content, headers={"Content-Type": kind})
            assert 400 <= response.status_code < 500, content


async def test_what_the_browser_keeps(site):
    async with site.browser() as browser:
        response = await sign_in(browser, "Åsa Öberg")
        cookies = response.headers.get_list("set-cookie")
        assert len(cookies) == 2
        for cookie in cookies:
            assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/staff")), cookie
            assert "Secure" not in cookie


@pytest.mark.parametrize(
    ("base_url", "public_url"), [("https://test", None), ("http://test", "https://malvakt.kommun.example")]
)
async def test_over_https_the_cookies_are_for_https_alone(assistant, tmp_path, base_url, public_url):
    settings = Settings(data_dir=tmp_path, public_url=public_url)
    async with staff_site(assistant, settings, base_url) as site:
        await site.add("Bo")
        async with site.browser() as browser:
            response = await sign_in(browser, "Bo")
            for cookie in response.headers.get_list("set-cookie"):
                assert cookie.startswith("__Secure-malvakt_staff_")
                assert "Secure" in cookie.split("; ")


async def test_signing_in_begins_a_session_of_its_own(site):
    """Nobody can give somebody else a session to sign in to; the one before ends."""
    async with site.browser() as browser:
        browser.cookies.set(SESSION, "given-by-somebody", domain="test", path="/staff")
        await sign_in(browser, "Åsa Öberg")
        first = browser.cookies.get(SESSION, domain="test.local") or browser.cookies.get(SESSION)
        assert first != "given-by-somebody"
        browser.cookies.clear()
        browser.cookies.set(SESSION, first, domain="test.local", path="/staff")
        await sign_in(browser, "Åsa Öberg")
        assert await site.database.sessions.find(first) is None


async def test_back_to_where_one_was(site):
    async with site.browser() as browser:
        wished = "/staff/sections/varnamo/gron?language=en"
        response = await browser.get(wished)
        page = await browser.get(response.headers["location"])
        assert f'name="next" value="{wished}"' in page.text
        data = {"name": "Åsa Öberg", "password": PASSWORD, "next": wished}
        assert (await browser.post("/staff/sign-in", data=data)).headers["location"] == wished
        # Signed in already.
        assert (await browser.get("/staff/sign-in?next=//evil.example")).headers["location"] == "/staff"


async def test_failures_are_counted_by_name(site):
    await site.add("Bo")
    spellings = ("åsa öberg", "ÅSA ÖBERG", " Åsa Öberg ", "A\u030asa O\u0308berg", "\uff21\u030asa öberg")
    for number, name in enumerate(spellings):
        async with site.browser(f"192.0.2.{number}") as browser:
            assert (await sign_in(browser, name, "fel")).status_code == 401
    async with site.browser("192.0.2.99") as browser:
        response = await sign_in(browser, "Åsa Öberg")
        assert response.status_code == 429
        assert 1 <= int(response.headers["retry-after"]) <= 300
        assert "för många felaktiga försök" in response.text
        # Another person is not concerned.
        assert (await sign_in(browser, "Bo")).status_code == 303


async def test_a_browser_that_is_known_is_not_kept_out_by_others(site):
    async with site.signed_in("Åsa Öberg") as known, site.browser("198.51.100.7") as attacker:
        for _ in range(7):
            last = await sign_in(attacker, "Åsa Öberg", "gissning")
        assert last.status_code == 429
        assert (await sign_in(known, "Åsa Öberg")).status_code == 303
        # It is known for the one name only, and may not fail without end either.
        for _ in range(6):
            last = await sign_in(known, "Åsa Öberg", "gissning")
        assert last.status_code == 429
        device = "malvakt_staff_device"
        async with site.browser("198.51.100.8") as thief:
            thief.cookies.set(device, known.cookies[device][:-2] + "xx", path="/staff")
            assert (await sign_in(thief, "Åsa Öberg")).status_code == 429


async def fail(throttle: SignInThrottle, *attempt: str | None) -> int:
    """Seconds to wait; where none, the attempt failed."""
    one = Attempt(*attempt)
    if wait := await throttle.begin(one):
        return wait
    await throttle.end(one, failed=True)
    return 0


async def test_failures_are_counted_by_address():
    throttle = SignInThrottle()
    for number in range(20):
        assert await fail(throttle, f"name {number}", "192.0.2.1", None) == 0
    assert 200 < await fail(throttle, "name 20", "192.0.2.1", None) <= 300
    assert await fail(throttle, "name 21", "192.0.2.2", None) == 0
    assert await fail(throttle, "name 21", "192.0.2.1", "a known device") == 0
    # What a refused address tries locks nobody out.
    for _ in range(10):
        assert await fail(throttle, "somebody else", "192.0.2.1", None) > 0
    assert await fail(throttle, "somebody else", "192.0.2.3", None) == 0


async def test_a_site_that_gives_itself_addresses_without_end_is_bounded():
    throttle = SignInThrottle()
    waits = [await fail(throttle, f"name {n}", f"2001:db8:0:{n:x}::1", None) for n in range(201)]
    assert waits[:200] == [0] * 200
    assert waits[200] > 200
    assert await fail(throttle, "name", "2001:db8:1::1", None) == 0


async def test_who_signs_in_rightly_uses_up_nothing():
    """A whole office behind one address begins its day."""
    throttle = SignInThrottle()
    for number in range(100):
        attempt = Attempt(f"name {number}", "192.0.2.1", None)
        assert await throttle.begin(attempt) == 0
        await throttle.end(attempt, failed=False)
    # But a right password does not forgive the failures at others.
    for number in range(20):
        assert await fail(throttle, f"name {number}", "192.0.2.1", None) == 0
        own = Attempt("own", "192.0.2.1", "own device")
        assert await throttle.begin(own) == 0
        await throttle.end(own, failed=False)
    assert await fail(throttle, "another", "192.0.2.1", None) > 0


async def test_what_is_under_way_counts_until_it_ends():
    throttle = SignInThrottle()
    attempts = [Attempt("Bo", f"192.0.2.{number}", None) for number in range(6)]
    assert [await throttle.begin(one) for one in attempts] == [0] * 5 + [2]
    await throttle.end(attempts[0], failed=False)
    assert await throttle.begin(attempts[5]) == 0
    assert await throttle.begin(attempts[0]) == 2
    for one in attempts[1:]:
        await throttle.end(one, failed=True)
    assert await throttle.begin(attempts[0]) > 200


async def test_a_crowd_is_told_so_and_a_known_browser_comes_in(site, monkeypatch):
    go_on, real = threading.Event(), PasswordHasher.hash

    def slow(*args):
        assert go_on.wait(PATIENCE)
        return real(*args)

    async def stranger(number):
        async with site.browser(f"192.0.2.{number}") as browser:
            return await sign_in(browser, f"nobody {number}")

    async with site.signed_in("Åsa Öberg") as known:
        monkeypatch.setattr(PasswordHasher, "hash", slow)
        strangers = [asyncio.create_task(stranger(number)) for number in range(40)]
        refused, waiting = await first_ended(strangers, 18)
        assert len(refused) == 18
        for one in refused:
            assert one.result().status_code == 503
            assert one.result().headers["retry-after"] == "5"
            assert "Många försöker logga in just nu" in one.result().text
        assert (await sign_in(known, "Åsa Öberg")).status_code == 303
        async with site.browser() as browser:
            # Whose password nobody looked at has not failed.
            for _ in range(7):
                assert (await sign_in(browser, "Åsa Öberg")).status_code == 503
            go_on.set()
            await asyncio.gather(*waiting)
            assert (await sign_in(browser, "Åsa Öberg")).status_code == 303


def test_whoever_hangs_up_waits_no_longer(assistant, tmp_path, monkeypatch):
    go_on, begun, real = threading.Event(), [], PasswordHasher.hash

    def slow(*args):
        begun.append(1)
        assert go_on.wait(PATIENCE)
        return real(*args)

    settings = Settings(data_dir=tmp_path, trusted_proxies=["127.0.0.1"])
    with running_server(assistant, settings) as server, ExitStack() as visitors:
        server.run(server.database.accounts.add("Bo", password=PASSWORD))
        monkeypatch.setattr(PasswordHasher, "hash", slow)
        visitors.callback(go_on.set)
        opened = []
        host, port = server.url.removeprefix("http://").split(":")
        for number in range(23):
            visitor = visitors.enter_context(socket.create_connection((host, int(port))))
            body = f"name=nobody{number}&password=x".encode()
            head = f"POST /staff/sign-in HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.{number}\r\n"
            form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            visitor.sendall(head.encode() + form.encode() + body)
            opened.append(visitor)
        # One finds the queue full: the others stand in it.
        await_condition(lambda: server.traffic.ended == 1 and len(begun) == 2)
        for visitor in opened:
            visitor.close()
        await_condition(lambda: server.traffic.ended == 23)
        verifying = server.database.accounts.verify("Bo", PASSWORD)
        entering = asyncio.run_coroutine_threadsafe(verifying, server.loop)
        go_on.set()
        assert entering.result(PATIENCE)
        assert len(begun) == 2, "those that waited were never begun"


@pytest.mark.parametrize("change", ["block", "password", "remove"])
async def test_what_changes_while_somebody_signs_in(site, monkeypatch, change):
    """The old password was right a moment ago: the person is told the ordinary thing, and is not let in."""
    accounts, real = site.database.accounts, site.database.sessions.begin

    async def begin(account):
        if change == "block":
            await accounts.set_blocked(account.name, True)
        elif change == "remove":
            await accounts.remove(account.name)
        else:
            await accounts.set_password(account.name, PASSWORD + "!")
        return await real(account)

    monkeypatch.setattr(site.database.sessions, "begin", begin)
    async with site.browser() as browser:
        response = await sign_in(browser, "Åsa Öberg")
        assert response.status_code == 401
        assert "stämmer inte" in response.text
        assert SESSION not in browser.cookies


async def test_a_thousand_at_once_are_not_all_let_through(site):
    async with site.browser() as browser:
        responses = await asyncio.gather(*(sign_in(browser, "Åsa Öberg", "fel") for _ in range(12)))
    statuses = sorted(response.status_code for response in responses)
    assert statuses == [401] * 5 + [429] * 7
