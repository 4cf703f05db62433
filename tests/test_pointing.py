"""Goals and choices that a message points at by their number."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Answer, Conversation
from bot.assistant import Assistant
from bot.pointing import Pointing

GOALS = ("stark", "attraktiv", "gron", "trygg")


def pointing(assistant: Assistant, message: str) -> Pointing | None:
    return assistant._reader.read(message).pointing


@pytest.mark.parametrize(
    ("message", "numbers"),
    [
        ("den tredje", (3,)),
        ("the last…", (-1,)),
        ("Det där tredje, vad går det ut på?", (3,)),
        ("okej å den sista där, va går den ut på", (-1,)),
        ("Berätta om det andra i uppräkningen.", (2,)),
        ("mm. tillbaka till det första på listan", (1,)),
        ("nummer två, förklara", (2,)),
        ("nr 2", (2,)),
        ("4:an", (4,)),
        ("2 och 4", (2, 4)),
        ("försat o andra tack", (1, 2)),
        ("de två sista, vad står det i dom", (-2, -1)),
        ("de 2 sista", (-2, -1)),
        ("den näst sista av dem", (-2,)),
        ("Go to the last one.", (-1,)),
        ("last two please", (-2, -1)),
        ("the first and the third", (1, 3)),
        ("not the first, the second one", (2,)),
        ("no wait, go back, number two on the list I meant", (2,)),
        ("Kan du gå in lite närmare på den tredje?", (3,)),
        ("going back to the goals, what's number two about?", (2,)),
        ("mål 12", (12,)),
        ("mål 0", (0,)),
    ],
)
def test_places_in_a_list(assistant: Assistant, message: str, numbers: Sequence[int]) -> None:
    found = pointing(assistant, message)
    assert found is not None
    assert found.numbers == tuple(numbers)


@pytest.mark.parametrize(
    "message",
    [
        "jag är 81, räknas såna som jag?",
        "vi har 2 barn i skolan",
        "finns det andra mål?",
        "och de andra?",
        "den andra kommunen",
        "vad är det första ni gör när någon ringer?",
        "för det första vill jag veta hur det går för skolan",
        "första frågan: hur är miljön",
        "the last year was hard",
        "it is the first time I hear of it",
        "vad menas med sista meningen?",
        "what is on the second floor of the library?",
        "var har du läst det",
        "Tack, då förstår jag, hur gör man",
        "our first three customers came from here",
        "who goes first, the cars or the bicycles?",
        "Staten skjuter över den ena uppgiften efter den andra på kommunerna, och de gamla blir fler. "
        "Vem ska betala för det?",
        "100",
        "",
    ],
)
def test_what_is_no_place_in_a_list(assistant: Assistant, message: str) -> None:
    assert pointing(assistant, message) is None


@pytest.mark.parametrize(
    ("message", "asks", "language"),
    [
        ("den tredje", False, "sv"),
        ("den tredje, gäller den företag?", True, "sv"),
        ("gäller det andra målet även företag?", True, "sv"),
        ("the third one, what does it mean?", False, "en"),
        ("2", False, None),
    ],
)
def test_what_is_asked_of_them_and_in_which_language(
    assistant: Assistant, message: str, asks: bool, language: str | None
) -> None:
    found = pointing(assistant, message)
    assert found is not None
    assert (found.asks, found.language) == (asks, language)


@given(st.text() | st.text(st.sampled_from("den första2. och4:a ")))
def test_any_text_is_read(assistant: Assistant, message: str) -> None:
    found = pointing(assistant, message)
    assert found is None or found.numbers


def talk(assistant: Assistant, *messages: str) -> Answer:
    conversation = Conversation(municipality="varnamo")
    for message in messages:
        answer = assistant.ask(message, conversation)
        conversation = answer.conversation
    return answer


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (("vilka mål har kommunen?", "de två sista"), GOALS[2:]),
        (("vilka mål har kommunen?", "första och andra"), GOALS[:2]),
        (("vilka mål har kommunen?", "the last one", "now the one just before that"), GOALS[2:3]),
        (("vilka mål har kommunen?", "nummer fyra", "tillbaka till det första på listan"), GOALS[:1]),
        (("vilka mål har kommunen?", "mål 7"), ()),
        (("vilka mål har kommunen?", "den fjärde och sista"), GOALS[3:]),
    ],
)
def test_the_goals_of_those_numbers(
    assistant: Assistant, messages: Sequence[str], expected: Sequence[str]
) -> None:
    answer = talk(assistant, *messages)
    assert [part.section for part in answer.parts] == [f"varnamo/{goal}" for goal in expected]
    assert all(part.whole for part in answer.parts)


def test_in_a_story_the_question_may_point(assistant: Assistant) -> None:
    story = (
        "Jag har läst målen två gånger nu och tänkt på dem hela kvällen, för det är inte lätt att förstå allt"
    )
    for question in ("vad betyder det tredje målet", "och den tredje, vad betyder den"):
        found = pointing(assistant, f"{story}. {question}?")
        assert found is not None
        assert found.numbers == (3,)


@pytest.mark.parametrize(
    ("first", "message", "expected"),
    [
        ("Vilka framgångsfaktorer har Vara?", "den femte?", ["Digitalisering"]),
        ("Vilka framgångsfaktorer har Vara?", "de två sista", ["Innovation", "Utbildning."]),
        ("what are Vara's success factors?", "the first one", ["Folkhälsa"]),
    ],
)
def test_the_lines_of_a_list_that_was_shown(
    assistant: Assistant, first: str, message: str, expected: Sequence[str]
) -> None:
    answer = talk(assistant, first, message)
    (part,) = answer.parts
    assert part.section == "vara/framgangsfaktorer"
    assert [sentence.original or sentence.text for sentence in part.sentences] == expected


def test_beyond_a_list_goals_are_counted_and_what_is_asked_of_a_line_is_a_question(
    assistant: Assistant,
) -> None:
    factors = "Vilka framgångsfaktorer har Vara?"
    assert talk(assistant, factors, "den sjunde").parts[0].section == "vara/framgangsfaktorer"
    assert talk(assistant, factors, "den åttonde").reason == "unclear"
    assert [part.section for part in talk(assistant, factors, "det andra målet").parts] == ["vara/kvalitet"]
    assert talk(assistant, factors, "den fjärde, hur många kronor får den?").reason == "not_in_sources"


def test_what_is_asked_of_one_of_them_comes_with_it(assistant: Assistant) -> None:
    answer = talk(assistant, "vilka mål har kommunen?", "gäller det tredje målet även företag?")
    assert [part.section for part in answer.parts] == ["varnamo/gron"]
    assert any("företag" in quote for quote in answer.quotes)
