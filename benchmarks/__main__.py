"""``python -m benchmarks``: how fast Målvakt is here, and how much memory it takes; about a minute."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import tempfile
from pathlib import Path

from benchmarks.questions import load_questions
from benchmarks.speed import build_rate, cold_start, latency, throughput
from bot.assemble import assemble
from bot.settings import Settings

THREADS = (1, 4, 16)
MAX_LENGTH = 100
"""Characters of the questions; the time that the encoder takes grows with them."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer texts, questions and rounds; rougher")
    quick = parser.parse_args().quick
    print(f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    items = [item for item in load_questions("dev") if len(item.question) < MAX_LENGTH][:: 8 if quick else 1]
    with tempfile.TemporaryDirectory(prefix="malvakt-benchmarks-") as directory:
        for name in [name for name in os.environ if name.startswith("MALVAKT_")]:
            del os.environ[name]
        os.environ["MALVAKT_DATA_DIR"] = directory
        settings = Settings(data_dir=Path(directory))

        texts, seconds = build_rate(settings, 100 if quick else None)
        print(f"index build: {texts} texts in {seconds:.1f} s, {texts / seconds:.0f} texts/s", flush=True)
        assistant = assemble(settings)

        starts = cold_start(2 if quick else 5)
        print(
            f"cold start of `malvakt ask`, index built, median of {starts.runs}:"
            f" {starts.seconds:.2f} s, peak memory {starts.megabytes:.0f} MB",
            flush=True,
        )

        print(f"one question at a time, {len(items)} questions under {MAX_LENGTH} characters, p50 / p95:")
        for row in latency(settings, items, dt.date.today()):
            print(f"  {row.name:22} {row.median:5.1f} / {row.p95:5.1f} ms", flush=True)

        for threads in THREADS:
            rate, cpu = throughput(assistant, items, threads, seconds=1 if quick else 4)
            each = f"{cpu * 1000:.0f} ms of CPU each"
            print(f"{threads:2} thread{'s' * (threads > 1)}: {rate:.0f} questions/s, {each}", flush=True)


def _processor() -> str:
    """The processor's name where the system tells it, else its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
