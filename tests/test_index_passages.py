"""Sections become passages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Passage, chunks, question_passages, section_passages
from index.passages import PASSAGE_LENGTH, View
from knowledge import (
    Contact,
    Document,
    Municipality,
    Section,
    Span,
    Theme,
    Translation,
    sentences,
    sentences_by_paragraph,
)

PIECES = st.sampled_from(
    ["Målet är klart", "- ", "– ", "\n", "\n\n", " ", ". ", "!”", "t.ex.", "§ 62.", "å" * 250, "x. " * 90]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=80))

THEMES = {
    "water": Theme(
        "water",
        {},
        {"sv": ("är ån ren?", "kan man bada?"), "en": ("is the stream clean?",)},
        {"sv": ("pH?",)},
    ),
    "schools": Theme("schools", {}, {"sv": ("får alla hjälp i skolan?",)}, {}),
    "named_by_none": Theme("named_by_none", {}, {"sv": ("blir det broar?",)}, {}),
}


def municipality(*sections: Section) -> Municipality:
    document = Document("mal", "Mål", "https://sjo.example/mal", "sv", None, sections=sections)
    contact = Contact("Sjö kommun", "https://sjo.example")
    return Municipality("sjo", "Sjö kommun", "https://sjo.example", {}, contact, (document,))


def section(text: str, title: str = "En grön kommun", lead: str | None = None, **more: object) -> Section:
    return Section("sjo/gron", "goal", title, lead, text, "sv", "mal", None, **more)  # type: ignore[arg-type]


def views(*sections: Section) -> list[Passage]:
    return list(section_passages(municipality(*sections), THEMES))


def shown(text: str) -> list[Passage]:
    return [passage for passage in views(section(text)) if passage.view == "passage"]


@given(TEXTS)
def test_every_sentence_lies_in_exactly_one_passage(text: str) -> None:
    spans = [span for passage in shown(text) for span in passage.spans]
    assert spans == [(span.start, span.end) for span in sentences(text)]


@given(TEXTS)
def test_passages_and_sentences_are_cut_from_the_text_letter_for_letter(text: str) -> None:
    for passage in views(section(text)):
        if passage.view != "question":
            assert passage.text == text[passage.spans[0][0] : passage.spans[-1][1]]
        if passage.view == "sentence":
            assert len(passage.spans) == 1


@given(TEXTS)
def test_a_passage_keeps_to_its_length_and_its_paragraph(text: str) -> None:
    borders = [
        (paragraph[0].start, paragraph[-1].end) for paragraph in sentences_by_paragraph(text) if paragraph
    ]
    for passage in shown(text):
        start, end = passage.spans[0][0], passage.spans[-1][1]
        assert end - start <= PASSAGE_LENGTH or len(passage.spans) == 1
        assert any(first <= start and end <= last for first, last in borders)


@given(TEXTS)
def test_ids_are_unique_and_say_where_they_come_from(text: str) -> None:
    translation = Translation("Green", None, text, "Målvakt")
    found = views(
        section(
            text,
            translations={"en": translation},
            aliases={"sv": ("gröna målet",)},
            questions={"sv": ("blir det grönt?",), "en": ("will it be green?",)},
            themes=("water", "schools"),
        )
    )
    identities = [passage.id for passage in found]
    assert len(set(identities)) == len(identities)
    form = {"passage": r"#[1-9]\d*", "sentence": r"#[1-9]\d*\.[1-9]\d*", "question": r"(#0|\?[1-9]\d*)"}
    form["theme"] = r"~(water|schools)\?[1-9]\d*"
    for passage in found:
        assert re.fullmatch(rf"sjo/gron@{passage.language}{form[passage.view]}", passage.id), passage.id
    for language in ("sv", "en"):
        numbers = [
            passage.id for passage in found if passage.view == "passage" and passage.language == language
        ]
        assert numbers == [f"sjo/gron@{language}#{number}" for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize(
    ("lengths", "length", "runs"),
    [
        ([], 10, []),
        ([5], 10, [[0]]),
        ([5, 4], 10, [[0, 1]]),
        ([5, 5], 10, [[0], [1]]),
        ([30, 2, 2], 10, [[0], [1, 2]]),
        ([2, 30, 2], 10, [[0], [1], [2]]),
        ([1, 1, 1, 1], 3, [[0, 1], [2, 3]]),
    ],
)
def test_chunks(lengths: list[int], length: int, runs: list[list[int]]) -> None:
    spans: list[Span] = []
    for size in lengths:
        start = spans[-1].end + 1 if spans else 0
        spans.append(Span(start, start + size))
    found = chunks([spans, [], spans], length)
    assert list(found) == [[spans[place] for place in run] for run in runs] * 2


def test_all_views_of_a_section() -> None:
    text = "Vi vårdar luft. Vi vårdar vatten.\n\nDet gäller:\n- Skog\n- Ån"
    gron = section(
        text,
        lead="för alla",
        translations={"en": Translation("A green one", None, "Clean air.", "Målvakt")},
        aliases={"sv": ("gröna målet",)},
        questions={"sv": ("blir det grönt?",), "en": ("will it be green?",)},
        themes=("water", "schools"),
    )
    found = {
        passage.id.removeprefix("sjo/gron@"): (passage.view, passage.searched) for passage in views(gron)
    }
    title = "En grön kommun."
    assert found == {
        "sv#0": ("question", "En grön kommun: för alla"),
        "sv#1": ("passage", f"{title} Vi vårdar luft. Vi vårdar vatten."),
        "sv#1.1": ("sentence", f"{title} Vi vårdar luft."),
        "sv#1.2": ("sentence", f"{title} Vi vårdar vatten."),
        "sv#2": ("passage", f"{title} Det gäller:\n- Skog\n- Ån"),
        "sv#2.1": ("sentence", f"{title} Det gäller:"),
        "sv#2.2": ("sentence", f"{title} Skog"),
        "sv#2.3": ("sentence", f"{title} Ån"),
        "en#0": ("question", "A green one"),
        "en#1": ("passage", "A green one. Clean air."),
        "en#1.1": ("sentence", "A green one. Clean air."),
        "sv?1": ("question", "gröna målet"),
        "sv?2": ("question", "blir det grönt?"),
        "en?1": ("question", "will it be green?"),
        "sv~water?1": ("theme", "är ån ren?"),
        "sv~water?2": ("theme", "kan man bada?"),
        "en~water?1": ("theme", "is the stream clean?"),
        "sv~schools?1": ("theme", "får alla hjälp i skolan?"),
    }
    for passage in views(gron):
        assert passage.group == "sjo/gron"
        assert passage.attributes == {
            "municipality": "sjo",
            "kind": "goal",
            "role": "section",
            "document": "mal",
        }


def test_a_theme_of_two_sections_is_a_view_of_each() -> None:
    found = views(
        section("Vatten.", themes=("water",)), replace(section("Skog."), id="sjo/skog", themes=("water",))
    )
    shared = [passage for passage in found if passage.view == "theme"]
    assert [passage.id for passage in shared] == [
        f"{group}@{place}"
        for group in ("sjo/gron", "sjo/skog")
        for place in ("sv~water?1", "sv~water?2", "en~water?1")
    ]
    assert all(passage.id.startswith(f"{passage.group}@{passage.language}") for passage in shared)


@pytest.mark.parametrize(
    ("view", "asked"), [("passage", False), ("sentence", False), ("question", True), ("theme", True)]
)
def test_what_people_ask_is_searched_without_a_title(view: View, asked: bool) -> None:
    passage = Passage("a", "Är ån ren?", title="Mål", view=view)
    assert passage.asked == asked
    assert passage.searched == ("Är ån ren?" if asked else "Mål. Är ån ren?")


def test_questions_without_a_section_are_one_group() -> None:
    asked = {"sv": ["Hur bakar man?", "Var är bussen?"], "en": ["How to bake?"]}
    found = list(question_passages(asked, "other", group="errands/cakes"))
    assert [passage.id for passage in found] == [
        "errands/cakes@sv?1",
        "errands/cakes@sv?2",
        "errands/cakes@en?1",
    ]
    assert {(p.group, p.view, p.attributes["role"]) for p in found} == {
        ("errands/cakes", "question", "other")
    }
