"""Lexical search: BM25 over character n-grams, as the share of the question's information."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.words import grams

# On import it sets its own logger to DEBUG.
logging.getLogger("bm25s").setLevel(logging.WARNING)

Scores = NDArray[np.float32]


class LexicalIndex:
    """BM25 (Lucene's form) by ``bm25s``; k1 and b are its defaults, 1.5 and 0.75.

    The default tokenizer of ``bm25s`` drops "å" and "ö" and its stemming one remembers every unseen
    word of a question, so n-grams are made here and only ids are handed over.
    """

    def __init__(self, bm25: bm25s.BM25, vocabulary: dict[str, int], idf: Scores, unseen: float) -> None:
        self._bm25 = bm25
        self._vocabulary = vocabulary
        self._idf = idf
        self._unseen = unseen

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """An index over the texts, row by row; a text may be empty."""
        vocabulary: dict[str, int] = {}
        rows = [[vocabulary.setdefault(gram, len(vocabulary)) for gram in grams(text)] for text in texts]
        bm25 = bm25s.BM25(method="lucene")
        if vocabulary:
            bm25.index((rows, vocabulary), show_progress=False)
        else:
            # It divides by the mean length, here 0.
            nothing = np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(1, np.int64)
            bm25.scores = dict(zip(("data", "indices", "indptr"), nothing, strict=True))
            bm25.scores["num_docs"] = len(texts)
        counts = np.zeros(len(vocabulary))
        for row in rows:
            counts[list(set(row))] += 1
        idf = _idf(counts, len(texts)).astype(np.float32)
        return cls(bm25, vocabulary, idf, float(_idf(np.zeros(1), len(texts))[0]))

    def scores(self, question: str) -> Scores:
        """For every row the share of the question's information that it matches, 0 to below 1.

        A BM25 score is a sum of idf(gram) * saturation with a saturation below 1, so dividing by the sum
        of the question's idf gives a share; grams that no text has count in full as not matched.
        """
        asked = sorted(set(grams(question)))
        known = [self._vocabulary[gram] for gram in asked if gram in self._vocabulary]
        total = float(self._idf[known].sum()) + (len(asked) - len(known)) * self._unseen
        rows = self._bm25.scores["num_docs"]
        if not known or total <= 0:
            return np.zeros(rows, np.float32)
        return np.asarray(self._bm25.get_scores_from_ids(known) / total, np.float32)

    def to_bytes(self) -> bytes:
        scores = self._bm25.scores
        arrays = {name: scores[name] for name in ("data", "indices", "indptr")}
        vocabulary = json.dumps(list(self._vocabulary), ensure_ascii=False).encode()
        buffer = io.BytesIO()
        np.savez(
            buffer,
            allow_pickle=False,
            **arrays,
            rows=np.array(scores["num_docs"]),
            idf=self._idf,
            unseen=np.array(self._unseen),
            vocabulary=np.frombuffer(vocabulary, np.uint8),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> LexicalIndex:
        """The inverse of `to_bytes`."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            bm25 = bm25s.BM25(method="lucene")
            bm25.scores = {
                **{name: arrays[name] for name in ("data", "indices", "indptr")},
                "num_docs": int(arrays["rows"]),
            }
            bm25.nonoccurrence_array = None  # set by index() alone; Lucene's form has none
            names = json.loads(arrays["vocabulary"].tobytes())
            vocabulary = {name: number for number, name in enumerate(names)}
            return cls(bm25, vocabulary, arrays["idf"], float(arrays["unseen"]))


def _idf(document_counts: NDArray[np.float64], documents: int) -> NDArray[np.float64]:
    """Lucene's idf: ln(1 + (N - n + 0.5) / (n + 0.5)); see bm25s, ``method="lucene"``."""
    values: NDArray[np.float64] = np.log1p((documents - document_counts + 0.5) / (document_counts + 0.5))
    return values
