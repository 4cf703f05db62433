"""A question's spelling, brought nearer the usual one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import wordfreq
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from index import Spelling
from index.spelling import MOST_SLIPS, SPOKEN_FILE, load_frequencies

TEXTS = {
    "sv": [
        "Alla barn och unga ska må bra.",
        "Vi anställda på Ekdala kommun vårdar luft, vatten och skog.",
        "Framgångsfaktorerna för en hållbar kommun",
        "Vad betyder målet om en grön kommun?",
    ],
    "en": ["Every child thrives.", "We care for air, water and forest.", "The success factors of Ekdala"],
}
PIECES = [
    "far", "vi", "paverka", "malet", "va", "dä", "ongdomar", "framgångsfaktorena", "Ekdalla", "the", "goals",
    "municpality", "bla", "xqzzv", "§ 62", "E4", "e-post", "o.s.v.", "don't", "!", "\n", "—", "İ", "ß",
    "2027", "ﬁ", "å\u0301", "²", "\ud800", "\0", "🌳", "한국어", "",
]  # fmt: skip
CORRECT = """
import sys
from test_index_spelling import EXAMPLES, TEXTS
from index import Spelling
spelling = Spelling(TEXTS)
sys.stdout.reconfigure(encoding="utf-8")
for question, _ in EXAMPLES:
    print(spelling.correct(question))
"""
EXAMPLES = [
    # no marks at all
    ("far vi anstallda vara med och paverka", "får vi anställda vara med och påverka"),
    ("hur mar barnen i skolan", "hur mår barnen i skolan"),
    ("vad gor kommunen for alla", "vad gör kommunen för alla"),
    ("Galler malen aven for skolan?", "gäller målen även för skolan?"),
    ("FAR VI VARA MED?", "får VI VARA MED?"),
    ("vad gor ni for barnen — far vi veta? 🌳", "vad gör ni för barnen — får vi veta? 🌳"),
    # some marks, others missing
    ("får alla må bra och paverka", "får alla må bra och påverka"),
    # as it is spoken
    ("Va gör ni för ongdomar?", "vad gör ni för ungdomar?"),
    ("dä ä la ente bra mä skolan", "det är väl inte bra med skolan"),
    ("vaför får man inte bo kvar", "varför får man inte bo kvar"),
    # slips of the finger
    ("hur fungerra skolan hos er", "hur fungerar skolan hos er"),
    ("vad betyder framgångsfaktorena", "vad betyder framgångsfaktorerna"),
    ("vad gör kommnen för barnen", "vad gör kommunen för barnen"),
    (
        "What are the gaols of the municpality for childern?",
        "What are the goals of the municipality for children?",
    ),
    ("how do you care for the enviroment", "how do you care for the environment"),
]
UNCHANGED = [
    # well spelled, in either language
    "Vad betyder målet om en grön kommun?",
    "Can I rent the sports hall at night",
    "For how long are the goals in force?",
    "What are the far and near goals of a municipality?",
    "I am the mother of a son at school, what are you doing for us?",
    "Vad är after work och feedback för något?",
    # names, numbers and what is no word of its own
    "Vad har Ekdala kommun för mål år 2027, enligt § 62?",
    "Vad tycker Bengtzon och Lindqvistson om målen?",
    "Hur går det med E4 och A6:an?",
    "Skicka e-post till info@ekdala.example om t.ex. skolan, o.s.v.",
    "Läs på https://ekdala.example/o/malet om skolan",
    "I don't think it's clear",
    # letters without sense, other languages
    "bla bla bla",
    "asdfg qwert",
    "Was sind die Ziele der Gemeinde?",
    "Maxay yihiin yoolalka degmada",
    "Wie können wir in der Gemeinde mithelfen und was kostet das?",
    "한국어 질문입니다",
    # hardly anything
    "",
    " ",
    "?",
    "42",
    "skola",
    "far",
    "qwrtzx",
    "🌳",
]


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(TEXTS)


@pytest.mark.parametrize(("question", "usual"), EXAMPLES)
def test_usual_spelling(spelling: Spelling, question: str, usual: str) -> None:
    assert spelling.correct(question) == usual


@pytest.mark.parametrize("question", UNCHANGED)
def test_left_as_it_is(spelling: Spelling, question: str) -> None:
    assert spelling.correct(question) == question


@pytest.mark.parametrize("question", [usual for _, usual in EXAMPLES])
def test_what_is_spelled_so_already_is_left(spelling: Spelling, question: str) -> None:
    assert spelling.correct(question) == question


@pytest.mark.parametrize(
    ("question", "usual"),
    [
        ("ska barnen va med", "ska barnen vad med"),
        ("barnen ska va med", "barnen ska vara med"),
        ("det vill jag va", "det vill jag vad"),
        ("jag vill va med och bestämma", "jag vill vara med och bestämma"),
        ("va vill ni", "vad vill ni"),
        ("Va?", "vad?"),
    ],
)
def test_a_form_with_two_meanings_goes_by_the_word_before_it(
    spelling: Spelling, question: str, usual: str
) -> None:
    assert spelling.correct(question) == usual


@pytest.mark.parametrize(
    ("question", "usual"),
    [("forskola", "förskola"), ("miljo", "miljö"), ("Paverka?", "påverka?"), ("ongdomar", "ungdomar")],
)
def test_a_question_of_one_word(spelling: Spelling, question: str, usual: str) -> None:
    assert spelling.correct(question) == usual


def test_own_words_are_known_and_mended_to() -> None:
    texts = {"sv": ["Trollskogsrådet beslutar om målen."]}
    assert Spelling(texts).correct("vad gör trollskogsradet") == "vad gör trollskogsrådet"
    assert Spelling(texts).correct("vad gör trollskogrådett") == "vad gör trollskogsrådet"
    assert Spelling({"sv": []}).correct("vad gör trollskogsradet") == "vad gör trollskogsradet"


def test_the_oftener_a_word_stands_in_the_texts_the_more_it_weighs() -> None:
    def near(*texts: str) -> str:
        return Spelling({"sv": texts}).correct("vad gör skvattrxn").removeprefix("vad gör ")

    assert near("skvattran", "skvattren", "skvattren") == "skvattren"
    assert near("skvattran", "skvattran", "skvattren") == "skvattran"
    assert near("skvattren", "skvattran") == near("skvattran", "skvattren") == "skvattran"


def test_without_texts_of_a_language_nothing_is_changed() -> None:
    assert Spelling({}).correct("far vi anstallda paverka") == "far vi anstallda paverka"
    assert Spelling({"xx": ["aaa bbb"]}).correct("aaa bbd") == "aaa bbd"


def test_of_many_unknown_words_only_some_are_looked_up(spelling: Spelling) -> None:
    slip, known = "kommnen", "och skolan"
    question = f"{slip} {known} " * 2500
    mended = spelling.correct(question)
    assert len(mended.split()) == len(question.split()) == 7500
    assert mended.split().count("kommunen") == MOST_SLIPS
    unknown = "xqzzvk " * 5000
    assert spelling.correct(unknown) == unknown


def not_letters(text: str) -> list[str]:
    return [character for character in text if not character.isalpha()]


@example(["far", " vi ", "paverka", "\r\n\t", "2027"])
@given(
    st.lists(
        st.one_of(st.sampled_from(PIECES), st.sampled_from([" ", ", ", "\n"]), st.text(max_size=8)),
        max_size=30,
    )
)
def test_all_but_the_words_stays_and_as_many_words(spelling: Spelling, pieces: list[str]) -> None:
    question = "".join(pieces)
    usual = spelling.correct(question)
    assert len(usual.split()) == len(question.split())
    assert not_letters(usual) == not_letters(question)
    assert spelling.correct(question) == usual


def test_every_process_spells_alike() -> None:
    outputs = []
    for seed in ("1", "2"):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)]),
        }
        done = subprocess.run(
            [sys.executable, "-c", CORRECT], env=environment, capture_output=True, check=True
        )
        outputs.append(done.stdout.decode())
    assert outputs[0] == outputs[1]
    assert outputs[0].splitlines() == [usual for _, usual in EXAMPLES]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_word_frequencies_are_those_of_wordfreq(language: str) -> None:
    assert load_frequencies(language) == wordfreq.get_frequency_dict(language, wordlist="small")
    assert len(load_frequencies(language)) > 20_000
    assert load_frequencies("xx") == {}


def test_spoken_forms_are_single_words_and_known_once() -> None:
    data = yaml.load(SPOKEN_FILE.read_text("utf-8"), yaml.CBaseLoader)
    pairs = [pair for forms in data.values() for pair in forms["words"].items()]
    pairs += [(form, one["to"]) for forms in data.values() for form, one in forms["after"].items()]
    assert len(pairs) > 100
    for spoken, usual in pairs:
        for word in (spoken, usual):
            assert re.fullmatch(r"[^\W\d_]+", word), (spoken, usual)
            assert word == word.casefold()
        assert spoken != usual
    for forms in data.values():
        # A usual form that is itself spoken would be changed once more when it is asked again.
        assert not set(forms["words"].values()) & set(forms["words"])
