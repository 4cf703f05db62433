"""Sections become passages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Passage, chunks, question_passages, section_passages
from index.passages import PASSAGE_LENGTH
from knowledge import (
    Contact,
    Document,
    Municipality,
    Section,
    Span,
    Translation,
    sentences,
    sentences_by_paragraph,
)

PIECES = st.sampled_from(
    ["Målet är klart", "- ", "– ", "\n", "\n\n", " ", ". ", "!”", "t.ex.", "§ 62.", "å" * 250, "x. " * 90]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=80))


def municipality(*sections: Section) -> Municipality:
    document = Document("mal", "Mål", "https://sjo.example/mal", "sv", None, sections=sections)
    contact = Contact("Sjö kommun", "https://sjo.example")
    return Municipality("sjo", "Sjö kommun", "https://sjo.example", {}, contact, (document,))


def section(text: str, title: str = "En grön kommun", lead: str | None = None, **more: object) -> Section:
    return Section("sjo/gron", "goal", title, lead, text, "sv", "mal", None, **more)  # type: ignore[arg-type]


def shown(text: str) -> list[Passage]:
    return [passage for passage in section_passages(municipality(section(text))) if passage.view == "passage"]


@given(TEXTS)
def test_every_sentence_lies_in_exactly_one_passage(text: str) -> None:
    spans = [span for passage in shown(text) for span in passage.spans]
    assert spans == [(span.start, span.end) for span in sentences(text)]


@given(TEXTS)
def test_passages_and_sentences_are_cut_from_the_text_letter_for_letter(text: str) -> None:
    for passage in section_passages(municipality(section(text))):
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
    found = list(
        section_passages(
            municipality(
                section(
                    text,
                    translations={"en": translation},
                    aliases={"sv": ("gröna målet",)},
                    questions={"sv": ("blir det grönt?",), "en": ("will it be green?",)},
                )
            )
        )
    )
    identities = [passage.id for passage in found]
    assert len(set(identities)) == len(identities)
    form = {"passage": r"#[1-9]\d*", "sentence": r"#[1-9]\d*\.[1-9]\d*", "question": r"(#0|\?[1-9]\d*)"}
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
    )
    found = {
        passage.id.removeprefix("sjo/gron@"): (passage.view, passage.searched)
        for passage in section_passages(municipality(gron))
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
    }
    for passage in section_passages(municipality(gron)):
        assert passage.group == "sjo/gron"
        assert passage.attributes == {
            "municipality": "sjo",
            "kind": "goal",
            "role": "section",
            "document": "mal",
        }


def test_questions_without_a_section_are_one_group() -> None:
    found = list(
        question_passages({"sv": ["Hur bakar man?", "Var är bussen?"], "en": ["How to bake?"]}, "other")
    )
    assert [passage.id for passage in found] == ["other@sv?1", "other@sv?2", "other@en?1"]
    assert {(p.group, p.view, p.attributes["role"]) for p in found} == {("other", "question", "other")}
