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
WITHIN = 0.15
"""By how much less than the best a line of a long section may score and still be shown: of a hundred
sentences that answer a development or calibration question 95 are shown so, at no more words than a run of
neighbours takes, which has 90."""
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
        self, ready: ReadyQuestion, section: LibrarySection, language: str, length: int = SHOWN
    ) -> tuple[int, ...]:
        """Places of the lines of a section to show to a question, in reading order."""
        return self._with_antecedents(section, choose(section, self.scores(ready, section, language), length))

    def _with_antecedents(self, section: LibrarySection, chosen: Sequence[int]) -> tuple[int, ...]:
        """With the sentence before each one that points back at it: "Its last part …"."""
        lines = section.lines
        wanted = set(chosen)
        for at in chosen:
            begins = self.words(lines[at].texts[section.language])[:1]
            if at and not self.leaning.isdisjoint(begins) and lines[at].paragraph == lines[at - 1].paragraph:
                wanted.add(at - 1)
        return tuple(sorted(wanted))

    def scores(self, ready: ReadyQuestion, section: LibrarySection, language: str) -> list[float]:
        """How well each line fits: as the search finds, and the more of the question's words it has itself.

        A section's title is searched with each of its lines, so that its words tell none of them apart.
        """
        asked = self.content_words(ready.text)
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

    The `best_lines`; of an overview always the whole list too, since half a list of goals misleads.
    """
    best = best_lines(section.lines, scores, length)
    listed = [at for at, line in enumerate(section.lines) if line.item] if section.kind == "overview" else []
    return tuple(sorted({*best, *listed}))


def best_line(scores: Sequence[float]) -> int:
    """The place of the best line; of equal ones the first."""
    return max(range(len(scores)), key=lambda at: (scores[at], -at))


def best_lines(lines: Sequence[Line], scores: Sequence[float], length: int = SHOWN) -> list[int]:
    """Places of the best line and of those that are nearly as good, at most ``length`` characters together.

    A short section is shown whole. A list stays whole, and like a single line longer than ``length`` it is
    shown alone.
    """
    blocks = _blocks(lines)
    sizes = [sum(_size(lines[at]) for at in block) for block in blocks]
    if sum(sizes) <= length:
        return list(range(len(lines)))
    worth = [max(scores[at] for at in block) for block in blocks]
    first, *others = sorted(range(len(blocks)), key=lambda block: (-worth[block], block))
    chosen, left = [first], length - sizes[first]
    for block in others:
        if worth[first] - worth[block] <= WITHIN and sizes[block] <= left:
            chosen.append(block)
            left -= sizes[block]
    return [at for block in sorted(chosen) for at in blocks[block]]


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
