"""Fit the numbers of ``bot/confidence.yaml`` on the development questions and print them."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.questions import load_items
from bot.answer import Conversation
from bot.assemble import assemble
from bot.settings import load_settings


def main() -> None:
    """A question that names no municipality counts once for each, as if it were known."""
    assistant = assemble(load_settings())
    signals, labels = [], []
    for item in load_items("dev"):
        if item.abstain == "other_municipality":
            continue  # declined by name, before any search
        known = [item.municipality] if item.municipality else [m.id for m in assistant.goals()]
        for municipality in known:
            accepted = [section for section in item.accept if section.startswith(f"{municipality}/")]
            for candidate in assistant.candidates(item.question, Conversation(municipality=municipality)):
                if accepted or not item.accept:
                    signals.append((candidate.margin, 10 * candidate.score))
                    labels.append(candidate.section in accepted)
    right = np.array(labels)
    model = LogisticRegression(C=100, max_iter=1000).fit(signals, right)
    probabilities = model.predict_proba(signals)[:, 1]
    print(f"{len(labels)} questions, {right.sum()} answered by the best section")
    print(f"area under the ROC curve: {roc_auc_score(right, probabilities):.3f}")
    margin, score = model.coef_[0]
    print(f"intercept: {model.intercept_[0]:.2f}\nmargin: {margin:.2f}\nscore: {score:.2f}")
    for threshold in (0.4, 0.45, 0.5, 0.6, 0.7):
        shown = probabilities >= threshold
        print(
            f"threshold {threshold}: of those with an answer {(shown & right).sum() / right.sum():.2f} shown,"
            f" {(shown & ~right).sum()} of {(~right).sum()} others shown"
        )


if __name__ == "__main__":
    main()
