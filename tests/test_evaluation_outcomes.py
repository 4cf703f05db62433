"""What counts as right, for answers of every kind."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.answer import Answer, Choice, Conversation, Part, Sentence
from bot.evaluation.items import Item
from bot.evaluation.outcomes import evaluate, judge
from bot.evaluation.result import Result

NOWHERE = Conversation()


def shown(*sections: str, text: str = "", original: str | None = None, confidence: float = 0.9) -> Answer:
    parts = tuple(Part(section, section, (Sentence("the words", original),)) for section in sections)
    return Answer("answer", "sv", text, NOWHERE, parts=parts, confidence=confidence)


def refused(reason: str | None = "not_in_sources", kind: str = "no_answer") -> Answer:
    return Answer(kind, "sv", "", NOWHERE, reason=reason, confidence=0.2)  # type: ignore[arg-type]


def asking(*choices: Choice) -> Answer:
    return Answer("clarify", "sv", "", NOWHERE, choices=choices, confidence=0.8)


@dataclass
class FakeBot:
    """Answers by the question; a choice shows its section, or the green goal of its municipality."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def ask(self, question: str, conversation: Conversation) -> Answer:
        self.asked.append((question, conversation.question))
        answer = self.answers.get(question, refused())
        return Answer(**{**plain(answer), "conversation": Conversation(question=question)})

    def choose(self, answer: Answer, choice: Choice) -> Answer:
        return shown(choice.section or f"{choice.municipality}/gron")

    def best(self, question: str, conversation: Conversation, answer: Answer) -> str | None:
        return answer.parts[0].section if answer.parts else "a/none"


def plain(answer: Answer) -> dict[str, object]:
    return {name: getattr(answer, name) for name in Answer.__dataclass_fields__}


def item(kind: str = "direct", abstain: str | None = None, **labels: tuple[str, ...]) -> Item:
    accept = labels.pop("accept", () if abstain else ("a/gron", "a/trygg"))
    return Item(("?",), "sv", None, "plain", kind, accept, abstain, **labels)  # type: ignore[arg-type]


A, B = Choice("A", "a"), Choice("B", "b")
BOTH = ("a/gron", "a/trygg", "b/gron")


@pytest.mark.parametrize(
    ("one", "answer", "outcome"),
    [
        (item(), shown("a/gron"), "right"),
        (item(), shown("a/trygg"), "right"),
        (item(), shown("a/stark"), "wrong"),
        (item(), shown("b/gron", "a/gron"), "right"),
        (item(), refused(), "declined"),
        (item(), refused(kind="smalltalk"), "declined"),
        (item(), refused(kind="error"), "wrong"),
        (item(), asking(B, A), "asked"),
        (item(), asking(B), "wrong"),
        (item(), asking(Choice("S", "a", "a/stark"), Choice("T", "a", "a/trygg")), "asked"),
        (item(), asking(Choice("S", "a", "a/stark")), "wrong"),
        (item("comparison", accept=BOTH), shown("a/trygg", "b/gron"), "right"),
        (item("comparison", accept=BOTH), shown("a/gron", "a/trygg"), "wrong"),
        (item("comparison", accept=BOTH), shown("b/gron"), "wrong"),
        (item("comparison", accept=BOTH), asking(A, B), "wrong"),
        (item(shows=("1 Januari  2024",)), shown("a/gron", text="Från 1\njanuari 2024."), "right"),
        (item(shows=("2025", "the  words")), shown("a/gron", original="fullmäktige"), "wrong"),
        (item(shows=("2025", "FULLMÄKTIGE")), shown("a/gron", original="fullma\u0308ktige"), "right"),
        (item(shows=("2024",)), shown("a/stark", text="2024"), "wrong"),
        (item("near_miss", "not_in_sources"), refused(), "refused"),
        (item("near_miss", "not_in_sources"), refused("unclear", "smalltalk"), "refused"),
        (item("near_miss", "not_in_sources"), shown("a/gron"), "shown"),
        (item("near_miss", "not_in_sources"), asking(A), "shown"),
        (item("near_miss", "not_in_sources"), refused(kind="error"), "shown"),
        (item("care", "distress"), refused("distress"), "refused"),
        (item("care", "distress"), refused("distress", "smalltalk"), "refused"),
        (item("care", "distress"), refused(), "unheard"),
        (item("care", "distress"), shown("a/gron"), "shown"),
    ],
)
def test_outcomes(one: Item, answer: Answer, outcome: str) -> None:
    assert judge(one, answer, FakeBot()) == outcome


def test_the_last_turn_is_judged_in_the_conversation_of_the_others() -> None:
    bot = FakeBot({"och sen?": shown("a/gron")})
    one = Item(("vad?", "varför?", "och sen?"), "sv", None, "plain", "follow_up", ("a/gron",))
    (record,) = evaluate([one], bot)
    assert record.outcome == "right"
    assert bot.asked == [("vad?", None), ("varför?", "vad?"), ("och sen?", "varför?")]


def test_records_come_in_the_items_order_and_progress_is_told() -> None:
    items = [Item((str(number),), "sv", None, "plain", "direct", ("a/gron",)) for number in range(40)]
    told: list[tuple[int, int]] = []
    records = evaluate(items, FakeBot(), lambda done, total: told.append((done, total)))
    assert [record.item for record in records] == items
    assert told == [(number, 40) for number in range(1, 41)]


def test_totals_of_a_run() -> None:
    good, bad = shown("a/gron", confidence=0.9), shown("a/stark", confidence=0.7)
    answers = {
        "1": good,
        "2": good,
        "3": bad,
        "4": refused(),
        "5": refused("off_topic"),
        "6": bad,
        "7": asking(A),
    }
    bot = FakeBot(answers)

    def asked(number: str, style: str, language: str, abstain: str | None = None) -> Item:
        kind = "near_miss" if abstain else "direct"
        return Item((number,), language, None, style, kind, () if abstain else ("a/gron",), abstain)

    items = [
        asked("1", "plain", "sv"),
        asked("2", "typos", "sv"),
        asked("3", "plain", "en"),
        asked("4", "no_accents", "sv"),
        asked("5", "plain", "sv", "off_topic"),
        asked("6", "plain", "sv", "not_in_sources"),
        asked("7", "plain", "sv"),
        asked("8", "plain", "sv", "unclear"),
    ]
    result = Result.of(evaluate(items, bot))
    values = {name: (total.n, round(total.value, 3)) for name, total in result.totals.items()}
    assert values["overall"] == (8, 0.625)  # 1, 2, 5, 7, 8
    assert values["kind.direct"] == (5, 0.6)
    assert values["kind.near_miss"] == values["near_misses_refused"] == (3, 0.667)
    assert values["language_gap"] == (8, round(5 / 7, 3))
    assert values["noise_gap"] == (8, round(4 / 6 - 1 / 2, 3))
    assert values["asked"] == (5, 0.2)
    assert values["abstention_precision"] == values["abstention_recall"] == (3, 0.667)
    assert values["abstention_f1"] == (4, 0.667)
    assert values["reasons_right"] == (2, 0.5)
    assert "kind.care" not in values
    assert all(total.low <= total.high for total in result.totals.values())
    assert result.totals["overall"].low < 0.625 < result.totals["overall"].high


def test_without_texts_nothing_of_the_items_is_left() -> None:
    one = Item(("hemligt?",), "sv", "a", "plain", "direct", ("a/gron",), place="dir/secret.yaml:1")
    result = Result.of(evaluate([one], FakeBot()))
    bare, whole = (str(result.as_json(texts=texts)) for texts in (False, True))
    for word in ("hemligt", "a/gron", "secret.yaml", "a/none", "not_in_sources"):
        assert word not in bare
    for word in ("hemligt", "a/gron", "secret.yaml", "not_in_sources"):
        assert word in whole
