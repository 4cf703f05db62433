"""A conversation in the terminal, with suggestions to pick by number."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from bot.answer import Answer, Conversation
from bot.assistant import Assistant
from bot.compose import contact_line, part_paragraphs, source_line
from bot.texts import Texts, load_texts


@dataclass(frozen=True, slots=True)
class Option:
    """A line that can be picked by its number, and what it does."""

    label: str
    pick: Callable[[Conversation], Answer]


def chat(assistant: Assistant, texts: Texts, console: Console | None = None) -> None:
    """Talk until the person quits, or the input ends."""
    console = console or Console(highlight=False)
    with suppress(ImportError):
        # Arrow keys and history in `input`.
        import readline  # noqa: F401
    names = texts.listing(tuple(municipality.name for municipality in assistant.goals()))
    console.print(texts("terminal.welcome", names=names), style="dim", markup=False)
    leave = {word.strip() for word in texts("terminal.quit").split(",")}
    conversation = Conversation(language=texts.language)
    options: list[Option] = []
    while True:
        try:
            line = console.input(f"\n[bold]{texts('terminal.prompt')}[/bold]").strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            break
        if line.casefold() in leave:
            break
        if not line:
            continue
        number = int(line) - 1 if line.isdecimal() else -1
        chosen = options[number] if 0 <= number < len(options) else None
        answer = chosen.pick(conversation) if chosen else assistant.ask(line, conversation)
        conversation = answer.conversation
        texts = load_texts(answer.language)
        options = _options(assistant, answer, texts)
        _show(console, answer, options, texts)
    console.print(texts("terminal.goodbye"), style="dim", markup=False)


def _options(assistant: Assistant, answer: Answer, texts: Texts) -> list[Option]:
    options = []
    for choice in answer.choices:
        municipality = choice.municipality

        def ask_there(conversation: Conversation, municipality: str | None = municipality) -> Answer:
            there = replace(conversation, municipality=municipality)
            return assistant.ask(conversation.question or "", there)

        options.append(Option(choice.label, ask_there))
    for part in answer.parts:
        if len(part.sentences) < len(assistant.section(part.section).sentences):
            options.append(Option(texts("terminal.whole", title=part.title), _shows(assistant, part.section)))
    options += [Option(one.title, _shows(assistant, one.section)) for one in answer.suggestions]
    return options


def _shows(assistant: Assistant, section: str) -> Callable[[Conversation], Answer]:
    return lambda conversation: assistant.show(section, conversation)


def _show(console: Console, answer: Answer, options: list[Option], texts: Texts) -> None:
    console.print()
    for notice in answer.notices:
        console.print(notice, style="yellow", markup=False)
    if answer.message:
        console.print(answer.message, markup=False)
    for part, citation in zip(answer.parts, answer.citations, strict=True):
        console.print(f"\n[bold]{escape(part.title)}[/bold]")
        for paragraph in part_paragraphs(part):
            console.print(Padding(escape(paragraph), (0, 2)))
        if any(sentence.original for sentence in part.sentences):
            original = " ".join(sentence.original or "" for sentence in part.sentences)
            text = texts("terminal.source_of_translation", text=original)
            console.print(Padding(escape(text), (0, 2)), style="dim italic")
        for note in part.notes:
            console.print(texts("reply.note", text=note.text, url=note.url), style="dim", markup=False)
        console.print(source_line(citation, texts), style="cyan", markup=False)
    if answer.contact:
        console.print(contact_line(answer.contact, texts), markup=False)
    if options:
        console.print(f"\n{texts('terminal.choose')}", style="dim", markup=False)
    for number, option in enumerate(options, 1):
        console.print(f"  {number}  {option.label}", markup=False)
