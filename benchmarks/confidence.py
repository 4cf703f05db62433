"""Fit the numbers of ``bot/confidence.yaml`` on the development and calibration questions and print them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from benchmarks.questions import load_questions
from bot.assemble import assemble
from bot.assistant import Assistant
from bot.confidence import CONTEXT_SIGNALS, SIGNALS
from bot.evaluation.items import Item
from bot.library import ContextSignals, Signals
from bot.settings import load_settings

FILES = ("dev", "calibration")
BY_WORDS = frozenset({"other_municipality", "distress", "insult", "request", "off_topic", "personal_case"})
"""What is declined by its words, before any search."""
FOLDS = 10
REGULARISATION = 0.3
"""Inverse strength, on signals of unit variance: the numbers must hold for questions not written yet."""
THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)

Row = tuple[Signals | ContextSignals, bool]
"""What is known of a section, and whether it is right."""


def main() -> None:
    assistant = assemble(load_settings())
    items = [item for name in FILES for item in load_questions(name) if item.abstain not in BY_WORDS]
    fit("answering", [row for item in items for row in alone(assistant, item)])
    fit("following", [row for item in items for row in after_another(assistant, item)])


def alone(assistant: Assistant, item: Item) -> Iterator[Row]:
    """Once for each municipality that is searched and that has an answer, if any has."""
    if len(item.turns) > 1:
        return
    for candidate in assistant.candidates(item.question, item.conversation):
        municipality = candidate.section.partition("/")[0]
        accepted = [section for section in item.accept if section.startswith(f"{municipality}/")]
        if accepted or not item.accept:
            yield candidate.signals, candidate.section in accepted


def after_another(assistant: Assistant, item: Item) -> Iterator[Row]:
    """A question at the end of a conversation, as long as it is no more than one by its words."""
    conversation = item.conversation
    for turn in item.turns[:-1]:
        conversation = assistant.ask(turn, conversation).conversation
    signals = assistant.context(item.question, conversation)
    if signals:
        yield signals, not set(item.accept).isdisjoint(conversation.sections)


def fit(name: str, rows: Sequence[Row]) -> None:
    """Fit one model and print it, with how it does on what it has not seen."""
    signals = np.array([astuple(known) for known, _ in rows])
    right = np.array([answers for _, answers in rows])
    means, spreads = signals.mean(axis=0), signals.std(axis=0)
    model = LogisticRegression(C=REGULARISATION, max_iter=1000)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    scaled: NDArray[np.float64] = (signals - means) / spreads
    unseen = cross_val_predict(model, scaled, right, cv=folds, method="predict_proba")[:, 1]
    print(f"{name}: {len(right)} questions, of {right.sum()} the section is right")
    print(
        f"area under the ROC curve {roc_auc_score(right, unseen):.3f}, log loss {log_loss(right, unseen):.3f}"
    )
    model.fit(scaled, right)
    weights = model.coef_[0] / spreads
    names = SIGNALS if name == "answering" else CONTEXT_SIGNALS
    print(f"  intercept: {model.intercept_[0] - weights @ means:.2f}")
    print("  weights: {" + ", ".join(f"{n}: {w:.2f}" for n, w in zip(names, weights, strict=True)) + "}")
    for threshold in THRESHOLDS:
        shown = unseen >= threshold
        print(
            f"threshold {threshold}: of those that are right {(shown & right).sum() / right.sum():.2f} shown,"
            f" {(shown & ~right).sum()} of {(~right).sum()} others shown"
        )


if __name__ == "__main__":
    main()
