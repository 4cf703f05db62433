"""What several test modules share: the assistant over the real goals, with the encoder that comes along."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.assemble import GoalLibrary, assemble, load_texts
from bot.assistant import Assistant
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
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory in which the index of the real goals is built once."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def assistant(data_dir: Path) -> Assistant:
    """The assistant over the goals that come with the package, on 2 March 2026."""
    return assemble(Settings(data_dir=data_dir), clock=lambda: TODAY)


@pytest.fixture(scope="session")
def library() -> Library:
    return GoalLibrary(load_texts(Settings()))
