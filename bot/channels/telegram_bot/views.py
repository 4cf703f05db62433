"""Messages that are sent by commands and shown in place by buttons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answer import Answer, MunicipalityGoals, SectionSummary
from bot.channels.telegram_bot.buttons import LISTED, Press, back_row, button, pager
from bot.channels.telegram_bot.message import Message, Rows, Span, escape, set_pages
from bot.channels.telegram_bot.render import answer_pages, contact_spans
from bot.texts import LANGUAGES, Texts

CONTACTS = 5
HANDFUL = 6
"""Municipalities under the greeting; more than that are asked for with /kommun."""


@dataclass(frozen=True, slots=True)
class View:
    """What is to be shown, as pages that each fill a message at most, with buttons."""

    pages: tuple[str, ...]
    rows: Rows = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        """All of it, the buttons under the last message."""
        *before, last = self.pages
        return (*map(Message, before), Message(last, self.rows))

    def page(self, press: Press, texts: Texts) -> Message:
        """One page, to be shown in place of a message; ``press`` is what led here."""
        shown = replace(press, page=min(press.page, len(self.pages) - 1))
        return Message(self.pages[shown.page], pager(texts, shown, len(self.pages)) + self.rows)


def plain(text: str, rows: Rows = ()) -> View:
    """One of our own texts, short by nature."""
    return View((escape(text),), rows)


def answer_view(answer: Answer, texts: Texts, rows: Rows) -> View:
    return View(answer_pages(answer, texts), rows)


def greeting_view(every: Sequence[MunicipalityGoals], texts: Texts, *, ask: bool) -> View:
    """The greeting; ``ask`` adds the municipalities to choose from."""
    shown = every if ask and 1 < len(every) <= HANDFUL else ()
    buttons = tuple((button(one.name, Press("begin", one.id)),) for one in shown)
    return plain(texts("telegram.start"), buttons)


def chosen_view(municipality: MunicipalityGoals | None, texts: Texts, *, greeting: bool = False) -> View:
    """Confirms the choice, under the greeting where it was made there; none: that none is chosen any more."""
    if municipality is None:
        return plain(texts("telegram.municipality_cleared"))
    confirmed = texts("telegram.municipality_chosen", municipality=municipality.name)
    text = f"{texts('telegram.start')}\n\n{confirmed}" if greeting else confirmed
    return plain(text, (back_row(texts, "", municipality.id),))


def goals_view(municipality: MunicipalityGoals, texts: Texts, *, others: bool) -> View:
    """A municipality's goals, as text and as buttons, with what else is written about them."""
    sections = [section for section in municipality.sections if section.kind != "contact"]
    listed = sorted(sections, key=lambda section: section.kind != "goal")[:LISTED]
    rows = [(button(section.title, Press("show", section.id)),) for section in listed]
    if others:
        rows.append((button(texts("telegram.button.municipalities"), Press("goals")),))
    rows.append((button(texts("telegram.button.contact"), Press("contact", municipality.id)),))
    heading = Span(texts("telegram.goals", municipality=municipality.name), style="b")
    pages = set_pages([heading, *(span for goal in municipality.goals for span in _goal(goal))])
    return View(pages, tuple(rows))


def about_view(operator: str | None, shown: Sequence[MunicipalityGoals], texts: Texts) -> View:
    """Who runs the service, what it is and what it keeps; without an operator the contacts of ``shown``."""
    spans = [Span(texts("telegram.about.what"))]
    if operator:
        spans.append(Span(texts("telegram.about.operator", operator=operator), "\n\n"))
    else:
        spans.append(Span(texts("telegram.about.no_operator"), "\n\n"))
        spans += [span for one in shown for span in contact_spans(one.contact, texts)]
    spans.append(Span(texts("telegram.about.kept"), "\n\n"))
    return View(set_pages(spans))


def municipalities_view(
    every: Sequence[MunicipalityGoals], texts: Texts, key: str, press: Press, last: Rows = ()
) -> View:
    """The municipalities as buttons that do what ``press`` does; ``key`` names the text above them."""
    rows = tuple(
        (button(municipality.name, Press(press.action, municipality.id, token=press.token)),)
        for municipality in every[:LISTED]
    )
    return plain(texts(key), rows + last)


def home_view(every: Sequence[MunicipalityGoals], texts: Texts, key: str = "telegram.municipality") -> View:
    """Which municipality to talk about from now on."""
    nobody = ((button(texts("telegram.button.no_municipality"), Press("home")),),)
    return municipalities_view(every, texts, key, Press("home"), nobody)


def language_view(texts: Texts) -> View:
    rows = [(button(texts(f"telegram.language_name.{name}"), Press("language", name)),) for name in LANGUAGES]
    rows.append((button(texts("telegram.button.any_language"), Press("language")),))
    return plain(texts("telegram.language"), tuple(rows))


def contact_view(
    municipality: MunicipalityGoals | None, every: Sequence[MunicipalityGoals], texts: Texts, token: str = ""
) -> View:
    """Where people answer: in the municipality, or in each while none is chosen."""
    shown = [municipality] if municipality else every[:CONTACTS]
    spans = [Span(texts("telegram.contact"))]
    for one in shown:
        if one.name not in one.contact.name:
            spans += [Span(one.name, "\n\n", "b"), *_joined(contact_spans(one.contact, texts))]
        else:
            spans += contact_spans(one.contact, texts)
    return View(set_pages(spans), (back_row(texts, token, municipality.id if municipality else ""),))


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """The contact's name on the line beneath the municipality's."""
    name = next(spans)
    yield Span(name.text, "\n")
    yield from spans


def _goal(goal: SectionSummary) -> Iterator[Span]:
    yield Span(f"• {goal.title}", "\n")
    if goal.lead:
        yield Span(f"– {goal.lead}", " ")
