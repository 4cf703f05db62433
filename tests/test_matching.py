"""Marking the words of a text that a query names."""

import pytest

from bot.matching import matched_spans
from index import words


def marked(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in matched_spans(text, words(query), words)]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("En god miljö är grunden.", "miljo", ["miljö"]),
        ("Ett långsiktigt miljöarbete och livsmiljöer.", "miljö", ["miljöarbete", "livsmiljöer"]),
        ("Trygghet för alla.", "trygga", ["Trygghet"]),
        ("Hållbar ekonomi, hållbart.", "hallbart", ["Hållbar", "hållbart"]),
        ("Kommunens skolor.", "skola", ["skolor"]),
        ("Det har kommit till kommunen.", "kommun", ["kommunen"]),
        ("Å, en å rinner här.", "å", ["Å", "å"]),
        ("a safe municipality", "safety", ["safe"]),
        ("I boendet bor man.", "bo", []),
        ("VÄRNAMO ska utvecklas.", "var ligger värnamo", ["VÄRNAMO"]),
        ("Arbetet pågår.", "arb", ["Arbetet"]),
        ("Arbetet pågår.", "ar", []),
        ("40 000 invånare 2035", "2035", ["2035"]),
        ("Inget här.", "", []),
        ("", "miljö", []),
        ("😀 miljö", "😀", []),
    ],
)
def test_words_that_a_query_names(text: str, query: str, expected: list[str]) -> None:
    assert marked(text, query) == expected


def test_spans_are_in_reading_order_and_apart() -> None:
    text = "Miljö, miljöarbete, klimat och miljö."
    spans = matched_spans(text, ["miljo", "klimat"], words)
    assert [text[start:end] for start, end in spans] == ["Miljö", "miljöarbete", "klimat", "miljö"]
    assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))
