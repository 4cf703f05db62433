"""Accounts, passwords, identities, sessions and chats' choices, on both databases."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from waiting import PATIENCE, first_ended

from bot.database import AccountError, ChatChoice, Database, PasswordsBusy, StaffSession
from bot.settings import Settings

PASSWORD = "en god miljö är grunden"
ISSUER = "https://login.example.se"


class Clock:
    """A clock that tests set forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **units: float) -> None:
        self.now += timedelta(**units)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(database_settings: Settings, clock: Clock) -> AsyncIterator[Database]:
    opened = await Database.open(database_settings, clock=clock)
    yield opened
    await opened.close()


async def refused(call: object) -> str:
    with pytest.raises(AccountError) as caught:
        await call  # type: ignore[misc]
    return caught.value.code


async def rows(database: Database, table: str) -> list[tuple[object, ...]]:
    async with database._transactions.read() as session:
        return [tuple(row) for row in await session.execute(text(f"SELECT * FROM {table}"))]


async def test_an_account_is_what_was_added(database, clock):
    account = await database.accounts.add(
        " Åsa Öberg ", role="editor", email="Asa.Oberg@Exempel.SE", password=PASSWORD
    )
    assert (account.name, account.email, account.role) == ("Åsa Öberg", "asa.oberg@exempel.se", "editor")
    assert (account.has_password, account.blocked) == (True, False)
    assert (account.created_at, account.signed_in_at) == (clock.now, None)
    assert account.created_at.utcoffset() == timedelta(0)
    assert await database.accounts.get("ÅSA ÖBERG") == account
    assert await database.accounts.get("A\u030asa O\u0308berg") == account
    assert await database.accounts.get("Asa Oberg") is None


async def test_accounts_are_listed_in_swedish_order(database):
    for name in ("Örjan", "anna", "Åke", "Bo", "Ängla", "Zoë"):
        await database.accounts.add(name)
    assert [one.name for one in await database.accounts.all()] == [
        "anna",
        "Bo",
        "Zoë",
        "Åke",
        "Ängla",
        "Örjan",
    ]


@pytest.mark.parametrize("name", ["", "   ", "\t", "a\0b", "a\nb", "\ud800", "a\u200bb", "x" * 101, "ﷺ" * 50])
async def test_names_that_will_not_do(database, name):
    assert await refused(database.accounts.add(name)) == "bad_name"
    assert await database.accounts.get(name) is None
    assert await database.accounts.verify(name, PASSWORD) is None
    assert await refused(database.accounts.remove(name)) == "unknown"
    assert await rows(database, "staff_accounts") == []


@pytest.mark.parametrize(
    "email", ["", "asa", "@exempel.se", "asa@", "a@b@c", "a b@c.se", "a@b\0", "x" * 250 + "@a.se"]
)
async def test_addresses_that_will_not_do(database, email):
    assert await refused(database.accounts.add("Åsa", email=email)) == "bad_email"


async def test_a_name_and_an_address_are_somebodys_own(database):
    await database.accounts.add("Åsa", email="asa@exempel.se")
    assert await refused(database.accounts.add("åSA")) == "taken"
    assert await refused(database.accounts.add("Bo", email="ASA@exempel.se")) == "taken_email"
    # Any number of accounts have none.
    await database.accounts.add("Bo")
    await database.accounts.add("Ida")


async def test_the_same_name_at_the_same_time(database):
    adding = [database.accounts.add("Åsa", email="asa@exempel.se") for _ in range(8)]
    results = await asyncio.gather(*adding, return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["Account"] + ["AccountError"] * 7
    assert {one.code for one in results if isinstance(one, AccountError)} == {"taken"}


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("elva tecken", False),
        ("tolv tecken är", True),
        ("en god miljö är grunden", True),
        ("aaaaaaaaaaaa", False),
        ("123456789012", False),
        ("passwordpassword", False),
        ("lösenord1234", False),
        ("Lösenord2026!", False),
        ("malvaktmalvakt", False),
        ("Målvakt12345", False),
        ("sommaren2026", False),
        ("mitt-egna-namn1", False),
        ("exempelexempel", False),
        ("            ", False),
        ("mitt-egna-namn", False),
        ("MITT-egna-NAMN", False),
        ("jag@exempel.se", False),
        (" ".join(map(str, range(1000)))[:1000], True),
        (" ".join(map(str, range(1000)))[:1001], False),
        ("x" * 1000, False),
        ("ﷺ" * 500, False),
        ("med\0nul i mitten", True),
        ("ett halvt tecken \ud800", False),
        ("👍" * 12, False),
        ("👍🌻🚲🐝 ↯ 🎷🧭🪵☂🥕🦉🪁", True),
    ],
)
async def test_which_passwords_will_do(database, password, good):
    adding = database.accounts.add("mitt-egna-namn", email="jag@exempel.se", password=password)
    if good:
        assert (await adding).has_password
        assert await database.accounts.verify("mitt-egna-namn", password)
        assert not await database.accounts.verify("mitt-egna-namn", password + "x")
    else:
        assert await refused(adding) == "weak_password"
        assert await rows(database, "staff_accounts") == []
        await database.accounts.add("mitt-egna-namn", email="jag@exempel.se")
        assert await refused(database.accounts.set_password("mitt-egna-namn", password)) == "weak_password"
        assert await database.accounts.verify("mitt-egna-namn", password) is None


async def test_a_password_is_the_same_from_every_keyboard(database):
    await database.accounts.add("Åsa", password="grönt är skönt ﬁn")
    assert await database.accounts.verify("åsa", "gro\u0308nt a\u0308r sko\u0308nt fin")


async def test_signing_in_is_noted_and_refused_alike(database, clock, monkeypatch):
    await database.accounts.add("Åsa", password=PASSWORD)
    await database.accounts.add("Bo", password=PASSWORD)
    await database.accounts.add("Ida")
    await database.accounts.set_blocked("Bo", True)
    work: list[str] = []
    for name in ("hash", "verify"):
        real = getattr(PasswordHasher, name)
        monkeypatch.setattr(
            PasswordHasher, name, lambda *args, name=name, real=real: (work.append(name), real(*args))[1]
        )
    clock.forward(hours=1)
    for name, password in (
        ("Åsa", "inte rätt lösenord"),
        ("Bo", PASSWORD),
        ("Ida", PASSWORD),
        ("Eva", PASSWORD),
    ):
        work.clear()
        assert await database.accounts.verify(name, password) is None
        assert len(work) == 1, "as much work as for an account that exists"
    account = await database.accounts.verify("Åsa", PASSWORD)
    assert account
    assert account.signed_in_at == clock.now
    assert await database.accounts.get("åsa") == account
    assert [one.signed_in_at for one in await database.accounts.all()] == [None, None, clock.now]


async def test_hashing_stalls_nobody_and_is_bounded(database, monkeypatch):
    await database.accounts.add("Åsa", password=PASSWORD)
    real, at_once, most, lock = PasswordHasher.verify, 0, 0, threading.Lock()

    def counted(self, *args):
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        try:
            assert threading.current_thread() is not threading.main_thread()
            return real(self, *args)
        finally:
            with lock:
                at_once -= 1

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    results = await asyncio.gather(*(database.accounts.verify("Åsa", PASSWORD) for _ in range(6)))
    assert all(results)
    assert most == 2


class Slow:
    """Passwords that are checked when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go_on = threading.Event()
        self.both = threading.Event()
        """Both threads have one."""
        self.begun = 0
        real = PasswordHasher.hash

        def slow(*args: object) -> str:
            self.begun += 1
            if self.begun == 2:
                self.both.set()
            assert self.go_on.wait(PATIENCE)
            return real(*args)

        monkeypatch.setattr(PasswordHasher, "hash", slow)


async def test_few_wait_and_the_others_are_told_so_at_once(database, monkeypatch):
    await database.accounts.add("Åsa", password=PASSWORD)
    slow = Slow(monkeypatch)
    strangers = [asyncio.create_task(database.accounts.verify(f"x{n}", PASSWORD)) for n in range(60)]
    refused, waiting = await first_ended(strangers, 60 - 22)
    assert (len(refused), len(waiting)) == (60 - 22, 22)
    assert all(isinstance(one.exception(), PasswordsBusy) for one in refused)
    with pytest.raises(PasswordsBusy):
        await database.accounts.verify("Åsa", PASSWORD)
    # A browser that is known does not stand in that queue.
    assert await database.accounts.verify("Åsa", PASSWORD, known_device=True)
    slow.go_on.set()
    assert await asyncio.gather(*waiting) == [None] * 22
    assert await database.accounts.verify("Åsa", PASSWORD)


async def test_whoever_leaves_the_queue_gives_their_place_back(database, monkeypatch):
    await database.accounts.add("Åsa", password=PASSWORD)
    slow = Slow(monkeypatch)
    strangers = [asyncio.create_task(database.accounts.verify(f"x{n}", PASSWORD)) for n in range(22)]
    assert await asyncio.to_thread(slow.both.wait, PATIENCE)
    for one in strangers:
        one.cancel()
    await asyncio.wait(strangers)
    # The two that had begun keep their threads until they are done; nobody waits before this one.
    entering = asyncio.create_task(database.accounts.verify("Åsa", PASSWORD))
    assert not (await asyncio.wait((entering,), timeout=0.1))[0]
    slow.go_on.set()
    assert await entering
    assert slow.begun == 2, "those that waited were never begun"


async def test_an_outdated_hash_is_renewed(database, clock):
    await database.accounts.add("Åsa", password=PASSWORD)
    cheap = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    async with database._transactions.write() as session:
        await session.execute(text("UPDATE staff_accounts SET password_hash = :hash"), {"hash": cheap})
    assert await database.accounts.verify("Åsa", PASSWORD)
    ((kept, *_),) = await _column(database, "password_hash")
    assert kept != cheap
    assert "$argon2id$" in kept
    assert "m=65536" in kept
    assert await database.accounts.verify("Åsa", PASSWORD)
    assert await _column(database, "password_hash") == [(kept,)]


@pytest.mark.parametrize("kept", ["", "nonsense", "$argon2id$v=19$m=1"])
async def test_a_damaged_hash_lets_nobody_in(database, kept):
    await database.accounts.add("Åsa", password=PASSWORD)
    async with database._transactions.write() as session:
        await session.execute(text("UPDATE staff_accounts SET password_hash = :hash"), {"hash": kept})
    assert await database.accounts.verify("Åsa", PASSWORD) is None


async def _column(database: Database, name: str) -> list[tuple[object, ...]]:
    async with database._transactions.read() as session:
        return [tuple(row) for row in await session.execute(text(f"SELECT {name} FROM staff_accounts"))]


async def test_an_account_blocked_while_its_password_is_checked(database, monkeypatch):
    await database.accounts.add("Åsa", password=PASSWORD)
    real = database._passwords.verify

    async def slow(*args, **options):
        matched = await real(*args, **options)
        await database.accounts.set_blocked("Åsa", True)
        return matched

    monkeypatch.setattr(database._passwords, "verify", slow)
    assert await database.accounts.verify("Åsa", PASSWORD) is None


async def test_nothing_secret_lies_in_the_database(database):
    account = await database.accounts.add("Åsa", password=PASSWORD)
    session = await database.sessions.begin(account)
    kept = repr(await rows(database, "staff_accounts")) + repr(await rows(database, "staff_sessions"))
    assert "argon2id" in kept
    assert session.csrf in kept
    assert PASSWORD not in kept
    assert session.token not in kept
    assert session.token not in repr(session)
    assert len(session.token) >= 43


async def test_an_identity_is_linked_by_its_address_once(database, clock):
    made = await database.accounts.add("Åsa", email="asa@exempel.se", role="editor")
    assert await database.accounts.by_identity(ISSUER, "s-1", email=None) is None
    assert await database.accounts.by_identity(ISSUER, "s-1", email="bo@exempel.se") is None
    assert await database.accounts.by_identity(ISSUER, "s-1", email="ingen adress") is None
    clock.forward(minutes=5)
    linked = await database.accounts.by_identity(ISSUER, "s-1", email="ASA@exempel.se")
    assert linked
    assert (linked.id, linked.role, linked.signed_in_at) == (made.id, "editor", clock.now)
    # From now on the identity alone counts, not the address.
    assert await database.accounts.by_identity(ISSUER, "s-1", email="ny@exempel.se") == linked
    assert await database.accounts.by_identity(ISSUER, "s-2", email="asa@exempel.se") is None
    assert await database.accounts.by_identity("https://other.example", "s-1", email="asa@exempel.se") is None
    await database.accounts.set_blocked("Åsa", True)
    assert await database.accounts.by_identity(ISSUER, "s-1", email="asa@exempel.se") is None


async def test_a_blocked_account_is_not_linked(database):
    await database.accounts.add("Åsa", email="asa@exempel.se")
    await database.accounts.set_blocked("Åsa", True)
    assert await database.accounts.by_identity(ISSUER, "s-1", email="asa@exempel.se") is None
    assert await _column(database, "subject") == [(None,)]


async def test_a_claim_admits(database, clock):
    first = await database.accounts.admit(ISSUER, "s-1", name="Åsa", email="asa@exempel.se", role="reader")
    assert first
    assert (first.name, first.email, first.role) == ("Åsa", "asa@exempel.se", "reader")
    assert (first.has_password, first.signed_in_at) == (False, clock.now)
    again = await database.accounts.admit(ISSUER, "s-1", name="Åsa B", email=None, role="admin")
    assert again
    assert (again.id, again.name, again.role) == (first.id, "Åsa", "admin")
    # A name and an address that are another's give no way into that account.
    other = await database.accounts.admit(ISSUER, "s-2", name="åsa", email="asa@exempel.se", role="reader")
    assert other
    assert (other.name, other.email) == ("åsa (2)", None)
    await database.accounts.set_blocked("Åsa", True)
    assert await database.accounts.admit(ISSUER, "s-1", name="Åsa", email=None, role="admin") is None


async def test_what_the_provider_decides_is_not_changed_here(database):
    admitted = await database.accounts.admit(ISSUER, "s-1", name="Åsa", email="a@b.se", role="reader")
    assert admitted
    assert (admitted.by_claim, admitted.linked) == (True, True)
    assert await refused(database.accounts.set_role("åsa", "admin")) == "by_claim"
    assert await refused(database.accounts.unlink("Åsa")) == "by_claim"
    assert await database.accounts.get("Åsa") == admitted
    assert (await database.accounts.set_blocked("Åsa", True)).blocked


async def test_an_identity_is_forgotten_for_the_next_one(database):
    """As when the municipality has changed provider."""
    made = await database.accounts.add("Åsa", email="asa@exempel.se")
    assert (made.by_claim, made.linked) == (False, False)
    old = await database.accounts.by_identity(ISSUER, "s-1", email="asa@exempel.se")
    assert old
    assert old.linked
    assert await database.accounts.by_identity("https://new.example", "n", email="asa@exempel.se") is None
    assert not (await database.accounts.unlink("åsa")).linked
    new = await database.accounts.by_identity("https://new.example", "n", email="asa@exempel.se")
    assert new
    assert new.id == made.id
    assert await database.accounts.by_identity(ISSUER, "s-1", email="asa@exempel.se") is None
    assert await refused(database.sessions.begin(old)) == "unknown"


@pytest.mark.parametrize("change", ["password", "block", "remove"])
async def test_what_was_verified_may_have_changed_before_the_session_begins(database, change):
    await database.accounts.add("Åsa", password=PASSWORD)
    verified = await database.accounts.verify("Åsa", PASSWORD)
    assert verified
    changes = {
        "password": lambda: database.accounts.set_password("Åsa", PASSWORD + "!"),
        "block": lambda: database.accounts.set_blocked("Åsa", True),
        "remove": lambda: database.accounts.remove("Åsa"),
    }
    await changes[change]()
    assert await refused(database.sessions.begin(verified)) == "unknown"
    assert await rows(database, "staff_sessions") == []


async def test_a_new_password_and_a_sign_in_at_the_same_time(database):
    await database.accounts.add("Åsa", password=PASSWORD)
    for number in range(5):
        old, new = (PASSWORD + "!" * one for one in (number, number + 1))
        verified = await database.accounts.verify("Åsa", old)
        begun, changed = await asyncio.gather(
            database.sessions.begin(verified),
            database.accounts.set_password("Åsa", new),
            return_exceptions=True,
        )
        assert not isinstance(changed, BaseException)
        # Whichever came first, no session of the old password is left.
        assert await rows(database, "staff_sessions") == [], begun


async def test_whoever_loses_the_claim_does_not_come_in_without_it(database):
    assert await database.accounts.admit(ISSUER, "s-1", name="Åsa", email="asa@exempel.se", role="reader")
    assert await database.accounts.by_identity(ISSUER, "s-1", email="asa@exempel.se") is None
    assert await database.accounts.by_identity(ISSUER, "s-2", email="asa@exempel.se") is None


async def test_a_claim_leads_to_no_second_account_round_a_block(database):
    await database.accounts.add("Åsa", email="asa@exempel.se")
    await database.accounts.set_blocked("Åsa", True)
    admitted = await database.accounts.admit(ISSUER, "s-1", name="A", email="asa@exempel.se", role="admin")
    assert admitted is None
    assert len(await database.accounts.all()) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [("", "s-1"), ("\0\n", "s-1"), ("a\0b", "ab"), ("x" * 300, "x" * 100), ("ﷺ" * 50, None)],
)
async def test_a_provider_may_call_a_person_anything(database, name, expected):
    account = await database.accounts.admit(ISSUER, "s-1", name=name, email="?", role="reader")
    assert account
    assert account.name == expected or expected is None
    assert await database.accounts.get(account.name) == account


@pytest.mark.parametrize("subject", ["", "a\0", "\ud800", "x" * 1001])
async def test_a_subject_that_cannot_be_kept_admits_nobody(database, subject):
    assert await database.accounts.admit(ISSUER, subject, name="Åsa", email=None, role="reader") is None
    assert await database.accounts.by_identity(ISSUER, subject, email="asa@exempel.se") is None


async def test_the_same_person_admitted_at_once_is_one(database):
    admitting = [
        database.accounts.admit(ISSUER, "s-1", name="Åsa", email="a@b.se", role="reader") for _ in range(3)
    ]
    accounts = await asyncio.gather(*admitting)
    assert len({one.id for one in accounts if one}) == 1
    assert len(await database.accounts.all()) == 1


async def test_what_ends_the_sessions(database):
    account = await database.accounts.add("Åsa", password=PASSWORD)
    bo = await database.accounts.add("Bo")
    others = await database.sessions.begin(bo)

    async def begun() -> StaffSession:
        session = await database.sessions.begin(account)
        assert await database.sessions.find(session.token)
        return session

    session = await begun()
    assert (await database.accounts.set_role("Åsa", "admin")).role == "admin"
    found = await database.sessions.find(session.token)
    assert found
    assert found.account.role == "admin"
    await database.accounts.set_password("Åsa", PASSWORD + "!")
    assert await database.sessions.find(session.token) is None
    assert await database.accounts.verify("Åsa", PASSWORD) is None
    assert await refused(begun()) == "unknown", "it was verified by the old password"
    account = await database.accounts.verify("Åsa", PASSWORD + "!")
    session = await begun()
    assert (await database.accounts.set_blocked("Åsa", True)).blocked
    assert await database.sessions.find(session.token) is None
    assert not (await database.accounts.set_blocked("Åsa", False)).blocked
    assert await database.sessions.find(session.token) is None, "an ended session does not come back"
    session = await begun()
    await database.accounts.unlink("Åsa")
    assert await database.sessions.find(session.token) is None
    session = await begun()
    await database.accounts.remove("åsa")
    assert await database.sessions.find(session.token) is None
    assert await database.accounts.get("Åsa") is None
    assert await database.sessions.find(others.token)
    assert await refused(database.sessions.begin(account)) == "unknown"
    for change in (
        database.accounts.set_role("Åsa", "reader"),
        database.accounts.set_password("Åsa", PASSWORD),
        database.accounts.set_blocked("Åsa", True),
        database.accounts.unlink("Åsa"),
        database.accounts.remove("Åsa"),
    ):
        assert await refused(change) == "unknown"


async def test_the_number_of_a_removed_account_is_nobodys(database):
    old = await database.accounts.add("Åsa")
    await database.accounts.remove("Åsa")
    assert (await database.accounts.add("Bo")).id != old.id


async def test_signing_out(database):
    account = await database.accounts.add("Åsa")
    sessions = [await database.sessions.begin(account) for _ in range(3)]
    assert len({one.token for one in sessions} | {one.csrf for one in sessions}) == 6
    await database.sessions.end(sessions[0].token)
    await database.sessions.end(sessions[0].token)
    assert await database.sessions.find(sessions[0].token) is None
    assert await database.sessions.find(sessions[1].token)
    assert await database.sessions.end_all(account) == 2
    assert await database.sessions.end_all(account) == 0


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "å" * 5000])
async def test_tokens_that_are_none(database, token):
    await database.sessions.begin(await database.accounts.add("Åsa"))
    assert await database.sessions.find(token) is None
    await database.sessions.end(token)


async def test_a_session_ends_after_idle_time_and_after_a_day(database, clock):
    account = await database.accounts.add("Åsa")
    session = await database.sessions.begin(account)
    clock.forward(minutes=29)
    assert await database.sessions.find(session.token)
    clock.forward(minutes=29)
    found = await database.sessions.find(session.token)
    assert found
    assert (found.seen_at, found.created_at, found.csrf) == (clock.now, session.created_at, session.csrf)
    clock.forward(minutes=30)
    assert await database.sessions.find(session.token) is None
    # In use all the time, and yet it ends.
    session = await database.sessions.begin(account)
    assert len(await rows(database, "staff_sessions")) == 1, "the expired one is deleted in passing"
    for _ in range(12 * 60 // 20 - 1):
        clock.forward(minutes=20)
        assert await database.sessions.find(session.token)
    clock.forward(minutes=20)
    assert await database.sessions.find(session.token) is None


async def test_use_is_noted_once_a_minute(database, clock):
    session = await database.sessions.begin(await database.accounts.add("Åsa"))
    seen = []
    for _ in range(5):
        clock.forward(seconds=25)
        found = await database.sessions.find(session.token)
        assert found
        seen.append((found.seen_at - session.seen_at).total_seconds())
    assert seen == [0, 0, 75, 75, 75]


async def test_a_short_idle_time_ends_no_session_in_use(database_settings, clock):
    settings = database_settings.model_copy(update={"staff_idle_minutes": 1})
    database = await Database.open(settings, clock=clock)
    session = await database.sessions.begin(await database.accounts.add("Åsa"))
    for _ in range(20):
        clock.forward(seconds=50)
        assert await database.sessions.find(session.token)
    clock.forward(seconds=60)
    assert await database.sessions.find(session.token) is None
    await database.close()


async def test_two_replicas_share_sessions(database, database_settings, clock):
    other = await Database.open(database_settings, clock=clock)
    session = await database.sessions.begin(await other.accounts.add("Åsa"))
    assert await other.sessions.find(session.token)
    await other.sessions.end(session.token)
    assert await database.sessions.find(session.token) is None
    await other.close()


async def test_choices_of_chats(database, database_settings):
    assert await database.choices.get("a" * 64) == ChatChoice()
    await database.choices.set("a" * 64, ChatChoice("vara", None))
    await database.choices.set("a" * 64, ChatChoice("vara", "en"))
    assert await database.choices.get("a" * 64) == ChatChoice("vara", "en")
    await database.choices.move("a" * 64, "b" * 64)
    await database.choices.move("a" * 64, "b" * 64)
    assert await database.choices.get("a" * 64) == ChatChoice()
    assert await database.choices.get("b" * 64) == ChatChoice("vara", "en")
    await database.choices.set("c" * 64, ChatChoice(None, "sv"))
    await database.choices.move("b" * 64, "c" * 64)
    assert await database.choices.get("c" * 64) == ChatChoice(None, "sv"), "its own choice stays"
    await database.choices.adopt({"c" * 64: ChatChoice("vara", "en"), "d" * 64: ChatChoice("varnamo")})
    assert await database.choices.get("c" * 64) == ChatChoice(None, "sv")
    assert await database.choices.get("d" * 64) == ChatChoice("varnamo")
    await database.choices.set("c" * 64, ChatChoice())
    await database.choices.erase("d" * 64)
    await database.choices.erase("d" * 64)
    assert await rows(database, "chat_choices") == []
    left = b"".join(file.read_bytes() for file in database_settings.data_dir.glob("*sqlite3*"))
    assert b"dddd" not in left


async def test_the_same_chat_chooses_twice_at_once(database):
    wished = [ChatChoice("vara", "sv"), ChatChoice("varnamo", "en")]
    await asyncio.gather(*(database.choices.set("a" * 64, one) for one in wished))
    assert await database.choices.get("a" * 64) in wished
