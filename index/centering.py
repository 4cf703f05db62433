"""Takes out of vectors what they all have in common."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoders import Vectors

SHRINKAGE = 10
"""How many vectors of zeros count with the others in a mean: so that the only text of an index keeps its
direction, and the mean of a few is not trusted like that of many."""


@dataclass(frozen=True, slots=True, eq=False)
class Centering:
    """The means of what is asked and of what was written, each of shape (dimension,).

    The vectors of E5 and most sentence encoders lie in a narrow cone (cosines of 0.8 and more between any
    two texts), with some texts near to every question. Without the mean the cosines spread, and such texts
    stand back: Mu and Viswanath, "All-but-the-Top" (2018).
    """

    asked: Vectors
    written: Vectors

    @classmethod
    def of(cls, vectors: Vectors, asked: NDArray[np.bool_]) -> Centering:
        """Of vectors of shape (n, dimension), ``asked`` saying which of them are questions; where there are
        none of one sort, the other's mean stands for it."""
        both = {sort: vectors[asked == sort] for sort in (True, False)}
        means = {
            sort: own.sum(axis=0, dtype=np.float64) / (len(own) + SHRINKAGE) for sort, own in both.items()
        }
        fallback = {sort: means[sort] if len(both[sort]) else means[not sort] for sort in both}
        return cls(fallback[True].astype(np.float32), fallback[False].astype(np.float32))

    def apply(self, vectors: Vectors, asked: NDArray[np.bool_]) -> Vectors:
        """The vectors, of shape (n, dimension), without their mean, again of length 1."""
        moved = vectors - np.where(asked[:, None], self.asked, self.written)
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        unit: Vectors = (moved / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)
        return unit

    def query(self, vector: Vectors) -> Vectors:
        """The vector of a question, of shape (dimension,)."""
        centred: Vectors = self.apply(vector[None], np.array([True]))[0]
        return centred

    def to_bytes(self) -> bytes:
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, asked=self.asked, written=self.written)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Centering:
        """The inverse of `to_bytes`."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return cls(arrays["asked"], arrays["written"])
