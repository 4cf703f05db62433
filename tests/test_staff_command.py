"""``malvakt staff``, as an administrator uses it."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.database import Account, Database
from bot.settings import Settings

PASSWORD = "en god miljö är grunden"
SERVING = """
import asyncio, pathlib, sys
from bot.database import Database
from bot.settings import Settings
async def main():
    url = sys.argv[2] or None
    database = await Database.open(Settings(data_dir=pathlib.Path(sys.argv[1]), database_url=url))
    account = await database.accounts.add("server")
    print("ready", flush=True)
    for _ in range(100):
        session = await database.sessions.begin(account)
        assert await database.sessions.find(session.token)
        await database.sessions.end(session.token)
    await database.close()
asyncio.run(main())
"""


class Stdin(io.TextIOWrapper):
    """What is piped in."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), "utf-8")


@pytest.fixture(autouse=True)
def environment(database_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALVAKT_DATA_DIR", str(database_settings.data_dir))
    if database_settings.database_url:
        monkeypatch.setenv("MALVAKT_DATABASE_URL", database_settings.database_url.get_secret_value())
    monkeypatch.setattr("sys.stdin", Stdin(b""))


def accounts(settings: Settings) -> list[Account]:
    async def read() -> list[Account]:
        database = await Database.open(settings)
        found = await database.accounts.all()
        await database.close()
        return list(found)

    return asyncio.run(read())


def verify(settings: Settings, name: str, password: str) -> bool:
    async def ask() -> bool:
        database = await Database.open(settings)
        found = await database.accounts.verify(name, password)
        await database.close()
        return found is not None

    return asyncio.run(ask())


def sign_in(settings: Settings, name: str) -> None:
    async def begin() -> None:
        database = await Database.open(settings)
        account = await database.accounts.get(name)
        assert account
        await database.sessions.begin(account)
        await database.close()

    asyncio.run(begin())


def piped(monkeypatch: pytest.MonkeyPatch, content: str | bytes) -> None:
    data = content.encode() if isinstance(content, str) else content
    monkeypatch.setattr("sys.stdin", Stdin(data))


def test_a_life_of_an_account(database_settings, monkeypatch, capsys):
    piped(monkeypatch, PASSWORD + "\n")
    command = ["staff", "add", "Åsa Öberg", "--role", "editor", "--email", "asa@exempel.se"]
    assert main([*command, "--password-stdin"]) == 0
    assert capsys.readouterr().out == "Kontot Åsa Öberg finns nu, med rollen editor.\n"
    (account,) = accounts(database_settings)
    assert (account.name, account.role, account.email) == ("Åsa Öberg", "editor", "asa@exempel.se")
    assert verify(database_settings, "Åsa Öberg", PASSWORD)

    assert main(["staff", "role", "åsa öberg", "admin"]) == 0
    assert "Åsa Öberg har nu rollen admin" in capsys.readouterr().out
    piped(monkeypatch, PASSWORD + "!\r\n")
    assert main(["staff", "password", "åsa öberg", "--password-stdin"]) == 0
    assert verify(database_settings, "Åsa Öberg", PASSWORD + "!")
    assert not verify(database_settings, "Åsa Öberg", PASSWORD)
    sign_in(database_settings, "Åsa Öberg")
    sign_in(database_settings, "Åsa Öberg")
    capsys.readouterr()
    assert main(["staff", "sign-out", "Åsa Öberg"]) == 0
    assert capsys.readouterr().out == "Kontot Åsa Öberg är utloggat. Avslutade inloggningar: 2.\n"
    assert main(["staff", "block", "Åsa Öberg"]) == 0
    assert accounts(database_settings)[0].blocked
    assert main(["staff", "unblock", "Åsa Öberg"]) == 0
    assert not accounts(database_settings)[0].blocked
    assert main(["staff", "remove", "Åsa Öberg"]) == 0
    assert accounts(database_settings) == []
    shown = capsys.readouterr()
    assert PASSWORD not in shown.out + shown.err


def test_the_list(database_settings, capsys, monkeypatch):
    assert main(["staff", "list"]) == 0
    assert "malvakt staff add" in capsys.readouterr().err
    assert main(["staff", "add", "Åke", "--no-password", "--email", "ake@exempel.se"]) == 0
    piped(monkeypatch, PASSWORD)
    assert main(["staff", "add", "Bo", "--password-stdin", "--role", "admin"]) == 0
    assert main(["staff", "block", "Bo"]) == 0
    capsys.readouterr()
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Namn  Roll    E-post          Lösenord  Kopplat  Spärrat  Tillagt av     Senast inloggad",
        "Bo    admin                   ja        nej      ja       malvakt staff  aldrig",
        "Åke   reader  ake@exempel.se  nej       nej      nej      malvakt staff  aldrig",
    ]
    monkeypatch.setenv("MALVAKT_DEFAULT_LANGUAGE", "en")
    assert verify(database_settings, "Bo", PASSWORD) is False
    assert main(["staff", "unblock", "Bo"]) == 0
    assert verify(database_settings, "Bo", PASSWORD)
    capsys.readouterr()
    assert main(["staff", "list"]) == 0
    heading, bo, ake = capsys.readouterr().out.splitlines()
    assert heading.split("  ")[0] == "Name"
    assert "never" in ake
    assert "never" not in bo


def test_an_account_that_the_provider_made(database_settings, capsys):
    async def admit() -> None:
        database = await Database.open(database_settings)
        await database.accounts.admit("https://x.example", "s", name="Eva", email=None, role="reader")
        await database.accounts.add("Bo", email="bo@exempel.se")
        await database.accounts.by_identity("https://x.example", "b", email="bo@exempel.se")
        await database.close()

    asyncio.run(admit())
    assert main(["staff", "list"]) == 0
    _, bo, eva = capsys.readouterr().out.splitlines()
    assert ("inloggningstjänsten" in eva, "inloggningstjänsten" in bo) == (True, False)
    for command in (["role", "Eva", "admin"], ["unlink", "Eva"]):
        assert main(["staff", *command]) == 1
        assert "kommer från kommunens inloggningstjänst" in capsys.readouterr().err
    assert main(["staff", "unlink", "bo"]) == 0
    assert "Bo är inte längre kopplat" in capsys.readouterr().out
    assert [(one.role, one.linked) for one in accounts(database_settings)] == [
        ("reader", False),
        ("reader", True),
    ]
    assert main(["staff", "remove", "Bo"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["staff", "remove", "Eva"]) == 0
    assert "skapas på nytt nästa gång" in capsys.readouterr().err
    assert accounts(database_settings) == []


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    ("arguments", "given", "status", "sv", "en"),
    [
        (
            ["add", "ÅSA", "--no-password"],
            "",
            1,
            "finns redan ett konto med namnet ÅSA",
            "already an account",
        ),
        (
            ["add", "Bo", "--no-password", "--email", "asa@exempel.se"],
            "",
            1,
            "annat konto",
            "another account",
        ),
        (["add", "Bo", "--no-password", "--email", "?"], "", 1, "går inte att läsa", "cannot be read"),
        (["add", "B\no", "--no-password"], "", 1, "Namnet duger inte", "name will not do"),
        (["add", "Bo", "--password-stdin"], "kort\n", 1, "Lösenordet duger inte", "password will not do"),
        (["add", "Bo", "--password-stdin"], "Lösenord1234\n", 1, "svåra att gissa", "hard to guess"),
        (["add", "Bo", "--password-stdin"], b"\xff" * 20, 2, "inte UTF-8", "not UTF-8"),
        (["add", "Bo"], "", 2, "ingen terminal", "no terminal"),
        (["password", "Åsa"], "", 2, "ingen terminal", "no terminal"),
        (["password", "Bo"], "", 1, "inget konto med namnet Bo", "no account named Bo"),
        (["role", "Bo", "admin"], "", 1, "inget konto", "no account"),
        (["block", "Bo"], "", 1, "inget konto", "no account"),
        (["unlink", "Bo"], "", 1, "inget konto", "no account"),
        (["unblock", "Bo\x1b[2J"], "", 1, "namnet Bo?[2J", "named Bo?[2J"),
        (["remove", "Bo"], "", 1, "inget konto", "no account"),
        (["sign-out", "\ud800"], "", 1, "inget konto", "no account"),
    ],
)
def test_what_goes_wrong_is_said(
    database_settings, monkeypatch, capsys, language, arguments, given, status, sv, en
):
    assert main(["staff", "add", "Åsa", "--no-password", "--email", "asa@exempel.se"]) == 0
    before = accounts(database_settings)
    monkeypatch.setenv("MALVAKT_DEFAULT_LANGUAGE", language)
    piped(monkeypatch, given)
    capsys.readouterr()
    assert main(["staff", *arguments]) == status
    shown = capsys.readouterr()
    assert shown.out == ""
    assert {"sv": sv, "en": en}[language] in shown.err
    assert shown.err.count("\n") == 1
    assert accounts(database_settings) == before


@pytest.mark.parametrize(
    "arguments", [[], ["add"], ["add", "Bo", "--role", "chief"], ["role", "Bo"], ["dance"]]
)
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["staff", *arguments])
    assert caught.value.code == 2
    assert "malvakt staff" in capsys.readouterr().err


def test_a_database_that_cannot_be_used(monkeypatch, capsys):
    monkeypatch.setenv("MALVAKT_DATABASE_URL", "postgresql://ada:secret-word@127.0.0.1:1/staff")
    assert main(["staff", "list"]) == 2
    shown = capsys.readouterr().err
    assert "127.0.0.1:1/staff" in shown
    assert "secret-word" not in shown
    assert shown.count("\n") == 1


@pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("typed", "status"), [([PASSWORD, PASSWORD], 0), ([PASSWORD, "något annat än det"], 1), (["\x04"], 130)]
)
def test_a_password_typed_at_a_terminal(database_settings, typed, status):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "staff", "add", "Åsa"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        cwd=Path(__file__).parents[1],
    )
    os.close(theirs)
    shown = b""
    for number, line in enumerate(typed, 1):
        while shown.count(b": ") < number:
            shown += os.read(ours, 1000)
        os.write(ours, line.encode() + (b"" if line == "\x04" else b"\n"))
    try:
        while data := os.read(ours, 1000):
            shown += data
    except OSError:
        # How Linux says that the other side is closed.
        pass
    assert process.wait(30) == status, shown.decode()
    os.close(ours)
    assert not any(one.encode() in shown for one in typed if one != "\x04"), "nothing typed is shown"
    assert len(accounts(database_settings)) == (status == 0)
    assert status or verify(database_settings, "Åsa", PASSWORD)


def test_beside_a_server_that_writes(database_settings, capsys):
    url = database_settings.database_url.get_secret_value() if database_settings.database_url else ""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVING, str(database_settings.data_dir), url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    assert server.stdout
    assert server.stdout.readline() == "ready\n"
    done = 0
    while done < 3 or server.poll() is None:
        assert main(["staff", "add", f"person {done}", "--no-password"]) == 0
        assert main(["staff", "block", f"person {done}"]) == 0
        done += 1
    assert (server.communicate()[1], server.returncode) == ("", 0)
    assert len(accounts(database_settings)) == done + 1
