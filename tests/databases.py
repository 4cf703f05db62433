"""Both databases for tests: a new file of SQLite, and a new schema in PostgreSQL where one answers."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

from bot.settings import Settings

KINDS = ("sqlite", "postgresql")
ADDRESS = os.environ.get("TEST_DATABASE_URL") or "postgresql://postgres@127.0.0.1:5432/test"


@cache
def _silent() -> str:
    """Why PostgreSQL does not answer; empty where it does."""
    try:
        psycopg.connect(ADDRESS, connect_timeout=3).close()
    except psycopg.Error as error:
        return type(error).__name__
    return ""


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty schema, dropped afterwards; skips the test where no PostgreSQL answers."""
    if _silent():
        pytest.skip(f"no PostgreSQL answers ({_silent()}): start one, or set TEST_DATABASE_URL")
    schema = f"malvakt_{secrets.token_hex(8)}"
    with psycopg.connect(ADDRESS, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        try:
            joint = "&" if "?" in ADDRESS else "?"
            yield f"{ADDRESS}{joint}options=-csearch_path%3D{schema}"
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")


@contextmanager
def settings_of(kind: str, directory: Path) -> Iterator[Settings]:
    """Settings with an empty database of the kind."""
    if kind == "sqlite":
        yield Settings(data_dir=directory)
    else:
        with postgresql() as url:
            yield Settings(data_dir=directory, database_url=url)
