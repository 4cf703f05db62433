"""Dense search over unit vectors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dense import DenseIndex

ANGLES = np.arange(11)
CIRCLE = np.stack([np.cos(ANGLES / 4), np.sin(ANGLES / 4)], axis=1).astype(np.float32)
"""Unit vectors, each further from the first than the one before."""


@pytest.fixture(scope="module")
def dense() -> DenseIndex:
    return DenseIndex(CIRCLE)


@pytest.mark.parametrize(
    ("k", "admitted", "rows"),
    [
        (3, None, [0, 1, 2]),
        (1, None, [0]),
        (20, None, list(range(11))),
        (3, [9, 2, 10, 8], [2, 8, 9]),
        (5, [10], [10]),
        (5, [], []),
        (20, list(range(11)), list(range(11))),
    ],
)
def test_nearest_rows(dense: DenseIndex, k: int, admitted: list[int] | None, rows: list[int]) -> None:
    mask = None if admitted is None else np.isin(ANGLES, admitted)
    assert dense.search(CIRCLE[0], k, mask).tolist() == rows


@given(st.lists(st.booleans(), min_size=11, max_size=11), st.integers(1, 20))
def test_a_mask_admits_only_what_it_says(admitted: list[bool], k: int) -> None:
    mask = np.array(admitted)
    assert DenseIndex(CIRCLE).search(CIRCLE[0], k, mask).tolist() == np.flatnonzero(mask)[:k].tolist()


def test_one_row() -> None:
    one = DenseIndex(CIRCLE[:1])
    assert len(one) == 1
    assert one.search(CIRCLE[5], 10, None).tolist() == [0]
    assert one.search(CIRCLE[5], 10, np.array([False])).tolist() == []


def test_no_rows() -> None:
    none = DenseIndex.from_bytes(DenseIndex(CIRCLE[:0]).to_bytes())
    assert len(none) == 0
    assert none.search(CIRCLE[0], 10, None).tolist() == []
    assert none.scores(CIRCLE[0], np.array([], np.intp)).tolist() == []


def test_bytes_and_back(dense: DenseIndex) -> None:
    opened = DenseIndex.from_bytes(dense.to_bytes())
    assert opened.to_bytes() == dense.to_bytes()
    assert opened.search(CIRCLE[4], 11, None).tolist() == dense.search(CIRCLE[4], 11, None).tolist()


def test_scores_are_inner_products_in_the_rows_order(dense: DenseIndex) -> None:
    rows = np.array([7, 0, 3], np.intp)
    assert dense.scores(CIRCLE[0], rows) == pytest.approx(CIRCLE[rows] @ CIRCLE[0], abs=1e-6)


@pytest.mark.parametrize("count", [1, 3, 5, 13, 1501])
def test_equal_rows_score_equal_wherever_they_stand(count: int) -> None:
    random = np.random.default_rng(count)
    vector, row = random.normal(size=(2, 384)).astype(np.float32)
    dense = DenseIndex(np.tile(row, (count, 1)))
    few, all_rows = np.array([count - 1], np.intp), np.arange(count)
    assert len({*dense.scores(vector, all_rows).tolist(), *dense.scores(vector, few).tolist()}) == 1
