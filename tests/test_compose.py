import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.answer import Answer, Choice, Contact, Conversation, Document, MunicipalityGoals, Suggestion
from bot.assemble import load_texts as load_goals
from bot.assistant import Assistant
from bot.compose import Composer, part_paragraphs, reply_text
from bot.library import Library, LibrarySection, Line, Period, SectionStatus
from bot.settings import Settings
from bot.texts import LANGUAGES, load_texts


class OneSection:
    """A library of one section with a status of the test's choosing."""

    def __init__(self, status: SectionStatus) -> None:
        self._status = status
        self.municipalities: tuple[MunicipalityGoals, ...] = ()
        self.names: Mapping[str, str] = {}
        self.elsewhere: tuple[str, ...] = ()
        self.ordinary_words: tuple[str, ...] = ()
        self.sections: dict[str, LibrarySection] = {"v/a": SECTION}
        self.documents: tuple[Document, ...] = ()

    def status(self, section_id: str, day: dt.date) -> SectionStatus:
        return self._status


SECTION = LibrarySection(
    id="v/a",
    municipality="v",
    kind="goal",
    language="sv",
    titles={"sv": "Mål"},
    leads={},
    aliases={},
    translators={},
    lines=(Line({"sv": "Bra."}, 0, False, {}),),
    notes=(),
    document=Document("v/d", "v", "Beslut", "https://v.se"),
    decision=None,
)
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2027, 12, 31)


@pytest.mark.parametrize(
    ("status", "valid", "notice"),
    [
        (SectionStatus("in_force", None), None, None),
        (SectionStatus("in_force", Period(None, None)), None, None),
        (SectionStatus("in_force", Period(FIRST, None)), "Gäller från 1 januari 2024.", None),
        (SectionStatus("in_force", Period(None, LAST)), "Gäller till och med 31 december 2027.", None),
        (SectionStatus("in_force", Period(FIRST, LAST)), "Gäller 2024–2027.", None),
        (SectionStatus("in_force", Period(FIRST, dt.date(2024, 12, 31))), "Gäller 2024.", None),
        (
            SectionStatus("in_force", Period(dt.date(2024, 3, 1), LAST)),
            "Gäller 1 mars 2024 – 31 december 2027.",
            None,
        ),
        (
            SectionStatus("not_yet", Period(FIRST, LAST)),
            "Gäller från och med 1 januari 2024.",
            "Obs! Det här gäller först från och med 1 januari 2024.",
        ),
        (
            SectionStatus("ended", Period(FIRST, LAST)),
            "Gällde 2024–2027, inte längre i kraft.",
            "Obs! Det här gällde 2024–2027 och gäller inte längre.",
        ),
        (
            SectionStatus("ended", Period(None, LAST)),
            "Gällde till och med 31 december 2027, inte längre i kraft.",
            "Obs! Det här gällde till och med 31 december 2027 och gäller inte längre.",
        ),
        (
            SectionStatus(
                "continued", Period(FIRST, LAST), Period(dt.date(2028, 1, 1), dt.date(2031, 12, 31)), "Nytt"
            ),
            "Texten antogs för 2024–2027; målen gäller även 2028–2031.",
            "Texten antogs för 2024–2027. Målen gäller även 2028–2031, enligt ”Nytt”.",
        ),
        (
            SectionStatus("continued", Period(FIRST, LAST), Period(dt.date(2028, 1, 1), None), "Nytt"),
            "Texten antogs för 2024–2027; målen gäller även från och med 1 januari 2028.",
            "Texten antogs för 2024–2027. Målen gäller även från och med 1 januari 2028, enligt ”Nytt”.",
        ),
        (
            SectionStatus("continued", Period(FIRST, LAST), None, "Nytt"),
            "Texten antogs för 2024–2027; målen gäller även tills vidare.",
            "Texten antogs för 2024–2027. Målen gäller även tills vidare, enligt ”Nytt”.",
        ),
    ],
)
def test_how_validity_is_said(status: SectionStatus, valid: str | None, notice: str | None) -> None:
    composer = Composer(OneSection(status), load_texts("sv"), FIRST)
    assert composer.citation(SECTION).valid == valid
    assert composer.notices(SECTION) == ((notice,) if notice else ())


@pytest.mark.parametrize(
    ("section", "day", "state"),
    [
        ("varnamo/gron", dt.date(2023, 12, 31), "not_yet"),
        ("varnamo/gron", dt.date(2024, 1, 1), "in_force"),
        ("varnamo/vision", dt.date(1999, 1, 1), "in_force"),
        ("vara/ekonomi", dt.date(2019, 12, 31), "not_yet"),
        ("vara/ekonomi", dt.date(2020, 1, 1), "in_force"),
        ("vara/ekonomi", dt.date(2023, 12, 31), "in_force"),
        ("vara/ekonomi", dt.date(2024, 1, 1), "continued"),
        ("vara/ekonomi", dt.date(2027, 12, 31), "continued"),
        ("vara/ekonomi", dt.date(2028, 1, 1), "ended"),
        ("vara/framgangsfaktorer", dt.date(2023, 12, 31), "in_force"),
        ("vara/framgangsfaktorer", dt.date(2024, 1, 1), "ended"),
        ("vara/kontakt", dt.date(2030, 1, 1), "in_force"),
    ],
)
def test_the_real_sections_on_the_days_around_a_change(
    library: Library, section: str, day: dt.date, state: str
) -> None:
    assert library.status(section, day).state == state
    for language in LANGUAGES:
        texts = load_texts(language)
        composer = Composer(library, texts, day)
        notices = composer.notices(library.sections[section])
        valid = composer.citation(library.sections[section]).valid
        if state == "in_force":
            assert len(notices) == (language == "en")
        else:
            assert notices[0].startswith(texts(f"notice.{state}", **dict.fromkeys(DAYS, "|")).split("|")[0])
            assert valid
        assert not any(" ," in text or "{" in text for text in (*notices, valid or ""))


DAYS = ("period", "start", "end", "continued", "document")


def test_every_quote_of_every_section_stands_in_its_file_letter_for_letter(assistant: Assistant) -> None:
    loaded = load_goals(Settings())
    sections = quoted = 0
    for municipality in loaded.municipalities:
        assert municipality.path
        file = municipality.path.read_text("utf-8")
        for section in municipality.sections():
            for language in LANGUAGES:
                sections += 1
                answer = assistant.show(section.id, Conversation(chosen_language=language))
                end = 0
                for quote in answer.quotes:
                    quoted += 1
                    assert quote in file
                    # In order, and each once: nothing is left out, nothing said twice.
                    at = section.text.index(quote, end)
                    assert section.text[end:at].strip() in ("", "-"), section.id
                    end = at + len(quote)
                assert not section.text[end:].strip(), section.id
    assert sections == 28
    assert quoted >= 130


def test_a_translated_sentence_has_its_original(assistant: Assistant) -> None:
    english = assistant.section("varnamo/gron", "en").sentences
    swedish = assistant.section("varnamo/gron", "sv").sentences
    assert [sentence.original for sentence in english] == [sentence.text for sentence in swedish]
    assert all(sentence.original is None for sentence in swedish)
    assert all(a.text != b.text for a, b in zip(english, swedish, strict=True))


def test_the_text_is_complete_alone(assistant: Assistant) -> None:
    checked = 0
    for section in [one.id for goals in assistant.goals() for one in goals.sections]:
        for language in LANGUAGES:
            checked += 1
            answer = assistant.show(section, Conversation(chosen_language=language))
            (part,), (citation,) = answer.parts, answer.citations
            said = [*answer.notices, part.title]
            said += [note.text for note in part.notes] + [note.url for note in part.notes]
            said += [citation.document, citation.url, citation.valid or ""]
            said += [one.title for one in answer.suggestions]
            said += [sentence.text for sentence in part.sentences]
            said += [sentence.speaker or "" for sentence in part.sentences]
            assert [one for one in said if one not in answer.text] == []
            assert answer.text.startswith(answer.notices[0] if answer.notices else part.title)
    assert checked == 28


def test_the_text_of_a_choice_and_of_a_contact() -> None:
    answer = Answer(
        "clarify",
        "sv",
        "",
        Conversation(),
        message="Vilken?",
        choices=(Choice("Vara", "vara"), Choice("Värnamo", "varnamo")),
        suggestions=(Suggestion("vara/x", "X"),),
        contact=Contact("Vara", "https://v.se", phone="0512-1"),
    )
    assert reply_text(answer, load_texts("sv")) == (
        "Vilken?\n\n• Vara\n• Värnamo\n\nLäs också:\n• X\n\nKontakta Vara: 0512-1, https://v.se"
    )
    bare = replace(answer, choices=(), suggestions=(), contact=None)
    assert reply_text(bare, load_texts("sv")) == "Vilken?"


def test_what_is_left_out_is_marked(library: Library) -> None:
    section = library.sections["varnamo/arbete"]
    texts = load_texts("sv")
    composer = Composer(library, texts, FIRST)
    part = composer.part(section, (1, 2, 5))
    assert [sentence.gap for sentence in part.sentences] == [True, False, True]
    assert part.gap
    answer = Answer(
        "answer", "sv", "", Conversation(), parts=(part,), citations=(composer.citation(section),)
    )
    first, second, last = (sentence.text for sentence in part.sentences)
    shown = reply_text(answer, texts).split("\n\n")
    assert f"[…] {first}" in shown
    assert any(paragraph.startswith(second) for paragraph in shown)
    assert shown[shown.index(f"[…] {last}") + 1] == "[…]"
    whole = composer.part(section)
    assert not whole.gap
    assert not any(sentence.gap for sentence in whole.sentences)
    assert "[…]" not in reply_text(replace(answer, parts=(whole,)), texts)


def test_what_is_left_out_of_a_list_is_marked_on_a_line_of_its_own(library: Library) -> None:
    section = library.sections["vara/framgangsfaktorer"]
    part = Composer(library, load_texts("sv"), FIRST).part(section, (0, 2, 4, 5, 6, 7))
    assert part_paragraphs(part)[1].split("\n") == [
        "[…]",
        "• Samverkan",
        "[…]",
        "• Kultur",
        "• Digitalisering",
        "• Innovation",
        "• Utbildning.",
    ]
    assert not part.gap
