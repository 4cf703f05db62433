from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.choosing import CLEAR, SHOWN, best_run, choose
from bot.library import Library, Line


def lines(*sizes: int, paragraph: int = 0) -> list[Line]:
    return [Line({"sv": "x" * size}, paragraph, False, {}) for size in sizes]


@pytest.mark.parametrize(
    ("sizes", "scores", "run"),
    [
        ([], [], []),
        ([100], [0.0], [0]),
        ([100, 100, 100], [0, 1, 0], [0, 1, 2]),
        ([299, 299, 299], [0.80, 0.80, 0.81], [1, 2]),
        ([299, 299, 299], [0.81, 0.80, 0.80], [0, 1]),
        ([299, 299, 299], [0.80, 0.83, 0.81], [1, 2]),
        # What is clearly the best comes first.
        ([299, 299, 299], [0.82, 0.82, 0.82 + CLEAR], [2]),
        ([299, 299, 299], [0.82, 0.82 + CLEAR, 0.80], [1, 2]),
        ([100, 900, 100], [0, 1, 0], [1]),
        ([500, 500, 500], [0, 1, 0], [1]),
        # Growth stops before what is too long, and nothing behind it is shown without it.
        ([100, 900, 100], [1, 0, 0.9], [0]),
        # Equal scores: the first.
        ([500, 500], [1, 1], [0]),
    ],
)
def test_best_run(sizes: list[int], scores: list[float], run: list[int]) -> None:
    assert best_run(lines(*sizes), scores) == run


def test_a_run_stays_in_its_paragraph_before_it_goes_on() -> None:
    both = [*lines(250, paragraph=0), *lines(250, paragraph=1), *lines(250, paragraph=1)]
    assert best_run(both, [0.81, 0.82, 0.70]) == [1, 2]


@given(st.lists(st.tuples(st.integers(1, 900), st.floats(0, 1), st.integers(0, 3)), max_size=12))
def test_a_run_has_no_gap_holds_the_best_and_keeps_the_limit(rows: list[tuple[int, float, int]]) -> None:
    rows.sort(key=lambda row: row[2])
    given_lines = [line for size, _, paragraph in rows for line in lines(size, paragraph=paragraph)]
    scores = [score for _, score, _ in rows]
    run = best_run(given_lines, scores)
    assert run == list(range(run[0], run[-1] + 1)) if rows else run == []
    if rows:
        assert max(scores) == max(scores[at] for at in run)
        assert len(run) == 1 or sum(rows[at][0] + 1 for at in run) <= SHOWN


def test_a_list_is_never_cut() -> None:
    listed = [Line({"sv": "x" * 100}, 1, True, {})] * 8
    around = [*lines(300), *listed, *lines(300, paragraph=2)]
    assert best_run(around, [0.8, *[0.8] * 3, 0.83, *[0.8] * 4, 0.8]) == list(range(1, 9))
    assert best_run(around, [0.83, *[0.8] * 8, 0.8]) == [0]


def test_an_overview_is_shown_with_the_whole_list_of_goals(library: Library) -> None:
    overview = library.sections["vara/overgripande"]
    long = replace(overview, lines=(*lines(400), *overview.lines))
    names = [at for at, line in enumerate(long.lines) if line.item]
    assert len(names) == 4
    shown = choose(long, [1.0, *[0.5] * len(overview.lines)])
    assert set(names) < set(shown)
    assert 0 in shown
    assert len(shown) < len(long.lines)
