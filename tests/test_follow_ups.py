"""What a message asks of the answer before it, known by its likeness to a bank of moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

import pytest

from bot.answer import Answer, Conversation
from bot.assistant import Assistant
from bot.confidence import SIGNALS, Confidence, Logistic
from bot.deciding import CLEARLY, Decider
from bot.dialogue import MOVE
from bot.library import Candidate, Library, Signals
from bot.replies import MOST_EARLIER
from bot.texts import LANGUAGES, load_texts
from bot.understanding import FollowUp, Move
from index import words
from knowledge import FollowUps, load_follow_ups

GREEN = "Vad betyder målet om en grön kommun?"
GREEN_ENGLISH = "what does the green municipality goal mean?"
WORK = "Hur arbetar Värnamo med målen?"
WORK_ENGLISH = "How does Värnamo work with the goals?"
ECONOMY = "Vad säger Vara om ekonomin?"
ECONOMY_ENGLISH = "What does Vara say about the economy?"
BANK = load_follow_ups()


def lines(bank: FollowUps) -> Iterator[tuple[str, str]]:
    """Each line with its move, or with ``others``."""
    for name, languages in [*bank.moves.items(), ("others", bank.others)]:
        for own in languages.values():
            yield from ((name, line) for line in own)


def after(assistant: Assistant, first: str, message: str) -> tuple[Answer, Answer]:
    """The answer to the first message, and to the one after it."""
    before = assistant.ask(first)
    return before, assistant.ask(message, before.conversation)


def move_of(assistant: Assistant, message: str, conversation: Conversation) -> Move | None:
    return assistant._dialogue.with_move(assistant._reader.read(message), conversation).follow_up


def sections(answer: Answer) -> list[str]:
    return [part.section for part in answer.parts]


def said(answer: Answer, key: str, /, **values: object) -> str:
    return load_texts(answer.language)(key, **values)


def test_every_move_is_known_to_the_code_and_none_is_without_words() -> None:
    known, with_phrases = set(get_args(Move)), set(get_args(FollowUp))
    assert set(BANK.moves) <= known
    assert known - with_phrases <= set(BANK.moves)
    assert len(BANK.moves) >= 15
    for move, languages in [*BANK.moves.items(), ("others", BANK.others)]:
        assert list(languages) == list(LANGUAGES), move
        assert min(map(len, languages.values())) >= 20, move


def test_a_line_stands_once_and_names_no_municipality(assistant: Assistant) -> None:
    counted = Counter(tuple(words(line)) for _, line in lines(BANK))
    assert counted.total() > 1000
    assert [line for line, count in counted.items() if count > 1 or not line] == []
    named = [line for _, line in lines(BANK) if assistant._reader.read(line).named]
    assert named == []


def test_a_line_is_most_like_its_own_move(assistant: Assistant) -> None:
    tried = [(move, line) for move, line in lines(BANK) if move != "others" and len(words(line)) > 3][::8]
    assert len(tried) > 100
    assert {move for move, _ in tried} == set(BANK.moves)
    found = {line: assistant._searcher.ready(line).move for _, line in tried}
    assert [line for move, line in tried if found[line][0] != move] == []
    # What is also asked of goals by themselves may be no more like one than like the other.
    unlike = [line for line, (_, likeness) in found.items() if likeness < MOVE]
    assert len(unlike) < len(tried) / 25


def test_what_has_a_subject_of_its_own_is_no_move(assistant: Assistant) -> None:
    green, green_english = (assistant.ask(question).conversation for question in (GREEN, GREEN_ENGLISH))
    tried = [(line, green) for line in BANK.others["sv"][::2]]
    tried += [(line, green_english) for line in BANK.others["en"][::2]]
    assert len(tried) > 50
    assert [line for line, before in tried if move_of(assistant, line, before)] == []


MOVES: list[tuple[str, str, str]] = [
    ("source", GREEN, "min kollega undrar var man kan läsa det där själv"),
    ("source", GREEN_ENGLISH, "my colleague wonders where one can look that up"),
    ("speaker", GREEN, "vem har hittat på den formuleringen"),
    ("speaker", GREEN_ENGLISH, "who came up with those words"),
    ("simpler", GREEN, "kan du ta det med lättare ord"),
    ("simpler", GREEN_ENGLISH, "could you use easier words for me"),
    ("whole", WORK, "kan jag få läsa alltihop"),
    ("whole", WORK_ENGLISH, "let me read all of it"),
    ("repeat", WORK, "kan du upprepa det där"),
    ("repeat", WORK_ENGLISH, "come again, i missed that"),
    ("more", WORK, "finns det mer att läsa"),
    ("more", WORK_ENGLISH, "is there anything more written about that"),
    ("why", GREEN, "varför skrev de just så"),
    ("why", GREEN_ENGLISH, "why did they put it like that"),
    ("meaning", GREEN, "vad är det egentligen de menar med det där"),
    ("meaning", GREEN_ENGLISH, "what is meant by that really"),
    ("enumerate", GREEN, "räkna upp dem"),
    ("enumerate", GREEN_ENGLISH, "list them one at a time"),
    ("next", GREEN, "ta nästa i listan"),
    ("next", GREEN_ENGLISH, "what comes next on the list"),
    ("previous", GREEN, "och det innan det"),
    ("previous", GREEN_ENGLISH, "and the one just before that"),
    ("more_goals", ECONOMY, "finns det fler mål som tar upp det"),
    ("more_goals", ECONOMY_ENGLISH, "does any other goal also mention that"),
    ("other", ECONOMY, "jag menade den andra kommunen"),
    ("other", ECONOMY_ENGLISH, "the same but for the other one"),
    ("instead", "Vad säger Värnamo om ekonomin?", "nej fel stad, jag menade Vara"),
    ("instead", "What does Värnamo say about the economy?", "no, wrong town, i meant Vara"),
    ("in_english", GREEN, "kan jag få det på engelska i stället"),
    ("in_english", GREEN, "my mum cant read this, english please"),
    ("in_swedish", GREEN_ENGLISH, "could i have it in swedish instead"),
    ("in_swedish", GREEN_ENGLISH, "det går bra på svenska för min del"),
    ("thanks", GREEN, "tack det var allt jag ville veta"),
    ("thanks", GREEN_ENGLISH, "thanks, that was all i wanted"),
    ("doubt", GREEN, "stämmer det där, det låter märkligt"),
    ("doubt", GREEN_ENGLISH, "is that really true?"),
    ("reached", GREEN, "har ni lyckats med det då?"),
    ("reached", GREEN_ENGLISH, "did anything happen with that"),
    ("dates", GREEN, "från vilken dag räknas det där"),
    ("dates", GREEN_ENGLISH, "and which years would that be for"),
    ("decided", ECONOMY, "vilka var det som fattade det beslutet"),
    ("decided", ECONOMY_ENGLISH, "which body took that decision"),
    ("back", ECONOMY, "ta mig tillbaka till svaret innan"),
    ("back", ECONOMY_ENGLISH, "take me back to the answer before this one"),
    ("no", GREEN, "nä du har missuppfattat vad jag ville"),
    ("no", GREEN_ENGLISH, "that was not what i wanted to know"),
]


@pytest.mark.parametrize(("move", "first", "message"), MOVES)
def test_each_move_is_known(assistant: Assistant, move: str, first: str, message: str) -> None:
    assert (move, message) not in lines(BANK)
    assert move_of(assistant, message, assistant.ask(first).conversation) == move


def test_each_move_has_been_tried_in_both_languages() -> None:
    assert Counter(move for move, *_ in MOVES) == dict.fromkeys(BANK.moves, len(LANGUAGES))


@pytest.mark.parametrize("message", [message for move, _, message in MOVES if move != "instead"])
def test_before_anything_is_asked_no_likeness_counts(assistant: Assistant, message: str) -> None:
    read = assistant._reader.read(message)
    assert assistant._dialogue.with_move(read, Conversation()) == read


@pytest.mark.parametrize("move", ["source", "doubt"])
def test_who_doubts_is_shown_where_it_stands(assistant: Assistant, move: str) -> None:
    for first, message in messages(move):
        before, source = after(assistant, first, message)
        assert sections(source) == sections(before)
        assert len(source.quotes) == 1
        assert source.citations[0].document in source.message
        assert source.conversation.shown == before.conversation.shown


def messages(move: str) -> list[tuple[str, str]]:
    return [(first, message) for name, first, message in MOVES if name == move]


def test_whose_words_they_are_and_that_they_are_only_quoted(assistant: Assistant) -> None:
    for move, name in (("speaker", "follow.unsigned"), ("simpler", "follow.simpler")):
        for first, message in messages(move):
            before, answer = after(assistant, first, message)
            assert answer.message == said(answer, name)
            assert sections(answer) == sections(before)


@pytest.mark.parametrize("move", ["whole", "more", "repeat"])
def test_the_rest_the_whole_or_the_same_once_more(assistant: Assistant, move: str) -> None:
    for first, message in messages(move):
        before, answer = after(assistant, first, message)
        everything = [line.text for line in assistant.section(sections(before)[0]).sentences]
        assert not before.parts[0].whole
        expected = {
            "whole": everything,
            "repeat": list(before.quotes),
            "more": [quote for quote in everything if quote not in before.quotes],
        }
        assert list(answer.quotes) == expected[move]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        # What is no list itself has its place in its municipality's.
        (GREEN, "varnamo/overgripande"),
        (ECONOMY, "vara/overgripande"),
        ("Vad säger Vara om framgångsfaktorer?", "vara/framgangsfaktorer"),
        ("Vilka mål har Värnamo?", "varnamo/overgripande"),
    ],
)
def test_a_list_is_shown_whole(assistant: Assistant, first: str, expected: str) -> None:
    _, listed = after(assistant, first, "räkna upp dem")
    assert sections(listed) == [expected]
    assert listed.parts[0].whole


def test_what_was_reached_the_texts_do_not_say(assistant: Assistant) -> None:
    for first, message in messages("reached"):
        before, answer = after(assistant, first, message)
        assert (answer.kind, answer.reason) == ("no_answer", "not_followed_up")
        assert answer.parts == ()
        assert answer.suggestions[0].section == sections(before)[0]
        assert answer.contact is not None
        assert said(answer, "no_answer.not_followed_up", names="Värnamo kommun") in answer.message
        # The goal is still what is talked about.
        again = assistant.ask("källa?", answer.conversation)
        assert sections(again) == sections(before)


def test_when_it_applies_and_who_decided_it(assistant: Assistant) -> None:
    for first, message in messages("dates"):
        _, answer = after(assistant, first, message)
        assert "1 januari 2024" in answer.text or "1 January 2024" in answer.text
        assert sections(answer) == ["varnamo/arbete"]
    for first, message in messages("decided"):
        _, answer = after(assistant, first, message)
        assert "§ 62" in answer.message
        assert sections(answer) == ["vara/overgripande"]


def test_what_was_not_meant_is_asked_for_in_other_words(assistant: Assistant) -> None:
    for first, message in messages("no"):
        before, answer = after(assistant, first, message)
        assert (answer.kind, answer.reason) == ("no_answer", "rephrase")
        assert answer.conversation.sections == before.conversation.sections


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("tillbaka till förra svaret", "vara/ekonomi"),
        ("gå tillbaka till det jag frågade allra först", "varnamo/gron"),
        ("back to the first thing you showed me", "varnamo/gron"),
    ],
)
def test_back_to_what_was_shown_before_or_first(assistant: Assistant, message: str, expected: str) -> None:
    conversation = Conversation()
    for question in (GREEN, ECONOMY, "Vad är Varas framgångsfaktorer?"):
        conversation = assistant.ask(question, conversation).conversation
    assert conversation.earlier == (("varnamo/gron",), ("vara/ekonomi",))
    assert sections(assistant.ask(message, conversation)) == [expected]


def test_back_where_nothing_was_before_is_the_same_again(assistant: Assistant) -> None:
    before, answer = after(assistant, GREEN, "tillbaka till förra svaret")
    assert sections(answer) == sections(before)


def test_only_the_last_answers_can_be_gone_back_to(assistant: Assistant) -> None:
    conversation = Conversation()
    for _ in range(MOST_EARLIER):
        for question in (GREEN, ECONOMY):
            conversation = assistant.ask(question, conversation).conversation
    assert len(conversation.earlier) == MOST_EARLIER
    assert conversation.earlier[-1] == ("varnamo/gron",)


@pytest.mark.parametrize(
    ("first", "message", "expected"),
    [
        ("Vad betyder målet om en grön kommun?", "gäller det företag också?", "verksamheter och företag"),
        ("Vilka framgångsfaktorer har Vara?", "är skolan med på den listan?", "Utbildning"),
        ("Vad betyder trygg i Värnamos mål?", "ingår fritiden i det?", "fritid"),
        ("Vilka ska engageras i Värnamos mål?", "är bolagen med där?", "kommunala bolag"),
        (
            "What does Vara want for its staff?",
            "what should the bosses be like, according to that?",
            "coachande",
        ),
        (
            "Vad säger Vara om hållbar ekonomi?",
            "vilka ska hjälpas åt, enligt det målet?",
            "frivilliga organisationer",
        ),
    ],
)
def test_a_detail_of_what_was_shown_is_answered_from_it(
    assistant: Assistant, first: str, message: str, expected: str
) -> None:
    before, answer = after(assistant, first, message)
    assert answer.kind == "answer"
    assert sections(answer) == sections(before)
    assert any(expected in quote for quote in answer.quotes)


@pytest.mark.parametrize(
    ("first", "message"),
    [
        (GREEN, "och när öppnar återvinningen?"),
        (GREEN, "jaha, och vad tjänar chefen?"),
        (ECONOMY, "så blir det skattehöjning nästa år?"),
        (GREEN_ENGLISH, "right, and what is the number of the switchboard?"),
    ],
)
def test_a_fact_of_no_text_is_declined_whatever_was_shown(
    assistant: Assistant, first: str, message: str
) -> None:
    answer = after(assistant, first, message)[1]
    assert (answer.kind, answer.reason) == ("no_answer", "not_in_sources")


@pytest.mark.parametrize(
    ("first", "message", "municipality"),
    [
        (GREEN, "och i den andra kommunen, vad säger de om sin personal?", "vara"),
        (ECONOMY_ENGLISH, "and the other municipality, what do they write about the environment?", "varnamo"),
    ],
)
def test_the_other_municipality_may_be_asked_something_of_its_own(
    assistant: Assistant, first: str, message: str, municipality: str
) -> None:
    answer = after(assistant, first, message)[1]
    assert answer.kind == "answer"
    assert answer.municipalities == (municipality,)


def test_thanks_end_nothing(assistant: Assistant) -> None:
    for first, message in messages("thanks"):
        before, thanked = after(assistant, first, message)
        assert (thanked.kind, thanked.message) == ("smalltalk", said(thanked, "smalltalk.thanks"))
        assert sections(assistant.ask("källa?", thanked.conversation)) == sections(before)


@pytest.mark.parametrize(("move", "language"), [("in_english", "en"), ("in_swedish", "sv")])
def test_the_same_in_the_other_language(assistant: Assistant, move: str, language: str) -> None:
    for first, message in messages(move):
        before, answer = after(assistant, first, message)
        assert answer.language == language != before.language
        assert answer.quotes == before.quotes


@pytest.mark.parametrize("move", ["other", "instead"])
def test_the_same_question_of_another_municipality(assistant: Assistant, move: str) -> None:
    for first, message in messages(move):
        before, answer = after(assistant, first, message)
        economy = {"vara/ekonomi", "varnamo/stark"}
        assert {*sections(before), *sections(answer)} == economy
        assert answer.conversation.municipality == answer.municipalities[0]


def test_instead_of_a_municipality_that_is_not_named_is_the_other_one(assistant: Assistant) -> None:
    conversation = assistant.ask(ECONOMY).conversation
    assert move_of(assistant, "nej fel stad, jag menade", conversation) == "other"
    assert move_of(assistant, "nej fel stad, jag menade Värnamo", conversation) == "instead"


@pytest.mark.parametrize(("hint", "found"), [(0.0, True), (3.0, False)])
def test_another_goal_about_the_same_or_that_there_is_none(
    assistant: Assistant, hint: float, found: bool
) -> None:
    before = assistant.ask(ECONOMY)
    sure = replace(assistant._confidence, hint=hint)
    decider = replace(assistant._dialogue.decider, confidence=sure)
    other = decider.another("ekonomin", assistant._replies(before.conversation))
    assert sections(before) == ["vara/ekonomi"]
    if found:
        assert other.kind == "answer"
        assert other.municipalities == ("vara",)
        assert sections(other) != sections(before)
    else:
        assert (other.kind, other.reason) == ("no_answer", "all_shown")
        assert other.message == said(other, "follow.no_other", titles="”Hållbar ekonomi”")
        assert [one.section for one in other.suggestions][:1] == ["vara/attraktivt"]


def test_after_the_last_other_goal_comes_none_that_was_just_shown(assistant: Assistant) -> None:
    for first, message in messages("more_goals"):
        before, other = after(assistant, first, message)
        assert not set(sections(other)) & set(sections(before))
        assert other.kind == "answer" or other.reason == "all_shown"


@pytest.mark.parametrize(
    ("first", "message", "expected"),
    [
        # What is no goal stands before, between or after them.
        ("Vilka mål har Värnamo?", "nästa", "varnamo/stark"),
        ("what are Vara's goals?", "what comes next on the list", "vara/attraktivt"),
        ("Vad är Värnamos vision?", "nästa mål", "varnamo/stark"),
        (WORK, "föregående", "varnamo/trygg"),
        (WORK_ENGLISH, "and the one just before that", "varnamo/trygg"),
        (GREEN, "ta nästa i listan", "varnamo/trygg"),
        (GREEN, "och det innan det", "varnamo/attraktiv"),
        # There is no goal beyond the ends.
        ("Vilka mål har Värnamo?", "föregående", None),
        (WORK, "nästa", None),
        ("Vad betyder målet om en trygg kommun?", "nästa", None),
        ("det första målet i Värnamo", "föregående", None),
    ],
)
def test_the_goal_beside_what_was_shown(
    assistant: Assistant, first: str, message: str, expected: str | None
) -> None:
    answer = after(assistant, first, message)[1]
    assert sections(answer) == ([expected] if expected else [])
    if expected is None:
        assert answer.reason == "unclear"
        assert answer.message == said(answer, "follow.no_such_number", name="Värnamo kommun", count=4)
        assert len(answer.suggestions) == 4


@pytest.mark.parametrize(
    ("first", "message"),
    [
        (GREEN, "tack, men vad kostar bygglov"),
        (GREEN, "tack så mycket! var ligger biblioteket"),
        (GREEN, "okej tack. vem bestämmer över bussarna"),
        (GREEN, "vad kostar det att bygga, tack"),
        (GREEN, "är det sant att simhallen ska stängas"),
        (GREEN, "är du säker på att sopbilen kommer på tisdag"),
        (GREEN, "räkna upp alla badplatser"),
        (GREEN, "visa vägen till återvinningen"),
        (GREEN, "förklara hur jag söker bygglov"),
        (GREEN, "är det sant, för i så fall vill jag veta vad bygglov kostar"),
        (GREEN_ENGLISH, "thanks, but what does a building permit cost"),
        (GREEN_ENGLISH, "thanks a lot. where is the library"),
        (GREEN_ENGLISH, "are you sure the pool is open on sunday"),
        (GREEN_ENGLISH, "is it true that the health centre closes"),
        (GREEN_ENGLISH, "where do i get a bus card"),
        (GREEN_ENGLISH, "explain how i apply for a permit"),
    ],
)
def test_a_message_with_a_subject_of_its_own_asks_nothing_of_the_answer_before(
    assistant: Assistant, first: str, message: str
) -> None:
    before, answer = after(assistant, first, message)
    assert move_of(assistant, message, before.conversation) is None
    assert (answer.kind, answer.reason) == ("no_answer", "not_in_sources")


@pytest.mark.parametrize(
    ("first", "message", "move"),
    [
        (GREEN, "vem har hittat på det, kunden undrar", "speaker"),
        (GREEN, "min granne tror mig inte. var har du läst det", "source"),
        (GREEN_ENGLISH, "i am on the bus, who put it that way", "speaker"),
        # One of many clauses is part of a story.
        (GREEN, "jag är ute och går, solen skiner, hunden skäller, vem sa det", None),
        # The other clause has the subject.
        (GREEN, "vad säger ni om tryggheten, min granne undrar vem som sa det", None),
        ("what does the green municipality goal mean?", "how safe is it here at night, who said that", None),
    ],
)
def test_one_clause_may_be_the_move(assistant: Assistant, first: str, message: str, move: str | None) -> None:
    assert move_of(assistant, message, assistant.ask(first).conversation) == move


@dataclass(frozen=True)
class Ready:
    """A question with given scores."""

    scores: Mapping[str, float]

    def sections(self, *, k: int, filters: Mapping[str, str] | None = None) -> Sequence[Candidate]:
        still = dict.fromkeys(SIGNALS, 0.0)
        found = [
            Candidate(section, score, 0.0, 0.0, Signals(**{**still, "score": score}))
            for section, score in self.scores.items()
        ]
        return sorted(found, key=lambda one: -one.score)[:k]


@pytest.mark.parametrize(
    ("lead", "shown", "expected"),
    [
        (CLEARLY / 2, ["varnamo/gron"], "varnamo/gron"),
        (CLEARLY * 2, ["varnamo/gron"], "varnamo/trygg"),
        (CLEARLY / 2, [], "varnamo/trygg"),
        (CLEARLY / 2, ["varnamo/stark"], "varnamo/trygg"),
    ],
)
def test_what_is_talked_about_stays_unless_another_is_clearly_better(
    assistant: Assistant, library: Library, lead: float, shown: list[str], expected: str
) -> None:
    flat = Logistic(0.0, dict.fromkeys(SIGNALS, 0.0) | {"score": 4.0})
    confidence = replace(Confidence.load(), answering=flat)
    decider: Decider = replace(assistant._dialogue.decider, confidence=confidence)
    # Around one half the probability rises as fast as the score, with four times the weight of a quarter.
    ready = Ready({"varnamo/gron": 0.0, "varnamo/trygg": lead, "varnamo/stark": -1.0})
    understood = assistant._reader.read("hur blir det här")
    (best,) = decider.best(ready, understood, ["varnamo"], shown)
    assert best.section == expected
