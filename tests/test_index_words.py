"""Folding, words and character n-grams."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import fold, words
from index.words import GRAM, grams


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("VÄRNAMO", "varnamo"),
        ("va\u0308rnamo", "varnamo"),
        ("Å å Ö ö", "a a o o"),
        ("Straße STRASSE", "strasse strasse"),
        ("Øresund, Æbelø, Þór, Łódź", "oresund, aebelo, thor, lodz"),
        ("İstanbul", "istanbul"),
        ("ﬁnans ™ ℌ", "finans tm h"),
        ("２０２４", "2024"),
        ("🌳", "🌳"),
        ("\0", "\0"),
        ("\ud800", "\ud800"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text("abcåäöéüßøæABCÅÄÖÉÜØÆ "))
def test_case_and_form_make_no_difference(text: str) -> None:
    spellings = [text, text.swapcase(), unicodedata.normalize("NFD", text)]
    assert len({tuple(words(spelling)) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("  \n ", []),
        ("…!?", []),
        ("🌳🚲", []),
        ("\ud800", []),
        ("Å, en ö i en å!", ["a", "en", "o", "i", "en", "a"]),
        ("§ 62, 2020–2023", ["62", "2020", "2023"]),
        ("e-post_adress", ["e", "post", "adress"]),
        ("träd🌳park", ["trad", "park"]),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("🌳", []),
        ("å", ["_a_"]),
        ("ön", ["_on_"]),
        ("mål", ["_mal", "mal_"]),
        ("mål mål", ["_mal", "mal_", "_mal", "mal_"]),
        ("gröna", ["_gro", "gron", "rona", "ona_"]),
    ],
)
def test_grams(text: str, found: list[str]) -> None:
    assert grams(text) == found


@given(st.text())
def test_every_word_has_a_gram_and_none_is_longer_than_it_should(text: str) -> None:
    found = grams(text)
    assert len(found) >= len(words(text))
    assert all(len(gram) <= GRAM for gram in found)
