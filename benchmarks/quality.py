"""How many questions are answered from the right section, and how many without an answer are declined."""

from __future__ import annotations

import sys
from collections import Counter

from benchmarks.questions import Item, load_items
from bot.answer import Answer
from bot.assemble import assemble
from bot.settings import load_settings


def outcome(item: Item, answer: Answer) -> str:
    """One of right, asked (rightly, which municipality is meant), wrong, declined (though answerable),
    refused (rightly) and shown (though unanswerable)."""
    shown = {part.section for part in answer.parts}
    offered = {choice.municipality for choice in answer.choices}
    if not item.accept:
        return "shown" if answer.kind in ("answer", "clarify") else "refused"
    if answer.kind == "clarify":
        return "asked" if offered & {section.partition("/")[0] for section in item.accept} else "wrong"
    if answer.kind != "answer":
        return "declined"
    return "right" if shown & set(item.accept) else "wrong"


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "core"
    assistant = assemble(load_settings())
    counts: dict[str, Counter[str]] = {}
    for item in load_items(name):
        answer = assistant.ask(item.question, item.conversation)
        found = outcome(item, answer)
        counts.setdefault(item.kind, Counter())[found] += 1
        if "--items" in sys.argv and found not in ("right", "asked", "refused"):
            sections = ", ".join(part.section for part in answer.parts) or answer.reason or answer.kind
            print(
                f"{found:9} {answer.confidence} {item.question[:100]!r}: {sections}; {', '.join(item.accept)}"
            )
    for kind, found_counts in counts.items():
        print(f"{kind:13}", ", ".join(f"{found} {count}" for found, count in sorted(found_counts.items())))
    total = sum(counts.values(), Counter())
    print(f"{'all':13}", ", ".join(f"{found} {count}" for found, count in sorted(total.items())))


if __name__ == "__main__":
    main()
