"""What is indexed, what is learned of it, and the index in the data directory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from filelock import FileLock

import index
import knowledge

BACKGROUND, DISTRESS, CALM = "background", "distress", "calm"
MOVE, NEW_SUBJECT = "move", "new_subject"
"""Roles of views that are no section's: what nothing here answers; what people in distress write, and what
only sounds like it; what is asked of the answer before, and what only looks like it."""
MUNICIPALITY = "municipality"
"""The attribute that tells whose section a view is of."""

Progress = Callable[[int, int], None]


def passages_of(texts: knowledge.Knowledge) -> list[index.Passage]:
    """All that is indexed: the views of all sections, and what no section answers."""
    passages = [
        passage
        for municipality in texts.municipalities
        for passage in index.section_passages(municipality, texts.themes)
    ]
    passages += index.question_passages(knowledge.load_background(), BACKGROUND, group=BACKGROUND)
    for theme in texts.themes.values():
        passages += index.question_passages(theme.errands, BACKGROUND, group=f"errands/{theme.id}")
    distress = knowledge.load_distress()
    passages += index.question_passages(distress.questions, DISTRESS, group=DISTRESS)
    passages += index.question_passages(distress.others, CALM, group=CALM)
    follow_ups = knowledge.load_follow_ups()
    for move, lines in follow_ups.moves.items():
        passages += index.question_passages(lines, MOVE, group=f"{MOVE}/{move}")
    passages += index.question_passages(follow_ups.others, NEW_SUBJECT, group=NEW_SUBJECT)
    return passages


def rivals_among(passages: Sequence[index.Passage]) -> dict[str, index.Rivals]:
    """The sections of each municipality; what is asked of the answer before; what people in distress write.

    Each beside what only looks like it.
    """
    groups: dict[str, set[str]] = {}
    for one in passages:
        role = one.attributes["role"]
        name = one.attributes[MUNICIPALITY] if role == index.SECTION else role
        groups.setdefault(name, set()).add(one.group)
    every = frozenset().union(*groups.values())
    banks = {MOVE: NEW_SUBJECT, DISTRESS: CALM}
    rivals = {
        name: index.Rivals(frozenset(own), frozenset(groups[BACKGROUND]))
        for name, own in groups.items()
        if name not in (BACKGROUND, *banks.keys(), *banks.values())
    }
    for name, looks_like in banks.items():
        own, near = frozenset(groups[name]), frozenset(groups[looks_like])
        rivals[name] = index.Rivals(own, near, every)
    return rivals


def open_index(
    data_dir: Path, texts: knowledge.Knowledge, encoder: index.Encoder, progress: Progress | None
) -> index.Index:
    """The index in the data directory, built anew where it is missing, damaged or of other texts.

    Of several processes that start at once one builds, and the others read what it built. Raises ``OSError``
    where the data directory cannot be written.
    """
    passages = passages_of(texts)
    rivals = rivals_among(passages)
    directory = data_dir / "index"
    current = _read(directory, encoder, passages, rivals)
    if current:
        return current
    data_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(data_dir / "index.lock"):
        current = _read(directory, encoder, passages, rivals)
        if current:
            return current
        cache = index.VectorCache(data_dir / "vectors.npz")
        built = index.Index.build(passages, encoder, rivals=rivals, cache=cache, progress=progress)
        built.save(directory)
        cache.save()
        return built


def _read(
    directory: Path,
    encoder: index.Encoder,
    passages: Sequence[index.Passage],
    rivals: Mapping[str, index.Rivals],
) -> index.Index | None:
    try:
        return index.Index.open(directory, encoder, passages, rivals)
    except index.StoreError:
        return None
