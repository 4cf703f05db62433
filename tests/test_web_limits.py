"""How often one may ask: by address, by network, behind proxies, and by account."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from waiting import wait_for
from web_client import app_of, from_address, web_client

from bot.channels.web.addresses import client_keys
from bot.channels.web.limits import READS_PER_QUESTION, RateLimits, limit_account
from bot.channels.web.problems import Problem
from bot.channels.web.windows import MOST_CLIENTS, WindowStorage
from bot.settings import Settings
from bot.texts import load_texts


async def ask(client: httpx.AsyncClient, **headers: str) -> httpx.Response:
    return await client.post("/api/v1/ask", json={"question": "hej"}, headers=headers)


async def allowed(client: httpx.AsyncClient, most: int, **headers: str) -> int:
    """How many of ``most`` questions are answered before the first that is not."""
    for number in range(most):
        if (await ask(client, **headers)).status_code == 429:
            return number
    return most


async def test_the_default_is_twenty_a_minute(assistant, data_dir):
    async with web_client(assistant, Settings(data_dir=data_dir)) as client:
        assert await allowed(client, 30) == 20
        refused = await ask(client, **{"Accept-Language": "en"})
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        problem = refused.json()
        assert problem["type"] == "/docs#rate-limited"
        assert problem["title"] == load_texts("en")("problem.rate_limited.title")
        assert refused.headers["retry-after"] in problem["detail"]
        # Others may go on, and what costs no search is counted apart.
        assert (await ask(from_address(client, "192.0.2.2"))).status_code == 200
        for _ in range(20 * READS_PER_QUESTION):
            assert (await client.get("/api/v1/municipalities")).status_code == 200
        assert (await client.get("/api/v1/municipalities")).status_code == 429
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/openapi.json")).status_code == 200


NETWORKS = {"192.0.2.0/24": 5, "192.0.2.128/25": 7, "192.0.2.200/32": 9, "2001:db8:1::/48": 4}


@pytest.mark.parametrize(
    ("host", "most"),
    [
        ("198.51.100.1", 2),
        ("192.0.2.1", 5),
        ("192.0.2.129", 7),
        ("192.0.2.200", 9),
        ("::ffff:192.0.2.200", 9),
        ("2001:db8:1:2::3", 4),
        ("2001:db8:2::3", 2),
        ("fe80::1%eth0", 2),
        ("socket", 2),
    ],
)
async def test_the_narrowest_network_counts(assistant, data_dir, host, most):
    limits = ",".join(f"{network}={limit}" for network, limit in NETWORKS.items())
    settings = Settings(data_dir=data_dir, rate_limit=2, rate_limit_networks=limits)
    async with web_client(assistant, settings, client=(host, 1)) as client:
        assert await allowed(client, 12) == most


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", None, True),
        ("x" * 1000, "x" * 64, True),
    ],
)
def test_clients_are_told_apart(one, other, same):
    assert (client_keys(one)[0] == client_keys(other)[0]) == same


async def test_an_ipv6_site_does_not_get_a_limit_for_each_of_its_networks(assistant, data_dir):
    async with web_client(assistant, Settings(data_dir=data_dir, rate_limit=2)) as client:
        asked = [await ask(from_address(client, f"2001:db8:1:{number:x}::1")) for number in range(25)]
        assert [one.status_code for one in asked] == [200] * 20 + [429] * 5
        assert 1 <= int(asked[-1].headers["retry-after"]) <= 60
        assert (await ask(from_address(client, "2001:db8:2::1"))).status_code == 200
        assert (await ask(from_address(client, "192.0.2.9"))).status_code == 200


async def test_one_client_does_not_use_up_what_its_site_shares(assistant, data_dir):
    async with web_client(assistant, Settings(data_dir=data_dir, rate_limit=2)) as client:
        eager = from_address(client, "2001:db8:1:1::1")
        assert [(await ask(eager)).status_code for _ in range(30)] == [200] * 2 + [429] * 28
        neighbours = [f"2001:db8:1:{number:x}::1" for number in range(2, 20)]
        assert {(await ask(from_address(client, one))).status_code for one in neighbours} == {200}


async def test_addresses_without_end_push_nobody_out_of_another_count(tmp_path):
    limits = RateLimits(Settings(data_dir=tmp_path, rate_limit=1, staff_rate_limit=1))
    await limits.question("192.0.2.1")
    await limits.account(1)
    for number in range(MOST_CLIENTS + 1):
        await limits.read(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    with pytest.raises(Problem, match="rate_limited"):
        await limits.question("192.0.2.1")
    for number in range(MOST_CLIENTS + 1):
        await limits.question(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    with pytest.raises(Problem, match="rate_limited"):
        await limits.account(1)
    # Of questions it is the one that has been quiet longest who begins anew.
    await limits.question("192.0.2.1")


async def test_looking_at_pages_is_counted_too(assistant, data_dir):
    async with web_client(assistant, Settings(data_dir=data_dir, rate_limit=1)) as client:
        for number in range(READS_PER_QUESTION):
            path = ("/demo", "/embed", "/fraga", "/ask", "/docs")[number % 5]
            response = await client.request(("GET", "HEAD")[number % 2], path)
            assert response.status_code == 200
        for path in ("/demo?municipality=vara", "/embed", "/fraga", "/ask", "/docs"):
            response = await client.get(path, headers={"Accept": "text/html"})
            assert response.status_code == 429
            assert "<h1>" in response.text
        for path in ("/widget.js", "/healthz", "/openapi.json", "/static/pages.css"):
            assert (await client.get(path)).status_code == 200


PROXY = "10.0.0.1"


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        # Nobody believes a client that says where it is.
        ("198.51.100.7", "192.0.2.9", "198.51.100.7"),
        (PROXY, "192.0.2.9", "192.0.2.9"),
        # What the client wrote itself stands to the left of what the proxy saw.
        (PROXY, "203.0.113.5, 192.0.2.9", "192.0.2.9"),
        (PROXY, "203.0.113.5, 192.0.2.9, 10.0.0.2", "192.0.2.9"),
        (PROXY, "192.0.2.9:1234", "192.0.2.9"),
        (PROXY, "2001:db8::9", "2001:db8::/64"),
        (PROXY, "[2001:db8::9]:1234", "2001:db8::/64"),
        (PROXY, "", PROXY),
    ],
)
async def test_only_trusted_proxies_say_whose_a_request_is(assistant, data_dir, peer, forwarded, counted):
    settings = Settings(data_dir=data_dir, rate_limit=1, trusted_proxies="10.0.0.0/24")
    async with web_client(assistant, settings, client=(peer, 1)) as client:
        assert (await ask(client, **{"X-Forwarded-For": forwarded})).status_code == 200
        # The same client once more, this time without a proxy.
        direct = counted.replace("::/64", "::7")
        assert (await ask(from_address(client, direct))).status_code == 429


async def test_without_trusted_proxies_the_header_means_nothing(assistant, data_dir):
    settings = Settings(data_dir=data_dir, rate_limit=1)
    async with web_client(assistant, settings, client=("127.0.0.1", 1)) as client:
        assert (await ask(client, **{"X-Forwarded-For": "192.0.2.1"})).status_code == 200
        assert (await ask(client, **{"X-Forwarded-For": "192.0.2.2"})).status_code == 429


async def test_staff_are_counted_by_account(assistant, data_dir):
    settings = Settings(data_dir=data_dir, rate_limit=1, staff_rate_limit=3)
    async with web_client(assistant, settings) as client:
        request = SimpleNamespace(app=app_of(client))
        for account in (1, 2):
            for _ in range(3):
                await limit_account(request, account)
            with pytest.raises(Problem, match="rate_limited"):
                await limit_account(request, account)


async def test_what_is_counted_stays_small():
    storage = WindowStorage(most_clients=100)
    for number in range(1000):
        assert await storage.acquire_entry(f"client {number}", limit=1, expiry=60)
    assert len(storage) == 100
    for number in range(900, 1000):
        assert not await storage.acquire_entry(f"client {number}", limit=1, expiry=60)
    # To be refused makes nobody else forgotten; who was forgotten is counted anew.
    assert len(storage) == 100
    assert await storage.acquire_entry("client 0", limit=1, expiry=60)
    assert await storage.acquire_entry("client 900", limit=1, expiry=60)
    assert len(storage) == 100


class Clock:
    """Seconds, as tests count them."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_on_a_quiet_night_no_address_stays():
    clock = Clock()
    storage = WindowStorage(clock=clock)
    for number in range(10):
        assert await storage.acquire_entry(f"client {number}", limit=2, expiry=0.2)
    clock.now += 0.1
    assert await storage.acquire_entry("client 3", limit=2, expiry=0.2)
    assert len(storage) == 10
    clock.now += 0.15
    await wait_for(lambda: len(storage) == 1)
    assert not await storage.acquire_entry("client 3", limit=1, expiry=0.2)
    clock.now += 0.2
    await wait_for(lambda: not len(storage))
    # And again, once it has been empty.
    assert await storage.acquire_entry("client 1", limit=2, expiry=0.2)
    clock.now += 0.2
    await wait_for(lambda: not len(storage))


async def test_a_window_moves():
    clock = Clock()
    storage = WindowStorage(clock=clock)
    assert await storage.acquire_entry("a", limit=2, expiry=60)
    clock.now += 40
    assert await storage.acquire_entry("a", limit=2, expiry=60)
    assert not await storage.acquire_entry("a", limit=2, expiry=60)
    clock.now += 40
    # The first is past, the second is not.
    assert await storage.acquire_entry("a", limit=2, expiry=60)
    clock.now += 100
    assert await storage.acquire_entry("b", limit=2, expiry=60)
    assert len(storage) == 1


def test_the_settings_say_twenty(tmp_path: Path):
    assert Settings(data_dir=tmp_path).rate_limit == 20
