"""Collections in BEIR's form: documents, queries, and which documents are relevant to which query.

The form is that of Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information
Retrieval Models" (2021).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.obstacles import AssemblyError, Obstacle

HEADER = ("query-id", "corpus-id", "score")
_CODES = {
    "json_invalid": "not_json",
    "missing": "missing",
    "string_type": "not_text",
}
"""What pydantic calls a fault, and what it is called here; anything else is ``not_object``."""


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    documents: tuple[Document, ...]
    queries: Mapping[str, str]
    """Those that have judgements, by id."""
    judgements: Mapping[str, Mapping[str, int]]
    """Of each query the documents' relevance; 0 is judged and not relevant."""


def read_collection(folder: Path) -> Collection:
    """A folder with ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/test.tsv``, else all ``qrels/*.tsv``.

    Raises:
        AssemblyError: the files have faults; all of them, by file and line.
        FileNotFoundError: one of the files is not there.
    """
    faults: list[Obstacle] = []
    documents = _read_lines(_DocumentLine, folder / "corpus.jsonl", faults)
    queries = _read_lines(_Line, folder / "queries.jsonl", faults)
    # What a line with a fault holds is not known, so that no reference can be called wrong.
    known = None if faults else (queries.keys(), documents.keys())
    test = folder / "qrels" / "test.tsv"
    judgements: dict[str, dict[str, int]] = {}
    for path in [test] if test.exists() else sorted(test.parent.glob("*.tsv")) or [test]:
        for place, query, document, relevance in _read_judgements(path, faults):
            if known:
                for identity, ids, name in zip((query, document), known, _NAMES, strict=True):
                    if identity not in ids:
                        faults.append(
                            Obstacle("cli.eval.beir.unknown", {"id": identity, "file": name}, place)
                        )
            judgements.setdefault(query, {})[document] = relevance
        if not judgements and not faults:
            faults.append(Obstacle("cli.eval.beir.none", {}, str(path)))
    if faults:
        raise AssemblyError(faults)
    return Collection(
        documents=tuple(Document(one.id, one.title or "", one.text) for one in documents.values()),
        queries={identity: queries[identity].text for identity in judgements},
        judgements=judgements,
    )


_NAMES = ("queries.jsonl", "corpus.jsonl")


class _Line(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True, frozen=True)

    id: str = Field(alias="_id")
    text: str


class _DocumentLine(_Line):
    title: str | None = None


L = TypeVar("L", bound=_Line)


def _read_lines(model: type[L], path: Path, faults: list[Obstacle]) -> dict[str, L]:
    """The lines of a file by their id, in order."""
    found: dict[str, L] = {}
    for place, line in _lines(path, faults):
        try:
            entry = model.model_validate_json(line)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                code = _CODES.get(one["type"], "not_object")
                key = ".".join(map(str, one["loc"]))
                faults.append(Obstacle(f"cli.eval.beir.{code}", {"key": key}, place))
            continue
        if entry.id in found:
            faults.append(Obstacle("cli.eval.beir.doubled", {"id": entry.id}, place))
        found[entry.id] = entry
    return found


def _read_judgements(path: Path, faults: list[Obstacle]) -> Iterator[tuple[str, str, str, int]]:
    """Place, query, document and relevance of every line under the header."""
    for number, (place, line) in enumerate(_lines(path, faults)):
        fields = tuple(line.rstrip("\r\n").split("\t"))
        if number == 0:
            if fields != HEADER:
                faults.append(Obstacle("cli.eval.beir.header", {"expected": " ".join(HEADER)}, place))
            continue
        try:
            query, document, score = fields
            relevance = int(score)
        except ValueError:
            faults.append(Obstacle("cli.eval.beir.judgement", {"expected": " ".join(HEADER)}, place))
            continue
        yield place, query, document, relevance


def _lines(path: Path, faults: list[Obstacle]) -> Iterator[tuple[str, str]]:
    """The lines that hold something, each with its place."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            place = f"{path}:{number}"
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                faults.append(Obstacle("cli.eval.beir.not_utf8", {}, place))
                continue
            if text.strip():
                yield place, text
