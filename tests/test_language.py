import pytest

from bot.language import OTHER, LanguageDetector
from bot.recognition import Phrases
from index import words


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    vocabulary = {"sv": frozenset(words("trygghet ekonomi vision")), "en": frozenset(words("safety vision"))}
    return LanguageDetector(Phrases.load(words).function_words, vocabulary)


@pytest.mark.parametrize(
    "question",
    [
        "Vad betyder målet om en grön kommun?",
        "Hur är det med tryggheten?",
        "Vilka mål har kommunen?",
        "finns det jobb",
        "vad gor kommunen for miljon",
        "hur manga mal finns det",
        "va e de för mål",
        "e de tryggt å gå hem på natten",
        "vafför ska ja bo här",
        "kmr det finas jobb har",
        "åldringsvård",
        "miljö",
        "trygghet",
        "berätta om visionen",
        "Beskriv målen",
        "VAD GÖR NI FÖR OSS?",
        "Är kommunen grön?",
        # A Dane or a Norwegian reads Swedish.
        "Hvilke mål har kommunen?",
        "Hva betyr målet om en grønn kommune?",
    ],
)
def test_swedish(detector: LanguageDetector, question: str) -> None:
    assert detector.detect(question, words(question)) == "sv"


@pytest.mark.parametrize(
    "question",
    [
        "what does the green municipality goal mean?",
        "is it safe to walk home at night?",
        "what about safety?",
        "how many goals are there?",
        "are there jobs in Värnamo",
        "Tell me about Värnamo's vision",
        "Is Värnamo green?",
        "wat does teh green goal meen",
        "goals",
        "safety",
        "WHAT ARE THE GOALS",
        "whats the plan for schools",
    ],
)
def test_english(detector: LanguageDetector, question: str) -> None:
    assert detector.detect(question, words(question)) == "en"


@pytest.mark.parametrize(
    "question",
    [
        "Was bedeutet das Ziel einer grünen Gemeinde?",
        "Welche Ziele hat Värnamo?",
        "Mitä vihreä kunta tarkoittaa?",
        "Mitkä ovat Värnamon tavoitteet?",
        "ما هي أهداف البلدية؟",
        "اهداف شهرداری چیست",
        "Какие цели у муниципалитета?",
        "市政府的目标是什么？",
        "¿Qué significa el objetivo de un municipio verde?",
        "Que signifie l'objectif d'une commune verte ?",
        "Jakie są cele gminy?",
        "Maxay yihiin yoolalka degmada?",
        "belediyenin hedefleri nelerdir",
    ],
)
def test_other_languages(detector: LanguageDetector, question: str) -> None:
    assert detector.detect(question, words(question)) == OTHER


@pytest.mark.parametrize("question", ["", "?", "😀", "vision", "xyzzy", "Tobias", "123"])
def test_not_clear(detector: LanguageDetector, question: str) -> None:
    assert detector.detect(question, words(question)) is None
