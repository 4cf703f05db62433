"""``malvakt themes``: list the themes, or suggest some for the sections of a municipality's file."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence

from bot.commands.progress import progress_bar
from bot.obstacles import AssemblyError, fault_obstacles
from bot.settings import Settings
from bot.texts import Texts
from knowledge import KnowledgeError, Section, Theme, load_knowledge, load_themes


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    if options.action == "list":
        for theme in load_themes().values():
            print(f"{theme.id:<24} {_title(theme, texts)}")
        return 0
    return _suggest(options, settings, texts)


def _suggest(options: Namespace, settings: Settings, texts: Texts) -> int:
    try:
        loaded = load_knowledge([options.file])
    except KnowledgeError as error:
        raise AssemblyError(fault_obstacles(error.faults)) from error
    sections = [section for municipality in loaded.municipalities for section in municipality.sections()]
    if options.section is not None:
        known = [section.id for section in sections]
        sections = [section for section in sections if section.id == options.section]
        if not sections:
            print(_unknown_section(options.section, known, texts), file=sys.stderr)
            return 2
    # Imported only now, with NumPy and the encoder: the list needs neither.
    from bot.commands.theme_scores import score_themes

    with progress_bar(texts, "cli.themes.comparing") as progress:
        scores = score_themes(loaded, settings, progress)
    print(texts("cli.themes.legend"))
    for section in sections:
        print()
        print("\n".join(_proposal(section, scores[section.id], loaded.themes, options.k, texts)))
    return 0


def _unknown_section(name: str, known: Sequence[str], texts: Texts) -> str:
    meant = [id for id in known if id.partition("/")[2] == name.casefold()]
    if meant:
        return texts("cli.themes.without_municipality", name=name, whole=texts.listing(tuple(meant), "or"))
    return texts("cli.themes.unknown_section", name=name, known=", ".join(known))


def _proposal(
    section: Section, scores: Mapping[str, float], themes: Mapping[str, Theme], k: int, texts: Texts
) -> list[str]:
    """The ``k`` nearest themes and all that the section names, nearest first."""
    ranked = sorted(scores, key=lambda theme: (-scores[theme], theme))
    lines = [f"{section.id}  {section.title}"]
    for place, theme in enumerate(ranked):
        if place < k or theme in section.themes:
            mark = "*" if theme in section.themes else " "
            lines.append(f"  {mark} {theme:<24} {scores[theme]:6.3f}  {_title(themes[theme], texts)}")
    far = [theme for theme in section.themes if scores[theme] < 0]
    if far:
        lines.append(f"  {texts('cli.themes.far', names=', '.join(far))}")
    return lines


def _title(theme: Theme, texts: Texts) -> str:
    return theme.titles[texts.language]
