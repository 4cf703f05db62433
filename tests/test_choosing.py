from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.choosing import SHOWN, WITHIN, best_lines, choose
from bot.library import Library, Line


def lines(*sizes: int, paragraph: int = 0) -> list[Line]:
    return [Line({"sv": "x" * size}, paragraph, False, {}) for size in sizes]


@pytest.mark.parametrize(
    ("sizes", "scores", "best"),
    [
        ([], [], []),
        ([100], [0.0], [0]),
        ([100, 100, 100], [0, 1, 0], [0, 1, 2]),
        # The best, and what is nearly as good and has room.
        ([299, 299, 299], [0.80, 0.80, 0.81], [0, 2]),
        ([299, 299, 299], [0.81, 0.79, 0.80], [0, 2]),
        ([299, 299, 299], [0.80, 0.83, 0.81], [1, 2]),
        ([299, 299, 299], [0.82, 0.82, 0.83 + WITHIN], [2]),
        ([299, 299, 299], [0.85, 0.84 + WITHIN, 0.80], [0, 1]),
        ([100, 900, 100], [0, 1, 0], [1]),
        ([500, 500, 500], [0, 1, 0], [1]),
        ([100, 900, 100], [1, 0.95, 0.9], [0, 2]),
        # Equal scores: the first.
        ([500, 500], [1, 1], [0]),
    ],
)
def test_best_lines(sizes: list[int], scores: list[float], best: list[int]) -> None:
    assert best_lines(lines(*sizes), scores) == best


@given(st.lists(st.tuples(st.integers(1, 900), st.floats(0, 1)), max_size=12))
def test_they_come_in_reading_order_hold_the_best_and_keep_the_limit(rows: list[tuple[int, float]]) -> None:
    given_lines = [line for size, _ in rows for line in lines(size)]
    scores = [score for _, score in rows]
    best = best_lines(given_lines, scores)
    assert best == sorted(set(best))
    if rows:
        assert max(scores) == max(scores[at] for at in best)
        assert len(best) == 1 or sum(rows[at][0] + 1 for at in best) <= SHOWN


def test_a_list_is_never_cut() -> None:
    listed = [Line({"sv": "x" * 100}, 1, True, {})] * 8
    around = [*lines(300), *listed, *lines(300, paragraph=2)]
    assert best_lines(around, [0.8, *[0.8] * 3, 0.83, *[0.8] * 4, 0.8]) == list(range(1, 9))
    assert best_lines(around, [0.83, *[0.5] * 8, 0.5]) == [0]


def test_an_overview_is_shown_with_the_whole_list_of_goals(library: Library) -> None:
    overview = library.sections["vara/overgripande"]
    long = replace(overview, lines=(*lines(400), *overview.lines))
    names = [at for at, line in enumerate(long.lines) if line.item]
    assert len(names) == 4
    shown = choose(long, [1.0, *[0.5] * len(overview.lines)])
    assert set(names) < set(shown)
    assert 0 in shown
    assert len(shown) < len(long.lines)
