"""The search alone, measured on a collection whose relevant documents are known."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import Success, nDCG

import index
from bot.evaluation.beir import Collection, Document
from bot.evaluation.statistics import Rows, bootstrap, wilson
from bot.evaluation.totals import Total
from knowledge import sentences_by_paragraph

DEPTH = 10
NDCG = nDCG @ DEPTH
NAMES = {NDCG: "ndcg_10", Success @ 1: "hit_1", Success @ 3: "hit_3", Success @ DEPTH: "hit_10"}
"""nDCG with linear gain, as BEIR's own; a hit is a query with a relevant document among the first."""

Progress = Callable[[int, int], None]


def open_index(
    collection: Collection, encoder: index.Encoder, directory: Path, progress: Progress | None = None
) -> index.Index:
    """The index over the documents, kept in a directory of its own inside the one given.

    Raises ``OSError`` where that cannot be written.
    """
    passages = [passage for document in collection.documents for passage in _passages(document)]
    own = directory / index.content_hash(passages)[:16]
    try:
        return index.Index.open(own, encoder)
    except index.StoreError:
        built = index.Index.build(passages, encoder, progress=progress)
        built.save(own)
        return built


def measure(
    collection: Collection, opened: index.Index, progress: Progress | None = None
) -> dict[str, Total]:
    """Means over the queries, by name, with intervals as for other totals."""
    found: dict[str, dict[str, float]] = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ranked = pool.map(lambda query: _ranking(opened, query), collection.queries.values())
        for query, ranking in zip(collection.queries, ranked, strict=True):
            found[query] = ranking
            if progress:
                progress(len(found), len(collection.queries))
    values: dict[str, list[float]] = {name: [] for name in NAMES.values()}
    judged = {query: dict(documents) for query, documents in collection.judgements.items()}
    for one in ir_measures.iter_calc(list(NAMES), judged, found):
        values[NAMES[one.measure]].append(one.value)
    return {name: _total(np.array(each), share=name != NAMES[NDCG]) for name, each in values.items()}


def _ranking(opened: index.Index, query: str) -> dict[str, float]:
    """The first documents, each with a score that falls with its place: equal ones are in order already."""
    hits = opened.search(query, k=DEPTH)
    return {hit.passage.group: float(DEPTH - place) for place, hit in enumerate(hits)}


def _total(values: np.ndarray[tuple[int], np.dtype[np.float64]], *, share: bool) -> Total:
    def mean(rows: Rows) -> float:
        return float(values[rows].mean())

    interval = wilson(int(values.sum()), len(values)) if share else bootstrap(mean, len(values))
    return Total(float(values.mean()), *interval, len(values))


def _passages(document: Document) -> Iterator[index.Passage]:
    """A document in runs of whole sentences, as sections are cut; one without text is its title."""
    runs = list(index.chunks(sentences_by_paragraph(document.text)))
    texts = [document.text[run[0].start : run[-1].end] for run in runs]
    for number, text in enumerate(texts or [document.title], 1):
        title = document.title if texts else ""
        yield index.Passage(f"{document.id}#{number}", text, title=title, group=document.id)
