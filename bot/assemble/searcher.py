"""The index as the assistant asks it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

import index
import knowledge
from bot.assemble.indexed import BACKGROUND, CALM, DISTRESS, MOVE, MUNICIPALITY, NEW_SUBJECT
from bot.assemble.stated import Stated, Wanted
from bot.library import Candidate, Signals
from bot.question import SENTENCE_END, SHORTEST_SENTENCE
from bot.recognition import Phrases

SECTION_WEIGHTS = (10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0)
"""A section scores by its ten best views; docs/quality.md compares fewer and more."""
LIKENESS_WEIGHTS = (3.0, 2.0, 1.0)
"""How near a question is to a bank of messages is the mean of its three nearest, so weighted."""
AFFINITY_WEIGHT = 0.15
"""What it is worth in fused score that a question surely belongs to a section."""
ENDING = 2
"""Sentences at the end of a longer message that are searched by themselves, too: docs/quality.md has the
figures."""
REMEMBERED = 32
"""Questions that are kept encoded; those of one turn, and of as many people as ask at once."""
_THOUSANDS = re.compile(r"(?<!\d)(\d{2,3})(\d{3})(?!\d)")
"""Thousands written together; the texts write them apart, "40 000"."""


class IndexSearcher:
    """The index as `bot.library.Searcher`."""

    def __init__(self, opened: index.Index, texts: knowledge.Knowledge, phrases: Phrases) -> None:
        self._index = opened
        self._phrases = phrases
        self._spelling = index.Spelling(
            {
                language: [passage.searched for passage in opened.passages if passage.language == language]
                for language in knowledge.LANGUAGES
            }
        )
        self._source = {
            section.id: (section.language, frozenset(section.translations))
            for municipality in texts.municipalities
            for section in municipality.sections()
        }
        self._stated = {
            section.id: Stated.of(section, index.words, phrases)
            for municipality in texts.municipalities
            for section in municipality.sections()
        }
        self._moves = tuple(
            dict.fromkeys(
                passage.group.removeprefix(f"{MOVE}/")
                for passage in opened.passages
                if passage.attributes.get("role") == MOVE
            )
        )
        # A turn may look at its question several times.
        self.ready = lru_cache(maxsize=REMEMBERED)(self._ready)

    def _ready(self, question: str) -> IndexQuestion:
        spelled = _THOUSANDS.sub(r"\1 \2", self._spelling.correct(question))
        sentences = [one for one in SENTENCE_END.split(spelled) if len(one.split()) >= SHORTEST_SENTENCE]
        end = self._question(" ".join(sentences[-ENDING:])) if len(sentences) > ENDING else None
        return self._question(spelled, end)

    def _question(self, spelled: str, end: IndexQuestion | None = None) -> IndexQuestion:
        words = index.words(spelled)
        return IndexQuestion(
            self._index.query(spelled),
            self._source,
            self._stated,
            len(words),
            Wanted.of(words, self._phrases),
            self._moves,
            end,
        )


@dataclass(frozen=True)
class IndexQuestion:
    """A question as `bot.library.ReadyQuestion`."""

    query: index.Query
    source: Mapping[str, tuple[str, frozenset[str]]]
    """Of each section its source's language and those of its translations."""
    stated: Mapping[str, Stated]
    """By section."""
    words: int
    """How many words it has."""
    wanted: Wanted
    moves: Sequence[str]
    """Ids of the moves in a conversation that it may be like."""
    end: IndexQuestion | None
    """The last sentences of a longer message, where what is asked mostly stands; ``None``: it is short."""

    @property
    def text(self) -> str:
        return self.query.text

    def sections(self, *, k: int, filters: Mapping[str, str] | None = None) -> list[Candidate]:
        wanted = filters or {}
        fitting = (
            hit
            for hit in self._hits
            if all(_value(hit.passage, name) == value for name, value in wanted.items())
        )
        return [self._candidate(hit) for hit in islice(fitting, k)]

    def lines(self, section_id: str, language: str) -> list[float]:
        source, translations = self.source[section_id]
        shown = language if language in translations else source
        where = {"group": section_id, "language": shown, "view": "sentence"}
        return [float(score) for score in self.query.scores(where)]

    def _candidate(self, hit: index.Hit) -> Candidate:
        section, municipality = hit.passage.group, hit.passage.attributes[MUNICIPALITY]
        others = (
            other.score
            for other in self._hits
            if other is not hit and other.passage.attributes[MUNICIPALITY] == municipality
        )
        asking = self.end or self
        signals = Signals(
            score=hit.score,
            background=asking._background,
            lead=hit.score - next(others, 0.0),
            matched=self.query.matched({"group": section}),
            affinity=self._affinities[municipality][section],
            unrelated=asking._affinities[municipality].get(index.NOTHING, 0.0),
            length=math.log1p(self.words),
            unstated=float(asking.wanted.is_missing(self.stated[section])),
        )
        return Candidate(section, hit.score, hit.dense, hit.lexical, signals)

    @cached_property
    def _hits(self) -> list[index.Hit]:
        """All sections, best first: by their best views and by their affinity; what tells a story is as much
        worth as what ends it."""
        found = self.query.search(k=len(self.source), where={"role": index.SECTION}, weights=SECTION_WEIGHTS)
        hits = [replace(hit, score=hit.score + AFFINITY_WEIGHT * self._affinity(hit)) for hit in found]
        if self.end:
            ends = {hit.passage.group: hit.score for hit in self.end._hits}
            hits = [replace(hit, score=(hit.score + ends[hit.passage.group]) / 2) for hit in hits]
        return sorted(hits, key=lambda hit: -hit.score)

    def _affinity(self, hit: index.Hit) -> float:
        return self._affinities[hit.passage.attributes[MUNICIPALITY]][hit.passage.group]

    @cached_property
    def _affinities(self) -> Mapping[str, Mapping[str, float]]:
        """How much the question belongs to each section, by municipality."""
        municipalities = dict.fromkeys(section.partition("/")[0] for section in self.source)
        return {municipality: self.query.affinities(municipality) for municipality in municipalities}

    @cached_property
    def _background(self) -> float:
        """How well the best of the questions that nothing answers match."""
        return _mean_of_best(self.query.scores({"role": BACKGROUND}), SECTION_WEIGHTS)

    @property
    def distress(self) -> float:
        return self.query.affinities(DISTRESS)[DISTRESS]

    @property
    def distress_lead(self) -> float:
        others = self._best_of(index.SECTION, BACKGROUND, CALM, MOVE, NEW_SUBJECT)
        return self._best_of(DISTRESS) - others

    def _best_of(self, *roles: str) -> float:
        """How well the best views of these roles match."""
        scores = np.concatenate([self.query.scores({"role": role}) for role in roles])
        return _mean_of_best(scores, LIKENESS_WEIGHTS)

    @cached_property
    def move(self) -> tuple[str, float]:
        found = self.query.affinities(MOVE)
        best = max(self.moves, key=lambda move: found[f"{MOVE}/{move}"])
        return best, found[f"{MOVE}/{best}"] - found[index.NOTHING]


def _mean_of_best(scores: NDArray[np.float32], weights: Sequence[float]) -> float:
    """The weighted mean of the best scores, of shape (n,); of all where they are fewer than the weights; 0 of
    none."""
    most = min(len(weights), len(scores))
    best = np.sort(np.partition(scores, -most)[-most:])[::-1] if most else scores
    return float(np.average(best, weights=weights[: len(best)])) if best.size else 0.0


def _value(passage: index.Passage, name: str) -> str | None:
    return passage.group if name == "group" else passage.attributes.get(name)
