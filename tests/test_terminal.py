import io
from collections.abc import Callable

import pytest
from rich.console import Console

from bot.answer import Answer, Choice, Conversation
from bot.assistant import Assistant
from bot.channels.terminal import chat
from bot.texts import load_texts

Talk = Callable[..., str]


@pytest.fixture
def talk(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """Feeds lines to a chat and returns what it printed; the input ends after the last line."""

    def run(*lines: str, language: str = "sv") -> str:
        screen = io.StringIO()
        waiting = iter(lines)

        def read(prompt: str = "") -> str:
            try:
                return next(waiting)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("builtins.input", read)
        chat(assistant, load_texts(language), Console(file=screen, width=100, highlight=False))
        assert next(waiting, None) is None, "the chat ended before the input did"
        return screen.getvalue()

    return run


def flat(screen: str) -> str:
    return " ".join(screen.split())


def test_a_question_is_answered_with_source_and_things_to_pick(talk: Talk) -> None:
    screen = flat(talk("Vad betyder målet om en grön kommun?"))
    assert "En grön kommun" in screen
    assert "Genom samverkan skapas en grönare kommun med hög livskvalitet och låg miljöpåverkan." in screen
    assert "https://kommun.varnamo.se/" in screen
    assert "Gäller från 1 januari 2024." in screen
    assert "1 En trygg kommun" in screen


def test_a_number_picks(talk: Talk) -> None:
    screen = flat(talk("Vad betyder målet om en grön kommun?", "1"))
    assert "brottsförebyggande" in screen.casefold() or screen.count("En trygg kommun") > 1
    assert screen.count("Källa:") == 2


def test_a_number_picks_a_municipality(talk: Talk) -> None:
    screen = flat(talk("Vilka mål har kommunen?", "1"))
    assert "1 Vara kommun" in screen
    assert "Övergripande mål och framgångsfaktorer 2020-2023" in screen
    assert screen.index("Texten antogs för 2020–2023") < screen.index("Källa:")


def test_a_number_that_is_not_offered_is_a_question(talk: Talk) -> None:
    screen = flat(talk("Vad betyder målet om en grön kommun?", "99", "0"))
    assert screen.count("Källa:") == 1
    assert load_texts("sv")("terminal.goodbye") in talk("²", "-1")


@pytest.mark.parametrize("word", ["sluta", "SLUTA", " q ", "quit", "exit", "avsluta"])
def test_quit(talk: Talk, word: str) -> None:
    assert talk(word).rstrip().endswith(load_texts("sv")("terminal.goodbye"))


def test_the_end_of_the_input_ends_the_chat(talk: Talk) -> None:
    assert talk().rstrip().endswith(load_texts("sv")("terminal.goodbye"))


def test_ctrl_c_ends_the_chat(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(prompt: str = "") -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupt)
    screen = io.StringIO()
    chat(assistant, load_texts("sv"), Console(file=screen))
    assert load_texts("sv")("terminal.goodbye") in screen.getvalue()


def test_empty_lines_are_passed_over(talk: Talk) -> None:
    assert flat(talk("", "   ")).replace("Du: ", "") == flat(talk()).replace("Du: ", "")


def test_markup_in_a_question_or_a_text_is_only_text(talk: Talk) -> None:
    screen = talk("[red]hej[/red]", "[/]", "Vilka mål har [bold]Vara[/bold]?", "\x00", "\ud800", "[link=x]")
    assert "Övergripande mål" in screen


def test_english_with_the_original_beneath(talk: Talk) -> None:
    screen = flat(talk("what does the green municipality goal mean?"))
    assert "Translation: Målvakt, unofficial. The original text in Swedish is the one that applies." in screen
    assert "Genom samverkan skapas en grönare kommun" in screen
    assert load_texts("en")("terminal.choose") in screen


def test_the_settings_language_until_the_person_shows_another(talk: Talk) -> None:
    assert load_texts("en")("terminal.goodbye") in talk(language="en")
    assert load_texts("en")("terminal.goodbye") in talk("how many goals are there?")


def test_the_conversation_goes_on(talk: Talk) -> None:
    screen = flat(talk("Vilka mål har Värnamo?", "och i Vara?"))
    assert "Attraktivt Vara med livskvalitet för alla" in screen


def test_a_speaker_is_named_and_a_long_section_offered_whole(talk: Talk) -> None:
    screen = flat(talk("Hur arbetar Värnamo med målen?", "1"))
    assert "Hela texten:" in screen
    assert "(Tobias Pettersson, kommunstyrelsens ordförande)" in screen


def test_what_was_perhaps_meant_is_a_number(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    choices = (
        Choice("En grön kommun", None, "varnamo/gron"),
        Choice("Hållbar ekonomi", None, "vara/ekonomi"),
    )
    said = {"message": "Menade du något av det här?", "notices": ("Skövde är inte med.",)}
    offer = Answer("clarify", "sv", "Menade du …", Conversation(), choices=choices, **said)
    monkeypatch.setattr(Assistant, "ask", lambda *_: offer)
    screen = flat(talk("vad menade jag", "2"))
    assert screen.index("Skövde är inte med.") < screen.index("Menade du något")
    assert "1 En grön kommun 2 Hållbar ekonomi" in screen
    assert screen.count("Källa:") == 1
