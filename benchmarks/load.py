"""``python -m benchmarks.load``: the web service under load, as a process of its own; about two minutes."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.questions import load_questions
from bot.assemble import load_encoder
from bot.evaluation.items import Item
from bot.settings import Settings

MAX_LENGTH = 100
"""Characters of the questions, as in the other measurements."""
EVERY = 10.0
"""Seconds between looks at the memory."""
WORST_RATIO = 16
"""The 95th percentile may be so many times the encoder's own time for one question."""
FLAT = 1.1
"""The memory at the end may be so many times that after the first tenth of the time."""
START_SECONDS = 180
END_SECONDS = 30


@dataclass
class Load:
    """What the clients met: seconds for each request, and what was wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    megabytes: list[float] = field(default_factory=list)
    cpu: float = 0.0
    """Seconds of CPU that the service took for all of it."""

    def wrong(self, what: str) -> None:
        self.errors[what] = self.errors.get(what, 0) + 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long the clients ask")
    parser.add_argument("--clients", type=int, default=16, help="how many ask at the same time")
    parser.add_argument("--command", choices=("run", "web"), default="run", help="the command that serves")
    options = parser.parse_args()
    items = [item for item in load_questions("dev") if len(item.question) < MAX_LENGTH]
    for name in [name for name in os.environ if name.startswith("MALVAKT_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="malvakt-load-") as directory:
        settings = Settings(data_dir=Path(directory))
        alone = encoder_median(settings, items)
        print(f"encoder alone, one question of {len(items)} at a time: p50 {alone * 1000:.1f} ms", flush=True)
        with serving(options.command, settings) as (process, port):
            before = memory(process.pid)
            load = asyncio.run(attack(port, items, options.clients, options.seconds, process.pid))
    return report(load, before, alone, options)


def encoder_median(settings: Settings, items: Sequence[Item]) -> float:
    """Seconds that the encoder takes for one question when nothing else runs."""
    encoder = load_encoder(settings)
    encoder.encode_query([items[0].question])
    taken = []
    for item in items:
        start = time.perf_counter()
        encoder.encode_query([item.question])
        taken.append(time.perf_counter() - start)
    return median(taken)


@contextlib.contextmanager
def serving(command: str, settings: Settings) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The service as its own process on a free port, ready; ended as an operator ends it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    environment = {"MALVAKT_DATA_DIR": str(settings.data_dir), "MALVAKT_RATE_LIMIT": "1000000"}
    arguments = [sys.executable, "-m", "bot.cli", command, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(arguments, env={**os.environ, **environment})
    try:
        give_up = time.monotonic() + START_SECONDS
        while not ready(port):
            if process.poll() is not None or time.monotonic() > give_up:
                raise SystemExit("the service did not start")
            time.sleep(0.5)
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            # It must not go on for good because the measurement ends.
            process.kill()
            status = process.wait()
        print(f"the service ended with status {status}", flush=True)


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=120) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def memory(pid: int) -> float:
    """Resident memory of a process, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (kibibytes,) = (line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kibibytes) * 1024 / 1e6


def processor_time(pid: int) -> float:
    """Seconds of CPU that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def attack(port: int, items: Sequence[Item], clients: int, seconds: float, pid: int) -> Load:
    """So many clients that each ask one question after the other, over a connection that is kept."""
    load = Load()
    requests = [request(item) for item in items]
    end = time.perf_counter() + seconds
    watching = asyncio.create_task(watch(pid, load))
    cpu = processor_time(pid)
    # Each begins elsewhere, so that they do not ask the same at the same time.
    starts = [round(number * len(requests) / clients) for number in range(clients)]
    await asyncio.gather(*(client(port, requests, start, end, load) for start in starts))
    watching.cancel()
    load.cpu = processor_time(pid) - cpu
    load.megabytes.append(memory(pid))
    return load


def request(item: Item) -> bytes:
    asked = {"question": item.question, "municipality": item.municipality}
    body = json.dumps(asked, ensure_ascii=False).encode()
    head = (
        "POST /api/v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def client(port: int, requests: Sequence[bytes], start: int, end: float, load: Load) -> None:
    # Streams and no HTTP library: a client that costs as much as the service would be measured with it.
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for one in itertools.islice(itertools.cycle(requests), start, None):
        began = time.perf_counter()
        if began >= end:
            break
        try:
            writer.write(one)
            head = await reader.readuntil(b"\r\n\r\n")
            (length,) = (
                line[16:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length: ")
            )
            body = await reader.readexactly(int(length))
        except (OSError, EOFError, ValueError) as error:
            load.wrong(type(error).__name__)
            return
        load.seconds.append(time.perf_counter() - began)
        status = head[9:12].decode()
        if status != "200" or not body.startswith(b'{"kind":'):
            load.wrong(status)
    writer.close()


async def watch(pid: int, load: Load) -> None:
    while True:
        await asyncio.sleep(EVERY)
        load.megabytes.append(memory(pid))


def report(load: Load, before: float, alone: float, options: argparse.Namespace) -> int:
    """Print the figures; the exit status is 1 where one is not as it should be."""
    if not load.seconds:
        print(f"malvakt {options.command}: no request was answered, errors: {load.errors or 'none'}")
        return 1
    half, p95, p99 = np.percentile(load.seconds, (50, 95, 99)) * 1000
    ratio = p95 / 1000 / alone
    rate = len(load.seconds) / options.seconds
    print(
        f"malvakt {options.command}, {options.clients} clients for {options.seconds:.0f} s:"
        f" {len(load.seconds)} requests, {rate:.0f} a second, errors: {load.errors or 'none'}"
    )
    print(
        f"p50 {half:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms; p95 is {ratio:.1f} times the encoder alone"
    )
    print(f"{load.cpu / len(load.seconds) * 1000:.1f} ms of CPU a request")
    shown = " ".join(f"{megabytes:.0f}" for megabytes in load.megabytes)
    print(f"memory: {before:.0f} MB before, then every {EVERY:.0f} s and at the end: {shown} MB")
    flat = load.megabytes[-1] <= FLAT * load.megabytes[0]
    return int(bool(load.errors) or ratio >= WORST_RATIO or not flat)


if __name__ == "__main__":
    sys.exit(main())
