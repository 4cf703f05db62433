"""``malvakt search``: the retrieval alone, over the goals or over any passages."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from bot.assemble import SECTION_WEIGHTS, load_encoder, open_goal_index
from bot.commands.json_lines import BadLine, print_json, read_object
from bot.commands.progress import progress_bar
from bot.obstacles import AssemblyError, Obstacle
from bot.question import MAX_LENGTH, normalise
from bot.settings import Settings
from bot.texts import Texts
from index import SECTION, Hit, Index, Passage

Search = Callable[[str], list[Hit]]


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    if (options.question is None) != options.jsonl:
        print(texts("cli.ask.what"), file=sys.stderr)
        return 2
    if options.passages and options.municipality:
        print(texts("cli.search.not_both"), file=sys.stderr)
        return 2
    question = normalise(options.question or "")
    if len(question) > MAX_LENGTH:
        print(texts("cli.search.too_long", limit=MAX_LENGTH), file=sys.stderr)
        return 2
    if options.passages:
        search = _passage_search(options, settings, texts)
    else:
        with progress_bar(texts) as progress:
            opened = open_goal_index(settings, progress)
        known = sorted(
            {p.attributes["municipality"] for p in opened.passages if "municipality" in p.attributes}
        )
        if options.municipality not in (None, *known):
            name, listed = options.municipality, ", ".join(known)
            print(texts("cli.unknown_municipality", name=name, known=listed), file=sys.stderr)
            return 2
        search = _goal_search(opened, options)
    if options.jsonl:
        return _answer_lines(search, texts)
    for hit in search(question):
        print(f"{hit.score:.3f}  {hit.passage.id}  {' '.join(hit.passage.text.split())[:100]}")
    return 0


def _goal_search(opened: Index, options: Namespace) -> Search:
    where = {"role": SECTION}
    if options.municipality:
        where["municipality"] = options.municipality
    return lambda question: opened.query(question).search(k=options.k, where=where, weights=SECTION_WEIGHTS)


def _passage_search(options: Namespace, settings: Settings, texts: Texts) -> Search:
    passages = _read_passages(options.passages)
    with progress_bar(texts) as progress:
        opened = Index.build(passages, load_encoder(settings), progress=progress)
    return lambda question: opened.query(question).search(k=options.k)


def _answer_lines(search: Search, texts: Texts) -> int:
    status = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            request = read_object(line, "question")
            question = normalise(request["question"])
            if len(question) > MAX_LENGTH:
                raise BadLine("too_long", str(MAX_LENGTH))
        except BadLine as error:
            print(texts(f"cli.line.{error.code}", line=number, detail=error.detail), file=sys.stderr)
            status = 1
            continue
        print_json({"id": request["id"], "hits": [hit.passage.id for hit in search(question)]})
    return status


def _read_passages(path: Path) -> list[Passage]:
    """The passages of a file. Raises `AssemblyError` with all its faults."""
    passages: dict[str, Passage] = {}
    obstacles = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                entry = read_object(line, "text")
                identity = str(entry["id"])
                if identity in passages:
                    raise BadLine("doubled", identity)
            except BadLine as error:
                key, values = f"cli.passages.{error.code}", {"detail": error.detail}
                obstacles.append(Obstacle(key, values, f"{path}:{number}"))
                continue
            passages[identity] = Passage(identity, entry["text"], title=str(entry.get("title") or ""))
    if not passages and not obstacles:
        obstacles.append(Obstacle("cli.passages.none", {}, str(path)))
    if obstacles:
        raise AssemblyError(obstacles)
    return list(passages.values())
