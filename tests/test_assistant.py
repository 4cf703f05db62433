import datetime as dt
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import pytest
from conftest import TODAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answer import Answer, Conversation, State
from bot.assemble import assemble
from bot.assemble import load_texts as load_goals
from bot.assistant import Assistant, Filters
from bot.question import MAX_LENGTH
from bot.settings import Settings
from bot.texts import load_texts
from knowledge import GOALS_DIRECTORY

FORMER_GOALS = "Arbetet med att ta fram förslag på nya mål"
SOURCES = "\n".join(path.read_text("utf-8") for path in sorted(GOALS_DIRECTORY.glob("*.yaml")))

UNOFFICIAL = "Translation: Målvakt, unofficial. The original text in Swedish is the one that applies."


def talk(assistant: Assistant, *questions: str, conversation: Conversation | None = None) -> Answer:
    """The answer to the last of several questions in one conversation."""
    for question in questions:
        answer = assistant.ask(question, conversation)
        conversation = answer.conversation
    return answer


def said(answer: Answer, key: str, /, **values: object) -> str:
    return load_texts(answer.language)(key, **values)


def sections(answer: Answer) -> list[str]:
    return [part.section for part in answer.parts]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Vad betyder målet om en grön kommun?", "sv"),
        ("what does the green municipality goal mean?", "en"),
    ],
)
def test_the_green_goal_of_the_only_municipality_that_has_one(
    assistant: Assistant, question: str, language: str
) -> None:
    answer = assistant.ask(question)
    assert answer.kind == "answer"
    assert answer.language == language
    assert sections(answer) == ["varnamo/gron"]
    assert answer.municipalities == ("varnamo",)
    assert answer.message == load_texts(language)("whose", name="Värnamo kommun")
    (citation,) = answer.citations
    assert citation.section == "varnamo/gron"
    assert citation.url.startswith("https://kommun.varnamo.se/")
    assert "2024" in (citation.valid or "")
    assert (
        "Genom samverkan skapas en grönare kommun med hög livskvalitet och låg miljöpåverkan."
        in answer.quotes
    )
    assert answer.confidence is not None
    assert 0.5 <= answer.confidence <= 1
    assert answer.conversation.municipality == "varnamo"
    assert answer.conversation.sections == ("varnamo/gron",)


def test_a_named_municipality_is_not_said_again(assistant: Assistant) -> None:
    answer = assistant.ask("Vad betyder målet om en grön kommun i Värnamo?")
    assert sections(answer) == ["varnamo/gron"]
    assert answer.message == ""


@pytest.mark.parametrize(
    ("question", "reply", "language"),
    [
        ("Vilka mål har kommunen?", "Vara", "sv"),
        ("Vilka mål har kommunen?", "i Vara", "sv"),
        ("Vilka mål har kommunen?", "Vara kommun tack", "sv"),
        ("Vilka mål har kommunen?", "Jag menar Vara kommun", "sv"),
        ("Vilka mål har kommunen?", "jag bor i Vara", "sv"),
        ("how many goals are there?", "Vara", "en"),
        ("how many goals are there?", "in Vara", "en"),
    ],
)
def test_asks_which_municipality_and_takes_the_reply(
    assistant: Assistant, question: str, reply: str, language: str
) -> None:
    asked = assistant.ask(question)
    assert asked.kind == "clarify"
    assert asked.language == language
    assert [choice.municipality for choice in asked.choices] == ["vara", "varnamo"]
    assert all(choice.label in asked.text for choice in asked.choices)
    assert asked.parts == ()
    answer = assistant.ask(reply, asked.conversation)
    assert answer.kind == "answer"
    assert answer.language == language
    assert sections(answer) == ["vara/overgripande"]
    # From now on the conversation knows.
    again = assistant.ask(question, answer.conversation)
    assert sections(again) == ["vara/overgripande"]


def test_the_deployments_municipality_is_not_asked_for(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir, default_municipality="varnamo")
    answer = assemble(settings, clock=lambda: TODAY).ask("Vilka mål har kommunen?")
    assert sections(answer) == ["varnamo/overgripande"]
    other = assemble(settings, clock=lambda: TODAY).ask("Vilka mål har Vara?")
    assert sections(other) == ["vara/overgripande"]


def test_with_one_municipality_loaded_nobody_is_asked_which(
    assistant: Assistant, data_dir: Path, tmp_path: Path
) -> None:
    goals = tmp_path / "goals"
    goals.mkdir()
    shutil.copy(GOALS_DIRECTORY / "vara.yaml", goals)
    # So that nothing is encoded again.
    shutil.copy(data_dir / "vectors.npz", tmp_path)
    alone = assemble(Settings(data_dir=tmp_path, knowledge_dirs=(goals,)), clock=lambda: TODAY)
    for question in ("Vilka mål har kommunen?", "how many goals are there?", "är ekonomin hållbar?"):
        answer = alone.ask(question)
        assert answer.kind == "answer", question
        assert answer.municipalities == ("vara",)
    assert alone.ask("Vilka mål har Värnamo?").reason == "other_municipality"
    assert [one.id for one in alone.goals()] == ["vara"]


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("Vilka mål har Vara?", "vara/overgripande"),
        ("vilka mål har vara?", "vara/overgripande"),
        ("VILKA MÅL HAR VARA?", "vara/overgripande"),
        ("Hur många mål har Värnamo?", "varnamo/overgripande"),
        ("what are Vara's goals?", "vara/overgripande"),
        ("Which goals does Värnamo have?", "varnamo/overgripande"),
        ("Vara kommun", "vara/overgripande"),
        ("värnamo", "varnamo/overgripande"),
        ("Hur är det i Vara?", "vara/overgripande"),
        ("Tell me about Värnamo", "varnamo/overgripande"),
        ("Hej! Vara?", "vara/overgripande"),
        ("Vad är Värnamos vision?", "varnamo/vision"),
        ("framgångsfaktorer", "vara/framgangsfaktorer"),
        ("Hållbar ekonomi i Vara", "vara/ekonomi"),
        ("Hej! Vad betyder målet om en grön kommun?", "varnamo/gron"),
        ("hejsan, vad betyder målet om en grön kommun", "varnamo/gron"),
    ],
)
def test_the_right_section(assistant: Assistant, question: str, section: str) -> None:
    answer = assistant.ask(question)
    assert answer.kind == "answer"
    assert sections(answer) == [section]


@pytest.mark.parametrize(
    "question",
    [
        "Vilka mål har Vara och Värnamo?",
        "jämför Vara och Värnamo",
        "vad är skillnaden mellan Vara och Värnamo?",
        "what is the difference between Vara and Värnamo?",
    ],
)
def test_two_named_municipalities_are_answered_side_by_side(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert sections(answer) == ["vara/overgripande", "varnamo/overgripande"]
    assert [citation.section for citation in answer.citations] == sections(answer)
    assert answer.municipalities == ("vara", "varnamo")


@pytest.mark.parametrize(
    ("question", "kind", "language"),
    [
        ("hej", "greeting", "sv"),
        ("Hej!", "greeting", "sv"),
        ("HEJSAN", "greeting", "sv"),
        ("god morgon 😀", "greeting", "sv"),
        ("Hello!", "greeting", "en"),
        ("hi there", "greeting", "en"),
        ("tack", "thanks", "sv"),
        ("Tack så mycket!!", "thanks", "sv"),
        ("Thanks!", "thanks", "en"),
        ("hej då", "farewell", "sv"),
        ("Tack, hej då!", "farewell", "sv"),
        ("bye", "farewell", "en"),
        ("vem är du?", "who", "sv"),
        ("Hej! Vem är du?", "who", "sv"),
        ("Är du en robot", "who", "sv"),
        ("Hi, who are you?", "who", "en"),
        ("hjälp", "help", "sv"),
        ("What can you do?", "help", "en"),
        ("kan jag prata med någon?", "person", "sv"),
    ],
)
def test_small_talk(assistant: Assistant, question: str, kind: str, language: str) -> None:
    answer = assistant.ask(question)
    assert answer.kind == "smalltalk"
    assert answer.language == language
    assert answer.confidence is None
    assert answer.parts == ()
    first = load_texts(language)(f"smalltalk.{kind}", names="|").split("|")[0]
    assert answer.text.startswith(first)


def test_it_says_that_it_is_automated(assistant: Assistant) -> None:
    for question, word in (("hej", "automatisk"), ("vem är du", "automatisk"), ("who are you", "automated")):
        assert word in assistant.ask(question).text


def test_small_talk_leaves_the_conversation_as_it_was(assistant: Assistant) -> None:
    answer = talk(assistant, "Hur arbetar Värnamo med målen?", "tack!", "berätta mer")
    assert sections(answer) == ["varnamo/arbete"]


GREEN = "Vad betyder målet om en grön kommun?"
SAFE = "Vad gör ni för tryggheten i Värnamo?"


@pytest.mark.parametrize(
    ("questions", "section"),
    [
        (("Vilka mål har Värnamo?", "och i Vara?"), "vara/overgripande"),
        (("Vilka mål har Värnamo?", "och vara då?"), "vara/overgripande"),
        (("Vilka mål har Värnamo?", "Hur är det i Vara?"), "vara/overgripande"),
        (("Which goals does Värnamo have?", "and in Vara?"), "vara/overgripande"),
        (("Which goals does Värnamo have?", "What about Vara?"), "vara/overgripande"),
        ((GREEN, "Vad betyder det?"), "varnamo/gron"),
        ((GREEN, "what about safety?"), "varnamo/trygg"),
        ((GREEN, "hur är det med tryggheten då?"), "varnamo/trygg"),
        (("what does the green municipality goal mean?", "what about safety?"), "varnamo/trygg"),
        (("och i Vara?",), "vara/overgripande"),
    ],
)
def test_follow_ups(assistant: Assistant, questions: tuple[str, ...], section: str) -> None:
    answer = talk(assistant, *questions)
    assert answer.kind == "answer"
    assert sections(answer) == [section]


@pytest.mark.parametrize("question", ["berätta mer", "hej, berätta mer", "varför?", "tell me more", "källa"])
def test_more_of_nothing_is_unclear(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.kind, answer.reason) == ("no_answer", "unclear")
    assert answer.conversation.question is None


def test_a_conversation_may_be_older_than_the_goal_texts(assistant: Assistant) -> None:
    old = Conversation(
        chosen_language="fi", language="de", municipality="gone", question="mål", sections=("gone/x",)
    )
    assert assistant.ask("berätta mer", old).reason == "unclear"
    assert assistant.ask("bygglov för altan?", old).suggestions
    assert assistant.ask("hej", old).conversation.municipality is None
    assert sections(assistant.show("varnamo/gron", old)) == ["varnamo/gron"]
    longer = Conversation(sections=("varnamo/gron", "vara"), shown=((0, 99), (0,)))
    for question in ("källa?", "berätta mer", "in English please"):
        assert sections(assistant.ask(question, longer)) == ["varnamo/gron"]


@pytest.mark.parametrize(
    ("conversation", "question", "language"),
    [
        (Conversation(chosen_language="en"), "Vad betyder målet om en grön kommun?", "en"),
        (Conversation(chosen_language="sv"), "what does the green municipality goal mean?", "sv"),
        (Conversation(language="en"), "what about Värnamo?", "en"),
        (Conversation(language="en"), "Värnamo", "en"),
        (Conversation(language="en"), "Tobias", "en"),
        (Conversation(language="en"), "Vilka mål har Värnamo?", "sv"),
        (Conversation(language="sv"), "Which goals does Vara have?", "en"),
        (Conversation(), "Tobias", "sv"),
    ],
)
def test_the_language_of_the_answer(
    assistant: Assistant, conversation: Conversation, question: str, language: str
) -> None:
    answer = assistant.ask(question, conversation)
    assert answer.language == language
    assert answer.conversation.language == language
    assert answer.conversation.chosen_language == conversation.chosen_language


@pytest.mark.parametrize(
    "question",
    ["Was bedeutet das Ziel einer grünen Gemeinde?", "ما هي أهداف البلدية؟", "Какие цели у муниципалитета?"],
)
def test_another_language_is_told_which_are_spoken(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.language == "sv"
    assert answer.notices[0] == load_texts("sv")("notice.languages")
    assert answer.text.startswith(answer.notices[0])


@pytest.mark.parametrize(
    "question",
    [
        "När öppnar simhallen?",
        "hur söker jag bygglov?",
        "when does the bus leave?",
        "vad blir det för skollunch på fredag",
    ],
)
def test_what_the_texts_do_not_say_is_declined_with_a_way_on(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.kind, answer.reason) == ("no_answer", "not_in_sources")
    assert answer.quotes == ()
    assert answer.citations == ()
    assert [one.section for one in answer.suggestions][-2:] == ["vara/overgripande", "varnamo/overgripande"]
    there = assistant.ask(question, Conversation(municipality="varnamo"))
    assert there.suggestions[-1].section == "varnamo/overgripande"
    assert there.contact
    assert "0370-37 70 00" in there.text


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Vilka mål har Skövde?", "Skövde"),
        ("hur tryggt är det i malmö", "Malmö"),
        ("what are the goals of New York?", "New York"),
        ("Vad betyder en grön kommun i Gnosjö kommun?", "Gnosjö"),
        ("Vad säger Skövde om miljön? Jag undrar verkligen. Tack på förhand!", "Skövde"),
    ],
)
def test_another_municipality_is_declined_by_name(assistant: Assistant, question: str, place: str) -> None:
    answer = assistant.ask(question)
    assert (answer.kind, answer.reason) == ("no_answer", "other_municipality")
    assert place in answer.text
    assert answer.quotes == ()
    assert talk(assistant, question, "Vilka mål har Vara?").kind == "answer"


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("a" * (MAX_LENGTH + 1), "too_long"),
        ("grön kommun " * 100, "too_long"),
        ("a" * 100_000, "too_long"),
        ("", "unclear"),
        (" \n\t", "unclear"),
        ("\x00", "unclear"),
        ("\ud83d", "unclear"),
        ("😀", "unclear"),
        ("👨\u200d👩\u200d👧", "unclear"),
        ("?!...", "unclear"),
        ("\u202e\u200f", "unclear"),
        ("och", "unclear"),
        ("vad är det?", "unclear"),
        ("99", "unclear"),
    ],
)
def test_what_is_no_question(assistant: Assistant, question: str, reason: str) -> None:
    answer = assistant.ask(question)
    assert (answer.kind, answer.reason) == ("no_answer", reason)
    assert answer.text


@pytest.mark.parametrize(
    "question",
    [
        "asdfgh qwerty",
        "xyzzy",
        "å" * MAX_LENGTH,
        "1234567890",
        "kjhgf",
        "qqq",
        "lorem ipsum dolor",
    ],
)
def test_garbage_is_never_answered(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.kind in ("no_answer", "clarify")
    assert answer.quotes == ()


def test_the_longest_question_that_is_read_is_read(assistant: Assistant) -> None:
    question = GREEN + " " + "snälla " * 200
    assert assistant.ask(question[:MAX_LENGTH]).reason != "too_long"


def test_a_quoted_person_is_named_with_the_sentence(assistant: Assistant) -> None:
    seen = 0
    for section in ("varnamo/vision", "varnamo/overgripande", "varnamo/arbete"):
        answer = assistant.show(section)
        for sentence in answer.parts[0].sentences:
            if sentence.text.startswith("—"):
                seen += 1
                assert sentence.speaker == "Tobias Pettersson, kommunstyrelsens ordförande"
        assert "(Tobias Pettersson, kommunstyrelsens ordförande)" in answer.text
    assert seen >= 3
    assert all(one.speaker is None for one in assistant.section("varnamo/gron").sentences)


@pytest.mark.parametrize(
    "question",
    [
        "Vilka mål har Vara?",
        "pågår arbetet med nya mål i Vara?",
        "Arbetet med att ta fram förslag på nya mål inför år 2024-2027 pågår i Vara",
        "kommer det nya mål i Vara?",
    ],
)
def test_work_on_new_goals_is_never_quoted_without_its_note(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert sections(answer) == ["vara/overgripande"]
    assert any("§ 62" in note.text for note in answer.parts[0].notes)
    assert "§ 62" in answer.text
    if FORMER_GOALS in answer.text:
        assert "avslutat" in answer.text[answer.text.index(FORMER_GOALS) :]


def test_nor_shown_or_found_without_it(assistant: Assistant) -> None:
    assert FORMER_GOALS in assistant.show("vara/overgripande").text
    assert "§ 62" in assistant.show("vara/overgripande").text
    assert any("§ 62" in note.text for note in assistant.section("vara/overgripande").notes)
    found = assistant.find(FORMER_GOALS)[0]
    assert found.sentence.text.startswith(FORMER_GOALS)
    assert any("§ 62" in note.text for note in found.notes)


@pytest.mark.parametrize(
    ("question", "state"),
    [("Vad säger Vara om hållbar ekonomi?", "continued"), ("Vilka är Varas framgångsfaktorer?", "ended")],
)
def test_validity_comes_first(assistant: Assistant, question: str, state: str) -> None:
    answer = assistant.ask(question)
    assert answer.kind == "answer"
    start = load_texts("sv")(f"notice.{state}", period="2020–2023", continued="2024–2027", document="|")
    assert answer.text.startswith(start.split("|")[0])
    assert answer.notices[0].startswith(start.split("|")[0])


def test_validity_follows_the_clock(data_dir: Path) -> None:
    day = dt.date(2023, 12, 31)
    earlier = assemble(Settings(data_dir=data_dir), clock=lambda: day)
    assert earlier.ask("Vad säger Vara om hållbar ekonomi?").notices == ()
    assert "gäller först" in earlier.ask(GREEN).text.splitlines()[0]


def test_a_translation_says_that_it_is_unofficial_and_keeps_the_original(assistant: Assistant) -> None:
    answer = assistant.ask("what does the green municipality goal mean?")
    assert UNOFFICIAL in answer.notices
    assert answer.text.index(UNOFFICIAL) < answer.text.index(answer.parts[0].title)
    for sentence in answer.parts[0].sentences:
        assert (sentence.original or "?!") in SOURCES
        assert sentence.text in SOURCES


def test_the_same_question_has_the_same_answer_in_every_thread(assistant: Assistant) -> None:
    questions = [GREEN, "Vilka mål har Vara?", "is it safe to walk home at night?", "simhallen", "hej"] * 6
    alone = [assistant.ask(question) for question in questions[:5]] * 6
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(assistant.ask, questions)) == alone


ALPHABET = "aåäöeinrst ?!VÄvargnkoumMHEj.,'\n\x00\ud800😀\u200b\u0301ß中ع"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.text(max_size=60)
    | st.text(st.sampled_from(ALPHABET), max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "vad",
                "är",
                "målet",
                "grön",
                "i",
                "Vara",
                "Värnamo",
                "och",
                "hej",
                "the",
                "safety",
                "tack",
                "mer",
            ]
        )
    ).map(" ".join),
    conversation=st.builds(
        Conversation,
        chosen_language=st.sampled_from([None, "sv", "en", "xx"]),
        municipality=st.sampled_from([None, "vara", "varnamo", "x"]),
        question=st.none() | st.text(max_size=20),
        sections=st.lists(st.sampled_from(["vara/ekonomi", "varnamo/gron", "x/y", ""])).map(tuple),
    ),
)
def test_any_text_gets_an_answer_that_serialises_and_quotes_only_the_sources(
    assistant: Assistant, question: str, conversation: Conversation
) -> None:
    answer = assistant.ask(question, conversation)
    json.dumps(answer.as_json(), ensure_ascii=False).encode("utf-8")
    json.dumps(answer.conversation.as_json(), ensure_ascii=False)
    assert answer.text
    assert (answer.kind == "answer") == bool(answer.parts)
    assert len(answer.parts) == len(answer.citations)
    assert all(quote in SOURCES for quote in answer.quotes)
    if answer.kind == "clarify":
        assert answer.choices


def test_goals_in_the_files_order_and_in_both_languages(assistant: Assistant) -> None:
    vara, varnamo = assistant.goals()
    assert [one.id for one in varnamo.goals] == [
        f"varnamo/{slug}" for slug in ("stark", "attraktiv", "gron", "trygg")
    ]
    assert [one.title for one in varnamo.goals][2] == "En grön kommun"
    assert len(vara.sections) == len(varnamo.sections) == 7
    assert varnamo.contact.phone == "0370-37 70 00"
    assert vara.contact.phone is None
    english = assistant.goals("en")
    assert [one.id for one in english[1].sections] == [one.id for one in varnamo.sections]
    assert english[1].goals[2].title == "A green municipality"


def test_a_section_whole(assistant: Assistant) -> None:
    section = assistant.section("varnamo/gron", "en")
    assert section.title == "A green municipality"
    assert section.citation.section == section.id
    assert section.notices == (UNOFFICIAL,)
    assert [one.section for one in section.related] == ["varnamo/trygg", "varnamo/stark", "varnamo/attraktiv"]
    assert assistant.section("varnamo/gron").title == "En grön kommun"
    for unknown in ("varnamo/x", "", "x"):
        with pytest.raises(KeyError):
            assistant.section(unknown)
        with pytest.raises(KeyError):
            assistant.show(unknown)


def test_find_ranks_and_filters(assistant: Assistant) -> None:
    found = assistant.find("målmedvetet miljöarbete")
    assert found[0].section.id == "varnamo/gron"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len({one.section.id for one in found}) == len(found) == 10
    assert len(assistant.find("miljö", k=3)) == 3
    only = assistant.find("miljö", Filters(municipality="vara", kind="goal"), k=20)
    assert {one.section.id for one in only} == {
        f"vara/{slug}" for slug in ("attraktivt", "kvalitet", "arbetsplats", "ekonomi")
    }
    assert assistant.find("miljö", Filters(municipality="x")) == ()
    english = assistant.find("miljö", Filters(language="en"))[0]
    assert english.section.title == "A green municipality"
    assert (english.sentence.original or "?!") in SOURCES
    assert assistant.find("miljö", Filters(document="vara/none")) == ()


def test_find_filters_by_document_and_state(assistant: Assistant) -> None:
    documents = {document.id: document for document in assistant.documents()}
    home = load_goals(Settings()).section("vara/ekonomi").document
    everything = {one.section.id for one in assistant.find("miljö", k=100)}
    by_document = {
        id: {one.section.id for one in assistant.find("miljö", Filters(document=id), k=100)}
        for id in documents
    }
    assert "vara/ekonomi" in by_document[f"vara/{home}"]
    assert documents[f"vara/{home}"].municipality == "vara"
    assert set().union(*by_document.values()) == everything
    # The later document has no words of its own, but keeps the goals of the one before in force.
    later = next(id for id, found in by_document.items() if id.startswith("vara/") and id != f"vara/{home}")
    assert "vara/ekonomi" in by_document[later]
    assert "vara/framgangsfaktorer" not in by_document[later]
    by_state = {
        state: {one.section.id for one in assistant.find("miljö", Filters(state=state), k=100)}
        for state in get_args(State)
    }
    assert "varnamo/gron" in by_state["in_force"]
    assert "vara/ekonomi" in by_state["continued"]
    assert "vara/framgangsfaktorer" in by_state["ended"]
    assert sum(map(len, by_state.values())) == len(set().union(*by_state.values())) == len(everything)
    assert len(assistant.find("miljö", Filters(state="in_force"), k=2)) == 2


def test_find_tells_what_would_be_answered(assistant: Assistant) -> None:
    for query in ("miljö", "vara ekonomi", "är det tryggt på kvällen"):
        assert assistant.find(query)[0].answers, query
    for query in ("bygglov", "när öppnar simhallen?", "pizza", "asdfgh"):
        assert not any(one.answers for one in assistant.find(query)), query


def test_found_passages_stand_in_the_source_with_the_words_that_match(assistant: Assistant) -> None:
    found = assistant.find("miljöarbete för hållbart samhälle")[0]
    assert found.section.id == "varnamo/gron"
    assert found.sentence is found.passage[found.best]
    assert all(sentence.text in SOURCES for sentence in found.passage)
    assert len(found.matches) == len(found.passage)
    marked = [
        sentence.text[start:end]
        for sentence, spans in zip(found.passage, found.matches, strict=True)
        for start, end in spans
    ]
    assert {"miljöarbete", "hållbart", "samhälle"} <= set(marked)
    assert found.state == "in_force"
    assert found.citation.document in {document.title for document in assistant.documents()}
    assert not {"för", "ett"} & set(marked)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_quotation_is_what_an_answer_shows_of_a_section(assistant: Assistant, language: str) -> None:
    question = "Vad betyder målet om en grön kommun?"
    quoted = assistant.quote("varnamo/gron", question, language)
    asked = assistant.ask(question, Conversation(chosen_language=language))
    assert quoted.language == language
    assert quoted.parts == asked.parts
    assert quoted.citations == asked.citations
    assert quoted.notices == asked.notices
    assert quoted.suggestions == ()
    citation = quoted.citations[0]
    for said in (citation.url, citation.document, citation.valid or "?!", "Värnamo kommun"):
        assert said in quoted.text
    # Also of a section that does not answer: somebody has chosen it.
    assert sections(assistant.quote("vara/ekonomi", question, language)) == ["vara/ekonomi"]
    whole = assistant.quote("varnamo/gron", " ", language)
    assert len(whole.parts[0].sentences) == len(assistant.section("varnamo/gron", language).sentences)
    with pytest.raises(KeyError):
        assistant.quote("varnamo/none", question, language)


def test_a_section_has_neighbours_in_its_document_and_who_decided_it(assistant: Assistant) -> None:
    sections = {
        section.id: assistant.section(section.id)
        for municipality in assistant.goals()
        for section in municipality.sections
    }
    assert len(sections) > 10
    for section in sections.values():
        if section.next:
            before = sections[section.next.section].previous
            assert before is not None
            assert before.section == section.id
            assert sections[section.next.section].citation.document == section.citation.document
    firsts = [section for section in sections.values() if section.previous is None]
    assert len(firsts) == len({section.citation.url for section in firsts})
    assert sections["vara/ekonomi"].decided == "Beslutat av Kommunfullmäktige 17 juni 2019."
    english = assistant.section("vara/ekonomi", "en").decided
    assert english == "Decided by Kommunfullmäktige on 17 June 2019."
    assert sections["varnamo/gron"].decided is None
    assert sections["vara/ekonomi"].state == "continued"


@pytest.mark.parametrize("query", ["", " ", "\x00", "😀", "\ud800", "a" * 5000])
def test_find_takes_any_text(assistant: Assistant, query: str) -> None:
    assert all(one.sentence.text in SOURCES for one in assistant.find(query))


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("vara", "vara"),
        ("Värnamo", "varnamo"),
        ("varnamo", "varnamo"),
        ("VÄRNAMO KOMMUN", "varnamo"),
        ("Municipality of Vara", "vara"),
        ("Skövde", None),
        ("", None),
        ("😀", None),
    ],
)
def test_municipality_by_name(assistant: Assistant, name: str, id: str | None) -> None:
    assert assistant.municipality(name) == id


def test_a_goal_that_the_other_municipality_lacks_is_not_replaced_by_one_that_resembles_it(
    assistant: Assistant,
) -> None:
    green = assistant.ask("Vad betyder målet om en grön kommun?")
    answer = assistant.ask("och i Vara?", green.conversation)
    assert answer.reason == "no_such_goal"
    assert answer.suggestions[-1].section == "vara/overgripande"
    assert all(suggestion.section.startswith("vara/") for suggestion in answer.suggestions)


def test_another_municipalitys_goal_moves_nobody_there(assistant: Assistant) -> None:
    known = Conversation(municipality="vara")
    answer = assistant.ask("Vad betyder målet om en grön kommun?", known)
    assert sections(answer) == ["varnamo/gron"]
    assert answer.conversation.municipality == "vara"


def test_both_after_a_clarifying_question_compares(assistant: Assistant) -> None:
    asked = assistant.ask("vad gör ni för ekonomin?")
    assert asked.kind == "clarify"
    both = assistant.ask("båda", asked.conversation)
    assert set(sections(both)) == {"vara/ekonomi", "varnamo/stark"}
    # What is true of one municipality's text is not said of the other's.
    assert [notice.startswith("Vara kommun: ") for notice in both.notices] == [True]
    assert {part.title for part in both.parts} == {
        "Vara kommun: Hållbar ekonomi",
        "Värnamo kommun: En stark kommun",
    }


def test_a_goal_named_with_the_wrong_municipality_is_declined(assistant: Assistant) -> None:
    answer = assistant.ask("gröna målet i Vara")
    assert answer.reason == "no_such_goal"
    assert "Vara kommun har inget mål" in answer.text


def test_a_place_beside_a_loaded_one_is_said_not_to_be_known(assistant: Assistant) -> None:
    answer = assistant.ask("Vilka mål har Malmö och Vara?")
    assert sections(answer) == ["vara/overgripande"]
    assert "Malmö" in answer.notices[0]


def test_where_somebody_comes_from_is_not_what_they_ask_about(assistant: Assistant) -> None:
    answer = assistant.ask("vi kommer från Malmö, är vi välkomna i Värnamo?")
    assert answer.reason != "other_municipality"


def test_a_part_says_whether_it_is_the_whole_section(assistant: Assistant) -> None:
    short = assistant.ask("Vad betyder målet om en grön kommun?").parts[0]
    long = assistant.ask("Hur arbetar Värnamo med målen?").parts[0]
    for part in (short, long):
        assert part.whole == (len(part.sentences) == len(assistant.section(part.section).sentences))
        assert assistant.show(part.section).parts[0].whole
    assert short.whole
    assert not long.whole


def test_a_lead_is_shown_under_its_title(assistant: Assistant) -> None:
    answer = assistant.ask("Vad betyder målet om en grön kommun?")
    assert answer.parts[0].lead == "en god miljö är grunden för vår välfärd"
    assert f"En grön kommun\n{answer.parts[0].lead}" in answer.text
    english = assistant.ask("what does the green municipality goal mean?")
    assert english.parts[0].lead_original == answer.parts[0].lead


def test_a_telephone_number_of_a_named_municipality_is_its_contact(assistant: Assistant) -> None:
    answer = assistant.ask("telefonnummer till Värnamo kommun")
    assert answer.contact is not None
    assert answer.contact.phone == "0370-37 70 00"


def test_a_choice_asks_again_about_that_municipality(assistant: Assistant) -> None:
    asked = assistant.ask("vad gör ni för ekonomin?")
    assert sections(assistant.ask_again(asked.conversation, "vara")) == ["vara/ekonomi"]
    green = assistant.ask("Vad är miljömålet i Värnamo?")
    there = assistant.ask_again(green.conversation, "vara")
    near = [*sections(there), *(one.section for one in there.suggestions)]
    assert {section.partition("/")[0] for section in near} == {"vara"}
    assert said(there, "compare.no_such_goal", name="Vara kommun") in there.message
    assert assistant.ask_again(Conversation(), "vara").reason == "unclear"


def test_more_says_whose_text_it_is_when_the_conversation_has_gone_on(assistant: Assistant) -> None:
    answer = talk(assistant, "Hur arbetar Värnamo med målen?", "Vad är miljömålet i Vara?", "mer")
    assert sections(answer) == ["varnamo/arbete"]
    assert "Värnamo kommun" in answer.message


def test_after_a_decline_the_other_municipality_is_asked_the_same(assistant: Assistant) -> None:
    answer = talk(assistant, "Vad säger Vara om trygghet?", "Vad är miljömålet i Vara?", "Och i Värnamo?")
    assert sections(answer) == ["varnamo/gron"]


def test_a_goal_that_one_of_two_has_is_not_made_up_for_the_other(assistant: Assistant) -> None:
    answer = assistant.ask("Jämför miljömålet i Vara och Värnamo")
    assert sections(answer) == ["varnamo/gron"]
    assert "Värnamo kommun" in answer.message


@pytest.mark.parametrize(
    "question",
    ["Hur tar ni till vara ungas idéer?", "I'm kinda worried about the environment, what will you do?"],
)
def test_words_that_only_look_like_places(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, Conversation(municipality="varnamo"))
    assert answer.reason != "other_municipality"
    assert answer.conversation.municipality == "varnamo"
    assert all(section.startswith("varnamo/") for section in sections(answer))


def test_ok_does_not_change_the_language(assistant: Assistant) -> None:
    assert talk(assistant, "what does the green municipality goal mean?", "ok").language == "en"
