"""Fit the numbers of ``bot/confidence.yaml`` on the development and calibration questions and print them."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import cross_val_predict

from benchmarks.questions import load_questions
from bot.assemble import assemble
from bot.confidence import SIGNALS
from bot.settings import load_settings

FILES = ("dev", "calibration")
BY_WORDS = frozenset({"other_municipality", "distress", "insult", "request"})
"""What is declined by its words, before any search."""
FOLDS = 10
REGULARISATION = 0.3
"""Inverse strength, on signals of unit variance: the numbers must hold for questions not written yet."""


def main() -> None:
    """A question counts once for each municipality that is searched and that has an answer, if any has."""
    assistant = assemble(load_settings())
    rows, labels = [], []
    for item in (item for name in FILES for item in load_questions(name)):
        if item.abstain in BY_WORDS or len(item.turns) > 1:
            continue
        for candidate in assistant.candidates(item.question, item.conversation):
            municipality = candidate.section.partition("/")[0]
            accepted = [section for section in item.accept if section.startswith(f"{municipality}/")]
            if accepted or not item.accept:
                rows.append(astuple(candidate.signals))
                labels.append(candidate.section in accepted)
    signals, right = np.array(rows), np.array(labels)
    means, spreads = signals.mean(axis=0), signals.std(axis=0)
    scaled = (signals - means) / spreads
    model = LogisticRegression(C=REGULARISATION, max_iter=1000)
    unseen = cross_val_predict(model, scaled, right, cv=FOLDS, method="predict_proba")[:, 1]
    print(
        f"{len(right)} questions, {right.sum()} answered by the best section; {FOLDS}-fold cross-validation:"
    )
    print(
        f"area under the ROC curve {roc_auc_score(right, unseen):.3f}, log loss {log_loss(right, unseen):.3f}"
    )
    model.fit(scaled, right)
    weights = model.coef_[0] / spreads
    print(f"intercept: {model.intercept_[0] - weights @ means:.2f}")
    print("weights: {" + ", ".join(f"{n}: {w:.2f}" for n, w in zip(SIGNALS, weights, strict=True)) + "}")
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
        shown = unseen >= threshold
        print(
            f"threshold {threshold}: of those with an answer {(shown & right).sum() / right.sum():.2f} shown,"
            f" {(shown & ~right).sum()} of {(~right).sum()} others shown"
        )


if __name__ == "__main__":
    main()
