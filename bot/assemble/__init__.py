"""The one place where the layers meet: goal texts and index become what the assistant asks for."""

from __future__ import annotations

import datetime as dt

import index
import knowledge
from bot.assemble.goal_library import GoalLibrary
from bot.assemble.indexed import Progress, open_index, passages_of, rivals_among
from bot.assemble.searcher import SECTION_WEIGHTS, IndexSearcher
from bot.assistant import Assistant, Clock
from bot.confidence import Confidence
from bot.local_time import local_time
from bot.obstacles import AssemblyError, Obstacle, fault_obstacles
from bot.recognition import Phrases
from bot.settings import Settings, SettingsError

__all__ = [
    "GoalLibrary",
    "IndexSearcher",
    "Progress",
    "SECTION_WEIGHTS",
    "assemble",
    "load_encoder",
    "load_texts",
    "open_goal_index",
    "passages_of",
    "rivals_among",
]


def _today_in_sweden() -> dt.date:
    return local_time(dt.datetime.now(dt.UTC)).date()


def assemble(
    settings: Settings, progress: Progress | None = None, *, clock: Clock = _today_in_sweden
) -> Assistant:
    """Everything put together; builds the index where there is none that fits.

    Args:
        progress: called with how many texts are encoded and how many there are, while the index is built.
        clock: today's date where the municipalities are.

    Raises:
        AssemblyError: the goal texts have faults, or the encoder cannot be loaded.
        SettingsError: the default municipality is not among the goal texts.
        OSError: the data directory cannot be written.
    """
    texts = load_texts(settings)
    known = [municipality.id for municipality in texts.municipalities]
    if settings.default_municipality not in (None, *known):
        raise SettingsError("municipality", name="MALVAKT_DEFAULT_MUNICIPALITY", detail=", ".join(known))
    opened = open_index(settings.data_dir, texts, load_encoder(settings), progress)
    return Assistant(
        GoalLibrary(texts),
        IndexSearcher(opened, texts, Phrases.load(index.words)),
        Confidence.load(),
        index.words,
        clock,
        default_language=settings.default_language,
        default_municipality=settings.default_municipality,
    )


def load_texts(settings: Settings) -> knowledge.Knowledge:
    """The goal texts that the settings name, else those that come with the program.

    Raises `AssemblyError`.
    """
    try:
        return knowledge.load_knowledge(settings.knowledge_dirs or [knowledge.GOALS_DIRECTORY])
    except knowledge.KnowledgeError as error:
        raise AssemblyError(fault_obstacles(error.faults)) from error


def load_encoder(settings: Settings) -> index.Encoder:
    """The encoder that the settings name. Raises `AssemblyError`."""
    try:
        return index.load_encoder(settings.encoder)
    except index.EncoderError as error:
        raise AssemblyError([Obstacle(f"cli.encoder.{error.code}", error.details)]) from error


def open_goal_index(settings: Settings, progress: Progress | None = None) -> index.Index:
    """The index over the goal texts alone, as `assemble` opens it; raises what that raises."""
    return open_index(settings.data_dir, load_texts(settings), load_encoder(settings), progress)
