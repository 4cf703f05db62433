import pytest

from bot.patterns import END, Grammar, Line
from index import words

SETS = {"animal": ["cat", "big ..1 dog"], "pet": ["my <animal>", "parrot*"]}


def line(text: str) -> Line:
    written = [word for sentence in text.split(".") if sentence for word in (*sentence.split(), END)]
    return Line([word if word == END else words(word)[0] for word in written], [w.istitle() for w in written])


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("cat", "a cat", True),
        ("cat", "a catfish", False),
        ("cat*", "a catfish", True),
        ("*fish", "a catfish", True),
        ("red|blue cat", "the blue cat", True),
        ("red|blue? cat", "the cat", True),
        ("a red|blue? cat", "a green cat", False),
        ("my ..2 cat", "my very old cat", True),
        ("my ..2 cat", "my very very old cat", False),
        ("my ..2 cat", "my. cat", False),
        ("cat !food|flap", "the cat flap", False),
        ("cat !food|flap", "the cat sleeps", True),
        ("^ cat", "one. cat", True),
        ("^ cat", "one cat", False),
        ("cat $", "one cat. two", True),
        ("cat $", "cat two", False),
        ("% cats", "100 cats", True),
        ("% cats", "1000 cats", False),
        ("_ cat", "cat", False),
        ("_ cat", "no cat", True),
        ("is @ @", "is Ada Lovelace", True),
        ("is @ @", "is Ada lovelace", False),
        ("<pet>", "my big old dog", True),
        ("<pet>", "parrots", True),
        ("<pet>", "a cat", False),
        ("räv", "en räv", True),
    ],
)
def test_a_pattern(pattern: str, text: str, found: bool) -> None:
    assert Grammar(SETS, words).read([pattern]).found(line(text)) is found


def test_what_is_cut_out_is_not_reached_over() -> None:
    grammar = Grammar(SETS, words)
    whole = line("my old grey cat")
    cut = whole.without(grammar.read(["old"]).spans(whole))
    assert grammar.read(["my ..2 cat"]).found(whole)
    assert not grammar.read(["my ..2 cat"]).found(cut)
    assert grammar.read(["grey cat $"]).found(cut)


def test_a_set_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        Grammar(SETS, words).read(["<plant>"])
