"""The measurement of the service under load, where the service itself fails."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pytest

from benchmarks import load
from benchmarks.load import Load, report, serving
from bot.settings import Settings


def test_where_nothing_is_answered_the_report_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    met = Load(errors={"ConnectionResetError": 16})
    options = argparse.Namespace(command="run", clients=16, seconds=60.0)
    assert report(met, 100.0, 0.01, options) == 1
    assert "ConnectionResetError" in capsys.readouterr().out


def test_a_service_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deaf, ready = tmp_path / "deaf", tmp_path / "ready"
    deaf.write_text(f"#!/bin/sh\ntrap '' TERM\ntouch {ready}\nwhile :; do sleep 0.1; done\n")
    deaf.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(deaf))
    monkeypatch.setattr(load, "ready", lambda port: ready.exists())
    monkeypatch.setattr(load, "END_SECONDS", 0.3)
    with serving("run", Settings(data_dir=tmp_path)) as (process, _):
        assert process.poll() is None
    assert process.poll() == -9
