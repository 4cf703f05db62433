"""Messages that are sent by commands and shown in place by buttons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.answer import Answer, MunicipalityGoals, SectionSummary
from bot.channels.telegram_bot.keyboards import LISTED, back_row, button, pager
from bot.channels.telegram_bot.layout import Span, escape, set_pages
from bot.channels.telegram_bot.message import Message, Rows
from bot.channels.telegram_bot.press import Press
from bot.channels.telegram_bot.render import answer_pages, contact_spans
from bot.texts import LANGUAGES, Texts

CONTACTS = 5


def plain(text: str, rows: Rows = ()) -> Message:
    """One of our own texts, short by nature."""
    return Message(escape(text), rows)


def answer_messages(answer: Answer, texts: Texts, rows: Rows) -> tuple[Message, ...]:
    """The answer in as many messages as it takes, with the buttons under the last."""
    *before, last = answer_pages(answer, texts)
    return (*map(Message, before), Message(last, rows))


def answer_page(answer: Answer, texts: Texts, rows: Rows, press: Press) -> Message:
    """One page of the answer, to be shown in place of a message; ``press`` is what led here."""
    pages = answer_pages(answer, texts)
    shown = replace(press, page=min(press.page, len(pages) - 1))
    return Message(pages[shown.page], pager(texts, shown, len(pages)) + rows)


def goals_view(municipality: MunicipalityGoals, texts: Texts, *, others: bool) -> Message:
    """A municipality's goals, as text and as buttons, with what else is written about them."""
    sections = [section for section in municipality.sections if section.kind != "contact"]
    listed = sorted(sections, key=lambda section: section.kind != "goal")[:LISTED]
    rows = [(button(section.title, Press("show", section.id)),) for section in listed]
    if others:
        rows.append((button(texts("telegram.button.municipalities"), Press("goals")),))
    rows.append((button(texts("telegram.button.contact"), Press("contact", municipality.id)),))
    heading = Span(texts("telegram.goals", municipality=municipality.name), style="b")
    (html, *_) = set_pages([heading, *(span for goal in municipality.goals for span in _goal(goal))])
    return Message(html, tuple(rows))


def municipalities_view(
    every: Sequence[MunicipalityGoals], texts: Texts, key: str, press: Press, last: Rows = ()
) -> Message:
    """The municipalities as buttons that do what ``press`` does; ``key`` names the text above them."""
    rows = tuple(
        (button(municipality.name, Press(press.action, municipality.id, token=press.token)),)
        for municipality in every[:LISTED]
    )
    return plain(texts(key), rows + last)


def home_view(every: Sequence[MunicipalityGoals], texts: Texts) -> Message:
    """Which municipality to talk about from now on."""
    nobody = ((button(texts("telegram.button.no_municipality"), Press("home")),),)
    return municipalities_view(every, texts, "telegram.municipality", Press("home"), nobody)


def language_view(texts: Texts) -> Message:
    rows = [(button(texts(f"telegram.language_name.{name}"), Press("language", name)),) for name in LANGUAGES]
    rows.append((button(texts("telegram.button.any_language"), Press("language")),))
    return plain(texts("telegram.language"), tuple(rows))


def contact_view(
    municipality: MunicipalityGoals | None, every: Sequence[MunicipalityGoals], texts: Texts, token: str = ""
) -> Message:
    """Where people answer: in the municipality, or in each while none is chosen."""
    shown = [municipality] if municipality else every[:CONTACTS]
    spans = [Span(texts("telegram.contact"))]
    for one in shown:
        if one.name not in one.contact.name:
            spans += [Span(one.name, "\n\n", "b"), *_joined(contact_spans(one.contact, texts))]
        else:
            spans += contact_spans(one.contact, texts)
    (html, *_) = set_pages(spans)
    return Message(html, (back_row(texts, token, municipality.id if municipality else ""),))


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """The contact's name on the line beneath the municipality's."""
    name = next(spans)
    yield Span(name.text, "\n")
    yield from spans


def _goal(goal: SectionSummary) -> Iterator[Span]:
    yield Span(f"• {goal.title}", "\n")
    if goal.lead:
        yield Span(f"– {goal.lead}", " ")
