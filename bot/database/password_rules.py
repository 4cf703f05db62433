"""Which passwords are good enough."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence

SHORTEST = 12
LONGEST = 1000
"""Characters. NIST SP 800-63B asks for length, and for no mixture of kinds of characters."""
STRONG = 3
"""Of 4, as zxcvbn counts: it takes more than 100 million guesses, too many for whoever tries at the door."""
LOOKED_AT = 72
"""How many characters zxcvbn is given: it is slow on more."""
# Its word lists are English. These are what people here would try first.
_EXPECTED = (
    *("målvakt", "malvakt", "kommun", "kommunen", "kontaktcenter", "personal", "mål", "vision"),
    *("lösenord", "losenord", "hemligt", "hemlig", "inloggning", "välkommen", "valkommen", "hejsan"),
    *("sverige", "svenska", "sommar", "sommaren", "vinter", "höst", "hösten", "våren", "semester", "fredag"),
    *("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober"),
    *("november", "december", "måndag", "tisdag", "onsdag", "torsdag", "lördag", "söndag"),
)

# The library keeps the words that it is given in a table of its module.
_one_at_a_time = threading.Lock()


def normalise_password(password: str) -> str | None:
    """The same password from every keyboard; none where it is too long or no text."""
    if len(password) > LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", password)
    try:
        plain.encode()
    except UnicodeEncodeError:
        return None
    return plain if len(plain) <= LONGEST else None


def is_strong(plain: str, known: Sequence[str]) -> bool:
    """Whether a normalised password is long enough and hard to guess; takes some milliseconds.

    Args:
        known: what others know of its owner, such as the name.
    """
    if len(plain) < SHORTEST:
        return False
    given = [_fold(one) for one in known]
    if plain.casefold() in given:
        return False
    # Only here: its word lists take long to load, and few commands need them.
    from zxcvbn import zxcvbn

    words = [part for one in given for part in (one, *one.replace("@", " ").replace(".", " ").split())]
    with _one_at_a_time:
        return bool(zxcvbn(plain[:LOOKED_AT], user_inputs=[*words, *_EXPECTED])["score"] >= STRONG)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
