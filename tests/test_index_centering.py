"""Vectors without what they all have in common."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from index.centering import Centering
from index.encoders import Vectors

DIMENSION = 384
MIDDLE = np.full(DIMENSION, 1 / np.sqrt(DIMENSION), np.float32)


def unit(rows: object) -> Vectors:
    """Vectors of length 1."""
    matrix = np.asarray(rows, np.float32)
    normalised: Vectors = matrix / np.linalg.norm(matrix, axis=-1, keepdims=True)
    return normalised


def noise(count: int, seed: int) -> Vectors:
    """Directions that have nothing in common, each about as long as what the cone's have."""
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    return np.asarray(rows / np.sqrt(DIMENSION), np.float32)


def cone(count: int) -> Vectors:
    """Vectors in a narrow cone, as those of encoders are."""
    return unit(MIDDLE + 0.5 * noise(count, seed=1))


def sorts(asked: int, written: int) -> NDArray[np.bool_]:
    return np.array([True] * asked + [False] * written, bool)


def test_a_text_that_is_near_to_everything_no_longer_wins() -> None:
    own = noise(200, seed=1)
    vectors = unit(np.vstack([MIDDLE + 0.5 * own, MIDDLE]))
    hub = len(own)
    # Each question is about one text, and says much else.
    questions = unit(MIDDLE + 0.5 * (0.35 * own[:20] + 0.8 * noise(20, seed=2)))
    centering = Centering.of(vectors, sorts(0, len(vectors)))
    centred = centering.apply(vectors, sorts(0, len(vectors)))

    before = [int(np.argmax(vectors @ question)) for question in questions]
    after = [int(np.argmax(centred @ centering.query(question))) for question in questions]
    assert before.count(hub) >= 15
    assert after == list(range(20))


def test_cosines_spread() -> None:
    vectors, asked = cone(500), sorts(0, 500)
    centred = Centering.of(vectors, asked).apply(vectors, asked)
    others = ~np.eye(500, dtype=bool)
    assert (vectors @ vectors.T)[others].min() > 0.5
    assert abs((centred @ centred.T)[others].mean()) < 0.01


def test_a_single_text_keeps_its_direction() -> None:
    vector = cone(1)
    for asked in (sorts(1, 0), sorts(0, 1)):
        centering = Centering.of(vector, asked)
        assert centering.apply(vector, asked) == pytest.approx(vector, abs=1e-6)
        assert centering.query(vector[0]) == pytest.approx(vector[0], abs=1e-6)


@pytest.mark.parametrize(("asked", "written"), [(20, 0), (0, 20)])
def test_where_there_is_one_sort_its_mean_stands_for_the_other(asked: int, written: int) -> None:
    centering = Centering.of(cone(20), sorts(asked, written))
    assert np.array_equal(centering.asked, centering.written)
    assert np.linalg.norm(centering.asked) > 0.5


def test_each_sort_has_its_own_mean() -> None:
    asked, written = cone(30), -cone(30)
    both = Centering.of(np.vstack([asked, written]), sorts(30, 30))
    assert np.array_equal(both.asked, Centering.of(asked, sorts(30, 0)).asked)
    assert np.array_equal(both.written, Centering.of(written, sorts(0, 30)).written)
    assert both.asked @ both.written < 0


def test_nothing_has_no_mean() -> None:
    centering = Centering.of(np.empty((0, DIMENSION), np.float32), sorts(0, 0))
    vector = cone(1)[0]
    assert not centering.asked.any()
    assert not centering.written.any()
    assert centering.query(vector) == pytest.approx(vector, abs=1e-6)
    assert centering.apply(np.empty((0, DIMENSION), np.float32), sorts(0, 0)).shape == (0, DIMENSION)


def test_a_vector_that_is_the_mean_has_no_direction_left() -> None:
    mean = np.full(DIMENSION, 0.25, np.float32)
    assert Centering(mean, mean).query(mean).tolist() == [0.0] * DIMENSION


numbers = st.floats(-1, 1, width=32).filter(lambda number: number == 0 or abs(number) > 1e-3)


@given(st.integers(1, 12).flatmap(lambda n: arrays(np.float32, (n, 4), elements=numbers)), st.data())
def test_what_is_left_has_length_one_or_none(rows: Vectors, data: st.DataObject) -> None:
    rows = np.pad(rows, ((0, 0), (1, 0)), constant_values=1)
    vectors = unit(rows)
    asked = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))), bool)
    centred = Centering.of(vectors, asked).apply(vectors, asked)
    assert centred.shape == vectors.shape
    assert centred.dtype == np.float32
    lengths = np.linalg.norm(centred, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-3) | (lengths == 0))


def test_bytes_and_back() -> None:
    centering = Centering.of(cone(20), sorts(8, 12))
    again = Centering.from_bytes(centering.to_bytes())
    assert np.array_equal(again.asked, centering.asked)
    assert np.array_equal(again.written, centering.written)
    assert again.to_bytes() == centering.to_bytes()


@pytest.mark.parametrize("data", [b"", b"x", b"PK\x03\x04"])
def test_bytes_of_another_form_are_refused(data: bytes) -> None:
    with pytest.raises(Exception, match=r"."):
        Centering.from_bytes(data)
