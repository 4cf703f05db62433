"""``malvakt search``: the retrieval alone, over the goals or over any passages."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.assemble import SECTION_WEIGHTS, AssemblyError, Obstacle, load_encoder, open_goal_index
from bot.commands.json_lines import print_json, read_json
from bot.commands.progress import progress_bar
from bot.settings import Settings
from bot.texts import Texts
from index import SECTION, Hit, Index, Passage


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    if (options.question is None) != options.jsonl:
        print(texts("cli.ask.what"), file=sys.stderr)
        return 2
    if options.passages:
        passages = list(_read_passages(options.passages))
        with progress_bar(texts) as progress:
            opened = Index.build(passages, load_encoder(settings), progress=progress)
    else:
        with progress_bar(texts) as progress:
            opened = open_goal_index(settings, progress)

    def search(question: str) -> list[Hit]:
        query = opened.query(question)
        if options.passages:
            return query.search(k=options.k)
        return query.search(k=options.k, where={"role": SECTION}, weights=SECTION_WEIGHTS)

    if options.question is not None:
        for hit in search(options.question):
            print(f"{hit.score:.3f}  {hit.passage.id}  {' '.join(hit.passage.text.split())[:100]}")
        return 0
    status = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            request = _object(line, ("question",))
        except ValueError as error:
            print(texts("cli.line.bad_search", line=number, detail=str(error)), file=sys.stderr)
            status = 1
            continue
        found = {"id": request["id"], "hits": [hit.passage.id for hit in search(request["question"])]}
        print_json(found)
    return status


def _read_passages(path: Path) -> Iterator[Passage]:
    seen: set[str] = set()
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    entry = _object(line, ("text",))
                    if str(entry["id"]) in seen:
                        raise ValueError(f"id {entry['id']!r} stands on a line above too")
                except ValueError as error:
                    obstacle = Obstacle("cli.line.bad_passage", {"detail": str(error)}, f"{path}:{number}")
                    raise AssemblyError([obstacle]) from error
                seen.add(str(entry["id"]))
                yield Passage(str(entry["id"]), entry["text"], title=str(entry.get("title") or ""))


def _object(line: bytes, text_keys: tuple[str, ...]) -> dict[str, Any]:
    """The JSON object of a line. Raises ``ValueError`` saying what is wrong with it."""
    entry = read_json(line)
    if not isinstance(entry, dict) or "id" not in entry:
        raise ValueError('expected {"id": ...}')
    for key in text_keys:
        if not isinstance(entry.get(key), str):
            raise ValueError(f'expected {{"{key}": "..."}}')
    return entry
