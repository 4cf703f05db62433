import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assemble import GoalLibrary, load_texts
from bot.language import LanguageDetector
from bot.names import NameFinder, without
from bot.recognition import Phrases
from bot.settings import Settings
from index import words


@pytest.fixture(scope="module")
def finder() -> NameFinder:
    library = GoalLibrary(load_texts(Settings()))
    names, elsewhere, ordinary = library.names, library.elsewhere, library.ordinary_words
    return NameFinder(names, elsewhere, ordinary, Phrases.load(words), words)


def named(finder: NameFinder, question: str) -> list[str]:
    """Ids of loaded municipalities and names of other places, in reading order."""
    detector = LanguageDetector(Phrases.load(words).function_words, {"sv": frozenset(), "en": frozenset()})
    mentions = finder.find(question, detector.detect(question, words(question)))
    return [mention.municipality or mention.name for mention in mentions]


@pytest.mark.parametrize(
    "question",
    [
        "Det ska vara tryggt",
        "hur ska det vara att bo här",
        "ska skolan vara bra",
        "kan man vara trygg här",
        "Hur är det att vara gammal?",
        "för att vara säker",
        "om att vara ung",
        "det får vara bra",
        "tack, det får vara",
        "vill vara med och påverka",
        "VAD SKA DET VARA BRA FÖR",
        "Vem får vara chef",
        "Att vara människa i kommunen",
        "Vad betyder det att vara grön?",
        "Är det bra att vara i naturen i kommunen?",
        "ska det vara så i kommunen",
        "hur tar ni tillvara på naturen",
        "vi finns till för varandra",
        "varor och tjänster",
        "Ta vara på",
        "hur kan man vara delaktig",
        "ska alla vara lika mycket värda?",
        "personalen ska väl vara frisk",
    ],
)
def test_vara_as_a_verb(finder: NameFinder, question: str) -> None:
    assert named(finder, question) == []


@pytest.mark.parametrize(
    "question",
    [
        "Vara",
        "vara",
        "och i Vara?",
        "och i vara?",
        "och vara då?",
        "Vara kommun",
        "vara kommun",
        "VARA KOMMUN",
        "vara kommuns mål",
        "vilka mål har Vara?",
        "vilka mål har vara?",
        "VILKA MÅL HAR VARA?",
        "Vad vill Vara?",
        "vad gör vara för miljön",
        "mål i vara",
        "Varas ekonomi",
        "varas mål",
        "I Vara vill jag vara",
        "det är bra att vara i Vara",
        "Hur ska det vara för Vara?",
        "what are vara's goals?",
        "what about vara",
        "is vara green?",
        "tell me about Vara",
        "Vara Municipality",
        "Municipality of Vara",
    ],
)
def test_vara_as_a_place(finder: NameFinder, question: str) -> None:
    assert named(finder, question) == ["vara"]


@pytest.mark.parametrize(
    "question",
    [
        "värnamo",
        "Värnamo",
        "VÄRNAMO",
        "varnamo",
        "Värnamos mål",
        "VÄRNAMOS MÅL",
        "värnamos",
        "Varnamo's vision",
        "ekonomin i värnamo kommun",
        "Värnamo kommuns vision",
        "i värnamo ska alla vara trygga",
        "Värnamo Municipality",
        "jag bor i Värnamo, är det grönt?",
    ],
)
def test_varnamo(finder: NameFinder, question: str) -> None:
    assert named(finder, question) == ["varnamo"]


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("Vara eller Värnamo?", ["vara", "varnamo"]),
        ("värnamo och vara", ["varnamo", "vara"]),
        ("skillnaden mellan vara och värnamo", ["vara", "varnamo"]),
        ("Värnamo, Vara, Värnamo", ["varnamo", "vara", "varnamo"]),
        ("Gnosjö eller Värnamo?", ["Gnosjö", "varnamo"]),
        ("Hur är det i Skövde?", ["Skövde"]),
        ("hur är det i skovde", ["Skövde"]),
        ("Malmös mål", ["Malmö"]),
        ("GÖTEBORG", ["Göteborg"]),
        ("goals of New York", ["New York"]),
        ("Upplands Väsby mål", ["Upplands Väsby"]),
        ("Upplands Väsbys mål", ["Upplands Väsby"]),
        ("Upplands-Bro", ["Upplands-Bro"]),
        ("I Östra Göinge", ["Östra Göinge"]),
        ("Vilka mål har Åre?", ["Åre"]),
        ("vad har Mark för mål", ["Mark"]),
        ("mark kommun", ["Mark"]),
        ("Vilka mål har Nora?", ["Nora"]),
        ("is there a goal in Lund", ["Lund"]),
        ("min dotter Nora går i skolan, är hon trygg där?", []),
        ("what are the goals?", []),
        ("are there jobs", []),
        ("mark och bostäder", []),
        ("Mark och bostäder", []),
        ("hur används mark", []),
        ("nora", []),
        ("", []),
        ("?!", []),
        ("s", []),
    ],
)
def test_several_places_and_places_elsewhere(finder: NameFinder, question: str, places: list[str]) -> None:
    assert named(finder, question) == places


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Vad gäller i Vara kommun nu?", "Vad gäller nu?"),
        ("Varas mål", "mål"),
        ("trygghet i Värnamo", "trygghet"),
        ("Värnamo", ""),
        ("Är Värnamo grönt?", "Är grönt?"),
        ("trygghet i Vara och Värnamo", "trygghet"),
        ("trygghet och jobb i Vara", "trygghet och jobb"),
    ],
)
def test_a_question_without_its_places(finder: NameFinder, question: str, rest: str) -> None:
    joints = Phrases.load(words).single("joints")
    assert without(question, finder.find(question, "sv"), joints) == rest


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Vara", "vara"),
        ("VARA KOMMUN", "vara"),
        ("varnamo", "varnamo"),
        ("värnamo kommun", "varnamo"),
        ("Skövde", None),
        ("", None),
        ("?", None),
        ("Vara Värnamo", None),
    ],
)
def test_a_name_alone(finder: NameFinder, name: str, id: str | None) -> None:
    assert finder.named(name) == id


@given(st.text() | st.text(st.sampled_from("varVÄRNåre kommunsi.'-")))
def test_mentions_lie_in_order_inside_any_text(finder: NameFinder, question: str) -> None:
    end = 0
    for mention in finder.find(question, "sv"):
        assert end <= mention.start < mention.end <= len(question)
        end = mention.end
