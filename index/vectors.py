"""Vectors that were computed before, by encoder and text: a rebuild encodes only what changed."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import numpy as np

from index.encoders import Vectors


class VectorCache:
    """Vectors in memory, and of one encoder on disk where a file is given.

    A damaged file is the same as none: everything in it can be computed again.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._vectors: dict[str, Vectors] = {}
        self._used: set[str] = set()
        if path:
            self._vectors = _read(path)

    def get(self, fingerprint: str, is_query: bool, text: str) -> Vectors | None:
        key = _key(fingerprint, is_query, text)
        self._used.add(key)
        return self._vectors.get(key)

    def put(self, fingerprint: str, is_query: bool, text: str, vector: Vectors) -> None:
        self._vectors[_key(fingerprint, is_query, text)] = vector

    def save(self) -> None:
        """Write what was asked for since the start, and drop the rest: texts that are gone.

        One writer at a time; readers need no lock.
        """
        if not self._path:
            return
        kept = {key: vector for key, vector in self._vectors.items() if key in self._used}
        if not kept:
            return
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, keys=np.array(list(kept)), vectors=np.stack(list(kept.values())))
        data = buffer.getvalue()
        # Always the same name: what a killed writer leaves is overwritten by the next.
        beside = self._path.with_name(f"{self._path.name}.new")
        beside.write_bytes(hashlib.sha256(data).digest() + data)
        os.replace(beside, self._path)


def _key(fingerprint: str, is_query: bool, text: str) -> str:
    form = "query" if is_query else "document"
    return hashlib.sha256(f"{fingerprint}\n{form}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _read(path: Path) -> dict[str, Vectors]:
    try:
        stored = path.read_bytes()
    except FileNotFoundError:
        return {}
    checksum, data = stored[:32], stored[32:]
    if hashlib.sha256(data).digest() != checksum:
        return {}
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            vectors = np.asarray(arrays["vectors"], np.float32)
            return {str(key): vector for key, vector in zip(arrays["keys"], vectors, strict=True)}
    except Exception:  # of another form; zipfile and numpy each raise their own kinds
        return {}
