"""Whether a section states what kind of thing a question asks for."""

from dataclasses import replace

import pytest

from bot.assemble import load_texts
from bot.assemble.stated import Stated, Wanted
from bot.assistant import Assistant
from bot.recognition import Phrases
from bot.settings import Settings
from index import words

NOTHING = Stated(amounts=False, dates=False, lists=False, reasons=False)
AMOUNTS, DATES, LISTS = (
    replace(NOTHING, amounts=True),
    replace(NOTHING, dates=True),
    replace(NOTHING, lists=True),
)
REASONS = replace(NOTHING, reasons=True)
ALL = {NOTHING, AMOUNTS, DATES, LISTS, REASONS}


def wanted(question: str) -> Wanted:
    return Wanted.of(words(question), Phrases.load(words))


@pytest.fixture(scope="module")
def stated() -> dict[str, Stated]:
    texts = load_texts(Settings())
    sections = (one for municipality in texts.municipalities for one in municipality.sections())
    return {one.id: Stated.of(one, words, Phrases.load(words)) for one in sections}


def test_what_sections_state(stated: dict[str, Stated]) -> None:
    dates = {section for section, one in stated.items() if one.dates}
    assert dates == {"varnamo/vision", "varnamo/arbete", "vara/overgripande"}
    # "40 000 invånare 2035" is an amount; years, days and paragraphs are none.
    assert [section for section, one in stated.items() if one.amounts] == ["varnamo/vision"]
    assert stated["vara/framgangsfaktorer"].lists
    assert stated["vara/ekonomi"].reasons
    assert not stated["varnamo/vision"].reasons
    assert not stated["vara/ekonomi"].lists


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Hur mycket pengar ska sparas?", ALL - {AMOUNTS}),
        ("hur mkt ska skatten höjas", ALL - {AMOUNTS}),
        ("vad kostar hemtjänsten", ALL - {AMOUNTS}),
        ("what percentage of the food is organic?", ALL - {AMOUNTS}),
        ("Hur många framgångsfaktorer är det?", {NOTHING, DATES, REASONS}),
        ("how many people do you want to live here", {NOTHING, DATES, REASONS}),
        ("vilket parti sitter ordföranden för", ALL),
        ("which companies are meant", ALL),
        ("kan ni lova att skolan blir kvar", ALL),
        ("can you guarantee that I get a place?", ALL),
        ("vilken dag kommer soptunnan", ALL - {DATES}),
        ("so when does it open", ALL - {DATES}),
        ("och vad var skälet till det?", ALL - {REASONS}),
        ("why did they drop the number?", ALL - {REASONS}),
        ("hur ansöker jag om bygglov?", ALL),
        ("where can I apply for a grant", ALL),
        ("hur mycket bryr ni er om miljön?", set()),
        ("what do you do about the climate?", set()),
        ("", set()),
    ],
)
def test_what_a_question_wants_and_who_lacks_it(question: str, missing: set[Stated]) -> None:
    found = {one for one in ALL if wanted(question).is_missing(one)}
    assert found == missing


def test_the_signal_stands_with_the_candidates(assistant: Assistant) -> None:
    def signals(question: str) -> dict[str, float]:
        return {one.section: one.signals.unstated for one in assistant.candidates(question)}

    assert signals("Hur många procent av maten i Värnamo är ekologisk?").popitem()[1] == 1
    assert signals("Vad gör Värnamo för klimatet?").popitem()[1] == 0
    assert signals("Hur många invånare ville Värnamo ha enligt visionen?") == {"varnamo/vision": 0}
