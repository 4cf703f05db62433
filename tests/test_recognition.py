import yaml

from bot.recognition import DIRECTORY, Phrases
from bot.texts import LANGUAGES
from index import words

PHRASES = Phrases.load(words)


def test_every_language_has_words_of_its_own_and_every_kind_has_phrases() -> None:
    for language in LANGUAGES:
        assert len(PHRASES.function_words[language]) > 50
    assert len(PHRASES.kinds) >= 10
    for kind in PHRASES.kinds:
        phrases = PHRASES.kinds[kind].phrases
        assert phrases, kind
        assert () not in phrases, kind


def test_no_phrase_stands_twice_in_a_kind() -> None:
    for language in LANGUAGES:
        data = yaml.load((DIRECTORY / f"{language}.yaml").read_text("utf-8"), yaml.BaseLoader)
        for kind, entries in data.items():
            doubled = {entry for entry in entries if entries.count(entry) > 1}
            assert not doubled, (language, kind)


def test_no_phrase_is_small_talk_of_two_kinds() -> None:
    kinds = ("greeting", "thanks", "farewell", "who", "help", "person", "more")
    for number, kind in enumerate(kinds):
        for other in kinds[number + 1 :]:
            assert not PHRASES.kinds[kind].phrases & PHRASES.kinds[other].phrases, (kind, other)


def test_a_phrase_is_recognised_whole() -> None:
    assert PHRASES.is_whole("greeting", words("Hej!"))
    assert PHRASES.is_whole("thanks", words("TACK så MYCKET!!!"))
    assert PHRASES.is_whole("thanks", words("tack sa mycket"))
    assert not PHRASES.is_whole("greeting", words("Hej, vad betyder målet?"))
    assert not PHRASES.is_whole("greeting", [])


def test_the_longest_phrase_at_an_end_wins() -> None:
    assert PHRASES.leading("greeting", words("god morgon, finns det jobb")) == 2
    assert PHRASES.leading("lead_in", words("och hur är det med skolan")) == 5
    assert PHRASES.leading("lead_in", words("skolan")) == 0
    assert PHRASES.leading("lead_in", []) == 0
    assert PHRASES.trailing("lead_out", words("skolan nu då")) == 2
    assert PHRASES.trailing("lead_out", []) == 0


def test_the_language_of_a_phrase() -> None:
    assert PHRASES.language("greeting", words("Hello!")) == "en"
    assert PHRASES.language("greeting", words("hejsan")) == "sv"
    assert PHRASES.language("greeting", words("skolan")) is None
