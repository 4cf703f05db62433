"""Schemathesis against the OpenAPI document, over HTTP: nothing undocumented and no 5xx, whatever is sent."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_client import web_settings
from web_server import RunningServer, running_server

from bot.assistant import Assistant

OPERATIONS = 6


@pytest.fixture
def server(assistant: Assistant, data_dir: Path) -> Iterator[RunningServer]:
    with running_server(assistant, web_settings(data_dir)) as running:
        yield running


def attacked(server: RunningServer, directory: Path, examples: int) -> subprocess.CompletedProcess[str]:
    # All checks are on, and both what the document allows and what it does not is sent. Nothing is stateful
    # here: no answer names an address to go on to.
    program = Path(sys.executable).with_name("schemathesis")
    options = f"--checks all --mode all --max-examples {examples} --seed 1 --no-color".split()
    return subprocess.run(
        [program, "run", f"{server.url}/openapi.json", *options],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_whatever_is_sent_is_answered_as_documented(server, tmp_path):
    done = attacked(server, tmp_path, examples=60)
    assert done.returncode == 0, done.stdout[-5000:]
    assert f"Operations:       {OPERATIONS} selected / {OPERATIONS} total" in done.stdout
    assert f"Tested: {OPERATIONS}" in done.stdout


def test_an_undocumented_answer_would_be_found(server, tmp_path, monkeypatch):
    goals = Assistant.goals

    def fail_in_english(self: Assistant, language: str | None = None) -> object:
        if language == "en":
            raise RuntimeError("a planted fault")
        return goals(self, language)

    monkeypatch.setattr(Assistant, "goals", fail_in_english)
    done = attacked(server, tmp_path, examples=5)
    assert done.returncode == 1, done.stdout[-5000:]
    assert "Server error" in done.stdout
