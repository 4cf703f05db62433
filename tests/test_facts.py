"""Questions about when goals apply and who decided them."""

import datetime as dt

import pytest

from bot.answer import Answer, Conversation
from bot.assistant import Assistant
from bot.dates import AskedTime, find_time
from bot.fact_questions import read_fact
from bot.recognition import Phrases
from bot.texts import load_texts
from index import words

PHRASES = Phrases.load(words)
TODAY = dt.date(2026, 3, 2)


def sections(answer: Answer) -> list[str]:
    return [part.section for part in answer.parts]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("när beslutades målen", "decision"),
        ("när beslutadess målen?", "decision"),
        ("vem har bestämt målen", "decision"),
        ("under vilken paragraf klubbades målen", "decision"),
        ("who adopted the goals", "decision"),
        ("when were the goals decided?", "decision"),
        ("hur länge gäller målen", "validity"),
        ("till nar galler malen", "validity"),
        ("gäller de gamla målen fortfarande?", "validity"),
        ("när börjar målen gälla", "validity"),
        ("gäller det fortfarande", "validity"),
        ("vilka mål gällde 2021?", "validity"),
        ("målen för 2025", "validity"),
        ("gäller de 2030?", "validity"),
        ("until when do the goals apply", "validity"),
        ("are the goals still in force", "validity"),
        ("which goals applied in 2022?", "validity"),
    ],
)
def test_a_question_about_facts(question: str, kind: str) -> None:
    fact = read_fact(words(question), PHRASES, TODAY)
    assert fact
    assert fact.kind == kind
    assert not fact.only_time


@pytest.mark.parametrize(
    "question",
    [
        "när byggs nya skolan?",
        "vem bestämmer över skolmaten?",
        "när beslutades detaljplanen",
        "vilka är målen?",
        "vad betyder målet",
        "vilka röstade nej till målen i fullmäktige?",
        "hur många procent ska utsläppen ner till 2030",
        "skulle det inte bli 40 000 invånare till 2035?",
        "vad gällde för budgeten 2021?",
        "vem är ansvarig för målen?",
        "kommer det nya mål?",
        "when does the bus leave?",
        "who decided the rent?",
        "what are the goals?",
        "",
        "99",
    ],
)
def test_what_is_no_question_about_facts(question: str) -> None:
    assert read_fact(words(question), PHRASES, TODAY) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", (2021, 1, 1), (2021, 12, 31)),
        ("2024–2027", (2024, 1, 1), (2027, 12, 31)),
        ("i år", (2026, 1, 1), (2026, 12, 31)),
        ("nästa år", (2027, 1, 1), (2027, 12, 31)),
        ("förra året", (2025, 1, 1), (2025, 12, 31)),
        ("last year", (2025, 1, 1), (2025, 12, 31)),
        ("idag", (2026, 3, 2), (2026, 3, 2)),
        ("1 mars 2023", (2023, 3, 1), (2023, 3, 1)),
        ("1 March 2023", (2023, 3, 1), (2023, 3, 1)),
    ],
)
def test_times(text: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    expected = AskedTime(dt.date(*first), dt.date(*last))
    assert find_time(words(f"målen {text} då"), PHRASES, TODAY) == (expected, ["malen", "da"])


@pytest.mark.parametrize("text", ["", "40 000", "31 februari", "99999", "1850"])
def test_no_times(text: str) -> None:
    assert find_time(words(text), PHRASES, TODAY) == (None, words(text))


DECIDED = (
    "Kommunfullmäktige beslutade om ”Övergripande mål och framgångsfaktorer 2020-2023” den 17 juni 2019. "
    "Kommunfullmäktige beslutade om ”Övergripande mål 2024–2027” den 19 juni 2023, § 62."
)


@pytest.mark.parametrize(
    ("messages", "said", "section"),
    [
        (("När beslutades målen i Vara?",), DECIDED, "vara/overgripande"),
        (("Vem har antagit Varas mål?",), DECIDED, "vara/overgripande"),
        (("När beslutades målen?", "Vara"), DECIDED, "vara/overgripande"),
        (("Vilka mål har Vara?", "vem har bestämt det?"), DECIDED, "vara/overgripande"),
        (("När började Värnamos nya mål gälla?",), "gäller från och med 1 januari 2024", "varnamo/arbete"),
        (("Hur länge gäller målen i Vara?",), "gäller 2024–2027", "vara/overgripande"),
        (("Gäller målen från 2020-2023 fortfarande i Vara?",), "Ja. Målen", "vara/overgripande"),
        (("har vara fått nya mål för 2024-2027 än",), "gäller 2024–2027", "vara/overgripande"),
        (("gäller framgångsfaktorerna fortfarande i Vara?",), "Nej.", "vara/framgangsfaktorer"),
        (("vilka mål gällde 2021 i Vara?",), "gällde 2020–2023, enligt ”Övergripande", "vara/overgripande"),
        (("vilka mål gällde 2021?", "Vara", "och nästa år?"), "gäller 2024–2027", "vara/overgripande"),
        (("Vilka mål har Vara?", "och nästa år då?"), "gäller 2024–2027", "vara/overgripande"),
        (("gäller Värnamos mål 2030?",), "Ja. Målen", "varnamo/overgripande"),
        (
            ("Vad betyder gröna målet?", "hur länge gäller det?"),
            "Texterna säger inte till när",
            "varnamo/arbete",
        ),
        (("when were Vara's goals decided?",), "on 19 June 2023, § 62.", "vara/overgripande"),
        (("which goals applied in 2022 in Vara?",), "in force 2020–2023", "vara/overgripande"),
        (("is Värnamo's vision still in force?",), "The texts give no dates", "varnamo/vision"),
    ],
)
def test_facts_are_said_first_and_shown(
    assistant: Assistant, messages: tuple[str, ...], said: str, section: str
) -> None:
    conversation = None
    for message in messages:
        answer = assistant.ask(message, conversation)
        conversation = answer.conversation
    assert answer.kind == "answer"
    assert said in answer.message
    assert sections(answer) == [section]
    assert answer.citations[0].url in answer.text


@pytest.mark.parametrize(
    "messages",
    [
        ("Vem beslutade om målen i Värnamo?",),
        ("När beslutades målen i Vara?", "och i Värnamo?"),
        ("who decided the goals of Värnamo?",),
    ],
)
def test_that_the_texts_do_not_name_who_decided_is_no_answer(
    assistant: Assistant, messages: tuple[str, ...]
) -> None:
    conversation = None
    for message in messages:
        answer = assistant.ask(message, conversation)
        conversation = answer.conversation
    assert (answer.kind, answer.reason) == ("no_answer", "not_in_sources")
    texts = load_texts(answer.language)
    what = texts("fact.goals_of", name="Värnamo kommun")
    assert answer.message.startswith(texts("fact.undecided", what=what))
    assert "2024" in answer.message
    assert answer.suggestions[0].section == "varnamo/arbete"
    since = assistant.ask("sen när då?" if answer.language == "sv" else "since when?", conversation)
    assert sections(since) == ["varnamo/arbete"]


def test_who_decided_what_was_shown_leaves_it_where_it_was(assistant: Assistant) -> None:
    green = assistant.ask("Vad betyder gröna målet?")
    declined = assistant.ask("vem har klubbat det där", green.conversation)
    assert (declined.kind, declined.reason) == ("no_answer", "not_in_sources")
    assert "2024" in declined.message
    assert declined.suggestions[0].section == "varnamo/arbete"
    since = assistant.ask("sen när då?", declined.conversation)
    assert sections(since) == ["varnamo/arbete"]
    assert declined.conversation.sections == ("varnamo/gron",)
    again = assistant.ask("säg det igen", declined.conversation)
    assert again.quotes == green.quotes


def test_the_sentence_that_states_it_comes_first(assistant: Assistant) -> None:
    answer = assistant.ask("När började Värnamos nya mål gälla?")
    assert answer.quotes[0] == "Målen börjar gälla från 1 januari 2024."
    assert answer.parts[0].sentences[0].gap


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("gäller målen i Vara 2030?", "2020–2023 och 2024–2027"),
        ("vilka mål gällde 2015 i Vara?", "2020–2023 och 2024–2027"),
        ("vilka mål gällde 2021 i Värnamo?", "från och med 1 januari 2024"),
        ("which goals applied in 2021 in Värnamo?", "from 1 January 2024"),
    ],
)
def test_of_a_time_that_the_texts_do_not_know_it_is_said_which_they_do(
    assistant: Assistant, question: str, period: str
) -> None:
    answer = assistant.ask(question)
    assert (answer.kind, answer.reason) == ("no_answer", "not_in_period")
    assert period in answer.message
    assert answer.suggestions


def test_a_fact_about_what_was_shown_leaves_it_what_is_talked_about(assistant: Assistant) -> None:
    shown = assistant.ask("Vad säger Vara om ekonomin?")
    when = assistant.ask("när beslutades det?", shown.conversation)
    assert when.conversation.sections == shown.conversation.sections == ("vara/ekonomi",)
    rest = assistant.ask("mer", when.conversation)
    assert sections(rest) == ["vara/ekonomi"]


def test_without_a_municipality_it_is_asked_for(assistant: Assistant) -> None:
    answer = assistant.ask("vilka mål gällde 2021?")
    assert answer.kind == "clarify"
    assert sections(assistant.ask_again(answer.conversation, "vara")) == ["vara/overgripande"]
    known = assistant.ask("vilka mål gällde 2021?", Conversation(municipality="vara"))
    assert known.kind == "answer"


def test_of_two_that_were_shown_both_are_said(assistant: Assistant) -> None:
    shown = assistant.ask("Vilka mål har Vara och Värnamo?")
    answer = assistant.ask("vem beslutade dem?", shown.conversation)
    assert DECIDED in answer.message
    undecided = load_texts("sv")("fact.undecided", what="målen i Värnamo kommun")
    assert undecided in answer.message
    assert {section.partition("/")[0] for section in sections(answer)} == {"vara", "varnamo"}
