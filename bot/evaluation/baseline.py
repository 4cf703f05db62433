"""The yardstick: a bot that any tutorial builds, scored by the same rule as the assistant.

One FAISS index over whole sections, one threshold: no words, no example questions, no small talk, no rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.answer import Answer, Choice, Conversation, Part, Sentence
from bot.assistant import Assistant
from bot.evaluation.items import Item
from bot.evaluation.outcomes import evaluate, judge
from index import Encoder
from index.dense import DenseIndex
from knowledge import Knowledge, Section

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Text:
    """A whole section in one of its languages."""

    section: str
    language: str
    title: str
    text: str


class Baseline:
    """Shows the section whose title and text, in either language, come nearest to the question.

    It reads names of municipalities as the assistant does, so that the two differ in how they answer alone.
    """

    def __init__(
        self, knowledge: Knowledge, encoder: Encoder, assistant: Assistant, threshold: float = -1.0
    ) -> None:
        """``threshold``: the least cosine with which a section is shown."""
        sections = [one for municipality in knowledge.municipalities for one in municipality.sections()]
        self._texts = [text for section in sections for text in _texts(section)]
        self._municipalities = np.array([text.section.partition("/")[0] for text in self._texts])
        self._index = DenseIndex(encoder.encode_document([f"{one.title}. {one.text}" for one in self._texts]))
        self._encoder = encoder
        self._assistant = assistant
        self.threshold = threshold

    def ask(self, question: str, conversation: Conversation) -> Answer:
        following = self._assistant.ask(question, conversation).conversation
        nearest, cosine = self._nearest(question, following.municipality)
        shown = cosine >= self.threshold
        language = following.language or nearest.language
        part = self._part(nearest.section, language)
        return Answer(
            kind="answer" if shown else "no_answer",
            reason=None if shown else "not_in_sources",
            language=language,
            text=part.sentences[0].text if shown else "",
            parts=(part,) if shown else (),
            conversation=Conversation(language=language, municipality=following.municipality),
            confidence=cosine,
        )

    def choose(self, answer: Answer, choice: Choice) -> Answer:
        raise LookupError("the baseline offers no choices")

    def best(self, question: str, conversation: Conversation, answer: Answer) -> str:
        if answer.parts:
            return answer.parts[0].section
        return self._nearest(question, answer.conversation.municipality)[0].section

    def _nearest(self, question: str, municipality: str | None) -> tuple[_Text, float]:
        vector = self._encoder.encode_query([question])[0]
        mask = None if municipality is None else self._municipalities == municipality
        rows = self._index.search(vector, 1, mask)
        return self._texts[rows[0]], float(self._index.scores(vector, rows)[0])

    def _part(self, section: str, language: str) -> Part:
        """The whole section as one sentence."""
        texts = [text for text in self._texts if text.section == section]
        source = texts[0]
        shown = next((text for text in texts if text.language == language), source)
        original = None if shown is source else source.text
        return Part(section, shown.title, (Sentence(shown.text, original),), whole=True)


def tune_threshold(baseline: Baseline, items: Sequence[Item], progress: Progress | None = None) -> float:
    """The threshold with which most of the items come out right; of equally good ones the lowest.

    Sets it, too, for ``baseline``.
    """
    baseline.threshold = -1.0
    records = evaluate(items, baseline, progress)
    cosine = np.array([record.confidence for record in records])
    if_shown = np.array([record.good for record in records])
    if_declined = np.array([judge(one.item, _DECLINED, baseline) == "refused" for one in records])
    thresholds = np.unique(cosine)
    right = [np.where(cosine >= threshold, if_shown, if_declined).sum() for threshold in thresholds]
    baseline.threshold = float(thresholds[int(np.argmax(right))])
    return baseline.threshold


_DECLINED = Answer(kind="no_answer", language="sv", text="", conversation=Conversation())


def _texts(section: Section) -> Iterator[_Text]:
    """The source's language first."""
    yield _Text(section.id, section.language, section.title, section.text)
    for language, translation in section.translations.items():
        yield _Text(section.id, language, translation.title, translation.text)
