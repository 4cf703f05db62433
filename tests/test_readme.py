"""What the README says is so: settings, commands and examples."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from bot.answer import Answer, Choice, Citation, Contact, Note, Part, Sentence, Suggestion
from bot.cli import main
from bot.evaluation.comparison import Change, Comparison
from bot.evaluation.items import load_items
from bot.evaluation.report import Report
from bot.evaluation.result import Result
from bot.evaluation.statistics import Bin
from bot.evaluation.totals import Point, Total
from bot.settings import PREFIX, Settings
from knowledge import GOALS_DIRECTORY, load_knowledge

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def test_lists_every_setting_and_no_other() -> None:
    fields = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert len(fields) > 10
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", README)) - {f"{PREFIX}CONFIG"} == fields


def test_the_example_of_a_goal_file_is_sound(tmp_path: Path) -> None:
    (example,) = blocks("yaml")
    (tmp_path / "exempelby.yaml").write_text(example, "utf-8")
    municipality = load_knowledge([tmp_path]).municipality("exempelby")
    assert [section.id for section in municipality.sections()] == ["exempelby/trygghet"]


def test_the_example_of_the_library_runs() -> None:
    (example,) = blocks("python")
    exec(compile(example, "README.md", "exec"), {})


def test_the_commands_exist(capsys: pytest.CaptureFixture[str]) -> None:
    commands = {words for block in blocks("sh") for words in re.findall(r"\bmalvakt ([a-z]+)", block)}
    assert {"ask", "chat", "search", "knowledge", "telegram"} <= commands
    for command in commands:
        with pytest.raises(SystemExit) as left:
            main([command, "--help"])
        assert left.value.code == 0
    out = capsys.readouterr().out
    assert all(f"malvakt {command}" in out for command in commands)


def test_the_make_commands_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", README))
    assert named >= {"run", "test"}
    assert named <= targets


def test_the_links_inside_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert all((ROOT / link).exists() for link in links)
    anchors = set(re.findall(r"\]\(#([^)]+)\)", README))
    headings = {
        re.sub(r"[^\w -]", "", line.lower()).strip().replace(" ", "-")
        for line in re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    }
    assert anchors
    assert anchors <= headings


def test_every_key_of_the_json_is_explained() -> None:
    values = (Answer, Part, Sentence, Note, Citation, Choice, Suggestion, Contact)
    answered = {field.name for one in values for field in fields(one)} - {"conversation"} | {"quotes"}
    measured = {
        field.name for one in (Report, Comparison, Change, Total, Point, Bin) for field in fields(one)
    }
    result = Result.of([]).as_json(texts=True)
    measured = (
        measured - {"result"} | {"schema", "threshold", "tuned_on", "documents", "queries"} | result.keys()
    )
    terminal, measuring = (_section(name) for name in ("In the terminal", "Measuring the answers"))
    assert len(answered) > 30
    assert len(measured) > 30
    assert [key for key in sorted(answered) if f"`{key}`" not in terminal] == []
    assert [key for key in sorted(measured) if f"`{key}`" not in measuring] == []


def _section(heading: str) -> str:
    return README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_the_example_of_questions_is_sound(tmp_path: Path) -> None:
    (example,) = (block for block in blocks("text") if "abstain" in block)
    path = tmp_path / "questions.yaml"
    path.write_text(example, "utf-8")
    sections = [
        section.id
        for municipality in load_knowledge([GOALS_DIRECTORY]).municipalities
        for section in municipality.sections()
    ]
    items = load_items([path], sections)
    assert [item.kind for item in items] == ["indirect", "near_miss", "follow_up"]
