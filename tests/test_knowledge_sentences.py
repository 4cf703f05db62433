"""Where sentences begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import is_list_line, paragraphs, sentences, sentences_by_paragraph

# Pieces that meet in real texts, so that random ones come near the rules' edges.
PIECES = st.sampled_from(
    [
        "Målet är klart",
        "vi",
        "—",
        "– ",
        "-",
        "- ",
        "\n",
        "\n\n",
        " ",
        ".",
        "!”",
        "…",
        "t.ex.",
        "§ 62.",
        "”Så",
        "\u00a0",
        "3.5",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=60))


@pytest.mark.parametrize(
    "expected",
    [
        ["Ett mål.", "Två mål!", "Tre mål?", "Och så vidare …"],
        ["”Värnamo den mänskliga tillväxtkommunen!”", "Visionen är vår vägledning."],
        [
            "—Visionen handlar om att varje människa är en tillgång.",
            "—Kommunens arbete ska präglas av tolerans.",
        ],
        ["Arbetet utförs ”på riktigt”.", "—För att skapa effekt deltar alla."],
        ["– Vi vill mer, säger hon.", "– Det blir bra."],
        ["”Vad händer?” frågar hon."],
        ["Vi har t.ex. Vara, bl.a. Värnamo, s.k. Orter, dvs. Städer m.m.", "Nästa mening."],
        ["Det gäller t. ex. Vara.", "Nästa."],
        ["Skolor, vägar osv. ingår, liksom parker m.fl. platser."],
        ["Ring kl. 8 eller ca. 9, rum nr. 5, resp. Receptionen."],
        ["Use a bus, e.g. Line 3, i.e. The fast one, etc. as told by Mr. Smith.", "Then walk."],
        ["A. Svensson och J.R. Berg talade.", "Sedan blev det tyst."],
        ["Målen gäller från 1 jan. 2024 till 31 dec. 2027.", "De följs upp."],
        ["Vi ses i jan. på torget.", "Det börjar i dec.", "Alla kommer."],
        ["Beslutet fattades den 19 juni 2023, § 62.", "Målen är desamma."],
        ["Kostnaden är 3.5 miljoner.", "40 procent är betalt."],
        ["Det tar tid ... men går.", "Vänta…", "Nu!"],
        ["1. Första målet är grönt.", "2. Andra är tryggt."],
        ["(Detta gäller alla.)", "Även du."],
        ["Det är en ö.", "Där bor många."],
        ["Ingen punkt i slutet"],
        ["Målen gäller från 1 januari 2024.Nästa klistrades ihop."],
    ],
    ids=lambda expected: expected[0][:30],
)
def test_sentences_of_one_paragraph(expected: list[str]) -> None:
    text = " ".join(expected)
    assert [text[one.start : one.end] for one in sentences(text)] == expected


def test_a_dash_without_space_opens_the_next_speakers_sentence() -> None:
    text = "Varje människa är en tillgång.—Kommunens arbete går vidare."
    assert [text[one.start : one.end] for one in sentences(text)] == [
        "Varje människa är en tillgång.",
        "—Kommunens arbete går vidare.",
    ]


def test_list_lines_are_sentences_without_their_marker() -> None:
    text = "Målen är\n- Attraktivt Vara. För alla\n- Hållbar ekonomi\nDe gäller\nnu. Alla.\n\n- Sist"
    by_paragraph = sentences_by_paragraph(text)
    assert [[text[one.start : one.end] for one in paragraph] for paragraph in by_paragraph] == [
        ["Målen är", "Attraktivt Vara. För alla", "Hållbar ekonomi", "De gäller\nnu.", "Alla."],
        ["Sist"],
    ]
    assert [is_list_line(text, one) for one in sentences(text)] == [False, True, True, False, False, True]


def test_paragraphs_are_parted_by_empty_lines() -> None:
    text = "\n Ett.\nSamma.\n \nTvå.\n\n\nTre. \n"
    assert [text[one.start : one.end] for one in paragraphs(text)] == ["Ett.\nSamma.", "Två.", "Tre."]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0\n"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert sentences(text) == []
    assert paragraphs(text) == []


@given(TEXTS)
def test_every_character_lies_in_one_sentence(text: str) -> None:
    spans = sentences(text)
    seen = [0] * len(text)
    for span in spans:
        seen[span.start : span.end] = [count + 1 for count in seen[span.start : span.end]]
    for span in spans:
        if is_list_line(text, span):
            marker = text.rindex("-", 0, span.start)
            assert not text[marker + 1 : span.start].strip()
            seen[marker] += 1
    assert all(count == 1 for count, letter in zip(seen, text, strict=True) if not letter.isspace())
    assert max(seen, default=0) <= 1


@given(TEXTS)
def test_spans_are_exact_ordered_and_within_their_paragraph(text: str) -> None:
    whole = paragraphs(text)
    by_paragraph = sentences_by_paragraph(text)
    assert len(whole) == len(by_paragraph)
    end = 0
    for paragraph, spans in zip(whole, by_paragraph, strict=True):
        assert "\n\n" not in text[paragraph.start : paragraph.end]
        assert spans
        for span in spans:
            assert max(end, paragraph.start) <= span.start < span.end <= paragraph.end
            assert text[span.start : span.end] == text[span.start : span.end].strip()
            end = span.end


def test_a_long_text_is_split_in_linear_time() -> None:
    text = "Målet är t.ex. grönt … " * 20_000 + "." * 20_000 + "”" * 20_000 + " - " * 20_000
    assert len(sentences(text)) >= 20_000 // 2
