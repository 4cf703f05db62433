"""A conversation in the terminal, with suggestions to pick by number."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from bot.answer import Answer, Conversation
from bot.assistant import Assistant
from bot.compose import contact_line, part_paragraphs, source_line
from bot.personal_data import mask
from bot.texts import Texts, load_texts

MOST_DIGITS = 3
"""A longer number is no choice from a list."""


@dataclass(frozen=True, slots=True)
class Option:
    """A line that can be picked by its number, and what it does."""

    label: str
    pick: Callable[[Conversation], Answer]


def chat(
    assistant: Assistant,
    texts: Texts,
    console: Console | None = None,
    *,
    conversation: Conversation | None = None,
) -> None:
    """Talk until the person quits, or the input ends."""
    # Emoji codes such as ":key:" stay as the source has them.
    console = console or Console(highlight=False, emoji=False)
    with suppress(ImportError):
        # Arrow keys and history in `input`.
        import readline  # noqa: F401
    names = texts.listing(tuple(municipality.name for municipality in assistant.goals()))
    console.print(texts("terminal.welcome", names=names), style="dim", markup=False)
    leave = {word.strip() for word in texts("terminal.quit").split(",")}
    conversation = conversation or Conversation(language=texts.language)
    options: list[Option] = []
    while True:
        console.print()
        try:
            # Given to `input`, so that editing the line does not erase it.
            line = input(texts("terminal.prompt")).strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            break
        _forget_personal_data(line)
        if line.casefold() in leave:
            break
        if not line:
            continue
        if line.isdecimal() and len(line) <= MOST_DIGITS and options:
            if not 1 <= int(line) <= len(options):
                console.print(texts("terminal.no_such_number", last=len(options)), markup=False)
                continue
            answer = options[int(line) - 1].pick(conversation)
        else:
            answer = assistant.ask(line, conversation)
        conversation = answer.conversation
        texts = load_texts(answer.language)
        options = _options(assistant, answer, texts)
        _show(console, answer, options, texts)
    console.print(texts("terminal.goodbye"), style="dim", markup=False)


def _forget_personal_data(line: str) -> None:
    """Mask it in the history, from which the arrow keys bring it back."""
    masked = mask(line)
    if not masked.kinds:
        return
    with suppress(ImportError):
        import readline

        if last := readline.get_current_history_length():
            readline.replace_history_item(last - 1, masked.text)


def _options(assistant: Assistant, answer: Answer, texts: Texts) -> list[Option]:
    options = []
    for choice in answer.choices:
        if choice.section:
            options.append(Option(choice.label, _shows(assistant, choice.section)))
        else:
            options.append(Option(choice.label, _asks_again(assistant, choice.municipality or "")))
    for part in answer.parts:
        if not part.whole:
            options.append(Option(texts("terminal.whole", title=part.title), _shows(assistant, part.section)))
    options += [Option(one.title, _shows(assistant, one.section)) for one in answer.suggestions]
    return options


def _asks_again(assistant: Assistant, municipality: str) -> Callable[[Conversation], Answer]:
    return lambda conversation: assistant.ask_again(conversation, municipality)


def _shows(assistant: Assistant, section: str) -> Callable[[Conversation], Answer]:
    return lambda conversation: assistant.show(section, conversation)


def _show(console: Console, answer: Answer, options: list[Option], texts: Texts) -> None:
    console.print()
    for notice in answer.notices:
        console.print(notice, style="yellow", markup=False)
    if answer.message:
        _print_lines(console, answer.message)
    for part, citation in zip(answer.parts, answer.citations, strict=True):
        console.print(f"\n[bold]{escape(part.title)}[/bold]")
        if part.lead:
            console.print(part.lead, style="bold", markup=False)
        for paragraph in part_paragraphs(part):
            console.print(Padding(Text(paragraph), (0, 2), expand=False))
        originals = " ".join(sentence.original for sentence in part.sentences if sentence.original)
        if original := "\n".join(filter(None, (part.lead_original, originals))):
            text = Text(texts("terminal.original", text=original), "dim italic")
            console.print(Padding(text, (0, 2), expand=False))
        for note in part.notes:
            _print_lines(console, texts("reply.note", text=note.text, url=note.url), "dim")
        _print_lines(console, source_line(citation, texts), "cyan")
    if answer.contact:
        _print_lines(console, contact_line(answer.contact, texts))
    if options:
        console.print(f"\n{texts('terminal.choose')}", style="dim", markup=False)
    for number, option in enumerate(options, 1):
        console.print(f"  {number}  {option.label}", markup=False)


def _print_lines(console: Console, text: str, style: str = "") -> None:
    """Text in which an address stays whole, to be clicked or copied, however narrow the window."""
    for line in text.split("\n"):
        console.print(line, style=style, markup=False, soft_wrap="://" in line)
