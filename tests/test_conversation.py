"""Conversations of several turns, in both languages, through `Assistant.ask`."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.answer import Answer, Conversation
from bot.assemble import load_texts as load_goals
from bot.assistant import Assistant
from bot.library import Library
from bot.settings import Settings
from bot.texts import load_texts

GREEN = "Vad betyder målet om en grön kommun?"
GREEN_ENGLISH = "what does the green municipality goal mean?"
LONG = "Hur arbetar Värnamo med målen?"


def talk(assistant: Assistant, *messages: str) -> list[Answer]:
    """The answers, one a message; the conversation goes through JSON between them, as in the channels."""
    answers: list[Answer] = []
    conversation = None
    for message in messages:
        answer = assistant.ask(message, conversation)
        answers.append(answer)
        conversation = Conversation.from_json(json.loads(json.dumps(answer.conversation.as_json())))
    return answers


def said(answer: Answer, key: str, /, **values: object) -> str:
    return load_texts(answer.language)(key, **values)


def sections(answer: Answer) -> list[str]:
    return [part.section for part in answer.parts]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        # Ordinals, in a municipality's own list.
        (("Vilka mål har Värnamo?", "den tredje"), "varnamo/gron"),
        (("Vilka mål har Värnamo?", "och den sista?"), "varnamo/trygg"),
        (("Vilka mål har Värnamo?", "nummer 2"), "varnamo/attraktiv"),
        (("Vilka mål har Värnamo?", "2"), "varnamo/attraktiv"),
        (("Vilka mål har Värnamo?", "berätta om den andra"), "varnamo/attraktiv"),
        (("Vilka mål har Värnamo?", "vad betyder det första målet?"), "varnamo/stark"),
        (("what are Vara's goals?", "the last one"), "vara/ekonomi"),
        (("what are Vara's goals?", "tell me more about number three"), "vara/arbetsplats"),
        (("what are Vara's goals?", "what does the second goal say?"), "vara/kvalitet"),
        (("det första målet i Vara",), "vara/attraktivt"),
        (("mål 3 i Värnamo",), "varnamo/gron"),
        (("vad är det tredje målet?", "Värnamo"), "varnamo/gron"),
        ((GREEN, "den fjärde då?"), "varnamo/trygg"),
        (("Vilka mål har Värnamo?", "vilka är de andra målen?"), "varnamo/overgripande"),
        # What is left out is taken from before; a new subject is not.
        (("Vad säger Vara om tryggheten?", "och ekonomin?"), "vara/ekonomi"),
        (("Vad säger Värnamo om näringslivet?", "och trygghet då?"), "varnamo/trygg"),
        (("What does Värnamo say about safety?", "what about the environment?"), "varnamo/gron"),
        ((GREEN, "Vad vill Vara med hållbar ekonomi?"), "vara/ekonomi"),
        ((GREEN, "och i Vara?", "och ekonomin?"), "vara/ekonomi"),
        ((GREEN, "och i Vara?", "och i Värnamo?"), "varnamo/gron"),
        (("Vad säger Vara om ekonomin?", "samma för Värnamo"), "varnamo/stark"),
        (("What does Vara say about the economy?", "and in Värnamo?"), "varnamo/stark"),
        (("vad gör ni för ekonomin?", "den första"), "vara/ekonomi"),
        (("vad gör ni för ekonomin?", "Värnamo"), "varnamo/stark"),
        # Without words of its own a question is about what was shown.
        ((GREEN, "hur ska det gå till?"), "varnamo/gron"),
        ((GREEN, "gäller det alla?"), "varnamo/gron"),
        ((GREEN, "vad gör kommunen?"), "varnamo/gron"),
        ((GREEN_ENGLISH, "how will that happen?"), "varnamo/gron"),
        (("Vilka mål har Vara?", "hur länge gäller de?", "och den andra?"), "vara/kvalitet"),
        (("Vad är Värnamos vision?", "vad stod det innan?"), "varnamo/vision"),
        (("Vad är Värnamos vision?", "när ändrades den?"), "varnamo/vision"),
        (("Vad är Värnamos vision?", "vad togs bort?"), "varnamo/vision"),
        (("Vilka mål har Värnamo?", "vilken är viktigast?"), "varnamo/overgripande"),
        (("What does Värnamo say about the economy?", "tell me more about Vara"), "vara/ekonomi"),
        (("What is the vision of Värnamo?", "what did it say before?"), "varnamo/vision"),
        ((GREEN, "gäller det företag också?"), "varnamo/gron"),
        ((GREEN_ENGLISH, "also for pensioners?"), "varnamo/gron"),
        ((GREEN, "och ekonomin?"), "varnamo/stark"),
        (("Vilka mål har Värnamo?", "3:e målet"), "varnamo/gron"),
        (("Vilka mål har Värnamo?", "4:an"), "varnamo/trygg"),
        (("what are Vara's goals?", "the 3rd"), "vara/arbetsplats"),
        (("vad gör ni för ekonomin?", "nej, Vara"), "vara/ekonomi"),
        (("what do you do for the economy?", "no, in Värnamo"), "varnamo/stark"),
        # The goal beside it in the list, and the same of the other municipality.
        (("Vilka mål har Vara?", "den andra", "och det före?"), "vara/attraktivt"),
        (("What is the second goal in Värnamo?", "and the one after that?"), "varnamo/gron"),
        (("Vad säger Vara om ekonomin?", "och i den andra kommunen?"), "varnamo/stark"),
        (("What does Värnamo say about the economy?", "and the other municipality?"), "vara/ekonomi"),
        (("Vad säger Vara om tryggheten?", "den andra kommunen då", "och miljön?"), "varnamo/gron"),
        (("Vad säger Värnamo om ekonomin?", "Förlåt, jag menade Vara"), "vara/ekonomi"),
        (("Vad säger Värnamo om ekonomin?", "samma sak för vara tack"), "vara/ekonomi"),
        (("What does Värnamo say about the economy?", "same thing for vara plz"), "vara/ekonomi"),
        # Back to what was shown, and what is described among several.
        (
            ("Vad är Värnamos vision?", "Vad säger ni om klimatet?", "tillbaka till den första"),
            "varnamo/vision",
        ),
        (("Vad är Värnamos vision?", GREEN, "back to the first one, who said that"), "varnamo/vision"),
        (("Vad säger Värnamo om ekonomin?", GREEN, "tillbaka till det om ekonomin"), "varnamo/stark"),
        (
            ("Name Vara's goals.", "And its success factors?", "back to the goals, what's number two about?"),
            "vara/kvalitet",
        ),
        (
            (
                "Vad säger Vara om ekonomin?",
                "Vad betyder gröna målet i Värnamo?",
                "tillbaka till det om ekonomin",
            ),
            "vara/ekonomi",
        ),
        (
            (
                "Vad säger ni om klimatet i Värnamo?",
                "vilka mål har kommunen?",
                "gå tillbaka till det första målet",
            ),
            "varnamo/stark",
        ),
        (
            (
                "Vad är Värnamos vision?",
                "Vad säger ni om klimatet?",
                "och ekonomin?",
                "gå tillbaka till förra svaret",
                "gå tillbaka till förra svaret",
            ),
            "varnamo/vision",
        ),
        (("Vilka mål har Värnamo?", "den som handlar om pengar"), "varnamo/stark"),
        (("what are Vara's goals?", "the one about staff"), "vara/arbetsplats"),
        # What names another municipality asks the same of it, however it is put.
        (("Vad säger Vara om personalen?", "hur är det i Värnamo med den saken då?"), "varnamo/arbete"),
        (("What does Värnamo say about the economy?", "how about it in Vara then?"), "vara/ekonomi"),
        # Thanks, or what is left, may come before a question.
        (("Vad säger Värnamo om näringslivet?", "fina ord, men är alla välkomna?"), "varnamo/trygg"),
        ((GREEN, "Tack. Nu till något helt annat: hur är det med ekonomin?"), "varnamo/stark"),
        (("Hej, jag har en värnamobo i luren", "vad säger ni om miljön?"), "varnamo/gron"),
        # The goals as a whole, and who holds a post, by the words alone.
        (("vara alla mål",), "vara/overgripande"),
        (("räkna upp samtliga mål i vrnamo kommun",), "varnamo/overgripande"),
        (("list every overall goal of Vara, just the headlines",), "vara/overgripande"),
        (("kommunstyrelsens ordförande i Värnamo, vad heter hen",), "varnamo/vision"),
        (("Who is chair of the municipal executive board?",), "varnamo/vision"),
    ],
)
def test_where_a_conversation_leads(assistant: Assistant, messages: tuple[str, ...], expected: str) -> None:
    last = talk(assistant, *messages)[-1]
    assert last.kind == "answer"
    assert sections(last) == [expected]


def test_the_goals_stand_in_the_file_in_the_order_of_their_overview(library: Library) -> None:
    listed = [line.texts["sv"] for line in library.sections["vara/overgripande"].lines if line.item]
    goals = [one for one in library.sections.values() if one.kind == "goal"]
    assert [goal.titles["sv"] for goal in goals if goal.municipality == "vara"] == listed
    said = " ".join(line.texts["sv"] for line in library.sections["varnamo/overgripande"].lines)
    names = [goal.titles["sv"].split()[1] for goal in goals if goal.municipality == "varnamo"]
    assert names == sorted(names, key=lambda name: said.index(f"en {name}"))


@pytest.mark.parametrize("message", ["det sjunde målet", "mål 5", "mål 0"])
def test_a_number_that_no_goal_has(assistant: Assistant, message: str) -> None:
    last = talk(assistant, "Vilka mål har Värnamo?", message)[-1]
    assert last.kind == "no_answer"
    assert "4" in last.message
    assert [one.section for one in last.suggestions] == [
        f"varnamo/{slug}" for slug in ("stark", "attraktiv", "gron", "trygg")
    ]


@pytest.mark.parametrize(
    ("first", "more"), [(LONG, "berätta mer"), ("How does Värnamo work with the goals?", "go on")]
)
def test_more_is_what_was_not_shown_and_never_the_same_again(
    assistant: Assistant, first: str, more: str
) -> None:
    shown, rest, nothing, again = talk(assistant, first, more, more, more)
    assert sections(shown) == sections(rest)
    whole = assistant.section(sections(shown)[0]).sentences
    assert not set(shown.quotes) & set(rest.quotes)
    assert {*shown.quotes, *rest.quotes} == {sentence.text for sentence in whole}
    assert any(sentence.gap for sentence in rest.parts[0].sentences) or rest.parts[0].gap
    for answer in (nothing, again):
        assert answer.message == said(
            answer, "follow.all_shown", titles=said(answer, "quoted", title=shown.parts[0].title)
        )
        assert sections(answer) == sections(shown)
        assert (answer.quotes, answer.parts[0].gap) == ((), False)
        assert answer.citations == shown.citations
        assert answer.suggestions
        assert {one.section for one in answer.suggestions} & {"varnamo/stark", "varnamo/gron"}


@pytest.mark.parametrize("message", ["källa?", "var står det?", "länk", "länk tack", "kan jag få länkken?"])
def test_the_source_is_a_link_and_not_the_whole_text(assistant: Assistant, message: str) -> None:
    first, source = talk(assistant, LONG, message)
    assert sections(source) == sections(first)
    assert len(source.quotes) == 1
    (citation,) = source.citations
    assert citation.url in source.text
    assert citation.document in source.message
    # What was shown is still what "more" goes on from.
    assert source.conversation.shown == first.conversation.shown


def test_the_source_says_who_decided(assistant: Assistant) -> None:
    source = talk(assistant, "What does Vara say about the economy?", "where does it say that?")[-1]
    assert source.language == "en"
    assert "Decided by Kommunfullmäktige on 17 June 2019." in source.message


@pytest.mark.parametrize(
    ("first", "message", "said"),
    [
        ("Vad är Värnamos vision?", "vem säger det?", "Tobias Pettersson, kommunstyrelsens ordförande"),
        (
            "What is Värnamo's vision?",
            "who said that?",
            "Tobias Pettersson, chair of the municipal executive",
        ),
        ("Vad säger Vara om ekonomin?", "vem sa det?", "Kommunfullmäktige"),
        ("Vad betyder gröna målet?", "vem har sagt så?", "ingen person är angiven"),
    ],
)
def test_whose_words_they_are(assistant: Assistant, first: str, message: str, said: str) -> None:
    shown, who = talk(assistant, first, message)
    assert said in who.message
    assert sections(who) == sections(shown)
    assert set(who.quotes) <= set(shown.quotes)


@pytest.mark.parametrize(
    ("first", "message"),
    [
        (GREEN, "jag förstår inte"),
        (GREEN, "det är för svårt"),
        (GREEN, "kan du förklara enklare?"),
        (GREEN_ENGLISH, "I don't understand"),
        (GREEN_ENGLISH, "explain it more simply please"),
    ],
)
def test_it_says_that_it_only_quotes_and_shows_the_heart(
    assistant: Assistant, first: str, message: str
) -> None:
    shown, simpler = talk(assistant, first, message)
    assert sections(simpler) == ["varnamo/gron"]
    assert len(simpler.quotes) == 1
    assert simpler.parts[0].lead
    assert simpler.contact is not None
    assert simpler.message == load_texts(shown.language)("follow.simpler")


@pytest.mark.parametrize(
    "message", ["jag förstår inte", "källa?", "vem sa det?", "varför?", "mer", "I don't get it"]
)
def test_there_is_nothing_to_say_of_nothing(assistant: Assistant, message: str) -> None:
    answer = assistant.ask(message)
    assert (answer.kind, answer.reason) == ("no_answer", "unclear")
    assert "vara/kontakt" not in sections(answer)


@pytest.mark.parametrize(
    ("first", "message", "language"),
    [
        (GREEN, "in English please", "en"),
        (GREEN, "och på engelska?", "en"),
        (GREEN_ENGLISH, "på svenska", "sv"),
        (LONG, "can I have that in English?", "en"),
    ],
)
def test_the_same_answer_in_the_other_language(
    assistant: Assistant, first: str, message: str, language: str
) -> None:
    shown, other = talk(assistant, first, message)
    assert other.language == language != shown.language
    assert other.quotes == shown.quotes
    assert other.conversation.chosen_language == language
    assert all(bool(one.original) == (language == "en") for one in other.parts[0].sentences)


def test_a_language_is_chosen_before_anything_is_asked(assistant: Assistant) -> None:
    chosen, then = talk(assistant, "in English please", GREEN)
    assert (chosen.kind, chosen.language) == ("smalltalk", "en")
    assert then.language == "en"


def offering(assistant: Assistant, *offered: str) -> Conversation:
    """A conversation in which these sections have just been offered."""
    return Conversation(municipality="varnamo", question="miljön", language="sv", offered=offered)


@pytest.mark.parametrize("message", ["ja", "Ja tack!", "precis", "ok", "yes", "den första", "1"])
def test_yes_shows_what_was_offered(assistant: Assistant, message: str) -> None:
    answer = assistant.ask(message, offering(assistant, "varnamo/gron"))
    assert sections(answer) == ["varnamo/gron"]
    assert answer.conversation.offered == ()


@pytest.mark.parametrize(
    "message", ["nej", "Nej, det var inte det jag frågade", "that's not what I asked", "no"]
)
def test_no_asks_to_put_it_otherwise(assistant: Assistant, message: str) -> None:
    answer = assistant.ask(message, offering(assistant, "varnamo/gron"))
    assert (answer.kind, answer.reason) == ("no_answer", "rephrase")
    assert answer.contact is not None
    assert answer.conversation.offered == ()


def test_yes_to_two_asks_which(assistant: Assistant) -> None:
    asked = offering(assistant, "varnamo/gron", "varnamo/trygg")
    again = assistant.ask("ja", asked)
    assert again.kind == "clarify"
    assert [choice.section for choice in again.choices] == ["varnamo/gron", "varnamo/trygg"]
    assert sections(assistant.ask("den andra", again.conversation)) == ["varnamo/trygg"]
    # A question of its own is no answer to that.
    assert sections(assistant.ask("Vilka mål har Vara?", asked)) == ["vara/overgripande"]


def test_a_pressed_choice_shows_the_sentences_for_the_question(assistant: Assistant) -> None:
    conversation = replace(offering(assistant, "varnamo/arbete"), question="måste bolagen följa målen?")
    pressed = assistant.show("varnamo/arbete", conversation)
    assert not pressed.parts[0].whole
    assert any("bolag" in quote for quote in pressed.quotes)
    # What was not offered, or is asked for once more, is wanted whole.
    assert assistant.show("varnamo/arbete", pressed.conversation).parts[0].whole


def test_between_answer_and_decline_sections_are_offered(assistant: Assistant) -> None:
    sure = assistant._confidence
    asked = assistant.ask("Vad säger Värnamo om miljön?")
    assert asked.kind == "answer"
    assert asked.confidence is not None
    unsure = replace(sure, threshold=1.0, hint=asked.confidence - 0.01)
    decider = replace(assistant._dialogue.decider, confidence=unsure)
    dialogue = replace(assistant._dialogue, decider=decider)
    understood = assistant._reader.read("Vad säger Värnamo om miljön?")
    answer = dialogue.turn(understood, assistant._replies(Conversation(), understood), Conversation())
    assert answer.kind == "clarify"
    assert [choice.section for choice in answer.choices][0] == "varnamo/gron"
    assert len(answer.choices) <= 2
    assert all(choice.municipality is None for choice in answer.choices)
    assert answer.contact is not None
    assert answer.choices[0].label == "En grön kommun"
    assert answer.conversation.offered == tuple(choice.section for choice in answer.choices)


@pytest.mark.parametrize("message", ["ja", "nej", "hos er då"])
def test_words_that_answer_nothing(assistant: Assistant, message: str) -> None:
    assert assistant.ask(message).kind == "no_answer"


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (("skillnad mellan Värnamo och Vara om miljö",), ["varnamo/gron", "vara/kvalitet"]),
        (("jämför Värnamo och Vara om ekonomi",), ["varnamo/stark", "vara/ekonomi"]),
        (("Vad säger Värnamo om ekonomin?", "jämför med Vara"), ["varnamo/stark", "vara/ekonomi"]),
        (
            ("What does Vara say about the economy?", "compare with Värnamo"),
            ["vara/ekonomi", "varnamo/stark"],
        ),
        (("vilken kommun är bäst på ekonomi?",), ["vara/ekonomi", "varnamo/stark"]),
        (("which municipality is best at the economy?",), ["vara/ekonomi", "varnamo/stark"]),
        (("vad gör ni för ekonomin?", "båda"), ["vara/ekonomi", "varnamo/stark"]),
        (("vad gör ni för ekonomin?", "båda", "jämför dem"), ["vara/ekonomi", "varnamo/stark"]),
        (("Vad säger Värnamo om ekonomin?", "och Vara då?", "jämför"), ["vara/ekonomi", "varnamo/stark"]),
        (("Vad säger Värnamo om ekonomin?", "skillnad mot vara?"), ["varnamo/stark", "vara/ekonomi"]),
        (("jämför Värnamo och Vara om miljö", "och ekonomin?"), ["vara/ekonomi", "varnamo/stark"]),
        (("compare Värnamo and Vara on jobs", "and the economy?"), ["vara/ekonomi", "varnamo/stark"]),
        (("jämför målen",), ["vara/overgripande", "varnamo/overgripande"]),
    ],
)
def test_municipalities_stand_side_by_side(
    assistant: Assistant, messages: tuple[str, ...], expected: list[str]
) -> None:
    last = talk(assistant, *messages)[-1]
    assert sections(last) == expected
    judged = "bäst" in messages[0] or "best" in messages[0]
    assert (load_texts(last.language)("compare.no_judge") in last.message) == judged


@pytest.mark.parametrize(
    "messages",
    [
        ("vilken kommun är tryggast?",),
        ("which municipality is safer",),
        ("vilken av kommunerna har flest mål?",),
        ("Vad säger Värnamo om ekonomin?", "är det bättre i Vara?"),
        ("Vad säger Värnamo om ekonomin?", "och Vara då?", "vilken gör mest?"),
    ],
)
def test_it_does_not_judge_which_is_more(assistant: Assistant, messages: tuple[str, ...]) -> None:
    last = talk(assistant, *messages)[-1]
    assert {part.split("/")[0] for part in sections(last)} == {"vara", "varnamo"}
    assert load_texts(last.language)("compare.no_judge") in last.message


@pytest.mark.parametrize("message", ["4:an", "det 4:e"])
def test_a_number_does_not_change_the_language(assistant: Assistant, message: str) -> None:
    assert talk(assistant, "Vilka mål har Värnamo?", message)[-1].language == "sv"


def test_after_the_paragraph_next_year_is_when_it_applies(assistant: Assistant) -> None:
    asked = ("who decided the goals of Värnamo?", "which paragraph?", "and next year?")
    last = talk(assistant, *asked)[-1]
    assert "1 January 2024" in last.message
    assert "decided" not in last.message


@pytest.mark.parametrize(
    ("here", "question", "expected"),
    [
        ("varnamo", "Är Vara bättre än ni på miljö?", ["varnamo/gron", "vara/kvalitet"]),
        ("vara", "Är ekonomin viktigare här eller i Värnamo?", ["vara/ekonomi", "varnamo/stark"]),
        ("varnamo", "Unlike Vara, what do you do for the economy?", ["varnamo/stark", "vara/ekonomi"]),
        ("varnamo", "Vad säger ni om ekonomin i Vara?", ["vara/ekonomi"]),
        (
            None,
            "Jag bor i Vara, jobbar i Värnamo. Båda kommunerna om ekonomi?",
            ["vara/ekonomi", "varnamo/stark"],
        ),
    ],
)
def test_one_that_is_named_beside_ones_own(
    assistant: Assistant, here: str | None, question: str, expected: list[str]
) -> None:
    answer = assistant.ask(question, Conversation(municipality=here))
    assert sections(answer) == expected
    if len(expected) > 1:
        assert answer.conversation.municipality == here


def test_a_goal_is_set_against_its_like_and_no_name_is_made_up_for_it(assistant: Assistant) -> None:
    answer = assistant.ask("Värnamos gröna mål mot Varas motsvarighet")
    assert sections(answer)[0] == "varnamo/gron"
    assert sections(answer)[1] in ("vara/kvalitet", "vara/attraktivt")
    assert load_texts("sv")("compare.no_such_goal", name="Vara kommun") in answer.message


@pytest.mark.parametrize("question", ["Vem är ordförande i byggnadsnämnden i Värnamo?", "vem är chef?"])
def test_a_post_that_nobody_is_quoted_by(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).reason == "not_in_sources"


@pytest.mark.parametrize(
    ("question", "speaking"),
    [
        ("Vad säger Vara och Värnamo om besökare?", "vara/kvalitet"),
        ("hur ser Vara respektive Värnamo på upphandling", "vara/ekonomi"),
    ],
)
def test_of_a_side_that_says_nothing_by_itself_what_is_nearest_is_shown_as_that(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, question: str, speaking: str
) -> None:
    answer = assistant.ask(question)
    assert speaking in sections(answer)
    assert {one.partition("/")[0] for one in sections(answer)} == {"vara", "varnamo"}
    assert said(answer, "compare.nearest", name="Värnamo kommun") in answer.message
    monkeypatch.setattr("bot.deciding.Decider._with_counterparts", lambda _, likely, named: likely)
    silent = assistant.ask(question)
    assert sections(silent) == [speaking]
    assert said(silent, "compare.silent", name="Värnamo kommun") in silent.message


@pytest.mark.parametrize(
    ("first", "message", "expected"),
    [
        ("Vilka mål har Vara?", "jämför den andra med Värnamo", "vara/kvalitet"),
        ("what are Värnamo's goals?", "compare the second one with what Vara says", "varnamo/attraktiv"),
    ],
)
def test_a_goal_in_a_list_is_compared_with_what_is_nearest_to_it(
    assistant: Assistant, first: str, message: str, expected: str
) -> None:
    compared = talk(assistant, first, message)[-1]
    assert expected in sections(compared)
    assert {one.partition("/")[0] for one in sections(compared)} == {"vara", "varnamo"}
    there = "Värnamo kommun" if expected.startswith("vara") else "Vara kommun"
    assert said(compared, "compare.no_such_goal", name=there) in compared.message


def test_a_goal_that_one_lacks_leads_to_what_it_says_of_the_subject(assistant: Assistant) -> None:
    green, there, economy = talk(assistant, "Vad betyder gröna målet?", "och i Vara?", "och ekonomin?")
    assert sections(green) == ["varnamo/gron"]
    assert there.message.startswith(said(there, "compare.no_such_goal", name="Vara kommun"))
    assert set(sections(there)) <= {"vara/kvalitet", "vara/attraktivt", "vara/ekonomi"}
    near = [*sections(there), *(one.section for one in there.suggestions)]
    assert near
    assert all(section.startswith("vara/") for section in near)
    assert sections(economy) == ["vara/ekonomi"]


def test_every_quote_is_a_span_of_its_section(assistant: Assistant, library: Library) -> None:
    """In order, and where nothing is marked as left out nothing is."""
    quoted = 0
    questions = [
        GREEN,
        GREEN_ENGLISH,
        LONG,
        "Vad säger Vara om ekonomin?",
        "vem sa det?",
        "mer",
        "källa",
        "in English",
    ]
    for answer in talk(assistant, *questions):
        for part in answer.parts:
            lines = [line.texts["sv"] for line in library.sections[part.section].lines]
            at = -1
            for sentence in part.sentences:
                place = lines.index(sentence.original or sentence.text, at + 1)
                assert sentence.gap == (place > at + 1)
                at = place
                quoted += 1
            assert part.gap == (at + 1 < len(lines))
            assert part.whole == (len(part.sentences) == len(lines))
    assert quoted > 20


DEVELOPMENT = Path(__file__).parent / "quality" / "dev.yaml"


def test_every_quote_of_every_answer_stands_in_its_file_letter_for_letter(assistant: Assistant) -> None:
    loaded = load_goals(Settings())
    files = {one.id: one.path.read_text("utf-8") for one in loaded.municipalities if one.path}
    items = yaml.load(DEVELOPMENT.read_text("utf-8"), yaml.CSafeLoader)
    questions = [item["question"] for item in items if "question" in item]
    quoted = translated = 0
    for number, question in enumerate(questions):
        language = ("sv", "en")[number % 2]
        answer = assistant.ask(question, Conversation(chosen_language=language))
        for part in answer.parts:
            text, end = loaded.section(part.section).text, 0
            for sentence in part.sentences:
                quote = sentence.text if sentence.original is None else sentence.original
                # A span of the section in reading order, that begins and ends where a sentence does.
                at = text.index(quote, end)
                assert text[at - 1 : at] in ("", " ", "\n")
                end = at + len(quote)
                assert text[end : end + 1] in ("", " ", "\n")
                assert quote in files[part.section.partition("/")[0]]
                assert (sentence.original is not None) == (language == "en")
                quoted += 1
                translated += sentence.original is not None
    assert len(questions) > 150
    assert quoted > 200
    assert translated > 100
