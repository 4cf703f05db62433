"""From the files of some directories to values; every fault of every file is reported at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from knowledge.build import build_municipality, build_theme
from knowledge.check import consistency_faults, theme_faults
from knowledge.entry_reading import read_entry
from knowledge.faults import Fault, KnowledgeError
from knowledge.model import Distress, FollowUps, Knowledge, Places, Theme
from knowledge.parts import FileParts, read_parts
from knowledge.plain_text import text_faults
from knowledge.schema import BackgroundEntry, DistressEntry, Entry, FollowUpsEntry, PlacesEntry, ThemesEntry
from knowledge.source import Source
from knowledge.yaml_reading import read_yaml

GOALS_DIRECTORY = Path(__file__).parent / "goals"
"""The municipalities that come with the package, one file each."""
BACKGROUND_FILE = Path(__file__).parent / "background.yaml"
PLACES_FILE = Path(__file__).parent / "places.yaml"
DISTRESS_FILE = Path(__file__).parent / "distress.yaml"
FOLLOW_UPS_FILE = Path(__file__).parent / "follow_ups.yaml"
THEMES_FILE = Path(__file__).parent / "themes.yaml"

E = TypeVar("E", bound=Entry)


def load_knowledge(directories: Sequence[Path]) -> Knowledge:
    """Read all ``*.yaml`` files of the directories; raises ``KnowledgeError`` with all their faults.

    A file may be named in place of a directory.
    """
    themes = _own_themes()
    paths, faults = _files(directories)
    files = []
    for path in paths:
        try:
            source = read_yaml(path)
        except KnowledgeError as error:
            faults.extend(error.faults)
            continue
        parts = read_parts(source)
        faults += [*source.faults, *text_faults(source), *parts.faults, *consistency_faults(parts, themes)]
        files.append(parts)
    faults += _doubled_municipalities(files)
    if faults:
        raise KnowledgeError(faults)
    return Knowledge(tuple(sorted(map(build_municipality, files), key=lambda one: one.id)), themes)


def load_background(path: Path = BACKGROUND_FILE) -> dict[str, tuple[str, ...]]:
    """Questions that goal texts do not answer, by language."""
    return _by_language(_whole(BackgroundEntry, path).questions)


def load_distress(path: Path = DISTRESS_FILE) -> Distress:
    """What people in distress write; raises ``KnowledgeError``."""
    entry = _whole(DistressEntry, path)
    return Distress(_by_language(entry.questions), _by_language(entry.others))


def load_follow_ups(path: Path = FOLLOW_UPS_FILE) -> FollowUps:
    """What people write in the middle of a conversation; raises ``KnowledgeError``."""
    entry = _whole(FollowUpsEntry, path)
    moves = {move: _by_language(lines) for move, lines in entry.moves.items()}
    return FollowUps(moves, _by_language(entry.others))


def load_themes(path: Path = THEMES_FILE) -> dict[str, Theme]:
    """The concerns of residents anywhere, by id, in the file's order; raises ``KnowledgeError``."""
    return {one.id: build_theme(one) for one in _whole(ThemesEntry, path, theme_faults).themes}


def load_places(path: Path = PLACES_FILE) -> Places:
    """Names by which a question shows that it is about somewhere else."""
    places = _whole(PlacesEntry, path)
    names = tuple(dict.fromkeys([*places.municipalities, *places.towns]))
    return Places(names, frozenset(places.ordinary_words))


@cache
def _own_themes() -> Mapping[str, Theme]:
    """The package's own bank: the largest file, so it is read once."""
    return load_themes()


def _by_language(words: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {language: tuple(own) for language, own in words.items()}


def _whole(model: type[E], path: Path, check: Callable[[Source], Iterable[Fault]] = lambda source: ()) -> E:
    source = read_yaml(path)
    entry, faults = read_entry(model, source, ())
    faults += [*source.faults, *text_faults(source), *check(source)]
    if faults or entry is None:
        raise KnowledgeError(faults)
    return entry


def _files(directories: Sequence[Path]) -> tuple[list[Path], list[Fault]]:
    """The files to read, by directory and name; a file named twice is read once."""
    paths: list[Path] = []
    faults: list[Fault] = [] if directories else [Fault(Path(), None, "no_files")]
    for directory in {directory.resolve(): directory for directory in directories}.values():
        try:
            # Editors keep half-written copies under hidden names.
            found = sorted(path for path in directory.iterdir() if not path.name.startswith("."))
        except FileNotFoundError:
            faults.append(Fault(directory, None, "missing_directory"))
            continue
        except NotADirectoryError:
            found = [directory]
        except OSError as error:
            faults.append(Fault(directory, None, "unreadable_directory", {"reason": str(error.strerror)}))
            continue
        # Left out in silence, such a municipality would be missed by its residents first.
        faults += [
            Fault(path, None, "wrong_suffix", {"expected": path.with_suffix(".yaml").name})
            for path in found
            if path.suffix.lower() in (".yml", ".yaml") and path.suffix != ".yaml"
        ]
        files = [path for path in found if path.suffix == ".yaml"]
        if not files:
            faults.append(Fault(directory, None, "no_files"))
        # A pipe would be waited for without end.
        faults += [Fault(path, None, "not_file") for path in files if path.exists() and not path.is_file()]
        paths += [path for path in files if path.is_file() or not path.exists()]
    return list({path.resolve(): path for path in reversed(paths)}.values())[::-1], faults


def _doubled_municipalities(files: Sequence[FileParts]) -> list[Fault]:
    first: dict[str, FileParts] = {}
    faults = []
    for parts in files:
        if parts.municipality is None:
            continue
        found = parts.municipality.id
        other = first.setdefault(found, parts).source
        if other is not parts.source:
            at = ("municipality", "id")
            faults.append(
                parts.source.fault("doubled_id", at, id=found, other=f"{other.path}:{other.line(at)}")
            )
    return faults
