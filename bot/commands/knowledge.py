"""``malvakt knowledge``: check the goal texts, or list them."""

from __future__ import annotations

from argparse import Namespace

from bot.obstacles import AssemblyError, Obstacle, fault_obstacles
from bot.settings import Settings
from bot.texts import Texts
from knowledge import GOALS_DIRECTORY, Knowledge, KnowledgeError, load_background, load_knowledge, load_places


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    directories = options.directories or settings.knowledge_dirs or [GOALS_DIRECTORY]
    try:
        loaded = load_knowledge(directories)
        load_background()
        load_places()
    except KnowledgeError as error:
        obstacles = fault_obstacles(error.faults)
        if options.action == "check":
            files = len({fault.path for fault in error.faults})
            obstacles.append(
                Obstacle("cli.knowledge.faults", {"count": str(len(obstacles)), "files": str(files)})
            )
        raise AssemblyError(obstacles) from error
    if options.action == "list":
        print(_listing(loaded))
    else:
        sections = sum(len(list(municipality.sections())) for municipality in loaded.municipalities)
        print(texts("cli.knowledge.sound", municipalities=len(loaded.municipalities), sections=sections))
    return 0


def _listing(loaded: Knowledge) -> str:
    lines = []
    for municipality in loaded.municipalities:
        lines.append(f"{municipality.id}: {municipality.name}, {municipality.website}")
        for document in municipality.documents:
            days = (document.valid.start, document.valid.end) if document.valid else (None, None)
            start, end = ("" if day is None else day.isoformat() for day in days)
            lines.append(f"  {document.id}: {document.title} ({start}–{end}), {document.url}")
            lines += [f"    {section.id}  {section.kind}  {section.title}" for section in document.sections]
    return "\n".join(lines)
