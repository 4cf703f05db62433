"""Collections in BEIR's form, and the search measured on them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder

import index
from bot.evaluation.beir import Collection, Document, read_collection
from bot.evaluation.retrieval import measure, open_index
from bot.obstacles import AssemblyError
from bot.texts import LANGUAGES, load_texts

SAMPLE = Path(__file__).parent / "quality" / "beir"
HEADER = "query-id\tcorpus-id\tscore\n"
CORPUS = '{"_id": "d1", "title": "Skog", "text": "Granar."}\n{"_id": "d2", "text": "Torsk i havet."}\n'
QUERIES = '{"_id": "q1", "text": "granar"}\n{"_id": "q2", "text": "torsk", "metadata": {}}\n'


def write(folder: Path, corpus: str = CORPUS, queries: str = QUERIES, **judged: str) -> Path:
    (folder / "qrels").mkdir()
    (folder / "corpus.jsonl").write_text(corpus, "utf-8")
    (folder / "queries.jsonl").write_text(queries, "utf-8")
    for name, lines in (judged or {"test": "q1\td1\t1\n"}).items():
        (folder / "qrels" / f"{name}.tsv").write_text(HEADER + lines, "utf-8")
    return folder


def faults(folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(AssemblyError) as raised:
        read_collection(folder)
    for language in LANGUAGES:
        for one in raised.value.obstacles:
            assert load_texts(language)(one.key, **one.values)
    return [
        (one.place.removeprefix(f"{folder}/"), one.key.rpartition(".")[2]) for one in raised.value.obstacles
    ]


def test_the_sample_is_read() -> None:
    found = read_collection(SAMPLE)
    assert (len(found.documents), len(found.queries)) == (12, 8)
    assert found.judgements["q2"] == {"stark": 1, "ekonomi": 1}


def test_only_what_is_judged_is_asked(tmp_path: Path) -> None:
    found = read_collection(write(tmp_path, test="q2\td2\t2\nq2\td1\t0\n", train="q1\td1\t1\n"))
    assert found == Collection(
        (Document("d1", "Skog", "Granar."), Document("d2", "", "Torsk i havet.")),
        {"q2": "torsk"},
        {"q2": {"d2": 2, "d1": 0}},
    )


def test_without_a_test_file_all_judgements_count(tmp_path: Path) -> None:
    found = read_collection(write(tmp_path, dev="q2\td2\t1\n", train="q1\td1\t1\n"))
    assert found.judgements == {"q2": {"d2": 1}, "q1": {"d1": 1}}


@pytest.mark.parametrize(
    ("file", "text", "line", "code"),
    [
        ("corpus.jsonl", CORPUS + "{", 3, "not_json"),
        ("corpus.jsonl", CORPUS + "\n[]", 4, "not_object"),
        ("corpus.jsonl", CORPUS + '{"_id": "d3"}', 3, "missing"),
        ("corpus.jsonl", CORPUS + '{"_id": "d3", "text": ["a"]}', 3, "not_text"),
        ("corpus.jsonl", CORPUS + '{"_id": "d1", "text": "a"}', 3, "doubled"),
        ("queries.jsonl", QUERIES + '{"text": "a"}', 3, "missing"),
        ("qrels/test.tsv", "q1\td1\t1\n", 1, "header"),
        ("qrels/test.tsv", HEADER + "q1\td1\n", 2, "judgement"),
        ("qrels/test.tsv", HEADER + "q1\td1\tmuch\n", 2, "judgement"),
        ("qrels/test.tsv", HEADER + "q9\td1\t1\n", 2, "unknown"),
        ("qrels/test.tsv", HEADER + "q1\td9\t1\n", 2, "unknown"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, file: str, text: str, line: int, code: str) -> None:
    folder = write(tmp_path)
    (folder / file).write_text(text, "utf-8")
    assert faults(folder) == [(f"{file}:{line}", code)]


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    folder = write(tmp_path, corpus="{\n[]\n", test="q1\td1\tx\n")
    (folder / "queries.jsonl").write_bytes(b"\xff\n")
    assert faults(folder) == [
        ("corpus.jsonl:1", "not_json"),
        ("corpus.jsonl:2", "not_object"),
        ("queries.jsonl:1", "not_utf8"),
        ("qrels/test.tsv:2", "judgement"),
    ]


def test_no_judgements_and_missing_files(tmp_path: Path) -> None:
    folder = write(tmp_path, test="")
    assert faults(folder) == [("qrels/test.tsv", "none")]
    (folder / "qrels" / "test.tsv").unlink()
    with pytest.raises(FileNotFoundError, match=r"qrels/test\.tsv"):
        read_collection(folder)


def test_measures_by_hand(tmp_path: Path) -> None:
    """One query whose document comes first, one whose comes second."""
    documents = (
        Document("a", "", "granar i skogen växer"),
        Document("b", "", "granar i skogen"),
        Document("c", "", "torsk och sill"),
    )
    queries = {"first": "torsk och sill", "second": "granar i skogen"}
    judged = {"first": {"c": 1, "a": 0}, "second": {"a": 1}}
    collection = Collection(documents, queries, judged)
    told: list[tuple[int, int]] = []
    opened = open_index(collection, FakeEncoder(), tmp_path)
    found = measure(collection, opened, lambda done, total: told.append((done, total)))
    values = {name: round(total.value, 4) for name, total in found.items()}
    assert values == {"ndcg_10": round((1 + 0.6309) / 2, 4), "hit_1": 0.5, "hit_3": 1, "hit_10": 1}
    assert found["hit_1"].n == 2
    assert told == [(1, 2), (2, 2)]


def test_a_long_document_is_found_by_its_last_sentence(tmp_path: Path) -> None:
    filler = " ".join(f"Mening nummer {number} handlar om ingenting särskilt." for number in range(60))
    long = Document("long", "Lång", f"{filler} Sjöjungfrun sjunger.")
    others = tuple(Document(f"o{number}", "", f"Annat {number}.") for number in range(5))
    collection = Collection((*others, long), {"q": "sjöjungfrun sjunger"}, {"q": {"long": 1}})
    assert measure(collection, open_index(collection, FakeEncoder(), tmp_path))["hit_1"].value == 1


def test_a_document_without_text_is_its_title(tmp_path: Path) -> None:
    collection = Collection(
        (Document("a", "Torsk", ""), Document("b", "", "Granar.")), {"q": "torsk"}, {"q": {"a": 1}}
    )
    assert measure(collection, open_index(collection, FakeEncoder(), tmp_path))["hit_1"].value == 1


def test_the_index_is_kept_until_the_documents_change(tmp_path: Path) -> None:
    collection = read_collection(SAMPLE)
    encoder = FakeEncoder()
    open_index(collection, encoder, tmp_path)
    encoded = len(encoder.documents)
    assert isinstance(open_index(collection, encoder, tmp_path), index.Index)
    assert len(encoder.documents) == encoded > 0
    changed = Collection((*collection.documents, Document("new", "", "Ny.")), {}, {})
    open_index(changed, encoder, tmp_path)
    assert len(encoder.documents) > encoded
    open_index(collection, FakeEncoder("fake-2"), tmp_path)


def test_the_sample_is_found_well(tmp_path: Path) -> None:
    collection = read_collection(SAMPLE)
    found = measure(collection, open_index(collection, index.load_encoder(), tmp_path))
    assert json.dumps({name: total.as_json() for name, total in found.items()})
    assert found["ndcg_10"].value > 0.7
    assert found["hit_10"].value == 1
