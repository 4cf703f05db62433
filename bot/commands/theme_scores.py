"""How near the themes are to the sections of a municipality's file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.assemble import Progress, load_encoder
from bot.settings import Settings
from index import Centering, Passage, VectorCache, encode_passages, question_passages, section_passages
from knowledge import GOALS_DIRECTORY, Knowledge, Municipality, Theme, load_knowledge

THEME = "theme"
"""The role of the themes' own questions."""


def score_themes(
    loaded: Knowledge, settings: Settings, progress: Progress | None = None
) -> Mapping[str, Mapping[str, float]]:
    """For each section, by id, how near each theme is to it, by id: about -0.1 to 0.15.

    How near a theme's questions are to a section is the mean, over the questions, of their cosine with the
    nearest of the section's heading, sentences and own questions, in all languages, all vectors centred.
    Taken off are the theme's mean over all sections, those that come with the program among them, and the
    section's mean over all themes: some themes are near to everything, and so are sections with many
    sentences. Of the themes named in those that come along, ranked so for each section, mean average
    precision is 0.91; without the means taken off 0.82, with the mean of all pairs for the nearest 0.79.
    """
    own = {municipality.id for municipality in loaded.municipalities}
    others = load_knowledge([GOALS_DIRECTORY]).municipalities
    municipalities = [*loaded.municipalities, *(other for other in others if other.id not in own)]
    passages = [view for municipality in municipalities for view in _views(municipality, loaded.themes)]
    for theme in loaded.themes.values():
        passages += question_passages(theme.questions, THEME, group=f"{THEME}/{theme.id}")
    # Read and never saved: it would forget what only the index asks for.
    cache = VectorCache(settings.data_dir / "vectors.npz")
    vectors = encode_passages(passages, load_encoder(settings), cache=cache, progress=progress)
    asked = np.array([passage.asked for passage in passages], bool)
    vectors = Centering.of(vectors, asked).apply(vectors, asked)
    rows = _rows([passage.group for passage in passages])
    sections = [section.id for municipality in municipalities for section in municipality.sections()]
    near = np.array(
        [
            [
                (vectors[rows[f"{THEME}/{theme}"]] @ vectors[rows[section]].T).max(axis=1).mean()
                for theme in loaded.themes
            ]
            for section in sections
        ]
    )
    near += near.mean() - near.mean(axis=0) - near.mean(axis=1, keepdims=True)
    return {
        section: dict(zip(loaded.themes, map(float, row), strict=True))
        for section, row in zip(sections, near, strict=True)
    }


def _views(municipality: Municipality, themes: Mapping[str, Theme]) -> list[Passage]:
    """What stands for the sections by themselves, whatever themes they name."""
    return [
        passage
        for passage in section_passages(municipality, themes)
        if passage.view in ("sentence", "question")
    ]


def _rows(groups: Sequence[str]) -> Mapping[str, NDArray[np.intp]]:
    column = np.array(groups)
    return {group: np.flatnonzero(column == group) for group in dict.fromkeys(groups)}
