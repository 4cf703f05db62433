"""The goals that come with the package."""

from collections.abc import Iterator

import pytest

from knowledge import (
    GOALS_DIRECTORY,
    Knowledge,
    Section,
    load_background,
    load_knowledge,
    load_places,
    sentences_by_paragraph,
)

SECTIONS = {
    "vara": "overgripande attraktivt kvalitet arbetsplats ekonomi framgangsfaktorer kontakt",
    "varnamo": "vision overgripande stark attraktiv gron trygg arbete",
}


@pytest.fixture(scope="module")
def goals() -> Knowledge:
    return load_knowledge([GOALS_DIRECTORY])


def all_sections(goals: Knowledge) -> Iterator[Section]:
    for municipality in goals.municipalities:
        yield from municipality.sections()


def test_both_municipalities_have_their_sections(goals: Knowledge) -> None:
    assert [one.id for one in goals.municipalities] == sorted(SECTIONS)
    for municipality, slugs in SECTIONS.items():
        expected = {f"{municipality}/{slug}" for slug in slugs.split()}
        assert {one.id for one in goals.municipality(municipality).sections()} == expected


def test_every_section_has_questions_and_an_unofficial_translation(goals: Knowledge) -> None:
    seen = 0
    for section in all_sections(goals):
        seen += 1
        assert len(section.questions["sv"]) >= 8, section.id
        assert len(section.questions["en"]) >= 4, section.id
        english = section.translations["en"]
        assert "unofficial" in english.by, section.id
        # The loader holds every translation to this; here so that a change of the loader does not go unseen.
        lengths = [
            [len(one) for one in map(list, sentences_by_paragraph(text))]
            for text in (section.text, english.text)
        ]
        assert lengths[0] == lengths[1], section.id
        for note in section.notes:
            assert "en" in note.translations, section.id
    assert seen == 14


@pytest.mark.parametrize(
    ("section", "text"),
    [
        (
            "varnamo/gron",
            "Genom samverkan skapas en grönare kommun med hög livskvalitet och låg miljöpåverkan.",
        ),
        ("varnamo/vision", "”Värnamo den mänskliga tillväxtkommunen!”"),
        ("vara/framgangsfaktorer", "- Folkhälsa"),
        ("vara/overgripande", "- Attraktivt Vara med livskvalitet för alla"),
    ],
)
def test_the_texts_are_the_sources_own_words(goals: Knowledge, section: str, text: str) -> None:
    assert text in goals.section(section).text


def test_varas_goals_live_on_but_not_its_success_factors(goals: Knowledge) -> None:
    continued = {section for one in goals.municipality("vara").documents for section in one.continues}
    assert continued == {
        f"vara/{slug}" for slug in ["overgripande", "attraktivt", "kvalitet", "arbetsplats", "ekonomi"]
    }


def test_unknown_ids_raise(goals: Knowledge) -> None:
    for missing in ("vara/gron", "gron", "/", "ale/gron"):
        with pytest.raises(KeyError, match=missing):
            goals.section(missing)
    with pytest.raises(KeyError):
        goals.municipality("ale")
    with pytest.raises(KeyError):
        goals.municipality("vara").document("mal")


def test_background_questions_and_places_load() -> None:
    background = load_background()
    assert background.keys() == {"sv", "en"}
    assert all(len(questions) > 20 for questions in background.values())
    places = load_places().names
    assert len(places) == len(set(places)) >= 290
    assert {"Värnamo", "Vara", "Göteborg"} <= set(places)
