import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assemble import GoalLibrary, load_texts
from bot.language import LanguageDetector
from bot.names import NameFinder, named_municipalities, place_elsewhere, without
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
        "hur ska en skola vara",
        "så trygg kan en gata vara!",
        "bättre än så kan det inte vara",
        "hur är det tänkt att en kommun bör vara",
        "hur brukar målen vara?",
        "vad vill ni att maten ska vara",
        "hur tar ni tillvara på naturen",
        "vi finns till för varandra",
        "varor och tjänster",
        "Ta vara på",
        "hur kan man vara delaktig",
        "ska alla vara lika mycket värda?",
        "personalen ska väl vara frisk",
        "hur kan det vara så",
        "ska vara grön",
        "få vara med",
        "hur får barn vara med och bestämma",
        "vad ska det vara bra för",
        "kunde inte alla vara snälla",
        "stämmer det med våra mål",
        "vad står i våra mål?",
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
        "VARA",
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
        # Last, where no verb asks for another: hurried words.
        "arbetsmiljö vara",
        "miljömål vara",
        "trygghet för äldre vara",
        "hållbar ekonomi, vara",
        "vad är målet om kvalitet vara?",
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
        # Beside one that is certain, the other of two; without that, the verb.
        ("skolan värnamo vara skillnad", ["varnamo", "vara"]),
        ("när gäller målen i värnmo jmf me vara", ["varnamo", "vara"]),
        ("äldre, vilken av dem, vara o värnamo", ["vara", "varnamo"]),
        ("vara + värnamo", ["vara", "varnamo"]),
        ("bostäder i båda (värnamo,vara)", ["varnamo", "vara"]),
        ("jobb, vrnamo eler vara?", ["varnamo", "vara"]),
        ("företag värnamo vs de anställda vara", ["varnamo", "vara"]),
        ("ekonomi värnamo vara", ["varnamo", "vara"]),
        ("ska Värnamo vara grönt och tryggt", ["varnamo"]),
        ("Värnamo vill vara bäst", ["varnamo"]),
        ("hur kan det vara så i Värnamo", ["varnamo"]),
        ("hur ska Värnamo vara?", ["varnamo"]),
        ("hur tar värnamo vara på naturen", ["varnamo"]),
        ("kan Värnamo bli bättre och vara tryggt", ["varnamo"]),
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
    ("question", "places"),
    [
        ("värnammo", ["varnamo"]),
        ("Värnammos mål", ["varnamo"]),
        ("mål i varnmo", ["varnamo"]),
        ("Vänamo kommun", ["varnamo"]),
        ("vad gör Jönköpping?", ["Jönköping"]),
        ("jonkoping", ["Jönköping"]),
        ("orebro", ["Örebro"]),
        ("malmo", ["Malmö"]),
        ("skövdes mål", ["Skövde"]),
        ("vilka mål finns i stokholm", ["Stockholm"]),
        ("hur är det i mark", ["Mark"]),
        ("vad har mark", ["Mark"]),
        ("marks kommun", ["Mark"]),
        ("vad gör berg kommun", ["Berg"]),
        ("och i Berg?", ["Berg"]),
        ("hjo kommuns vision", ["Hjo"]),
        ("på berg och i dalar", []),
        ("min sal är stor", []),
        ("mark och vatten", []),
        ("investerar ni i mark", []),
        ("i salen", []),
        ("vinden blåser", []),
        ("min dotter Vilhelmina", []),
        # Who lives there.
        ("en värnamobo i luren", ["varnamo"]),
        ("vad får varaborna veta", ["vara"]),
        ("som Skövdebo undrar jag", ["Skövde"]),
        ("markbor och bergbor", []),
        # Accents are left out, not added.
        ("ska ni skära ner på skolan", []),
        ("Skära ner", []),
        ("hur är det i Skara", ["Skara"]),
        ("vi står på klippan", []),
        ("kallar ni till möte", []),
        ("värna om naturen", []),
        ("bostad i kommunen", []),
    ],
)
def test_misspelt_names_and_names_that_are_words(
    finder: NameFinder, question: str, places: list[str]
) -> None:
    assert named(finder, question) == places


@pytest.mark.parametrize(
    ("question", "municipalities", "elsewhere"),
    [
        ("jag bor i Värnamo men jobbar i Jönköping, vad gör ni för pendlare?", ("varnamo",), None),
        ("vi flyttade från Malmö, är det tryggt här?", (), None),
        ("har ni spårvagnar som Göteborg har?", (), None),
        ("är skolan bättre än i Göteborg?", (), None),
        ("har ni samma mål som Skövde?", (), None),
        ("vilka mål som Skövde har gäller?", (), "Skövde"),
        ("Värnamos mål jämfört med Skövdes", ("varnamo",), "Skövde"),
        ("jämför Värnamo och Skövde", ("varnamo",), "Skövde"),
        ("jag är från Vara, vilka mål har Värnamo?", ("varnamo",), None),
        ("jag är från Vara, vilka mål har ni?", ("vara",), None),
        ("Vara jämfört med Värnamo", ("vara", "varnamo"), None),
        ("I work in Jönköping, what are the goals here?", (), None),
        ("is it safer than in Stockholm?", (), None),
        ("vilka mål har vår kommun här hos oss?", (), None),
        ("vad gör Skövde?", (), "Skövde"),
    ],
)
def test_what_a_question_is_about(
    finder: NameFinder, question: str, municipalities: tuple[str, ...], elsewhere: str | None
) -> None:
    mentions = finder.find(question, None)
    assert named_municipalities(mentions) == municipalities
    assert place_elsewhere(mentions) == elsewhere


def test_every_municipality_of_the_country_is_known(finder: NameFinder) -> None:
    library = GoalLibrary(load_texts(Settings()))
    found = {name: named(finder, f"vilka mål har {name} kommun?") for name in library.elsewhere}
    wrong = {name: places for name, places in found.items() if places != [name]}
    assert len(found) >= 290 - len(library.municipalities)
    assert wrong == {}


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
