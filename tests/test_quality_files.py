"""The question files hold enough of each kind, and none of them holds what the bot was built with.

Two texts are nearly equal, folded and whatever the order of their words:
- of three words or more: where `rapidfuzz` finds a token sort ratio of at least 90;
- of one or two words: where they are the same words. Such a text may stand on both sides only if it is taken
  from a section's title, lead or alias ("grön kommun"): who asks for a goal by its name has no other words.
A conversation counts as all its turns together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process

import index
from bot.evaluation.items import KINDS, Item, load_items
from knowledge import (
    BACKGROUND_FILE,
    DISTRESS_FILE,
    FOLLOW_UPS_FILE,
    GOALS_DIRECTORY,
    THEMES_FILE,
    load_knowledge,
)
from knowledge.yaml_reading import read_yaml

QUALITY = Path(__file__).parent / "quality"
FILES = ("dev.yaml", "calibration.yaml", "test.yaml")
HELD_OUT = "test.yaml"
KNOWLEDGE_FILES = (
    THEMES_FILE,
    BACKGROUND_FILE,
    DISTRESS_FILE,
    FOLLOW_UPS_FILE,
    *sorted(GOALS_DIRECTORY.glob("*.yaml")),
)
NEAR = 90
"""Token sort ratio, 0 to 100."""

Line = tuple[str, tuple[str, ...]]
"""File and line of a text, and its folded words."""


@cache
def items(name: str) -> list[Item]:
    municipalities = load_knowledge([GOALS_DIRECTORY]).municipalities
    sections = [section.id for municipality in municipalities for section in municipality.sections()]
    return load_items([QUALITY / name], sections)


def questions(name: str) -> list[Line]:
    return [(item.place.rpartition("/")[2], tuple(index.words(" ".join(item.turns)))) for item in items(name)]


def knowledge_lines() -> Iterator[Line]:
    """The example questions and messages of themes, sections, the background, distress and follow-ups."""
    for path in KNOWLEDGE_FILES:
        source = read_yaml(path)
        for at, value in source.values():
            if isinstance(value, str) and {"questions", "errands", "moves", "others"} & set(at):
                yield f"{path.name}:{source.line(at)}", tuple(index.words(value))


def names() -> set[tuple[str, ...]]:
    """One or two words in a row out of the titles, leads and aliases of sections."""
    texts = [
        text
        for municipality in load_knowledge([GOALS_DIRECTORY]).municipalities
        for section in municipality.sections()
        for text in (
            section.title,
            section.lead or "",
            *(name for aliases in section.aliases.values() for name in aliases),
            *(
                text
                for translation in section.translations.values()
                for text in (translation.title, translation.lead or "")
            ),
        )
    ]
    return {
        tuple(words[start : start + size])
        for words in map(index.words, texts)
        for size in (1, 2)
        for start in range(len(words))
    }


def collisions(asked: list[Line], built_with: list[Line]) -> list[tuple[str, str]]:
    """Places of nearly equal texts, both sides."""
    allowed = names()
    found = [
        (place, other)
        for place, words in asked
        for other, others in built_with
        if len(words) <= 2 and sorted(words) == sorted(others) and words not in allowed
    ]
    long = [[line for line in side if len(line[1]) > 2] for side in (asked, built_with)]
    texts = [[" ".join(words) for _, words in side] for side in long]
    scores = process.cdist(
        *texts, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR, dtype=np.uint8, workers=-1
    )
    return found + [(long[0][row][0], long[1][column][0]) for row, column in np.argwhere(scores)]


def places(name: str, built_with: list[Line]) -> list[str]:
    """Where a file collides; of the held-out one nothing is told, so that it stays so."""
    found = collisions(questions(name), built_with)
    return sorted({other if name == HELD_OUT else f"{place} {other}" for place, other in found})


def test_there_are_enough_of_each_kind() -> None:
    held_out = Counter(item.kind for item in items(HELD_OUT))
    count = held_out.total()
    assert sum(len(items(name)) for name in FILES) >= 900
    assert count >= 400
    assert held_out["indirect"] >= count / 3
    assert sum(not item.accept for item in items(HELD_OUT)) >= count / 4
    assert {kind: held_out[kind] for kind in KINDS if kind != "unanswerable" and held_out[kind] < 25} == {}


def test_no_question_is_among_the_knowledge() -> None:
    lines = list(knowledge_lines())
    counted = Counter(place.partition(":")[0] for place, _ in lines)
    assert len(counted) == len(KNOWLEDGE_FILES)
    assert min(counted.values()) > 100
    assert {name: places(name, lines) for name in FILES} == dict.fromkeys(FILES, [])


@pytest.mark.parametrize(
    ("name", "other"), [(FILES[2], FILES[1]), (FILES[2], FILES[0]), (FILES[1], FILES[0])]
)
def test_no_question_stands_in_two_files(name: str, other: str) -> None:
    assert places(name, questions(other)) == []


def test_what_nearly_equal_means() -> None:
    asked = [
        ("a:1", ("is", "it", "safe", "to", "walk", "here", "at", "night")),
        ("a:2", ("simhallen",)),
        ("a:3", ("gron", "kommun")),
        ("a:4", ("buss", "tider")),
    ]
    built_with = [
        ("b:1", ("is", "it", "safe", "to", "walk", "home", "at", "night")),
        ("b:2", ("at", "night", "is", "it", "safe", "walk", "here")),
        ("b:3", ("simhallen",)),
        ("b:4", ("gron", "kommun")),
        ("b:5", ("tider", "buss", "vara")),
        ("b:6", ("is", "the", "water", "here", "safe", "to", "drink")),
    ]
    assert collisions(asked, built_with) == [("a:2", "b:3"), ("a:1", "b:1"), ("a:1", "b:2")]
