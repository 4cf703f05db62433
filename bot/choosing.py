"""Which sentences of a section an answer shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.library import LibrarySection, Line, ReadyQuestion
from bot.matching import matches
from bot.recognition import WordList

SHOWN = 600
"""Characters of a section that an answer shows at most, before "the whole goal"."""
OVERLAP = 0.12
"""What it is worth, in the search's score, that a line has all words of the question."""
CLEAR = 0.05
"""By how much a sentence of a long section must score above all others to be the one that states what was
asked; the answer then begins with it."""

FOCUS = 250
"""Characters where the answer is one statement, or the rest has been read before."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses sentences; may be used from several threads."""

    words: WordList
    content_words: Callable[[str], Sequence[str]]
    """The folded words of a question that carry its meaning."""
    leaning: frozenset[str]
    """Folded words that, first in a sentence, point back at the one before."""
    _words_of_lines: dict[str, frozenset[str]] = field(default_factory=dict, init=False, compare=False)
    """By the text: a library has few lines, and every answer looks at a section's."""

    def choose(
        self,
        ready: ReadyQuestion,
        question: str,
        section: LibrarySection,
        language: str,
        length: int = SHOWN,
    ) -> tuple[int, ...]:
        """Places of the lines of a section to show to a question, in reading order."""
        chosen = choose(section, self.scores(ready, question, section, language), length)
        return self._with_antecedent(section, chosen)

    def _with_antecedent(self, section: LibrarySection, chosen: tuple[int, ...]) -> tuple[int, ...]:
        """With the sentence before the first, if that points back at it: "Its last part …"."""
        first = chosen[0] if chosen else 0
        if not first or section.lines[first].paragraph != section.lines[first - 1].paragraph:
            return chosen
        begins = self.words(section.lines[first].texts[section.language])[:1]
        return (first - 1, *chosen) if begins and begins[0] in self.leaning else chosen

    def scores(
        self, ready: ReadyQuestion, question: str, section: LibrarySection, language: str
    ) -> list[float]:
        """How well each line fits: as the search finds, and the more of the question's words it has itself.

        A section's title is searched with each of its lines, so that its words tell none of them apart.
        """
        asked = self.content_words(question)
        found = ready.lines(section.id, language)
        shares = (self._share(asked, line) for line in section.lines)
        return [score + OVERLAP * share for score, share in zip(found, shares, strict=True)]

    def _share(self, asked: Sequence[str], line: Line) -> float:
        """The share of the words that stand in the line, in the language that has most of them."""
        texts = [self._line_words(text) for text in line.texts.values()]
        counts = [sum(any(matches(word, one) for one in text) for word in asked) for text in texts]
        return max(counts, default=0) / max(1, len(asked))

    def _line_words(self, text: str) -> frozenset[str]:
        if text not in self._words_of_lines:
            self._words_of_lines[text] = frozenset(self.words(text))
        return self._words_of_lines[text]


def choose(section: LibrarySection, scores: Sequence[float], length: int = SHOWN) -> tuple[int, ...]:
    """Places of the lines to show, in reading order.

    The `best_run`; of an overview always the whole list too, since half a list of goals misleads.
    """
    run = best_run(section.lines, scores, length)
    listed = [at for at, line in enumerate(section.lines) if line.item] if section.kind == "overview" else []
    return tuple(sorted({*run, *listed}))


def best_line(scores: Sequence[float]) -> int:
    """The place of the best line; of equal ones the first."""
    return max(range(len(scores)), key=lambda at: (scores[at], -at))


def best_run(lines: Sequence[Line], scores: Sequence[float], length: int = SHOWN) -> list[int]:
    """Places of the lines around the best one, without gaps, at most ``length`` characters together.

    A short section is shown whole. Otherwise the run grows from the best line towards the better
    neighbour, so that it stays whole in thought; where the best line is clearly the best it comes first.
    A list stays whole, and like a single line longer than ``length`` it is shown alone.
    """
    if not lines:
        return []
    blocks = _blocks(lines)
    sizes = [sum(_size(lines[at]) for at in block) for block in blocks]
    if sum(sizes) <= length:
        return list(range(len(lines)))
    worth = [max(scores[at] for at in block) for block in blocks]
    first = last = best_line(worth)
    others = [score for at, score in enumerate(worth) if at != first]
    clear = bool(others) and worth[first] - max(others) >= CLEAR
    size = sizes[first]
    while True:
        around = (last + 1,) if clear else (first - 1, last + 1)
        neighbours = [at for at in around if 0 <= at < len(blocks) and size + sizes[at] <= length]
        if not neighbours:
            return [at for block in blocks[first : last + 1] for at in block]
        # The same paragraph before another, then the better line.
        near = {lines[blocks[at][0]].paragraph for at in (first, last)}
        at = max(neighbours, key=lambda at: (lines[blocks[at][0]].paragraph in near, worth[at]))
        first, last, size = min(first, at), max(last, at), size + sizes[at]


def _blocks(lines: Sequence[Line]) -> list[list[int]]:
    """What is shown together: a list's lines, else each line alone."""
    blocks: list[list[int]] = []
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        if line.item and before and before.item and before.paragraph == line.paragraph:
            blocks[-1].append(at)
        else:
            blocks.append([at])
    return blocks


def _size(line: Line) -> int:
    """Characters in its longest language, with the space after it."""
    return max(len(text) for text in line.texts.values()) + 1
