"""The measurements that ``python -m benchmarks`` prints."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

import numpy as np

import index
from benchmarks.stopwatch import Stopwatch, TimedEncoder, TimedSearcher
from bot.assemble import GoalLibrary, IndexSearcher, load_encoder, load_texts, passages_of
from bot.assistant import Assistant
from bot.confidence import Confidence
from bot.evaluation.items import Item
from bot.recognition import Phrases
from bot.settings import Settings

QUESTION = "Vad betyder målet om en grön kommun?"


@dataclass(frozen=True, slots=True)
class Starts:
    """Medians over several starts of the program."""

    runs: int
    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the time that a question takes, in milliseconds."""

    name: str
    median: float
    p95: float


def build_rate(settings: Settings, limit: int | None) -> tuple[int, float]:
    """Index all passages, at most so many, from nothing: number of different texts, and seconds.

    The vectors stay in the data directory for the measurements that follow.
    """
    encoder = load_encoder(settings)
    passages = passages_of(load_texts(settings))[:limit]
    cache = index.VectorCache(settings.data_dir / "vectors.npz")
    start = time.perf_counter()
    index.Index.build(passages, encoder, cache=cache)
    seconds = time.perf_counter() - start
    cache.save()
    return len({(passage.asked, passage.searched) for passage in passages}), seconds


def cold_start(runs: int) -> Starts:
    """``malvakt ask`` in processes of its own, one after the other, settings from the environment."""
    command = [sys.executable, "-m", "bot.cli", "ask", QUESTION]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.cold_start", str(runs), *command],
        stdout=subprocess.PIPE,
        check=True,
    )
    measured = json.loads(done.stdout)
    return Starts(
        runs,
        median(seconds for seconds, _ in measured),
        median(kibibytes for _, kibibytes in measured) * 1024 / 1e6,
    )


def latency(settings: Settings, items: Sequence[Item], today: dt.date) -> list[Row]:
    """`Assistant.ask`, one question at a time, over the index that is in the data directory."""
    watch = Stopwatch()
    texts = load_texts(settings)
    opened = index.Index.open(settings.data_dir / "index", TimedEncoder(load_encoder(settings), watch))
    assistant = Assistant(
        GoalLibrary(texts),
        TimedSearcher(IndexSearcher(opened, texts, Phrases.load(index.words)), watch),
        Confidence.load(),
        index.words,
        lambda: today,
    )
    assistant.ask(QUESTION)
    watch.take()
    asked = []
    for item in items:
        with watch.running("ask"):
            assistant.ask(item.question, item.conversation)
        taken = watch.take()
        # Small talk is answered without a search, and what was asked before without encoding it.
        if "encoder" in taken:
            whole, searcher, encoder = taken["ask"], taken["searcher"], taken["encoder"]
            asked.append((whole, encoder, encoder / whole, searcher - encoder, whole - encoder))
    table = np.array(asked)
    names = ("whole answer", "encoder", "", "search", "all but the encoder")
    share = float(np.median(table[:, 2]))
    return [
        Row(
            f"{name} ({share:.0%})" if name == "encoder" else name,
            *(np.percentile(table[:, column], (50, 95)) * 1000),
        )
        for column, name in enumerate(names)
        if name
    ]


def throughput(
    assistant: Assistant, items: Sequence[Item], threads: int, seconds: float
) -> tuple[float, float]:
    """So many threads that each ask one question after the other: questions a second, and seconds of CPU
    that one takes, which says more where other programs are running."""
    end = time.perf_counter() + seconds

    def ask(first: int) -> int:
        answered = 0
        for item in itertools.islice(itertools.cycle(items), first, None):
            if time.perf_counter() >= end:
                break
            assistant.ask(item.question, item.conversation)
            answered += 1
        return answered

    start, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        answered = sum(pool.map(ask, range(threads)))
    return answered / (time.perf_counter() - start), (time.process_time() - cpu) / answered
