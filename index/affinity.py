"""Which of several groups a question belongs to, learned from all that was written for each of them."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoders import Vectors

SHARPNESS = 1.0
"""Of the kernel, exp(sharpness * (cosine - 1)): how much nearer examples count than farther ones."""
RIDGE = 0.03
"""Added to the kernel's diagonal: the greater, the less a single example counts against the others."""
TOLERANCE, MOST_STEPS = 0.001, 10_000
"""What may be left of the targets, as a share of their length; a few hundred steps come there."""
MOST_OTHERS = 5000
"""Vectors of the others that are learned from: time and memory grow with the square of their number, and more
do not tell better."""
_TINY = np.finfo(np.float32).tiny
NOTHING = ""
"""The name of the group of all that belongs to none."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """Groups of which a question belongs to one at most, mostly: it is learned what sets them apart."""

    groups: frozenset[str]
    unrelated: frozenset[str] = frozenset()
    """Groups of what belongs to none of them, though it may look like it."""
    others: frozenset[str] = frozenset()
    """Groups of what else there is that belongs to none of them, of which some is enough."""


def rivals_hash(rivals: Mapping[str, Rivals]) -> str:
    """SHA-256 over the names and all groups, whatever their order."""
    plain = {
        name: [sorted(one.groups), sorted(one.unrelated), sorted(one.others)] for name, one in rivals.items()
    }
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Affinity:
    """Tells groups apart by kernel ridge regression over their members' vectors.

    A search by nearest views asks what a question resembles most; this asks what sets each group apart from
    the others, so that what all of them resemble counts for none. One regression for each group, to 1 for its
    members and 0 for all others, with the kernel exp(sharpness * (cosine - 1)), which on unit vectors is the
    Gaussian one: Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning" (2009), 5.8.
    """

    groups: tuple[str, ...]
    """With `NOTHING`, if anything belongs to none."""
    rows: NDArray[np.intp]
    """Rows of the index that stand for the members, each vector once; shape (n,)."""
    weights: NDArray[np.float32]
    """Shape (n, groups)."""
    means: NDArray[np.float32]
    """Share of the members in each group, shape (groups,)."""

    @classmethod
    def fit(cls, vectors: Vectors, groups: Sequence[str], rows: NDArray[np.intp]) -> Affinity:
        """Learn from members; one vector may be a member of several groups.

        Time and memory grow with the square of the number of different vectors: six thousand take some
        seconds and 200 MB.

        Args:
            vectors: of length 1, shape (n, dimension).
            groups: the name of each one's group, or `NOTHING`.
            rows: which row of the index each one is.
        """
        names = tuple(sorted(set(groups)))
        first: dict[bytes, int] = {}
        place = np.array([first.setdefault(vector.tobytes(), len(first)) for vector in vectors])
        members = np.zeros((len(first), len(names)), np.float32)
        members[place, [names.index(group) for group in groups]] = 1
        kept = np.unique(place, return_index=True)[1]
        means = members.mean(axis=0)
        cosines = vectors[kept] @ vectors[kept].T
        kernel = _kernel(cosines, out=cosines)
        kernel[np.diag_indices(len(kernel))] += np.float32(RIDGE)
        return cls(names, rows[kept], _solve(kernel, members - means), means)

    def of(self, cosines: NDArray[np.float32]) -> Mapping[str, float]:
        """How much a question belongs to each group: about 0 to 1, somewhat beyond at times.

        Args:
            cosines: of the question with the vectors of ``rows``, in their order.
        """
        found = _kernel(cosines) @ self.weights + self.means
        return dict(zip(self.groups, found.tolist(), strict=True))


def _kernel(cosines: NDArray[np.float32], out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    kernel = np.subtract(cosines, np.float32(1), out=out)
    np.multiply(kernel, np.float32(SHARPNESS), out=kernel)
    return np.exp(kernel, out=kernel)


def _solve(matrix: NDArray[np.float32], targets: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the matrix, symmetric and positive definite, takes to the targets, shape (n, columns).

    Conjugate gradients, each column for itself: Hestenes and Stiefel (1952). `numpy.linalg.solve` would copy
    the matrix twice, in double precision.
    """
    found = np.zeros_like(targets)
    left = targets.copy()
    direction = left.copy()
    sizes = (left * left).sum(axis=0)
    enough = TOLERANCE**2 * sizes
    for _ in range(MOST_STEPS):
        if (sizes <= enough).all():
            break
        moved = matrix @ direction
        steps = sizes / np.maximum((direction * moved).sum(axis=0), _TINY)
        found += steps * direction
        left -= steps * moved
        before, sizes = sizes, (left * left).sum(axis=0)
        direction = left + sizes / np.maximum(before, _TINY) * direction
    else:
        raise ArithmeticError(f"conjugate gradients: not there after {MOST_STEPS} steps")
    return found


def to_bytes(affinities: Mapping[str, Affinity]) -> bytes:
    """Several by name, as one file."""
    arrays = {}
    for number, (name, one) in enumerate(affinities.items()):
        arrays[f"{number}_names"] = np.array([name, *one.groups])
        arrays[f"{number}_rows"] = one.rows
        arrays[f"{number}_weights"] = one.weights
        arrays[f"{number}_means"] = one.means
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def from_bytes(data: bytes) -> dict[str, Affinity]:
    """The inverse of `to_bytes`."""
    found = {}
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        for number in range(len(arrays.files) // 4):
            name, *groups = arrays[f"{number}_names"].tolist()
            rows, weights, means = (arrays[f"{number}_{part}"] for part in ("rows", "weights", "means"))
            found[name] = Affinity(tuple(groups), rows, weights, means)
    return found
