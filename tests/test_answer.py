import json
from dataclasses import FrozenInstanceError, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import (
    Answer,
    Citation,
    Contact,
    Conversation,
    MunicipalityGoals,
    Note,
    Part,
    SectionSummary,
    Sentence,
)

texts = st.none() | st.text()


@given(
    st.builds(
        Conversation,
        chosen_language=texts,
        language=texts,
        municipality=texts,
        question=texts,
        sections=st.lists(st.text()).map(tuple),
        shown=st.lists(st.lists(st.integers(0)).map(tuple)).map(tuple),
        offered=st.lists(st.text()).map(tuple),
    )
)
def test_a_conversation_survives_json(conversation: Conversation) -> None:
    assert Conversation.from_json(json.loads(json.dumps(conversation.as_json()))) == conversation


def test_a_conversation_may_lack_fields() -> None:
    assert Conversation.from_json({}) == Conversation()
    assert Conversation.from_json({"municipality": "vara"}) == Conversation(municipality="vara")


@pytest.mark.parametrize(
    "data",
    [
        {"mood": "good"},
        {"language": 1},
        {"municipality": ["vara"]},
        {"question": True},
        {"sections": "vara/ekonomi"},
        {"sections": [1]},
        {"sections": None},
        {"sections": {"vara/ekonomi": 1}},
        {"offered": "vara"},
        {"offered": [1]},
        {"shown": 1},
        {"shown": [1]},
        {"shown": [["a"]]},
        {"shown": [[True]]},
        {"shown": [[-1]]},
    ],
)
def test_a_conversation_with_faults_is_rejected(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="conversation"):
        Conversation.from_json(data)


def test_values_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Conversation().municipality = "vara"  # type: ignore[misc]


ANSWER = Answer(
    kind="answer",
    language="en",
    text="All of it.",
    conversation=Conversation(municipality="vara"),
    municipalities=("vara",),
    parts=(
        Part(
            "vara/x",
            "X",
            (Sentence("Good.", "Bra.", "Ada, chair"), Sentence("Vatten.", item=True, paragraph=1)),
            (Note("Noted.", "Beslut", "https://example.se"),),
        ),
    ),
    citations=(Citation("vara/x", "X", "Beslut", "https://example.se", None),),
    contact=Contact("Vara", "https://example.se"),
    confidence=0.5,
)


def test_quotes_are_the_sources_words_also_in_a_translation() -> None:
    assert ANSWER.quotes == ("Bra.", "Vatten.")


def test_an_answer_as_json_has_every_field_but_the_conversation() -> None:
    data = json.loads(json.dumps(ANSWER.as_json()))
    assert data.keys() == {field.name for field in fields(Answer)} - {"conversation"} | {"quotes"}
    assert data["quotes"] == ["Bra.", "Vatten."]
    assert data["parts"][0]["sentences"][0] == {
        "text": "Good.",
        "original": "Bra.",
        "speaker": "Ada, chair",
        "paragraph": 0,
        "item": False,
        "gap": False,
    }
    assert data["contact"]["phone"] is None
    assert data["confidence"] == 0.5


def test_goals_are_the_sections_of_that_kind() -> None:
    sections = tuple(
        SectionSummary(f"v/{kind}", "v", kind, kind, None) for kind in ("goal", "vision", "contact")
    )
    municipality = MunicipalityGoals("v", "V", "https://v.se", Contact("V", "https://v.se"), sections)
    assert [goal.id for goal in municipality.goals] == ["v/goal"]
