"""The index: passages found by meaning (dense) and by words (lexical), fused, with stable order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from index import affinity, store
from index.affinity import MOST_OTHERS, Affinity, Rivals, rivals_hash
from index.centering import Centering
from index.dense import DenseIndex
from index.encoders import Encoder, Vectors
from index.lexical import LexicalIndex, Scores
from index.passages import Passage, View
from index.vectors import VectorCache

LEXICAL_WEIGHT = 1.0
"""What a full match of words is worth in cosine of centred vectors. Only what really matches counts (see
`LexicalIndex.scores`), so that a question in other words than the texts' is left to the encoder."""
DISCOUNTS: Mapping[View, float] = {"theme": 0.05}
"""What a view's fused score is lowered by: a question that many sections share is weaker evidence."""
BEST_VIEW = (1.0,)
"""A group scores as its best view does."""
BATCH = 16
"""Texts encoded between two reports of progress."""
CANDIDATES = 1000
"""How many rows each side of a large index hands to the fusion."""
FUSED_WHOLE = 20_000
"""Up to so many rows all are fused: to find candidates costs more, and their groups are read whole anyway."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found; ``dense`` and ``lexical`` are those of the view that matched best."""

    passage: Passage
    """The group's best passage to show; where the group has none, the view itself."""
    score: float
    """The fused score, of the group or the view; comparable only within one question."""
    dense: float
    """Cosine of the question with the view, -1 to 1, both without what all texts have in common."""
    lexical: float
    """Share of the question's information that the view's words match, 0 to 1."""
    matched: Passage
    """The view that matched best: a passage, a sentence or an example question."""


def fuse(dense: Scores, lexical: Scores) -> Scores:
    """The fused scores: the cosine, raised by the share of the question's words that really match.

    A convex sum of raw scores, after Bruch et al., "An Analysis of Fusion Functions for Hybrid Retrieval"
    (2023). Ranks are not fused: reciprocal rank fusion does worse here than the encoder alone.
    """
    return np.asarray(dense + LEXICAL_WEIGHT * lexical, np.float32)


class Index:
    """A search index over any passages. Immutable once built; may be searched from several threads."""

    def __init__(
        self,
        passages: Sequence[Passage],
        encoder: Encoder,
        dense: DenseIndex,
        lexical: LexicalIndex,
        centering: Centering,
        affinities: Mapping[str, Affinity],
        rivals: str,
    ) -> None:
        """``rivals``: the hash of those whose affinities were learned."""
        self.passages = tuple(passages)
        self._encoder = encoder
        self._dense = dense
        self._lexical = lexical
        self._centering = centering
        self._affinities = affinities
        self._rivals = rivals
        self._discounts = np.array([DISCOUNTS.get(passage.view, 0.0) for passage in passages], np.float32)
        order = sorted(range(len(passages)), key=lambda row: passages[row].id)
        self._filters = _Filters(self.passages, np.array(order, np.intp))
        self._groups = _numbers([passage.group or f"\0{passage.id}" for passage in passages])
        self._languages = _numbers([passage.language for passage in passages])
        self._shown = np.array([passage.view == "passage" for passage in passages], bool)

    @classmethod
    def build(
        cls,
        passages: Sequence[Passage],
        encoder: Encoder,
        *,
        rivals: Mapping[str, Rivals] = MappingProxyType({}),
        cache: VectorCache | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Index:
        """Encode and index the passages.

        Args:
            rivals: groups to learn the affinities to, if they are there, by a name for `Query.affinities`.
            cache: vectors of texts that were encoded before; new ones are added to it.
            progress: called with how many texts are encoded and how many there are.

        Raises:
            ValueError: two passages have the same id.
        """
        ids = [passage.id for passage in passages]
        if len(set(ids)) < len(ids):
            doubled = sorted(identity for identity, times in Counter(ids).items() if times > 1)
            raise ValueError(f"passage ids must be unique; doubled: {', '.join(doubled[:5])}")
        vectors = encode_passages(passages, encoder, cache=cache, progress=progress)
        asked = np.array([passage.asked for passage in passages], bool)
        centering = Centering.of(vectors, asked)
        centred = centering.apply(vectors, asked)
        lexical = LexicalIndex.build([passage.searched for passage in passages])
        there = {passage.group for passage in passages}
        learned = {name: _learn(passages, centred, one) for name, one in rivals.items() if one.groups & there}
        dense = DenseIndex(centred)
        return cls(passages, encoder, dense, lexical, centering, learned, rivals_hash(rivals))

    @classmethod
    def open(
        cls,
        directory: Path,
        encoder: Encoder,
        passages: Sequence[Passage] | None = None,
        rivals: Mapping[str, Rivals] | None = None,
    ) -> Index:
        """Read a saved index.

        Args:
            passages: those that it must be of, if not any.
            rivals: those whose affinities it must have learned, if not any.

        Raises:
            store.IndexMissing: there is none.
            store.IndexDamaged: it fails its checksums or has another form.
            store.IndexStale: it was made with another encoder, or of other passages or rivals.
        """
        expected = None if rivals is None else rivals_hash(rivals)
        parts = store.read(directory, encoder.fingerprint, passages, expected)
        try:
            dense = DenseIndex.from_bytes(parts.dense)
            lexical = LexicalIndex.from_bytes(parts.lexical)
            centering = Centering.from_bytes(parts.centering)
            affinities = affinity.from_bytes(parts.affinities)
        except Exception as error:  # faiss, zipfile and numpy each raise their own kinds
            raise store.IndexDamaged(f"{directory}: cannot be read: {error}") from error
        return cls(parts.passages, encoder, dense, lexical, centering, affinities, parts.rivals)

    def save(self, directory: Path) -> None:
        """Write the index; a reader sees the old one or the new one, whole."""
        dense, lexical, centering = (
            part.to_bytes() for part in (self._dense, self._lexical, self._centering)
        )
        affinities = affinity.to_bytes(self._affinities)
        parts = store.Parts(self.passages, self._rivals, dense, lexical, centering, affinities)
        store.write(directory, self._encoder.fingerprint, parts)

    def search(self, question: str, *, k: int, where: Mapping[str, str] | None = None) -> list[Hit]:
        """The ``k`` best groups for a question, each by its best passage; see `Query.search`."""
        return self.query(question).search(k=k, where=where)

    def query(self, question: str) -> Query:
        """The question made ready, for several searches at the price of one encoding."""
        vector = self._centering.query(self._encoder.encode_query([question])[0])
        return Query(self, question, vector)

    def _search(
        self, query: Query, k: int, where: Mapping[str, str] | None, weights: Sequence[float] | None
    ) -> list[Hit]:
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        rows = self._candidates(query, k, where or {}, whole_groups=weights is not None)
        if not rows.size:
            return []
        scores = query.fused(rows)
        # Equal scores fall to the id, so that the same question gets the same answer: the rows come by id.
        order = np.argsort(-scores, kind="stable")
        views = _Views(rows[order], scores[order])
        if weights is None:
            found = zip(views.rows[:k], views.scores[:k], strict=True)
            return [self._hit(query, row, row, score) for row, score in found]
        groups = self._groups[views.rows]
        bests, means = _group_scores(groups, views.scores, np.array(weights))
        ranked = np.lexsort((self._filters.rank[views.rows[bests]], -means))[:k]
        hits = []
        for place, score in zip(bests[ranked], means[ranked], strict=True):
            members = views.rows[groups == groups[place]]
            hits.append(self._hit(query, views.rows[place], self._to_show(members), score))
        return hits

    def _to_show(self, members: NDArray[np.intp]) -> int:
        """Of a group's rows, best first, the passage to show: if it can be, in the language that matched."""
        passages = members[self._shown[members]]
        own = passages[self._languages[passages] == self._languages[members[0]]]
        return int(next(rows[0] for rows in (own, passages, members) if rows.size))

    def _hit(self, query: Query, matched: int, shown: int, score: float) -> Hit:
        return Hit(
            passage=self.passages[shown],
            score=float(score),
            dense=float(query.dense(np.array([matched]))[0]),
            lexical=float(query.lexical[matched]),
            matched=self.passages[matched],
        )

    def _candidates(
        self, query: Query, k: int, where: Mapping[str, str], *, whole_groups: bool
    ) -> NDArray[np.intp]:
        """The rows to score, in the order of their ids."""
        rows = self._filters.rows(where, by_id=True)
        depth = max(CANDIDATES, 10 * k)
        if len(rows) <= max(FUSED_WHOLE, depth):
            return rows
        mask = np.zeros(len(self.passages), bool)
        mask[rows] = True
        near = self._dense.search(query.vector, depth, mask if where else None)
        wordy = rows[np.argpartition(-query.lexical[rows], depth)[:depth]]
        found = np.union1d(near, wordy[query.lexical[wordy] > 0])
        if not whole_groups:
            by_id: NDArray[np.intp] = found[np.argsort(self._filters.rank[found])]
            return by_id
        # A group is scored and shown by all that it has, also by views that are no candidates themselves.
        wanted = np.zeros(len(self.passages), bool)
        wanted[self._groups[found]] = True
        whole: NDArray[np.intp] = rows[wanted[self._groups[rows]]]
        return whole


@dataclass(frozen=True, eq=False)
class Query:
    """A question with its centred vector, shape (dimension,)."""

    index: Index
    text: str
    vector: Vectors

    @cached_property
    def lexical(self) -> NDArray[np.float32]:
        """Its lexical score for every row of the index."""
        return self.index._lexical.scores(self.text)

    def search(
        self,
        *,
        k: int,
        where: Mapping[str, str] | None = None,
        weights: Sequence[float] | None = BEST_VIEW,
    ) -> list[Hit]:
        """The best groups, best first.

        Args:
            k: at most so many; at least 1.
            where: what a view must have: ``group``, ``language``, ``view`` or attributes, matched exactly.
            weights: a group scores as the weighted mean of its best views, as many as there are weights;
                `BEST_VIEW` by default. ``None``: single views instead of groups.
        """
        return self.index._search(self, k, where, weights)

    def scores(self, where: Mapping[str, str]) -> Scores:
        """The fused scores of all views that ``where`` admits, in the index's order."""
        return self.fused(self.index._filters.rows(where))

    def matched(self, where: Mapping[str, str]) -> float:
        """The greatest share of the question's information that the words of a view match, 0 to 1, among
        the views that ``where`` admits; 0 if it admits none."""
        return float(self.lexical[self.index._filters.rows(where)].max(initial=0.0))

    def affinities(self, name: str) -> Mapping[str, float]:
        """How much the question belongs to each of the rivals of that name, mostly 0 to 1, and to
        `affinity.NOTHING` if anything does; raises ``KeyError`` for a name that nothing was learned by."""
        learned = self.index._affinities[name]
        return learned.of(self.dense(learned.rows))

    def fused(self, rows: NDArray[np.intp]) -> Scores:
        """The fused scores of those rows of the index, in their order."""
        if len(self.index.passages) > FUSED_WHOLE:
            return fuse(self.dense(rows), self.lexical[rows]) - self.index._discounts[rows]
        return self._all_fused[rows]

    def dense(self, rows: NDArray[np.intp]) -> Scores:
        """The cosines of the question with those rows of the index, in their order."""
        if len(self.index.passages) > FUSED_WHOLE:
            return self.index._dense.scores(self.vector, rows)
        return self._all_dense[rows]

    @cached_property
    def _all_dense(self) -> Scores:
        # Most searches of one question look at most rows.
        return self.index._dense.scores(self.vector, np.arange(len(self.index.passages)))

    @cached_property
    def _all_fused(self) -> Scores:
        return fuse(self._all_dense, self.lexical) - self.index._discounts


@dataclass(frozen=True, slots=True, eq=False)
class _Views:
    """Rows of the index with their fused scores, both of shape (n,), best first."""

    rows: NDArray[np.intp]
    scores: Scores


class _Filters:
    """The rows that have a field or attribute. Values are compared by number: as objects it takes long."""

    def __init__(self, passages: Sequence[Passage], order: NDArray[np.intp]) -> None:
        """``order``: the rows in the order of their ids."""
        self._order = order
        self.rank = np.empty_like(order)
        self.rank[order] = np.arange(len(order))
        columns: dict[str, list[str]] = {
            name: [getattr(passage, name) for passage in passages] for name in ("group", "language", "view")
        }
        names = dict.fromkeys(name for passage in passages for name in passage.attributes)
        columns |= {name: [passage.attributes.get(name, "") for passage in passages] for name in names}
        self._numbers = {
            name: {value: n for n, value in enumerate(dict.fromkeys(columns[name]))} for name in columns
        }
        self._columns = {
            name: np.array([self._numbers[name][value] for value in columns[name]], np.int32)
            for name in columns
        }
        self._found: dict[tuple[frozenset[tuple[str, str]], bool], NDArray[np.intp]] = {}

    def rows(self, where: Mapping[str, str], *, by_id: bool = False) -> NDArray[np.intp]:
        """Those that ``where`` admits, in the index's order or that of their ids."""
        key = frozenset(where.items()), by_id
        if key in self._found:
            return self._found[key]
        mask = np.ones(len(self._order), bool)
        for name, value in where.items():
            number = self._numbers.get(name, {}).get(value)
            if number is None:
                # Not remembered: of what does not exist there is no end.
                return self._order[:0]
            mask &= self._columns[name] == number
        found = self._order[mask[self._order]] if by_id else np.flatnonzero(mask)
        self._found[key] = found
        return found


def _group_scores(
    groups: NDArray[np.unsignedinteger], scores: Scores, weights: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The place of each group's best view, and the weighted mean of its first ``len(weights)`` views.

    Both inputs, of shape (n,), are in falling order of score.
    """
    order = np.argsort(groups, kind="stable")
    starts = np.concatenate(([0], np.flatnonzero(np.diff(groups[order])) + 1))
    sizes = np.diff(np.append(starts, len(order)))
    place_in_group = np.arange(len(order)) - np.repeat(starts, sizes)
    share = np.append(weights, 0)[np.minimum(place_in_group, len(weights))]
    means = np.add.reduceat(share * scores[order], starts) / np.add.reduceat(share, starts)
    return order[starts], means


def _learn(passages: Sequence[Passage], vectors: Vectors, rivals: Rivals) -> Affinity:
    groups = [passage.group for passage in passages]
    known = rivals.groups | rivals.unrelated
    rows = [row for row, group in enumerate(groups) if group in known]
    # By id, so that which are left out does not depend on the order of the passages.
    others = sorted(
        (row for row, group in enumerate(groups) if group in rivals.others - known),
        key=lambda row: passages[row].id,
    )
    rows += others[:: -(-len(others) // MOST_OTHERS) or 1]
    names = [groups[row] if groups[row] in rivals.groups else affinity.NOTHING for row in rows]
    return Affinity.fit(vectors[rows], names, np.array(rows, np.intp))


def _numbers(names: Sequence[str]) -> NDArray[np.unsignedinteger]:
    """A number for each different name, in as few bits as will do: numpy sorts 16 and fewer by radix."""
    numbers: dict[str, int] = {}
    column = [numbers.setdefault(name, len(numbers)) for name in names]
    return np.array(column, np.min_scalar_type(len(numbers)))


def encode_passages(
    passages: Sequence[Passage],
    encoder: Encoder,
    *,
    cache: VectorCache | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Vectors:
    """One row a passage. What people ask is encoded as queries, what was written as documents.

    See `Index.build` for the arguments.
    """
    cache = cache or VectorCache()
    keys = [(passage.asked, passage.searched) for passage in passages]
    wanted = list(dict.fromkeys(keys))
    known = {key: vector for key in wanted if (vector := cache.get(encoder.fingerprint, *key)) is not None}
    missing = [key for key in wanted if key not in known]
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        if progress:
            progress(len(known), len(wanted))
        for is_query in (True, False):
            texts = [text for asked, text in batch if asked == is_query]
            encode = encoder.encode_query if is_query else encoder.encode_document
            for text, vector in zip(texts, encode(texts), strict=True):
                known[is_query, text] = vector
                cache.put(encoder.fingerprint, is_query, text, vector)
    if progress:
        progress(len(wanted), len(wanted))
    rows = [known[key] for key in keys]
    return np.stack(rows) if rows else np.empty((0, encoder.dimension), np.float32)
