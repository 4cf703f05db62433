import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.question import normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ""),
        ("  två   ord \n", "två ord"),
        ("gro\u0308n", "grön"),
        ("A\u030angström", "Ångström"),
        ("grön\x00kommun", "grön kommun"),
        ("\x00", ""),
        ("\ud83d hej \udc00", "hej"),
        ("kom\u00admun", "kommun"),
        ("kom\u200bmun\ufeff", "kommun"),
        ("\u202ehej\u202c \u200fdär", "hej där"),
        ("rad\u2028ny\u00a0sida\tflik", "rad ny sida flik"),
        ("\ue000egen", "egen"),
        ("\U0001f468\u200d\U0001f469 familj", "\U0001f468\U0001f469 familj"),
        ("❤️", "❤️"),
        ("a" * 5000, "a" * 5000),
        ("a\u200b" * 5000, "a" * 5000),
    ],
)
def test_normalise(written: str, read: str) -> None:
    assert normalise(written) == read


@given(st.text() | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Zs", "Lu"])))
def test_any_text_becomes_fit(written: str) -> None:
    read = normalise(written)
    read.encode("utf-8")
    assert unicodedata.is_normalized("NFC", read)
    assert read == read.strip()
    assert "  " not in read
    assert not {unicodedata.category(c) for c in read} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert normalise(read) == read
