"""Lexical search: how much of a question the words of each text match."""

import numpy as np
import pytest

from index.lexical import LexicalIndex

TEXTS = ["En grön kommun", "En trygg kommun för alla", "Skolan vid ån", "", "🌳"]


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    return LexicalIndex.build(TEXTS)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("grön", 0),
        ("GRONA kommunen", 0),
        ("trygghet", 1),
        ("å", None),
        ("ån", 2),
        ("skolor", 2),
    ],
)
def test_the_row_that_matches_most(lexical: LexicalIndex, question: str, row: int | None) -> None:
    scores = lexical.scores(question)
    assert (int(scores.argmax()) if scores.any() else None) == row


def test_a_one_letter_word_is_found() -> None:
    scores = LexicalIndex.build(["en å rinner", "en väg", "två vägar"]).scores("å")
    assert scores.argmax() == 0
    assert scores[1:].tolist() == [0, 0]


@pytest.mark.parametrize("question", ["", "  ", "?!", "🌳", "xyzzy", "\0", "\ud800", "日本"])
def test_nothing_matches(lexical: LexicalIndex, question: str) -> None:
    assert lexical.scores(question).tolist() == [0.0] * len(TEXTS)


@pytest.mark.parametrize("question", ["grön kommun", "en en en", *TEXTS, "kommun " * 700])
def test_a_share_is_at_least_zero_and_below_one(lexical: LexicalIndex, question: str) -> None:
    scores = lexical.scores(question)
    assert scores.dtype == np.float32
    assert scores.shape == (len(TEXTS),)
    assert 0 <= scores.min() <= scores.max() < 1


def test_words_that_no_text_has_count_as_not_matched(lexical: LexicalIndex) -> None:
    known = lexical.scores("grön kommun").max()
    one_unknown = lexical.scores("grön kommun xyzzy").max()
    two_unknown = lexical.scores("grön kommun xyzzy plugh").max()
    assert known > one_unknown > two_unknown > 0


def test_a_repeated_word_counts_once(lexical: LexicalIndex) -> None:
    assert lexical.scores("grön grön mark").tolist() == lexical.scores("mark grön").tolist()


@pytest.mark.parametrize("texts", [[], [""], ["", "🌳"], ["å"], TEXTS])
def test_bytes_and_back(texts: list[str]) -> None:
    built = LexicalIndex.build(texts)
    opened = LexicalIndex.from_bytes(built.to_bytes())
    for question in ("", "å", "grön kommun", "trygg xyzzy"):
        assert opened.scores(question).tolist() == built.scores(question).tolist()
        assert len(opened.scores(question)) == len(texts)


def test_unseen_words_are_not_remembered(lexical: LexicalIndex) -> None:
    before = lexical.to_bytes()
    for number in range(100):
        lexical.scores(f"okänt{number}")
    assert lexical.to_bytes() == before
