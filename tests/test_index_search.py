"""Search through the front door, with an encoder that is quick and exact to reckon with."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_encoder import FakeEncoder

from index import NOTHING, Index, Passage, Rivals, VectorCache
from index.affinity import RIDGE
from index.search import CANDIDATES, DISCOUNTS

GOALS = [
    Passage(
        "sjo/gron@sv#1",
        "Vi vårdar luft, vatten och skog.",
        title="En grön kommun",
        group="sjo/gron",
        language="sv",
        attributes={"municipality": "sjo", "kind": "goal"},
    ),
    Passage(
        "sjo/gron@sv#1.1",
        "Vi vårdar luft, vatten och skog.",
        title="En grön kommun",
        group="sjo/gron",
        language="sv",
        view="sentence",
        attributes={"municipality": "sjo", "kind": "goal"},
    ),
    Passage(
        "sjo/gron@sv?1",
        "Blir det fler cykelbanor?",
        group="sjo/gron",
        language="sv",
        view="question",
        attributes={"municipality": "sjo", "kind": "goal"},
    ),
    Passage(
        "sjo/gron@en#1",
        "We care for air, water and forest.",
        title="A green municipality",
        group="sjo/gron",
        language="en",
        attributes={"municipality": "sjo", "kind": "goal"},
    ),
    Passage(
        "sjo/kontakt@sv#1",
        "Ring växeln eller besök torget.",
        title="Kontakt",
        group="sjo/kontakt",
        language="sv",
        attributes={"municipality": "sjo", "kind": "contact"},
    ),
    Passage(
        "dal/trygg@sv#1",
        "Det är tryggt på gator och torg.",
        title="En trygg kommun",
        group="dal/trygg",
        language="sv",
        attributes={"municipality": "dal", "kind": "goal"},
    ),
    Passage("lone", "Biblioteket lånar ut böcker.", attributes={"kind": "page"}),
]


def build(passages: Sequence[Passage]) -> Index:
    return Index.build(passages, FakeEncoder())


def ids(index: Index, question: str, *, k: int = 10, **options: Any) -> list[str]:
    return [hit.passage.id for hit in index.query(question).search(k=k, **options)]


@pytest.fixture(scope="module")
def goals() -> Index:
    return build(GOALS)


@pytest.mark.parametrize(
    ("question", "where", "best", "matched"),
    [
        ("luft och vatten", {}, "sjo/gron@sv#1", "sjo/gron@sv#1"),
        ("LUFT OCH VATTEN", {}, "sjo/gron@sv#1", "sjo/gron@sv#1"),
        ("cykelbanor", {"language": "sv"}, "sjo/gron@sv#1", "sjo/gron@sv?1"),
        ("clean water, air", {}, "sjo/gron@en#1", "sjo/gron@en#1"),
        ("clean water, air", {"language": "en"}, "sjo/gron@en#1", "sjo/gron@en#1"),
        ("böcker", {}, "lone", "lone"),
        ("torg", {"municipality": "dal"}, "dal/trygg@sv#1", "dal/trygg@sv#1"),
        ("torg", {"kind": "contact"}, "sjo/kontakt@sv#1", "sjo/kontakt@sv#1"),
        ("torg", {"group": "sjo/gron", "language": "en"}, "sjo/gron@en#1", "sjo/gron@en#1"),
        ("torg", {"view": "sentence"}, "sjo/gron@sv#1.1", "sjo/gron@sv#1.1"),
    ],
)
def test_best_hit(goals: Index, question: str, where: dict[str, str], best: str, matched: str) -> None:
    hit = goals.search(question, k=1, where=where)[0]
    assert (hit.passage.id, hit.matched.id) == (best, matched)
    assert hit.passage in GOALS


@pytest.mark.parametrize(
    "where",
    [
        {"kind": "vision"},
        {"colour": "green"},
        {"kind": "goal", "colour": "green"},
        {"kind": "goal", "municipality": "lone"},
        {"language": "de"},
        {"id": "lone"},
    ],
)
def test_nothing_has_what_was_asked_for(goals: Index, where: dict[str, str]) -> None:
    assert goals.search("torg", k=5, where=where) == []
    assert goals.query("torg").scores(where).tolist() == []


@pytest.mark.parametrize("k", [0, -1])
def test_fewer_than_one_hit_cannot_be_asked_for(goals: Index, k: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        goals.search("torg", k=k)


@pytest.mark.parametrize(("k", "count"), [(1, 1), (3, 3), (4, 4), (100, 4)])
def test_every_group_once_and_no_more_than_asked_for(goals: Index, k: int, count: int) -> None:
    groups = [hit.passage.group for hit in goals.search("torg", k=k)]
    assert len(groups) == len(set(groups)) == count


def test_single_views_instead_of_groups(goals: Index) -> None:
    found = ids(goals, "luft", weights=None)
    assert sorted(found) == sorted(passage.id for passage in GOALS)
    assert ids(goals, "luft", k=2, weights=None) == found[:2]


def test_a_question_is_shown_only_where_its_group_has_no_passage() -> None:
    questions = [
        Passage("a?1", "hur lagar man pannkakor", group="a", view="question"),
        Passage("b?1", "hur lagar man pannkakor", group="b", view="question"),
        Passage("b#1", "Vi bygger broar.", group="b"),
    ]
    assert ids(build(questions), "pannkakor") == ["a?1", "b#1"]


@pytest.mark.parametrize(
    ("weights", "order"),
    [((1.0,), ["deep", "broad"]), ((4.0, 2.0, 1.0), ["broad", "deep"]), ((1.0, 1.0), ["broad", "deep"])],
)
def test_groups_rank_by_their_best_views(weights: tuple[float, ...], order: list[str]) -> None:
    passages = [
        Passage("deep#1", "grön skog", group="deep"),
        Passage("deep#2", "xyzzy plugh", group="deep"),
        Passage("deep#3", "fnord quux", group="deep"),
        Passage("broad#1", "en grön skog", group="broad"),
        Passage("broad#2", "den gröna skogen", group="broad"),
        Passage("broad#3", "skogen är grön", group="broad"),
    ]
    hits = build(passages).query("grön skog").search(k=5, weights=weights)
    assert [hit.passage.group for hit in hits] == order
    assert [hit.passage.id for hit in hits if hit.passage.group == "deep"] == ["deep#1"]


def test_a_small_group_is_not_punished_for_views_that_it_does_not_have() -> None:
    passages = [
        Passage("one#1", "grön skog", group="one"),
        Passage("two#1", "grön skog", group="two"),
        Passage("two#2", "xyzzy", group="two"),
    ]
    assert ids(build(passages), "grön skog", weights=(4, 2, 1)) == ["one#1", "two#1"]


@pytest.mark.parametrize("count", [2, 7, 300])
@pytest.mark.parametrize("weights", [(1.0,), (4.0, 2.0, 1.0), None])
def test_equal_scores_fall_to_the_id(count: int, weights: tuple[float, ...] | None) -> None:
    same = [Passage(f"{number:03}", "En grön kommun", title="Mål") for number in range(count)]
    other = [Passage(f"x{number}", f"annat {number}") for number in range(5)]
    for seed in range(5):
        shuffled = random.Random(seed).sample(same + other, count + 5)
        found = ids(build(shuffled), "grön kommun", k=count, weights=weights)
        assert found == [passage.id for passage in same]


def test_doubled_ids_are_named() -> None:
    with pytest.raises(ValueError, match=re.escape("doubled: lone, sjo/gron@sv#1")):
        build([*GOALS, GOALS[-1], replace(GOALS[0], text="annat")])


@pytest.mark.parametrize("passages", [[], [Passage("empty", "")], [Passage("symbols", "🌳 …", title="!")]])
def test_hardly_anything_to_search(passages: list[Passage]) -> None:
    index = build(passages)
    for where in (None, {"language": ""}, {"colour": "green"}):
        expected = [] if where and "colour" in where else [passage.id for passage in passages]
        assert ids(index, "torg", where=where) == expected
        assert len(index.query("torg").scores(where or {})) == len(expected)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("cykel\0banor", "sjo/gron@sv#1"),
        ("\ud800 cykelbanor \udfff", "sjo/gron@sv#1"),
        ("cykelbanor " * 455, "sjo/gron@sv#1"),
        ("🚲 cykelbanor 🚲", "sjo/gron@sv#1"),
        ("torg\r\n\tgator", "dal/trygg@sv#1"),
    ],
)
def test_odd_questions_find_what_they_mean(goals: Index, question: str, best: str) -> None:
    assert ids(goals, question, k=1, where={"language": "sv"}) == [best]


@pytest.mark.parametrize("question", ["", " ", "\0", "\ud800", "?", "🌳", "x" * 5000])
def test_questions_about_nothing_have_an_order_all_the_same(goals: Index, question: str) -> None:
    assert ids(goals, question) == ids(goals, question)
    assert len(ids(goals, question)) == 4
    assert all(hit.lexical == 0 for hit in goals.search(question, k=4))


def test_scores_lie_in_the_order_of_the_index(goals: Index) -> None:
    query = goals.query("luft och vatten")
    hits = {hit.passage.id: hit.score for hit in query.search(k=10, weights=None)}
    swedish = [passage.id for passage in GOALS if passage.language == "sv"]
    assert query.scores({"language": "sv"}).tolist() == [hits[identity] for identity in swedish]


def test_a_question_that_groups_share_scores_less_than_an_own_one() -> None:
    passages = [
        Passage("a~1", "blir det fler bussar", group="a", view="theme"),
        Passage("b?1", "blir det fler bussar", group="b", view="question"),
        Passage("c#1", "Vi bygger broar.", group="c"),
    ]
    shared, own, other = build(passages).query("fler bussar").scores({})
    assert own - shared == pytest.approx(DISCOUNTS["theme"], abs=1e-6)
    assert shared > other
    hits = build(passages).search("fler bussar", k=3)
    assert [hit.matched.id for hit in hits] == ["b?1", "a~1", "c#1"]
    assert hits[0].score - hits[1].score == pytest.approx(DISCOUNTS["theme"], abs=1e-6)
    assert hits[0].dense == pytest.approx(hits[1].dense, abs=1e-6)


def test_a_shared_question_is_never_shown_where_there_is_a_passage() -> None:
    passages = [Passage("a~1", "fler bussar", group="a", view="theme"), Passage("a#1", "Broar.", group="a")]
    (hit,) = build(passages).search("fler bussar", k=3)
    assert (hit.passage.id, hit.matched.id) == ("a#1", "a~1")


def test_how_much_of_a_question_its_best_match_has_in_words(goals: Index) -> None:
    query = goals.query("luft, vatten och skog")
    lexical = {hit.passage.id: hit.lexical for hit in query.search(k=10, weights=None)}
    assert query.matched({}) == pytest.approx(max(lexical.values()), abs=1e-6)
    for where in ({"group": "sjo/gron"}, {"group": "sjo/gron", "view": "sentence"}):
        assert query.matched(where) == pytest.approx(lexical["sjo/gron@sv#1"], abs=1e-6)
    assert 0.3 < query.matched({"group": "sjo/gron"}) < 1
    assert query.matched({"group": "sjo/kontakt"}) == pytest.approx(lexical["sjo/kontakt@sv#1"], abs=1e-6)
    assert query.matched({"group": "sjo/kontakt"}) < query.matched({"group": "sjo/gron"})


@pytest.mark.parametrize("where", [{"group": "nobody"}, {"colour": "green"}, {"view": "theme"}])
def test_what_is_not_there_matches_nothing(goals: Index, where: dict[str, str]) -> None:
    assert goals.query("luft").matched(where) == 0
    assert goals.query("🌳").matched({}) == 0
    assert build([]).query("luft").matched({}) == 0


def test_an_attribute_that_is_not_set_is_empty(goals: Index) -> None:
    assert ids(goals, "torg", where={"municipality": ""}) == ["lone"]


def many(groups: int, views: int) -> list[Passage]:
    """Groups that are all alike but for one number each; the first view of each is shown."""
    return [
        Passage(
            f"{group:05}#{view}",
            f"mål {group * 7919 % 10007} steg {view}" if view == 0 else f"fråga {group * 7919 % 10007}",
            group=f"g{group}",
            view="passage" if view == 0 else "question",
            attributes={"parity": "even" if group % 2 == 0 else "odd"},
        )
        for group in range(groups)
        for view in range(views)
    ]


@pytest.fixture(scope="module")
def large_index() -> Index:
    return build(many(groups=2 * CANDIDATES, views=1))


@pytest.fixture
def large(large_index: Index, monkeypatch: pytest.MonkeyPatch) -> Index:
    """One that is not fused whole."""
    monkeypatch.setattr("index.search.FUSED_WHOLE", CANDIDATES)
    return large_index


@pytest.mark.parametrize("number", [0, 1, 999, 1500, 1999])
@pytest.mark.parametrize("where", [None, {"parity": "even"}, {"parity": "odd"}])
def test_a_large_index_finds_what_fits(large: Index, number: int, where: dict[str, str] | None) -> None:
    passage = large.passages[number]
    found = ids(large, passage.text, where=where)
    assert len(found) == 10
    admitted = where is None or passage.attributes["parity"] == where["parity"]
    assert (found[0] == passage.id) == admitted
    if where:
        assert {int(identity[:5]) % 2 for identity in found} == {number % 2 if admitted else 1 - number % 2}


def test_a_large_index_ranks_as_if_it_were_fused_whole(large: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = [large.passages[number].text for number in range(0, 2000, 97)]
    cut = [ids(large, question) for question in questions]
    monkeypatch.setattr("index.search.FUSED_WHOLE", len(large.passages))
    assert [ids(large, question) for question in questions] == cut


def test_in_a_large_index_a_group_counts_with_all_its_views(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.search.FUSED_WHOLE", CANDIDATES)
    index = build(many(groups=CANDIDATES, views=3))
    questions = [f"fråga {number * 7919 % 10007}" for number in range(0, CANDIDATES, 53)]
    found = [index.query(question).search(k=10, weights=(4, 2, 1)) for question in questions]
    # The questions match best, and they fill nearly all the places of candidates; the passages are shown.
    assert {hits[0].matched.view for hits in found} == {"question"}
    assert {hit.passage.view for hits in found for hit in hits} == {"passage"}
    monkeypatch.setattr("index.search.FUSED_WHOLE", len(index.passages))
    assert [index.query(question).search(k=10, weights=(4, 2, 1)) for question in questions] == found


def test_threads_that_search_at_once_find_the_same(goals: Index, large: Index) -> None:
    questions = [passage.text for passage in GOALS] + [large.passages[number].text for number in range(40)]

    def search(question: str) -> list[list[str]]:
        small = [ids(goals, question, where={"language": language}) for language in ("sv", "en")]
        return [*small, ids(large, question), ids(large, question, where={"parity": "odd"})]

    alone = [search(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(search, questions * 5)) == alone * 5


def asked(group: str, number: int, text: str) -> Passage:
    return Passage(f"{group}?{number}", text, group=group, view="question")


RIVALS = {
    "sjo": Rivals(frozenset({"sjo/gron", "sjo/trygg"}), frozenset({"elsewhere"})),
    "dal": Rivals(frozenset({"dal/gron"}), frozenset({"elsewhere"})),
}
ASKED = [
    asked("sjo/gron", 1, "blir det fler cykelbanor"),
    asked("sjo/gron", 2, "sköter ni skogen och luften"),
    asked("sjo/trygg", 1, "är det tryggt på gatorna"),
    asked("sjo/trygg", 2, "finns det vakter på torget"),
    asked("dal/gron", 1, "planterar ni ekar i parken"),
    asked("dal/gron", 2, "blir det fler cykelbanor"),
    asked("elsewhere", 1, "vad kostar en hamburgare"),
    asked("elsewhere", 2, "när börjar matchen"),
]


def affinities(
    passages: Sequence[Passage], question: str, name: str, rivals: Mapping[str, Rivals] = RIVALS
) -> dict[str, float]:
    return dict(Index.build(passages, FakeEncoder(), rivals=rivals).query(question).affinities(name))


@pytest.mark.parametrize(
    ("question", "name", "best"),
    [
        ("fler cykelbanor", "sjo", "sjo/gron"),
        ("fler cykelbanor", "dal", "dal/gron"),
        ("tryggt på gatan", "sjo", "sjo/trygg"),
        ("kostar en hamburgare mer", "sjo", NOTHING),
        ("kostar en hamburgare mer", "dal", NOTHING),
        ("börjar matchen snart", "sjo", NOTHING),
    ],
)
def test_the_affinities_to_the_rivals_of_one_name(question: str, name: str, best: str) -> None:
    found = affinities(ASKED, question, name)
    assert set(found) == {NOTHING, *RIVALS[name].groups}
    assert max(found, key=lambda group: found[group]) == best
    assert sum(found.values()) == pytest.approx(1, abs=1e-3)


def test_affinities_are_learned_from_the_vectors_that_questions_are_compared_with() -> None:
    """So that a member asked as a question has the residual of the regression: the ridge times its weight."""
    index = Index.build(ASKED, FakeEncoder(), rivals=RIVALS)
    for name in RIVALS:
        learned = index._affinities[name]
        assert len(learned.rows) >= 4
        for row, weights in zip(learned.rows, learned.weights, strict=True):
            member = ASKED[row]
            own = NOTHING if member.group == "elsewhere" else member.group
            found = index.query(member.text).affinities(name)
            assert found[own] == pytest.approx(1 - RIDGE * weights[learned.groups.index(own)], abs=1e-3)


def test_nothing_unrelated() -> None:
    related = ASKED[:6]
    alone = {name: Rivals(one.groups) for name, one in RIVALS.items()}
    for passages, rivals in ((related, RIVALS), (ASKED, alone)):
        assert set(affinities(passages, "fler cykelbanor", "sjo", rivals)) == {"sjo/gron", "sjo/trygg"}
        assert affinities(passages, "hamburgare", "dal", rivals) == {"dal/gron": pytest.approx(1, abs=1e-5)}


def test_of_many_others_some_are_learned_from_and_of_what_looks_alike_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.search.MOST_OTHERS", 4)
    others = [asked("others", number, f"fråga nummer {number}") for number in range(10)]
    near = [asked("near", number, f"nästan nummer {number}") for number in range(10)]
    rivals = {"sjo": Rivals(frozenset({"sjo/gron"}), frozenset({"near"}), frozenset({"others", "near"}))}
    passages = [*ASKED, *others, *near]
    index = Index.build(passages, FakeEncoder(), rivals=rivals)
    learned = [passages[row].group for row in index._affinities["sjo"].rows]
    assert Counter(learned) == {"sjo/gron": 2, "near": 10, "others": 4}


@pytest.mark.parametrize("seed", range(3))
def test_affinities_do_not_depend_on_the_order_of_the_passages(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.search.MOST_OTHERS", 3)
    rivals = {
        "sjo": Rivals(frozenset({"sjo/gron", "sjo/trygg"}), others=frozenset({"elsewhere", "dal/gron"}))
    }
    shuffled = random.Random(seed).sample(ASKED, len(ASKED))
    expected = affinities(ASKED, "fler cykelbanor i parken", "sjo", rivals)
    found = affinities(shuffled, "fler cykelbanor i parken", "sjo", rivals)
    assert found == pytest.approx(expected, abs=1e-4)


def test_affinities_are_the_same_where_not_all_rows_are_fused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = affinities(ASKED, "fler cykelbanor", "sjo")
    monkeypatch.setattr("index.search.FUSED_WHOLE", 0)
    assert affinities(ASKED, "fler cykelbanor", "sjo") == pytest.approx(whole, abs=1e-6)


def test_affinities_leave_the_search_as_it_was() -> None:
    rivals = {"all": Rivals(frozenset(passage.group for passage in GOALS))}
    index = Index.build(GOALS, FakeEncoder(), rivals=rivals)
    for passage in GOALS:
        assert index.search(passage.text, k=10) == build(GOALS).search(passage.text, k=10)


@pytest.mark.parametrize("name", ["", "gone", "sjo/gron"])
def test_by_other_names_nothing_is_learned(goals: Index, name: str) -> None:
    for index in (goals, Index.build(ASKED, FakeEncoder(), rivals=RIVALS)):
        with pytest.raises(KeyError):
            index.query("luft").affinities(name)


def test_questions_are_encoded_as_queries_and_texts_as_documents_each_once() -> None:
    encoder = FakeEncoder()
    Index.build(GOALS, encoder)
    assert encoder.queries == ["Blir det fler cykelbanor?"]
    assert sorted(encoder.documents) == sorted({p.searched for p in GOALS if p.view != "question"})


def test_a_rebuild_encodes_only_what_changed(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    cache = VectorCache(path)
    first = Index.build(GOALS, FakeEncoder(), cache=cache)
    cache.save()

    encoder = FakeEncoder()
    again = Index.build(GOALS, encoder, cache=VectorCache(path))
    assert encoder.queries + encoder.documents == []
    assert [ids(again, p.text) for p in GOALS] == [ids(first, p.text) for p in GOALS]

    changed = [replace(GOALS[0], text="Vi planterar ekar."), *GOALS[1:]]
    encoder = FakeEncoder()
    rebuilt = Index.build(changed, encoder, cache=VectorCache(path))
    assert (encoder.queries, encoder.documents) == ([], ["En grön kommun. Vi planterar ekar."])
    assert ids(rebuilt, "ekar", k=1) == ["sjo/gron@sv#1"]


def test_progress_counts_texts_that_differ() -> None:
    passages = [Passage(f"{number}", f"mål {number % 40}") for number in range(80)]
    seen: list[tuple[int, int]] = []
    Index.build(passages, FakeEncoder(), progress=lambda done, total: seen.append((done, total)))
    assert [total for _, total in seen] == [40] * len(seen)
    done = [count for count, _ in seen]
    assert (done[0], done[-1]) == (0, 40)
    assert done == sorted(set(done))
