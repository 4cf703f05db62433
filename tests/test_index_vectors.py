"""Vectors kept from one build to the next."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from index import VectorCache

ROW = np.array([0.6, 0.8], np.float32)


def filled(path: Path) -> bytes:
    cache = VectorCache(path)
    for text in ("grön", "trygg"):
        cache.get("e", False, text)
        cache.put("e", False, text, ROW)
    cache.save()
    return path.read_bytes()


@pytest.mark.parametrize(
    ("fingerprint", "is_query", "text", "known"),
    [
        ("e", False, "grön", True),
        ("e", True, "grön", False),
        ("f", False, "grön", False),
        ("e", False, "Grön", False),
        ("e", False, "", False),
        ("e\ndocument", False, "grön", False),
    ],
)
def test_a_vector_is_of_one_encoder_one_form_and_one_text(
    tmp_path: Path, fingerprint: str, is_query: bool, text: str, known: bool
) -> None:
    filled(tmp_path / "vectors.npz")
    vector = VectorCache(tmp_path / "vectors.npz").get(fingerprint, is_query, text)
    assert (vector is not None) == known
    if vector is not None:
        assert vector.dtype == np.float32
        assert vector.tolist() == ROW.tolist()


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "å" * 5000, "🌳\n"])
def test_any_text(tmp_path: Path, text: str) -> None:
    cache = VectorCache(tmp_path / "vectors.npz")
    cache.get("e", True, text)
    cache.put("e", True, text, ROW)
    cache.save()
    assert VectorCache(tmp_path / "vectors.npz").get("e", True, text) is not None


def test_without_a_file_it_lasts_as_long_as_the_object() -> None:
    cache = VectorCache()
    cache.put("e", True, "grön", ROW)
    cache.save()
    assert cache.get("e", True, "grön") is not None
    assert VectorCache().get("e", True, "grön") is None


def test_texts_that_nobody_asked_for_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    filled(path)
    cache = VectorCache(path)
    cache.get("e", False, "grön")
    cache.save()
    kept = VectorCache(path)
    assert kept.get("e", False, "grön") is not None
    assert kept.get("e", False, "trygg") is None


def test_every_flipped_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    data = filled(path)
    for place in range(0, len(data), 3):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :])
        assert VectorCache(path).get("e", False, "grön") is None, place


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"x" * 32,
        b"x" * 5000,
        hashlib.sha256(b"").digest(),
        hashlib.sha256(b"PK\x03\x04").digest() + b"PK\x03\x04",
        hashlib.sha256(b"no archive").digest() + b"no archive",
    ],
)
def test_a_damaged_file_is_the_same_as_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(data)
    assert VectorCache(path).get("e", False, "grön") is None
    filled(path)
    assert VectorCache(path).get("e", False, "grön") is not None


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_file_cut_short_is_the_same_as_none(tmp_path: Path, share: float) -> None:
    path = tmp_path / "vectors.npz"
    data = filled(path)
    path.write_bytes(data[: int(len(data) * share)])
    assert VectorCache(path).get("e", False, "grön") is None


def test_what_a_killed_writer_left_does_not_pile_up(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    (tmp_path / "vectors.npz.new").write_bytes(b"half")
    filled(path)
    assert [file.name for file in tmp_path.iterdir()] == ["vectors.npz"]
