"""What several test modules share: the assistant over the real goals, with the encoder that comes along."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from databases import KINDS, settings_of

from bot.assemble import GoalLibrary, assemble, load_texts
from bot.assistant import Assistant
from bot.database import Database
from bot.library import Library
from bot.settings import Settings

TODAY = dt.date(2026, 3, 2)


@pytest.fixture(scope="session", autouse=True)
def no_settings_from_outside() -> Iterator[None]:
    """No test reads the settings of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("MALVAKT_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Path]:
    """A data directory in which the index of the real goals is built once; what was encoded is kept for the
    next run, for the many texts take some minutes."""
    directory = tmp_path_factory.mktemp("data")
    kept = (pytestconfig.cache.mkdir("vectors") if pytestconfig.cache else directory) / "vectors.npz"
    vectors = directory / "vectors.npz"
    if kept.exists() and kept != vectors:
        shutil.copy(kept, vectors)
    yield directory
    if vectors.exists() and kept != vectors:
        # Beside it first: another run may be reading.
        shutil.copy(vectors, kept.with_suffix(".new"))
        kept.with_suffix(".new").replace(kept)


@pytest.fixture(scope="session")
def assistant(data_dir: Path) -> Assistant:
    """The assistant over the goals that come with the package, on 2 March 2026."""
    return assemble(Settings(data_dir=data_dir), clock=lambda: TODAY)


@pytest.fixture(scope="session")
def library() -> Library:
    return GoalLibrary(load_texts(Settings()))


@pytest.fixture(params=KINDS)
def database_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings with an empty database of their own, once SQLite's and once PostgreSQL's."""
    with settings_of(request.param, tmp_path) as settings:
        yield settings


@pytest.fixture
async def database(database_settings: Settings) -> AsyncIterator[Database]:
    opened = await Database.open(database_settings)
    yield opened
    await opened.close()
