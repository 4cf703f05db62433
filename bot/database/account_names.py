"""Names and e-mail addresses of accounts: what they may be, and under what they are looked up."""

from __future__ import annotations

import unicodedata

from bot.database.errors import AccountError
from bot.database.tables import LONGEST_EMAIL, LONGEST_FOLDED_NAME, LONGEST_NAME


def clean_name(name: str) -> str:
    """The name as it is shown. Raises `AccountError`: ``bad_name``."""
    cleaned = unicodedata.normalize("NFC", name).strip()
    # Not printable: control characters, lone surrogates, invisible spaces.
    if not cleaned or len(cleaned) > LONGEST_NAME or not cleaned.isprintable():
        raise AccountError("bad_name")
    if len(_fold(cleaned)) > LONGEST_FOLDED_NAME:
        raise AccountError("bad_name")
    return cleaned


def fold_name(name: str) -> str | None:
    """Under which an account is found; none for what no account can be called."""
    try:
        return _fold(clean_name(name))
    except AccountError:
        return None


def printable_name(*names: str) -> str:
    """A name out of what a provider says, the first that leaves anything."""
    for name in names:
        kept = "".join(letter for letter in unicodedata.normalize("NFC", name) if letter.isprintable())
        kept = kept.strip()[:LONGEST_NAME].strip()
        # With room for a number behind it.
        while len(_fold(kept)) > LONGEST_FOLDED_NAME - 20:
            kept = kept[:-1].strip()
        if kept:
            return kept
    return "?"


def fold_email(email: str | None) -> str | None:
    """As it is kept. Raises `AccountError`: ``bad_email``."""
    if email is None:
        return None
    folded = unicodedata.normalize("NFC", email).strip().casefold()
    local, at, domain = folded.rpartition("@")
    fits = at and local and domain and "@" not in local and len(folded) <= LONGEST_EMAIL
    if not fits or " " in folded or not folded.isprintable():
        raise AccountError("bad_email")
    return folded


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
