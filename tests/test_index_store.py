"""The index on disk: whole or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from fake_encoder import FakeEncoder

from index import (
    NOTHING,
    Index,
    IndexDamaged,
    IndexMissing,
    IndexStale,
    Passage,
    Rivals,
    StoreError,
    content_hash,
    store,
)

OLD = [
    Passage(
        "gron#1", "Vi vårdar luft.\n- och ån", title="Grön", group="gron", language="sv", spans=((0, 15),)
    ),
    Passage("gron?1", "blir det \u2028 grönt?", group="gron", view="question", attributes={"kind": "goal"}),
    Passage("odd", 'NUL \0, halv \ud800, "citat" \\ 🌳', group="odd"),
]
NEW = [Passage(f"ny#{number}", f"Nytt mål nummer {number}") for number in range(30)]
RIVALS = {"goal": Rivals(frozenset({"gron"}), frozenset({"odd"}))}
QUESTIONS = ["luft", "grönt", "citat", "mål 7", ""]
DATA_FILES = (store.PASSAGES, store.DENSE, store.LEXICAL, store.CENTERING, store.AFFINITIES)

CHILD = """
import os, signal, sys
from pathlib import Path
from fake_encoder import FakeEncoder
from test_index_store import NEW, OLD, build
directory = Path(sys.argv[1])
"""


def build(passages: list[Passage]) -> Index:
    return Index.build(passages, FakeEncoder(), rivals=RIVALS)


def found(index: Index) -> list[tuple[str, str, float]]:
    return [
        (hit.passage.id, hit.matched.id, hit.score)
        for question in QUESTIONS
        for hit in index.search(question, k=5)
    ]


@contextmanager
def child(code: str, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    """Python code in a process of its own, which is dead in the end."""
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD + code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    build(OLD).save(tmp_path)
    return tmp_path


def stored_path(directory: Path, name: str) -> Path:
    return next(path for path in directory.iterdir() if path.name.endswith(name))


def opened(directory: Path) -> Index:
    return Index.open(directory, FakeEncoder())


@pytest.mark.parametrize("passages", [[], OLD, NEW], ids=["none", "old", "new"])
def test_saved_and_opened_is_the_same(tmp_path: Path, passages: list[Passage]) -> None:
    built = build(passages)
    built.save(tmp_path / "deep" / "down")
    index = opened(tmp_path / "deep" / "down")
    assert index.passages == built.passages == tuple(passages)
    assert found(index) == found(built)
    assert bool(found(index)) == bool(passages)


def test_affinities_are_saved_and_opened(saved: Path) -> None:
    built, index = build(OLD), opened(saved)
    for question in QUESTIONS:
        affinities = index.query(question).affinities("goal")
        assert affinities == built.query(question).affinities("goal")
        assert set(affinities) == {NOTHING, "gron"}


def test_an_opened_index_saves_the_same_bytes_again(saved: Path) -> None:
    files = {name: stored_path(saved, name).read_bytes() for name in DATA_FILES}
    opened(saved).save(saved)
    assert {name: stored_path(saved, name).read_bytes() for name in DATA_FILES} == files


@pytest.mark.parametrize("missing", ["", "deep", "file"])
def test_no_index(tmp_path: Path, missing: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexMissing):
        opened(tmp_path / missing)


@pytest.mark.parametrize("name", [store.MANIFEST, *DATA_FILES])
def test_every_flipped_byte_is_noticed(saved: Path, name: str) -> None:
    path = stored_path(saved, name)
    data = path.read_bytes()
    # The manifest says what is right, so each of its bytes is tried; of the others both ends and a sample.
    step = 1 if name == store.MANIFEST else 13
    places = sorted({*range(0, len(data), step), *range(64), *range(len(data) - 64, len(data))})
    assert len(places) > 100
    for place in places:
        for bit in (0x01, 0x20, 0x80):
            path.write_bytes(data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :])
            with pytest.raises(StoreError):
                opened(saved)
    path.write_bytes(data)
    assert opened(saved).passages == tuple(OLD)


@pytest.mark.parametrize("name", [store.MANIFEST, *DATA_FILES])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_file_cut_short_is_noticed(saved: Path, name: str, share: float) -> None:
    path = stored_path(saved, name)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(IndexDamaged):
        opened(saved)


@pytest.mark.parametrize("name", [store.MANIFEST, *DATA_FILES])
def test_a_file_with_more_behind_it_is_noticed(saved: Path, name: str) -> None:
    with stored_path(saved, name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(IndexDamaged):
        opened(saved)


@pytest.mark.parametrize("name", [store.MANIFEST, *DATA_FILES])
def test_a_missing_file_is_noticed(saved: Path, name: str) -> None:
    stored_path(saved, name).unlink()
    with pytest.raises(IndexMissing if name == store.MANIFEST else IndexDamaged):
        opened(saved)


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", '"x"', "1e999", "[" * 100_000, '{"sha256": 1}', "\ufeff{}"]
)
def test_a_manifest_that_is_something_else_is_noticed(saved: Path, text: str) -> None:
    (saved / store.MANIFEST).write_text(text, "utf-8")
    with pytest.raises(IndexDamaged):
        opened(saved)


def test_a_file_of_another_index_is_noticed(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    build(NEW).save(other)
    stored_path(saved, store.DENSE).write_bytes(stored_path(other, store.DENSE).read_bytes())
    with pytest.raises(IndexDamaged):
        opened(saved)


@pytest.mark.parametrize("part", ["dense", "lexical", "centering", "affinities"])
@pytest.mark.parametrize("data", [b"x", b""])
def test_whole_files_of_another_form_are_noticed(saved: Path, part: str, data: bytes) -> None:
    parts = store.read(saved, FakeEncoder().fingerprint)
    changed: dict[str, Any] = {part: data}
    store.write(saved, FakeEncoder().fingerprint, replace(parts, **changed))
    with pytest.raises(IndexDamaged):
        opened(saved)


def test_another_encoder_makes_it_stale(saved: Path) -> None:
    with pytest.raises(IndexStale, match="fake-1, not fake-2"):
        Index.open(saved, FakeEncoder("fake-2"))


def test_another_schema_makes_it_stale(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SCHEMA", f"{store.SCHEMA}-next")
    with pytest.raises(IndexStale, match="form"):
        opened(saved)


def test_other_passages_make_it_stale(saved: Path) -> None:
    index = Index.open(saved, FakeEncoder(), OLD)
    assert index.passages == tuple(OLD)
    assert found(index) == found(opened(saved))
    changed = replace(OLD[1], attributes={"kind": "vision"})
    for passages in (NEW, OLD[:2], OLD[::-1], [OLD[0], changed, OLD[2]], []):
        with pytest.raises(IndexStale, match="other texts"):
            Index.open(saved, FakeEncoder(), passages)


def test_other_rivals_make_it_stale(saved: Path) -> None:
    assert found(Index.open(saved, FakeEncoder(), OLD, RIVALS)) == found(opened(saved))
    (own,) = RIVALS.values()
    others = (
        {},
        {"other": own},
        {"goal": replace(own, groups=frozenset({"odd"}))},
        {"goal": replace(own, unrelated=frozenset())},
        {"goal": replace(own, others=frozenset({"ny"}))},
    )
    for rivals in others:
        with pytest.raises(IndexStale, match="other groups"):
            Index.open(saved, FakeEncoder(), OLD, rivals)


def test_the_content_hash_is_in_the_manifest_and_changes_with_anything(saved: Path) -> None:
    manifest = json.loads((saved / store.MANIFEST).read_bytes())
    assert manifest["content"] == content_hash(OLD)
    changed = [NEW, OLD[:2], OLD[::-1], [*OLD[:2], replace(OLD[2], language="sv")]]
    assert len({content_hash(passages) for passages in (OLD, *changed)}) == 5


def test_saving_removes_what_is_no_longer_named_and_nothing_else(saved: Path) -> None:
    (saved / "0123-dense.faiss").write_bytes(b"left over")
    (saved / "0123-manifest.json").write_bytes(b"left over")
    (saved / "notes.txt").write_text("mine")
    build(NEW).save(saved)
    kept = {path.name.partition("-")[2] or path.name for path in saved.iterdir()}
    assert kept == {*DATA_FILES, store.MANIFEST, "notes.txt"}
    assert len(list(saved.iterdir())) == len(kept)
    assert opened(saved).passages == tuple(NEW)


@pytest.mark.parametrize("writes", range(1, len(DATA_FILES) + 2))
def test_a_writer_killed_midway_leaves_the_old_index(saved: Path, writes: int) -> None:
    stops = f"""
left = {writes}
def fsync(file):
    global left
    left -= 1
    if left == 0:
        print("midway", flush=True)
        signal.pause()
os.fsync = fsync
build(NEW).save(directory)
"""
    before = found(opened(saved))
    with child(stops, saved) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"midway\n"
        assert found(opened(saved)) == before
        process.send_signal(signal.SIGKILL)
    assert found(opened(saved)) == before
    assert len(list(saved.iterdir())) == len(DATA_FILES) + 1 + writes
    build(NEW).save(saved)
    assert opened(saved).passages == tuple(NEW)
    assert len(list(saved.iterdir())) == len(DATA_FILES) + 1


def test_readers_see_a_whole_index_while_a_writer_saves(saved: Path) -> None:
    writes = """
indexes = [build(passages) for passages in (NEW, OLD)]
print("ready", flush=True)
while True:
    for index in indexes:
        index.save(directory)
"""
    whole = {tuple(found(build(passages))) for passages in (OLD, NEW)}

    def read_for_a_while() -> list[tuple[tuple[str, str, float], ...]]:
        seen = []
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            seen.append(tuple(found(opened(saved))))
        return seen

    with child(writes, saved) as process, ThreadPoolExecutor(3) as pool:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        readers = [pool.submit(read_for_a_while) for _ in range(3)]
        seen = [index for reader in readers for index in reader.result()]
        assert process.poll() is None
    assert len(seen) > 20
    assert set(seen) == whole


@pytest.mark.parametrize("key", ["id", "text", "spans"])
def test_a_passage_of_another_form_is_stale(saved: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def without(passages: list[Passage]) -> bytes:
        entries = [asdict(passage) for passage in passages]
        return b"".join(
            json.dumps({k: v for k, v in one.items() if k != key}).encode() + b"\n" for one in entries
        )

    monkeypatch.setattr(store, "_passages_to_bytes", without)
    build(OLD).save(saved)
    with pytest.raises(IndexStale):
        opened(saved)
