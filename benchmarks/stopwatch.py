"""The encoder and the search with the time that each question spends in them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bot.library import Candidate, ReadyQuestion, Searcher
from index import Encoder
from index.encoders import Vectors


class Stopwatch:
    """Seconds spent under a name since the last `take`. For one thread."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - start

    def take(self) -> dict[str, float]:
        """The seconds by name, and start again."""
        taken, self._seconds = self._seconds, {}
        return taken


@dataclass(frozen=True, slots=True)
class TimedEncoder:
    """An `Encoder`."""

    encoder: Encoder
    watch: Stopwatch

    @property
    def dimension(self) -> int:
        return self.encoder.dimension

    @property
    def fingerprint(self) -> str:
        return self.encoder.fingerprint

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        with self.watch.running("encoder"):
            return self.encoder.encode_query(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        with self.watch.running("encoder"):
            return self.encoder.encode_document(texts)


@dataclass(frozen=True, slots=True)
class TimedSearcher:
    """A `Searcher`; its time includes the encoder's."""

    searcher: Searcher
    watch: Stopwatch

    def ready(self, question: str) -> ReadyQuestion:
        with self.watch.running("searcher"):
            return _TimedQuestion(self.searcher.ready(question), self.watch)


@dataclass(frozen=True, slots=True)
class _TimedQuestion:
    question: ReadyQuestion
    watch: Stopwatch

    @property
    def text(self) -> str:
        return self.question.text

    @property
    def distress(self) -> float:
        with self.watch.running("searcher"):
            return self.question.distress

    @property
    def distress_lead(self) -> float:
        with self.watch.running("searcher"):
            return self.question.distress_lead

    @property
    def move(self) -> tuple[str, float]:
        with self.watch.running("searcher"):
            return self.question.move

    def sections(self, *, k: int, filters: Mapping[str, str] | None = None) -> list[Candidate]:
        with self.watch.running("searcher"):
            return self.question.sections(k=k, filters=filters)

    def lines(self, section_id: str, language: str) -> list[float]:
        with self.watch.running("searcher"):
            return self.question.lines(section_id, language)
