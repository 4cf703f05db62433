"""Conversations as signed tokens."""

from __future__ import annotations

import base64

import pytest
from itsdangerous import URLSafeTimedSerializer

from bot.answer import Conversation
from bot.channels.web.tokens import LIFETIME, LONGEST_TOKEN, ConversationTokens

KEY = b"k" * 32
SPOKEN = Conversation("en", "sv", "varnamo", "Vad är målet?", ("varnamo/gron",))
tokens = ConversationTokens(KEY)


def test_what_is_signed_is_read_again():
    assert tokens.read(tokens.sign(SPOKEN)) == SPOKEN


@pytest.mark.parametrize(
    "question", ["👩" * 1000, "å" * 1000, '"\\' * 500, "".join(map(chr, range(0x4E00, 0x4E00 + 1000)))]
)
def test_the_longest_conversation_fits(question):
    conversation = Conversation(question=question, sections=("varnamo/gron",) * 5)
    token = tokens.sign(conversation)
    assert len(token) < LONGEST_TOKEN
    assert tokens.read(token) == conversation


def _foreign(value: object, *, key: bytes = KEY, salt: str = "malvakt.web.conversation") -> str:
    signed = URLSafeTimedSerializer(key, salt=salt).dumps(value)
    return signed if isinstance(signed, str) else signed.decode()


GOOD = tokens.sign(SPOKEN)
BAD = {
    "none": None,
    "empty": "",
    "nonsense": "nonsense",
    "dots": "...",
    "letters": "å.ä.ö",
    "half a character": "\ud800",
    "NUL": "\x00",
    "too long": GOOD + "x" * LONGEST_TOKEN,
    "cut": GOOD[:-1],
    "altered": ("A" if GOOD[0] != "A" else "B") + GOOD[1:],
    "unsigned": base64.urlsafe_b64encode(b'{"municipality":"vara"}').decode(),
    "another key": ConversationTokens(b"x" * 32).sign(SPOKEN),
    "another salt": _foreign(SPOKEN.as_json(), salt="staff"),
    "another digest": _foreign(SPOKEN.as_json()),
}


@pytest.mark.parametrize("token", BAD.values(), ids=BAD.keys())
def test_what_is_not_ours_begins_anew(token):
    assert tokens.read(token) == Conversation()


@pytest.mark.parametrize("held", [{}, {"unknown": "x"}, {"question": 1}, {"sections": "x"}, [], None, "x", 1])
def test_what_another_version_has_signed_is_never_a_fault(held):
    assert tokens.read(tokens._serializer.dumps(held)) == Conversation()


def test_an_hour_later_it_is_forgotten(monkeypatch):
    token = tokens.sign(SPOKEN)
    now = [0.0]
    import itsdangerous.timed as timed

    start = timed.time.time()
    monkeypatch.setattr(timed.time, "time", lambda: start + now[0])
    now[0] = LIFETIME - 5
    assert tokens.read(token) == SPOKEN
    now[0] = LIFETIME + 5
    assert tokens.read(token) == Conversation()
