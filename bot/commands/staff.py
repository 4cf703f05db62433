"""``malvakt staff``: the accounts of those who may use the staff page."""

from __future__ import annotations

import asyncio
import getpass
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator, Sequence

from rich.cells import cell_len

from bot.database import Account, AccountError, Database
from bot.local_time import local_time
from bot.settings import Settings
from bot.texts import Texts

LONGEST_INPUT = 100_000
"""Bytes of standard input; far more than a password may have."""


class NoPassword(Exception):
    """No password was given; ``key`` names the text that says why, ``status`` is the exit status."""

    def __init__(self, key: str, status: int) -> None:
        super().__init__(key)
        self.key = key
        self.status = status


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    name = getattr(options, "name", "")
    try:
        asyncio.run(_run(options, settings, texts))
    except AccountError as error:
        return _fail(texts(f"cli.staff.error.{error.code}", name=_shown(name)))
    except NoPassword as error:
        _fail(texts(error.key))
        return error.status
    return 0


async def _run(options: Namespace, settings: Settings, texts: Texts) -> None:
    database = await Database.open(settings)
    try:
        await _ACTIONS[options.action](database, options, texts)
    finally:
        await database.close()


async def _add(database: Database, options: Namespace, texts: Texts) -> None:
    password = None
    if not options.no_password:
        if await database.accounts.get(options.name):
            # Before the password is asked for, and asked for again.
            raise AccountError("taken")
        password = _read_password(options, texts, "cli.staff.not_asked_add")
    added = await database.accounts.add(
        options.name, role=options.role, email=options.email, password=password
    )
    print(texts("cli.staff.added", name=added.name, role=added.role))
    if not added.has_password and not added.email:
        print(texts("cli.staff.no_way_in"), file=sys.stderr)


async def _list(database: Database, options: Namespace, texts: Texts) -> None:
    accounts = await database.accounts.all()
    if not accounts:
        print(texts("cli.staff.none"), file=sys.stderr)
        return
    columns = ("name", "role", "email", "password", "linked", "blocked", "origin", "signed_in")
    heading = [texts(f"cli.staff.column.{column}") for column in columns]
    for line in _table([heading, *(_row(account, texts) for account in accounts)]):
        print(line)


async def _password(database: Database, options: Namespace, texts: Texts) -> None:
    account = await _known(database, options.name)
    password = _read_password(options, texts, "cli.staff.not_asked")
    await database.accounts.set_password(account.name, password)
    print(texts("cli.staff.password_set", name=account.name))


async def _role(database: Database, options: Namespace, texts: Texts) -> None:
    account = await database.accounts.set_role(options.name, options.role)
    print(texts("cli.staff.role_set", name=account.name, role=account.role))


async def _block(database: Database, options: Namespace, texts: Texts) -> None:
    account = await database.accounts.set_blocked(options.name, True)
    print(texts("cli.staff.blocked", name=account.name))


async def _unblock(database: Database, options: Namespace, texts: Texts) -> None:
    account = await database.accounts.set_blocked(options.name, False)
    print(texts("cli.staff.unblocked", name=account.name))


async def _remove(database: Database, options: Namespace, texts: Texts) -> None:
    account = await _known(database, options.name)
    await database.accounts.remove(options.name)
    print(texts("cli.staff.removed", name=account.name))
    if account.by_claim:
        print(texts("cli.staff.returns"), file=sys.stderr)


async def _unlink(database: Database, options: Namespace, texts: Texts) -> None:
    account = await database.accounts.unlink(options.name)
    print(texts("cli.staff.unlinked", name=account.name))


async def _sign_out(database: Database, options: Namespace, texts: Texts) -> None:
    account = await _known(database, options.name)
    ended = await database.sessions.end_all(account)
    print(texts("cli.staff.signed_out", name=account.name, count=ended))


_ACTIONS: dict[str, Callable[[Database, Namespace, Texts], Awaitable[None]]] = {
    "add": _add,
    "list": _list,
    "password": _password,
    "role": _role,
    "block": _block,
    "unblock": _unblock,
    "unlink": _unlink,
    "remove": _remove,
    "sign-out": _sign_out,
}


async def _known(database: Database, name: str) -> Account:
    account = await database.accounts.get(name)
    if account is None:
        raise AccountError("unknown")
    return account


def _read_password(options: Namespace, texts: Texts, nobody: str) -> str:
    """From standard input or the person at the terminal; ``nobody``: what to say where there is neither."""
    if options.password_stdin:
        try:
            given = sys.stdin.buffer.read(LONGEST_INPUT).decode()
        except UnicodeDecodeError:
            raise NoPassword("cli.staff.password_not_text", 2) from None
        return given.removesuffix("\n").removesuffix("\r")
    if not sys.stdin.isatty():
        raise NoPassword(nobody, 2)
    try:
        password = getpass.getpass(texts("cli.staff.ask", name=_shown(options.name)))
        if getpass.getpass(texts("cli.staff.ask_again")) != password:
            raise NoPassword("cli.staff.different", 1)
    except EOFError:
        # Ctrl-D: the person has thought better of it.
        raise KeyboardInterrupt from None
    return password


def _row(account: Account, texts: Texts) -> list[str]:
    seen = account.signed_in_at
    return [
        account.name,
        account.role,
        account.email or "",
        texts("cli.staff.yes" if account.has_password else "cli.staff.no"),
        texts("cli.staff.yes" if account.linked else "cli.staff.no"),
        texts("cli.staff.yes" if account.blocked else "cli.staff.no"),
        texts("cli.staff.origin.provider" if account.by_claim else "cli.staff.origin.command"),
        f"{local_time(seen):%Y-%m-%d %H:%M}" if seen else texts("cli.staff.never"),
    ]


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines with the columns beneath each other."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _shown(name: str) -> str:
    """As it was given, without what would move the cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1
