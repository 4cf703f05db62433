"""What the README says is so: settings, commands and examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import PREFIX, Settings
from knowledge import load_knowledge

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
