"""Affinities: which group a vector belongs to, with vectors small enough to see why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.affinity import NOTHING, RIDGE, Affinity, from_bytes, to_bytes
from index.encoders import Vectors

COMMON, GREEN, SAFE, RICH, OTHER = np.eye(5, dtype=np.float32)
"""What all texts have, and what each of four subjects alone has."""
MEMBERS = [
    ("gron", 3 * COMMON + 2 * GREEN),
    ("gron", 2 * COMMON + 3 * GREEN),
    ("trygg", 3 * COMMON + 2 * SAFE),
    ("trygg", 2 * COMMON + 3 * SAFE),
    ("rik", 3 * COMMON + 2 * RICH),
    (NOTHING, 3 * COMMON + 2 * OTHER),
    (NOTHING, 2 * COMMON + 3 * OTHER),
]


def unit(vectors: Sequence[Vectors]) -> Vectors:
    rows = np.array(vectors, np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def fit(members: Sequence[tuple[str, Vectors]]) -> tuple[Affinity, Vectors]:
    """The affinity, with the vectors of its members as the index holds them."""
    vectors = unit([vector for _, vector in members])
    return Affinity.fit(vectors, [group for group, _ in members], np.arange(len(members))), vectors


def of(members: Sequence[tuple[str, Vectors]], question: Vectors) -> Mapping[str, float]:
    learned, vectors = fit(members)
    return learned.of(vectors[learned.rows] @ unit([question])[0])


@pytest.mark.parametrize(
    ("question", "expected"), [(GREEN, "gron"), (SAFE, "trygg"), (RICH, "rik"), (OTHER, NOTHING)]
)
@pytest.mark.parametrize("shared", [1, 2])
def test_a_question_belongs_to_the_group_whose_own_part_it_has(
    question: Vectors, expected: str, shared: float
) -> None:
    found = of(MEMBERS, shared * COMMON + question)
    best, second = sorted(found.values())[:-3:-1]
    assert found[expected] == best > 0.5
    assert second < 0.4
    assert best - second > 0.2


def test_what_all_members_have_counts_for_none() -> None:
    found = of(MEMBERS, COMMON)
    assert found["gron"] == pytest.approx(found["trygg"], abs=1e-4)
    assert max(found.values()) < 0.5


def test_many_examples_outweigh_a_stray_one() -> None:
    """By nearest example the question would belong to the stray's group."""
    around = [("gron", 3 * COMMON + 2 * GREEN + 0.3 * other) for other in (SAFE, RICH, OTHER, -SAFE, -RICH)]
    stray = 3 * COMMON + 2 * GREEN
    found = of([*around, ("trygg", stray), ("trygg", SAFE)], stray)
    assert found["gron"] > 0.5 > found["trygg"]


def test_a_vector_of_two_groups_belongs_to_both_and_is_kept_once() -> None:
    shared = 2 * COMMON + GREEN + SAFE
    members = [*MEMBERS, ("gron", shared), ("trygg", shared)]
    learned, _ = fit(members)
    assert learned.rows.tolist() == list(range(len(MEMBERS) + 1))
    found = of(members, shared)
    assert min(found["gron"], found["trygg"]) > 0.7
    assert max(found["rik"], found[NOTHING]) < 0.2
    alone = of(members[:-1], shared)
    assert alone["trygg"] < found["trygg"] - 0.3


def test_said_twice_counts_as_said_once() -> None:
    learned, _ = fit(MEMBERS)
    again, _ = fit([*MEMBERS, MEMBERS[0], MEMBERS[0]])
    assert again.rows.tolist() == learned.rows.tolist()
    assert np.array_equal(again.weights, learned.weights)


def test_nothing_is_a_group_only_where_something_belongs_to_none() -> None:
    assert fit(MEMBERS)[0].groups == (NOTHING, "gron", "rik", "trygg")
    related = [member for member in MEMBERS if member[0] != NOTHING]
    assert fit(related)[0].groups == ("gron", "rik", "trygg")
    without = of(related, 2 * COMMON + SAFE)
    assert max(without, key=lambda group: without[group]) == "trygg"


def test_a_single_group_has_everything() -> None:
    found = of([member for member in MEMBERS if member[0] == "gron"], SAFE)
    assert found == {"gron": pytest.approx(1, abs=1e-6)}


def test_it_solves_the_regression() -> None:
    """Of kernel ridge regression the residual at a member is the ridge times its weight."""
    members = [*MEMBERS, ("gron", 2 * COMMON + GREEN + SAFE), ("trygg", 2 * COMMON + GREEN + SAFE)]
    learned, vectors = fit(members)
    kept = vectors[learned.rows]
    for row, vector in enumerate(kept):
        found = learned.of(kept @ vector)
        own = {group for group, other in members if np.array_equal(unit([other])[0], vector)}
        for column, group in enumerate(learned.groups):
            residual = RIDGE * learned.weights[row, column]
            assert found[group] == pytest.approx(float(group in own) - residual, abs=1e-4)


@given(st.permutations(range(len(MEMBERS))))
def test_the_order_of_the_members_does_not_matter(order: list[int]) -> None:
    question = 2 * COMMON + GREEN + 0.5 * RICH
    assert of([MEMBERS[at] for at in order], question) == pytest.approx(of(MEMBERS, question), abs=1e-4)


def test_rows_are_those_of_the_index() -> None:
    vectors = unit([vector for _, vector in MEMBERS])
    rows = np.array([40, 7, 12, 3, 99, 5, 6])
    learned = Affinity.fit(vectors, [group for group, _ in MEMBERS], rows)
    index = np.zeros((100, vectors.shape[1]), np.float32)
    index[rows] = vectors
    question = unit([2 * COMMON + RICH])[0]
    assert learned.of(index[learned.rows] @ question) == of(MEMBERS, 2 * COMMON + RICH)


@given(
    st.lists(st.floats(-1, 1, width=32), min_size=5, max_size=5).filter(lambda one: np.linalg.norm(one) > 0.1)
)
def test_where_each_member_is_of_one_group_the_affinities_sum_to_one(question: list[float]) -> None:
    found = of(MEMBERS, np.array(question, np.float32))
    assert sum(found.values()) == pytest.approx(1, abs=1e-3)


def test_bytes_and_back() -> None:
    green, vectors = fit(MEMBERS)
    alone, _ = fit([("ö/mål", SAFE)])
    known = {"värnamo": green, "vara": alone}
    read = from_bytes(to_bytes(known))
    assert list(read) == list(known)
    for name, one in known.items():
        assert read[name].groups == one.groups
        for part in ("rows", "weights", "means"):
            back, own = getattr(read[name], part), getattr(one, part)
            assert np.array_equal(back, own)
            assert back.dtype == own.dtype
    cosines = vectors[green.rows] @ unit([COMMON + GREEN])[0]
    assert read["värnamo"].of(cosines) == green.of(cosines)
    assert to_bytes(read) == to_bytes(known)


def test_none_at_all_are_bytes_too() -> None:
    assert from_bytes(to_bytes({})) == {}
