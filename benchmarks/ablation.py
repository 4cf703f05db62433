"""What each part of the search and of the confidence is worth, on the questions that may be looked at.

Prints a Markdown table for ``docs/quality.md``. A part is kept only if taking it away makes things worse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass, field
from unittest.mock import patch

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

import index
import index.search
import index.spelling
from benchmarks.confidence import BY_WORDS, FILES, FOLDS, REGULARISATION
from benchmarks.questions import load_questions
from benchmarks.stopwatch import Stopwatch, TimedEncoder
from bot.assemble import IndexSearcher, load_encoder, load_texts, passages_of, rivals_among, searcher
from bot.confidence import SIGNALS
from bot.evaluation.items import Item
from bot.recognition import Phrases
from bot.settings import load_settings
from index.centering import Centering
from index.encoders import Vectors
from knowledge import Knowledge


@dataclass(frozen=True)
class Remembering(TimedEncoder):
    """Encodes every text once, whatever the variant."""

    vectors: dict[tuple[bool, str], Vectors] = field(default_factory=dict)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._once(super().encode_query, texts, True)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._once(super().encode_document, texts, False)

    def _once(self, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str], asked: bool) -> Vectors:
        for text in texts:
            if (asked, text) not in self.vectors:
                self.vectors[asked, text] = encode([text])[0]
        return np.stack([self.vectors[asked, text] for text in texts])


@dataclass(frozen=True)
class Variant:
    name: str
    keep: Callable[[index.Passage], bool] = lambda passage: True
    """Which views it has."""
    changes: Sequence[tuple[object, str, object]] = ()
    """Of which things it sets which attributes to what."""
    signals: Sequence[str] = SIGNALS


def _linear(length: int) -> tuple[float, ...]:
    return tuple(float(weight) for weight in range(length, 0, -1))


def _no_centre(vectors: Vectors, asked: object) -> Centering:
    nothing = np.zeros(vectors.shape[1], np.float32)
    return Centering(nothing, nothing)


def _no_spelling(self: object, question: str) -> str:
    return question


def _of_section(passage: index.Passage) -> bool:
    return passage.attributes["role"] == index.SECTION


VARIANTS = [
    Variant("as built"),
    Variant("no themes", lambda passage: passage.view != "theme"),
    Variant(
        "no example questions of the sections",
        lambda passage: passage.view != "question" or not _of_section(passage),
    ),
    Variant(
        "neither: titles, sentences and paragraphs",
        lambda passage: not (passage.asked and _of_section(passage)),
    ),
    Variant("no sentences and paragraphs", lambda passage: passage.view not in ("sentence", "passage")),
    Variant("themes weigh as much as own questions", changes=[(index.search, "DISCOUNTS", {})]),
    Variant("no usual spelling", changes=[(index.spelling.Spelling, "correct", _no_spelling)]),
    Variant("vectors not centred", changes=[(Centering, "of", _no_centre)]),
    *(
        Variant(f"lexical weight {weight}", changes=[(index.search, "LEXICAL_WEIGHT", weight)])
        for weight in (0.0, 0.2, 0.5, 2.0)
    ),
    *(
        Variant(
            f"a section scores by {views} views",
            changes=[(searcher, "SECTION_WEIGHTS", _linear(views))],
        )
        for views in (1, 3, 5, 20)
    ),
    Variant("stories searched as wholes alone", changes=[(searcher, "ENDING", 10**6)]),
    Variant("no affinities in the score", changes=[(searcher, "AFFINITY_WEIGHT", 0.0)]),
    Variant(
        "no affinities",
        changes=[(searcher, "AFFINITY_WEIGHT", 0.0)],
        signals=[one for one in SIGNALS if one not in ("affinity", "unrelated")],
    ),
    *(Variant(f"ridge {ridge}", changes=[(index.affinity, "RIDGE", ridge)]) for ridge in (0.01, 0.1, 1.0)),
    Variant("no errands of themes", lambda passage: not passage.group.startswith("errands/")),
    *(
        Variant(f"no signal {name}", signals=[one for one in SIGNALS if one != name])
        for name in SIGNALS
        if name != "score"
    ),
    Variant("the score alone", signals=["score"]),
]


def main() -> None:
    settings = load_settings()
    texts, encoder = load_texts(settings), Remembering(load_encoder(settings), Stopwatch())
    cache = index.VectorCache(settings.data_dir / "vectors.npz")
    items = [
        item
        for name in FILES
        for item in load_questions(name)
        if len(item.turns) == 1 and item.abstain not in BY_WORDS and item.kind != "comparison"
    ]
    print("| variant | first section, indirect | first section, all | area under the ROC curve |")
    print("| --- | --- | --- | --- |")
    for variant in VARIANTS:
        with _changed(variant):
            indirect, every, area = _measure(variant, items, texts, encoder, cache)
        print(f"| {variant.name} | {indirect:.1%} | {every:.1%} | {area:.3f} |", flush=True)


@contextmanager
def _changed(variant: Variant) -> Iterator[None]:
    with ExitStack() as stack:
        for target, name, value in variant.changes:
            stack.enter_context(patch.object(target, name, value))
        yield


def _measure(
    variant: Variant,
    items: Sequence[Item],
    texts: Knowledge,
    encoder: index.Encoder,
    cache: index.VectorCache,
) -> tuple[float, float, float]:
    """Shares of the answerable questions whose accepted section comes first in its municipality, and how well
    the signals tell right sections from wrong ones, each question judged by a model that has not seen it."""
    passages = [passage for passage in passages_of(texts) if variant.keep(passage)]
    built = index.Index.build(passages, encoder, rivals=rivals_among(passages), cache=cache)
    asked = IndexSearcher(built, texts, Phrases.load(index.words))
    first: list[tuple[str, bool]] = []
    rows, labels = [], []
    columns = [SIGNALS.index(name) for name in variant.signals]
    for item in items:
        ready = asked.ready(item.question)
        for municipality in _municipalities(item, texts):
            (best,) = ready.sections(k=1, filters={"municipality": municipality})
            right = best.section in item.accept
            if item.accept:
                first.append((item.kind, right))
            rows.append(np.array(astuple(best.signals))[columns])
            labels.append(right)
    signals = np.array(rows)
    scaled = (signals - signals.mean(axis=0)) / np.maximum(signals.std(axis=0), 1e-9)
    model = LogisticRegression(C=REGULARISATION, max_iter=1000)
    unseen = cross_val_predict(model, scaled, labels, cv=FOLDS, method="predict_proba")[:, 1]
    indirect = [right for kind, right in first if kind == "indirect"]
    every = [right for _, right in first]
    return float(np.mean(indirect)), float(np.mean(every)), float(roc_auc_score(labels, unseen))


def _municipalities(item: Item, texts: Knowledge) -> Sequence[str]:
    """Those that could be meant: the one known, else those of the accepted sections, else all."""
    if item.municipality:
        return [item.municipality]
    accepted = dict.fromkeys(section.partition("/")[0] for section in item.accept)
    return list(accepted) or [municipality.id for municipality in texts.municipalities]


if __name__ == "__main__":
    main()
