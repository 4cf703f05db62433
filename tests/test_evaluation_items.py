"""Question files: read strictly, every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.items import Item, load_items
from bot.obstacles import AssemblyError
from bot.texts import LANGUAGES, load_texts

SECTIONS = ("sjo/gron", "sjo/trygg", "berg/gron")
REST = "language: sv, municipality: sjo, style: plain"
GOOD = f'- {{question: "blir det grönt?", {REST}, kind: direct, accept: [sjo/gron]}}\n'


def load(directory: Path, *texts: str) -> list[Item]:
    paths = [directory / f"{number}.yaml" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, "utf-8")
    return load_items(paths, SECTIONS)


def faults(directory: Path, *texts: str) -> list[tuple[str, str]]:
    """Place and code of every fault; each has a sentence in both languages."""
    with pytest.raises(AssemblyError) as raised:
        load(directory, *texts)
    for language in LANGUAGES:
        for one in raised.value.obstacles:
            assert load_texts(language)(one.key, **one.values)
    return [(one.place.rpartition("/")[2], one.key.rpartition(".")[2]) for one in raised.value.obstacles]


def test_an_item_becomes_a_value(tmp_path: Path) -> None:
    turns = '- {turns: ["målen?", "och Berg?"], language: en, municipality: null, style: typos,\n'
    first, second = load(
        tmp_path,
        GOOD + turns + '   kind: comparison, accept: [sjo/gron, berg/gron], shows: ["no", "12:30"]}\n',
    )
    assert (first.question, first.municipality, first.accept) == ("blir det grönt?", "sjo", ("sjo/gron",))
    assert first.conversation.municipality == "sjo"
    assert (second.turns, second.question, second.municipality) == (
        ("målen?", "och Berg?"),
        "och Berg?",
        None,
    )
    assert second.shows == ("no", "12:30")
    assert second.place.endswith("0.yaml:2")


def test_a_key_names_an_item_by_what_is_asked_and_known(tmp_path: Path) -> None:
    first, other, labelled = (
        load(tmp_path, text)[0]
        for text in (
            GOOD,
            GOOD.replace("municipality: sjo", "municipality: berg"),
            GOOD.replace("plain", "long"),
        )
    )
    assert first.key == labelled.key
    assert first.key != other.key
    assert "grönt" not in first.key


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("language: sv, ", "", "missing_key"),
        ("municipality: sjo, ", "", "missing_key"),
        ("style: plain", "style: plain, colour: red", "unknown_key"),
        ("style: plain", "style: plain, style: long", "doubled_key"),
        ("style: plain", "style: garbage", "value"),
        ("language: sv", "language: de", "value"),
        ("municipality: sjo", "municipality: oslo", "value"),
        ("kind: direct", "kind: friendly", "value"),
        ("kind: direct", "kind: near_miss", "value"),
        ("sjo/gron", "sjo/blue", "value"),
        ("accept: [sjo/gron]", "abstain: bored", "value"),
        ("accept: [sjo/gron]", "accept: sjo/gron", "not_list"),
        ("accept: [sjo/gron]", "accept: [sjo/gron], abstain: unclear", "one_of"),
        (", accept: [sjo/gron]", "", "one_of"),
        ('question: "blir det grönt?", ', "", "one_of"),
        ('"blir det grönt?"', '""', "empty_value"),
        ('"blir det grönt?"', "null", "empty_value"),
        ("accept: [sjo/gron]", "accept: [sjo/gron], shows: []", "empty_value"),
        ("kind: direct, accept: [sjo/gron]", "kind: near_miss, abstain: unclear, shows: [a]", "shows"),
        ("kind: direct", "kind: comparison", "comparison"),
        ("- {", "{", "not_list"),
    ],
)
def test_a_fault_names_its_line(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new)
    before = "" if code == "not_list" and new == "{" else "# a comment\n\n"
    found = faults(tmp_path, before + text)
    assert (f"0.yaml:{1 + before.count(chr(10))}", code) in found


def test_a_follow_up_may_have_no_answer(tmp_path: Path) -> None:
    text = GOOD.replace("kind: direct, accept: [sjo/gron]", "kind: follow_up, abstain: not_in_sources")
    assert load(tmp_path, text)[0].abstain == "not_in_sources"


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    other = GOOD.replace("grönt", "tryggt")
    found = faults(
        tmp_path,
        GOOD + other.replace("plain", "garbage") + GOOD.replace("blir det", "Blir  DET"),
        other.replace("direct", "friendly") + GOOD,
        "- [",
    )
    assert found == [
        ("0.yaml:2", "value"),
        ("0.yaml:3", "doubled"),
        ("1.yaml:1", "value"),
        ("1.yaml:2", "doubled"),
        ("2.yaml:2", "yaml_syntax"),
    ]


def test_the_same_question_in_two_conversations_is_no_double(tmp_path: Path) -> None:
    assert len(load(tmp_path, GOOD + GOOD.replace("municipality: sjo", "municipality: null"))) == 2
