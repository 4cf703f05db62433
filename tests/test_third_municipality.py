"""A third municipality is one more file: nothing else is written for it, and all holds for it, too."""

from __future__ import annotations

import ast
import datetime as dt
import re
import shutil
from pathlib import Path

import pytest
import yaml

import bot
from bot.answer import Answer, Conversation
from bot.assemble import assemble
from bot.assistant import Assistant
from bot.settings import Settings
from knowledge import GOALS_DIRECTORY, load_places

FILE = Path(__file__).parent / "ekdala.yaml"
ROOT = Path(str(bot.__file__)).parent.parent
TODAY = dt.date(2026, 3, 2)
EKDALA = Conversation(municipality="ekdala")


@pytest.fixture(scope="module")
def settings(assistant: Assistant, data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The three files, and the vectors of the two that are encoded already."""
    root = tmp_path_factory.mktemp("three")
    (root / "goals").mkdir()
    shutil.copy(FILE, root / "goals")
    shutil.copy(data_dir / "vectors.npz", root)
    return Settings(data_dir=root, knowledge_dirs=(GOALS_DIRECTORY, root / "goals"))


@pytest.fixture(scope="module")
def three(settings: Settings) -> Assistant:
    return assemble(settings, clock=lambda: TODAY)


def sections(answer: Answer) -> list[str]:
    return [part.section for part in answer.parts]


def test_its_name_is_known_from_nowhere_else() -> None:
    assert not [name for name in load_places().names if "ekdala" in name.casefold()]


@pytest.mark.parametrize(
    ("question", "section"),
    [
        # direct, in both languages
        ("Vad betyder målet om en grön och levande kommun?", "gron"),
        ("Vad är målet för skolan?", "skola"),
        ("What is the school goal?", "skola"),
        ("Vad gör ni för skogen och sjöarna?", "gron"),
        ("Vad är Ekdalas vision?", "vision"),
        ("Får jag hjälp att starta företag?", "foretag"),
        # what the file does not say, but residents anywhere ask about the themes that it names
        ("klasserna är stökiga", "skola"),
        ("jag orkar inte stå i telefonkö, kan man göra allt på nätet?", "digital"),
        ("It is so lonely being old here", "aldre"),
        # the whole
        ("Vilka mål har Ekdala?", "overgripande"),
        ("what are the goals?", "overgripande"),
    ],
)
def test_it_answers(three: Assistant, question: str, section: str) -> None:
    answer = three.ask(question, EKDALA)
    assert (answer.kind, sections(answer)) == ("answer", [f"ekdala/{section}"]), answer.confidence
    assert answer.municipalities == ("ekdala",)
    assert {citation.url for citation in answer.citations} == {"https://www.ekdala.example/mal"}


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("När beslutades målen i Ekdala?", ["25 november 2024", "§ 143"]),
        ("Vem har beslutat om skolmålet?", ["Kommunfullmäktige"]),
        ("Hur länge gäller målen?", ["2025–2028"]),
        ("Gäller skolmålet fortfarande?", ["Ja", "2025–2028"]),
        ("Who decided on the goals in Ekdala?", ["Kommunfullmäktige"]),
        ("Gäller målet om att fler vågar satsa nu?", ["1 januari 2027"]),
    ],
)
def test_facts_and_validity(three: Assistant, question: str, facts: list[str]) -> None:
    answer = three.ask(question, EKDALA)
    assert answer.kind == "answer"
    assert [fact for fact in facts if fact not in answer.text] == []


def test_what_does_not_apply_yet_says_so_first(three: Assistant) -> None:
    answer = three.ask("Får jag hjälp att starta företag?", EKDALA)
    assert "1 januari 2027" in answer.text.splitlines()[0]


@pytest.mark.parametrize(
    ("question", "section"),
    [
        # named
        ("Vad är målet för skolan i Ekdala kommun?", "ekdala/skola"),
        ("Vilka framgångsfaktorer har Vara?", "vara/framgangsfaktorer"),
        ("What is the vision of Ekdala Municipality?", "ekdala/vision"),
        ("Vad är visionen i Värnamo?", "varnamo/vision"),
        # by a goal's title, though others are much alike, or its alias
        ("Vad betyder målet om en grön och levande kommun?", "ekdala/gron"),
        ("Vad betyder målet om en grön kommun?", "varnamo/gron"),
        ("Vad är naturmålet?", "ekdala/gron"),
        ("Vad är miljömålet?", "varnamo/gron"),
    ],
)
def test_told_apart_from_the_others(three: Assistant, question: str, section: str) -> None:
    answer = three.ask(question)
    assert answer.kind == "answer"
    (found,) = sections(answer)
    assert found == section


def test_told_apart_by_the_conversation(three: Assistant) -> None:
    first = three.ask("Vilka mål har Ekdala?")
    assert first.conversation.municipality == "ekdala"
    assert sections(three.ask("Vad är målet för skolan?", first.conversation)) == ["ekdala/skola"]
    moved = three.ask("Vilka mål har Värnamo?", first.conversation)
    assert sections(moved) == ["varnamo/overgripande"]


def test_told_apart_by_the_default(settings: Settings) -> None:
    own = assemble(settings.model_copy(update={"default_municipality": "ekdala"}), clock=lambda: TODAY)
    assert sections(own.ask("vilka mål har kommunen?")) == ["ekdala/overgripande"]
    assert sections(own.ask("Vilka mål har Vara?")) == ["vara/overgripande"]


def test_asked_back_where_several_have_an_answer(three: Assistant) -> None:
    answer = three.ask("vad har kommunen för mål?")
    assert answer.kind == "clarify"
    assert [choice.municipality for choice in answer.choices] == ["ekdala", "vara", "varnamo"]
    chosen = three.ask("Ekdala", answer.conversation)
    assert sections(chosen) == ["ekdala/overgripande"]


@pytest.mark.parametrize(
    ("question", "municipalities"),
    [
        ("Jämför Ekdala och Vara om skolan", ["ekdala", "vara"]),
        ("Jämför Ekdala och Värnamo när det gäller äldre", ["ekdala", "varnamo"]),
        ("Jämför Vara och Värnamo om ekonomin", ["vara", "varnamo"]),
        ("Vad är skillnaden mellan målen i Ekdala, Vara och Värnamo?", ["ekdala", "vara", "varnamo"]),
        ("Compare the goals of Ekdala, Vara and Värnamo", ["ekdala", "vara", "varnamo"]),
    ],
)
def test_compared(three: Assistant, question: str, municipalities: list[str]) -> None:
    answer = three.ask(question)
    assert answer.kind == "answer"
    assert [section.partition("/")[0] for section in sections(answer)] == municipalities


def test_compared_where_one_is_silent(three: Assistant) -> None:
    answer = three.ask("Jämför Ekdala, Vara och Värnamo om ekonomin")
    assert [section.partition("/")[0] for section in sections(answer)] == ["vara", "varnamo"]
    assert "Ekdala kommun" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Hur ansöker jag om bygglov i Ekdala?",
        "Vad kostar förskolan?",
        "När har återvinningen öppet i Ekdala?",
        "När öppnar biblioteket?",
        "What does the headteacher earn?",
    ],
)
def test_errands_are_declined(three: Assistant, question: str) -> None:
    answer = three.ask(question, EKDALA)
    assert answer.kind == "no_answer"
    assert answer.parts == ()


@pytest.mark.parametrize("question", ["Vad är skolmålet i Ekdala?", "Vad betyder Ekdalas vision 2040?"])
def test_nothing_of_it_is_answered_where_it_is_not_loaded(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, EKDALA)
    assert not [section for section in sections(answer) if section.startswith("ekdala")]
    assert "Ekdala kommun" not in answer.text


def test_the_others_answer_as_they_do_without_it(three: Assistant, assistant: Assistant) -> None:
    for municipality, question in [
        ("varnamo", "Vad betyder målet om en grön kommun?"),
        ("varnamo", "Vad är visionen?"),
        ("vara", "Vilka framgångsfaktorer finns det?"),
        ("vara", "Hur är det att jobba i kommunen?"),
        ("vara", "När öppnar biblioteket?"),
    ]:
        conversation = Conversation(municipality=municipality)
        beside, alone = three.ask(question, conversation), assistant.ask(question, conversation)
        assert (beside.kind, sections(beside)) == (alone.kind, sections(alone))


# What is said to somebody who writes programs or files, by way of example.
EXAMPLES = {
    "bot/channels/web/api.py",
    "bot/channels/web/openapi.py",
    "bot/channels/web/schemas.py",
}
# The names of all the country's municipalities, these two among them.
LISTS = {"knowledge/places.yaml"}
NAMES = re.compile(r"värnamo|varnamo|\bVara\b|\bVaras\b|^vara$|\bvara/")
IN_PHRASES = re.compile(r"värnamo|varnamo|\bVara\b|\bVaras\b|\bvara/")
"""Among phrases "vara" by itself is the verb."""


def strings(path: Path) -> list[str]:
    """What a program or a data file says; not what it remarks."""
    if path.suffix == ".py":
        tree = ast.parse(path.read_text("utf-8"))
        remarks = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        return [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks
        ]
    return [node.value for node in scalars(path)]


def scalars(path: Path) -> list[yaml.ScalarNode]:
    found: list[yaml.ScalarNode] = []
    waiting: list[object] = [yaml.compose(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.ScalarNode):
            found.append(node)
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
    return found


def test_no_program_and_no_number_knows_a_municipality() -> None:
    files = [
        path
        for layer in ("bot", "index", "knowledge")
        for suffix in ("py", "yaml")
        for path in sorted((ROOT / layer).rglob(f"*.{suffix}"))
        # The municipalities' own files, and the sentences that people see, which give examples.
        if not {"goals", "texts"} & set(path.relative_to(ROOT).parts)
    ]
    assert len(files) > 150
    found = []
    looked_at = 0
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        if name in EXAMPLES | LISTS:
            continue
        pattern = IN_PHRASES if path.suffix == ".yaml" else NAMES
        for text in strings(path):
            looked_at += 1
            if pattern.search(text):
                found.append(f"{name}: {text}")
    assert looked_at > 5000
    assert found == []


def test_the_exceptions_are_needed() -> None:
    for name in EXAMPLES | LISTS:
        assert any(NAMES.search(text) for text in strings(ROOT / name)), name
