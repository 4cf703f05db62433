"""Dense search: FAISS inner product over unit vectors."""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoders import Vectors

# For a single question one thread is fastest; two are slower from 10,000 passages on (measured).
faiss.omp_set_num_threads(1)


class DenseIndex:
    """Exact search: a municipality has a few thousand passages at most. Look again past 100,000."""

    def __init__(self, vectors: Vectors) -> None:
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @classmethod
    def from_bytes(cls, data: bytes) -> DenseIndex:
        """The inverse of `to_bytes`."""
        index = cls.__new__(cls)
        index._index = faiss.deserialize_index(np.frombuffer(data, np.uint8))
        return index

    def to_bytes(self) -> bytes:
        return bytes(faiss.serialize_index(self._index).tobytes())

    def search(self, vector: Vectors, k: int, mask: NDArray[np.bool_] | None) -> NDArray[np.intp]:
        """Rows of the ``k`` nearest vectors among those that ``mask`` admits, best first."""
        parameters = None
        if mask is not None:
            bits = np.packbits(mask, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)
            parameters = faiss.SearchParameters(sel=selector)
        _, rows = self._index.search(vector.reshape(1, -1), k, params=parameters)
        found = rows[0]
        return np.asarray(found[found >= 0], np.intp)

    def scores(self, vector: Vectors, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Inner products of the vector with those rows, in their order."""
        stored = faiss.rev_swig_ptr(self._index.get_xb(), self._index.ntotal * self._index.d)
        matrix = stored.reshape(self._index.ntotal, self._index.d)
        # Row by row, not as a matrix product: that rounds a row by where it stands, and equal texts must
        # score equal. To gather rows costs more than to multiply them, unless they are few.
        if 8 * len(rows) < len(matrix):
            return np.asarray(np.vecdot(matrix[rows], vector), np.float32)
        return np.asarray(np.vecdot(matrix, vector)[rows], np.float32)
