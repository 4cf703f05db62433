"""Passages: what is embedded. Nothing else in this package knows sections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from knowledge import Municipality, Section, Span, Theme, sentences_by_paragraph

View = Literal["passage", "sentence", "question", "theme"]
"""How a text stands for its group: a passage is shown, a sentence ranks in it, a question only matches, and
so does one of a theme, which other groups may have too."""

PASSAGE_LENGTH = 600
"""Characters at which a passage is full; a longer sentence is a passage of its own. Some 150 tokens, well
within the 512 of the E5 models, and about what an answer shows."""


SECTION = "section"
"""The attribute ``role`` of all views of sections."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that can be found, with the group that it stands for (for a section's passage, the section)."""

    id: str
    text: str
    title: str = ""
    """Context that is embedded and searched with the text."""
    group: str = ""
    """Search ranks groups by their best view; empty: the passage is a group of its own."""
    language: str = ""
    view: View = "passage"
    attributes: Mapping[str, str] = field(default_factory=dict)
    """What a search can filter on, beside ``group``, ``language`` and ``view``."""
    spans: tuple[tuple[int, int], ...] = ()
    """The sentences' first and last-but-one characters in the text that the passage was cut from."""

    @property
    def asked(self) -> bool:
        """Whether it is what people ask, to be encoded as a query; else what was written, a document."""
        return self.view in ("question", "theme")

    @property
    def searched(self) -> str:
        """The text that is embedded and searched."""
        return f"{self.title}. {self.text}" if self.title and not self.asked else self.text


def chunks(paragraphs: Sequence[Sequence[Span]], length: int = PASSAGE_LENGTH) -> Iterator[list[Span]]:
    """Whole sentences in runs of at most ``length`` characters, never across a paragraph.

    A list's lines are one paragraph. Every sentence lies in exactly one run, in order.
    """
    for paragraph in paragraphs:
        run: list[Span] = []
        for span in paragraph:
            if run and span.end - run[0].start > length:
                yield run
                run = []
            run.append(span)
        if run:
            yield run


def section_passages(municipality: Municipality, themes: Mapping[str, Theme]) -> Iterator[Passage]:
    """All views of all sections, in the source's language and every translation.

    Args:
        themes: those that the sections name, by id.
    """
    for section in municipality.sections():
        attributes = {
            "municipality": municipality.id,
            "kind": section.kind,
            "role": SECTION,
            "document": section.document,
        }
        yield from _text_views(
            section, section.language, section.title, section.lead, section.text, attributes
        )
        for language, translation in section.translations.items():
            title, lead, text = translation.title, translation.lead, translation.text
            yield from _text_views(section, language, title, lead, text, attributes)
        for language in dict.fromkeys((*section.aliases, *section.questions)):
            asked = (*section.aliases.get(language, ()), *section.questions.get(language, ()))
            for number, question in enumerate(asked, 1):
                yield Passage(
                    f"{section.id}@{language}?{number}",
                    question,
                    group=section.id,
                    language=language,
                    view="question",
                    attributes=attributes,
                )

        for theme in section.themes:
            for language, questions in themes[theme].questions.items():
                for number, question in enumerate(questions, 1):
                    yield Passage(
                        f"{section.id}@{language}~{theme}?{number}",
                        question,
                        group=section.id,
                        language=language,
                        view="theme",
                        attributes=attributes,
                    )


def question_passages(questions: Mapping[str, Iterable[str]], role: str, *, group: str) -> Iterator[Passage]:
    """Questions that belong to no section, as one group: such as those that nothing here answers."""
    for language, texts in questions.items():
        for number, text in enumerate(texts, 1):
            identity = f"{group}@{language}?{number}"
            yield Passage(
                identity, text, group=group, language=language, view="question", attributes={"role": role}
            )


def _text_views(
    section: Section, language: str, title: str, lead: str | None, text: str, attributes: Mapping[str, str]
) -> Iterator[Passage]:
    prefix = f"{section.id}@{language}"
    heading = f"{title}: {lead}" if lead else title
    yield Passage(
        f"{prefix}#0", heading, group=section.id, language=language, view="question", attributes=attributes
    )
    for number, run in enumerate(chunks(sentences_by_paragraph(text)), 1):
        spans = tuple((span.start, span.end) for span in run)
        yield Passage(
            f"{prefix}#{number}",
            text[spans[0][0] : spans[-1][1]],
            title=title,
            group=section.id,
            language=language,
            attributes=attributes,
            spans=spans,
        )
        for place, (start, end) in enumerate(spans, 1):
            yield Passage(
                f"{prefix}#{number}.{place}",
                text[start:end],
                title=title,
                group=section.id,
                language=language,
                view="sentence",
                attributes=attributes,
                spans=((start, end),),
            )
