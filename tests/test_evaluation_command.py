"""``malvakt eval`` from its front door."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.assistant import Assistant
from bot.cli import main
from bot.evaluation.items import KINDS, STYLES
from bot.evaluation.outcomes import OUTCOMES
from bot.texts import LANGUAGES, load_texts

BEIR = Path(__file__).parent / "quality" / "beir"
QUESTIONS = """\
- {question: "Vad betyder målet om en grön kommun?", language: sv, municipality: null, style: plain, kind: direct, accept: [varnamo/gron]}
- {turns: ["Vad betyder målet om en grön kommun?", "and in English?"], language: en, municipality: varnamo, style: long, kind: follow_up, accept: [varnamo/stark]}
- {question: "hur hög är badtaxan i simhallen?", language: sv, municipality: varnamo, style: typos, kind: near_miss, abstain: not_in_sources}
- {question: "what is the vision", language: en, municipality: varnamo, style: plain, kind: direct, accept: [varnamo/vision]}
"""  # noqa: E501


@pytest.fixture(autouse=True)
def _own_data(assistant: Assistant, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command uses the index that is already built, and no malvakt.yaml."""
    monkeypatch.setenv("MALVAKT_DATA_DIR", str(data_dir))
    monkeypatch.setenv("MALVAKT_DEFAULT_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def questions(tmp_path: Path) -> str:
    path = tmp_path / "questions.yaml"
    path.write_text(QUESTIONS, "utf-8")
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["eval", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    status, out, err = run(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    return dict(json.loads(out))


def test_prints_totals_and_what_is_wrong(capsys: pytest.CaptureFixture[str], questions: str) -> None:
    status, out, err = run(capsys, questions)
    assert (status, err) == (0, "")
    assert re.search(r"^All +4 +75\.0% +\d+\.\d to \d+\.\d$", out, re.MULTILINE)
    assert "questions.yaml:2  Vad betyder målet om en grön kommun? / and in English?" in out
    assert "expected: varnamo/stark" in out
    assert "badtaxan" not in out


def test_json_holds_everything_and_is_the_same_each_time(
    capsys: pytest.CaptureFixture[str], questions: str
) -> None:
    found = report(capsys, questions)
    assert found["totals"]["overall"] | {"low": 0, "high": 0} == {"value": 0.75, "low": 0, "high": 0, "n": 4}
    assert [item["good"] for item in found["items"]] == [True, False, True, True]
    assert found["items"][0]["sections"] == ["varnamo/gron"]
    assert found["items"][1]["turns"][1] == "and in English?"
    assert found == report(capsys, questions)


def test_totals_hold_no_question(capsys: pytest.CaptureFixture[str], questions: str) -> None:
    _, text, _ = run(capsys, questions, "--totals")
    whole = json.dumps(report(capsys, questions, "--totals"), ensure_ascii=False)
    for out in (text, whole):
        for word in ("grön", "badtaxan", "varnamo", "questions.yaml", "vision"):
            assert word not in out
    assert "All" in text


def test_runs_are_compared_also_where_only_totals_were_saved(
    capsys: pytest.CaptureFixture[str], questions: str, tmp_path: Path
) -> None:
    old = report(capsys, questions, "--totals")
    old["items"][0]["good"] = False
    old["items"][1]["good"] = True
    saved = tmp_path / "old.json"
    saved.write_text(json.dumps(old), "utf-8")
    _, out, _ = run(capsys, questions, "--compare", str(saved))
    assert "Became right: Vad betyder målet om en grön kommun?\n" in out
    assert "Became wrong: Vad betyder målet om en grön kommun? / and in English?\n" in out
    _, bare, _ = run(capsys, questions, "--compare", str(saved), "--totals")
    assert "Better: 1. Worse: 1." in bare
    assert "grön" not in bare
    found = report(capsys, questions, "--compare", str(saved))["comparison"]
    assert (found["matched"], len(found["better"]), len(found["worse"])) == (4, 1, 1)
    assert found["changes"]["overall"]["difference"] == 0


def test_what_is_no_report_is_said(
    capsys: pytest.CaptureFixture[str], questions: str, tmp_path: Path
) -> None:
    for text in ("{", "{}", '{"items": [{"key": 1}]}'):
        (tmp_path / "old.json").write_text(text)
        status, out, err = run(capsys, questions, "--compare", "old.json")
        assert (status, out) == (1, "")
        assert err == f"old.json: {load_texts('en')('cli.eval.not_report')}\n"
    status, _, err = run(capsys, questions, "--compare", "gone.json")
    assert (status, err) == (2, "There is no gone.json. Correct the path.\n")


def test_the_baseline_stands_beside(
    capsys: pytest.CaptureFixture[str], questions: str, tmp_path: Path
) -> None:
    status, _, err = run(capsys, questions, "--baseline")
    assert status == 1
    assert "calibration.yaml" in err
    (tmp_path / "dev.yaml").write_text(QUESTIONS, "utf-8")
    _, out, _ = run(capsys, questions, "--baseline")
    assert re.search(r"^All +4 +75\.0% +[\d.]+ to [\d.]+ +\d+\.\d% ", out, re.MULTILINE)
    found = report(capsys, questions, "--baseline")["baseline"]
    assert found["tuned_on"] == {"file": "dev.yaml", "questions": 4}
    assert "ece" not in found["totals"]
    assert len(found["items"]) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    questions: str,
    tmp_path: Path,
    language: str,
) -> None:
    monkeypatch.setenv("MALVAKT_DEFAULT_LANGUAGE", language)
    (tmp_path / "calibration.yaml").write_text(QUESTIONS, "utf-8")
    run(capsys, questions, "--baseline", "--plots", "new/pictures")
    paths = sorted((tmp_path / "new" / "pictures").iterdir())
    assert [path.name for path in paths] == ["accuracy_by_kind.png", "reliability.png", "risk_coverage.png"]
    for path in paths:
        with Image.open(path) as picture:
            assert min(picture.size) > 300
            colours = picture.convert("RGB").getcolors(1_000_000)
        assert colours
        assert max(colours)[1] == (255, 255, 255)
        assert (0x00, 0x72, 0xB2) in {colour for _, colour in colours}


def test_retrieval(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--retrieval", str(BEIR))
    assert status == 0
    assert re.search(r"^nDCG@10 +8 +0\.\d{3} ", out, re.MULTILINE)
    assert "12 documents, 8 queries" in out
    found = report(capsys, "--retrieval", str(BEIR))["retrieval"]
    assert (found["documents"], found["queries"]) == (12, 8)
    assert found["totals"].keys() == {"ndcg_10", "hit_1", "hit_3", "hit_10"}


def test_faults_in_files(capsys: pytest.CaptureFixture[str], questions: str, tmp_path: Path) -> None:
    Path(questions).write_text(QUESTIONS.replace("style: typos", "style: odd") + QUESTIONS, "utf-8")
    status, out, err = run(capsys, questions)
    assert (status, out) == (1, "")
    lines = err.splitlines()
    assert lines[0].startswith(f"{questions}:3: [3].style is “odd”. Choose one of: plain, ")
    assert len(lines) == 5
    assert lines[-1] == "Faults: 4. Files with faults: 1."
    assert run(capsys, "gone.yaml")[0] == 1
    Path(questions).write_text("[]\n")
    assert run(capsys, questions)[0] == 1


@pytest.mark.parametrize(
    "arguments",
    [(), ("--totals",), ("--retrieval", str(BEIR), "--baseline"), ("--retrieval", str(BEIR), "--totals")],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1


def test_a_missing_library_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    monkeypatch.delitem(sys.modules, "bot.evaluation.retrieval", raising=False)
    status, out, err = run(capsys, "--retrieval", str(BEIR))
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "pip install 'malvakt[eval]'" in err


def test_every_kind_style_and_outcome_has_a_name() -> None:
    for language in LANGUAGES:
        texts = load_texts(language)
        assert all(f"cli.eval.name.kind.{kind}" in texts for kind in KINDS)
        assert all(f"cli.eval.name.style.{style}" in texts for style in STYLES)
        assert all(f"cli.eval.outcome.{outcome}" in texts for outcome in OUTCOMES)
