import pytest

from bot.library import Library
from bot.recognition import Phrases
from bot.titles import NAMED_KINDS, TitleFinder
from index import words


@pytest.fixture(scope="module")
def finder(library: Library) -> TitleFinder:
    return TitleFinder(library.sections.values(), Phrases.load(words), words)


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("Vad betyder målet om en grön kommun?", "varnamo/gron"),
        ("den gröna kommunen", "varnamo/gron"),
        ("GRÖN KOMMUN", "varnamo/gron"),
        ("varnamo gron kommun", "varnamo/gron"),
        ("what does the green municipality goal mean?", "varnamo/gron"),
        ("vad är en trygg kommun", "varnamo/trygg"),
        ("en attraktiv kommun", "varnamo/attraktiv"),
        ("an attractive municipality", "varnamo/attraktiv"),
        ("hållbar ekonomi, vad är det?", "vara/ekonomi"),
        ("Attraktivt Vara med livskraft för alla", "vara/attraktivt"),
        ("Attraktivt Vara med livskvalitet för alla", "vara/attraktivt"),
        ("verksamhet med god kvalitet", "vara/kvalitet"),
        ("en välmående arbetsplats", "vara/arbetsplats"),
    ],
)
def test_a_title_or_alias_in_any_inflection(finder: TitleFinder, question: str, section: str) -> None:
    municipalities, sections = finder.find(question)
    assert sections == {section}
    assert municipalities == {section.partition("/")[0]}


@pytest.mark.parametrize(
    "question", ["", "?", "kommun", "en", "finns det jobb?", "gröna växter på en balkong"]
)
def test_no_title(finder: TitleFinder, question: str) -> None:
    assert finder.find(question) == (frozenset(), frozenset())


def test_every_title_names_its_own_section(finder: TitleFinder, library: Library) -> None:
    checked = 0
    for section in library.sections.values():
        if section.kind not in NAMED_KINDS:
            continue
        for title in section.titles.values():
            checked += 1
            assert section.id in finder.find(title)[1], title
    assert checked >= 16
