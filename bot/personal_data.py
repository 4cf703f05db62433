"""Personal data in what people write, masked before it is stored, searched, shown again or remembered."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import phonenumbers

from bot.answer import Answer
from bot.compose import with_notice
from bot.texts import load_texts

Kind = Literal["personal_number", "card_number", "email", "phone"]

MASK = "*"
"""Stands for every character that was masked: the text keeps its length, and offsets into it stay true."""

_DASH = r"\-‐‑‒–—−"
_PERSONAL_NUMBER = re.compile(
    rf"(?<!\d)(?<!\d,)(?:(?:19|20)?\d{{6}}(?:\s?[{_DASH}+/]\s?|\s?)\d\d\s?\d\d"
    # With the birthday in parts, between points or dashes: only where the rest is joined to it.
    rf"|(?:19|20)?\d\d(?P<part>[ .{_DASH}])[01]\d(?P=part)\d\d\s?[{_DASH}+/]\s?\d\d\s?\d\d"
    r"|(?:19|20)?\d\d [01]\d \d\d \d\d ?\d\d)(?!\d)"
    r"|(?<!\d)(?<!\d )\d(?: \d){9}(?: \d \d)?(?! ?\d)"
)
_NAMED = re.compile(
    r"person(?:al)?[ -]?(?:n(?:umme)?r|numb)|samordningsn|\bpnr\b|social security", re.IGNORECASE
)
_NEAR = 30
"""Characters before a number in which it is called a personal number."""
_COORDINATION = 60
"""Added to the day of birth in a coordination number (samordningsnummer)."""
# Four by four, American Express 4-6-5, or all together; the networks' first digits are 2 to 6.
_CARD = re.compile(
    rf"(?<!\d)(?<!\d,)(?:[2-6]\d{{12,18}}|[2-6]\d{{3}}(?:(?P<sep>[ {_DASH}])\d{{4}}){{2}}(?P=sep)\d{{1,4}}"
    rf"(?:(?P=sep)\d{{1,3}})?|3[47]\d\d[ {_DASH}]\d{{6}}[ {_DASH}]\d{{5}})(?!\d)"
)
# A local part has at most 64 characters (RFC 5321, 4.5.3.1.1).
_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\"]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+")
_DATE = re.compile(rf"[0-3]?\d[ ./{_DASH}][01]?\d[ ./{_DASH}](?:19|20|21)\d\d(?!\d)")
_TIME = re.compile(r"[0-2]\d[.:][0-5]\d(?!\d)")
_WITHIN = re.compile(r"\d[.:,/]?\Z")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data."""

    text: str
    """As long as it was."""
    kinds: tuple[Kind, ...]
    """What was masked, in the order of `Kind`."""


def mask(text: str) -> Masked:
    """Mask personal numbers, payment cards' numbers, e-mail addresses and telephone numbers.

    Numbers count only where their check digits, dates and, of telephones, Sweden's numbering plan or a
    country code say that they are what they look like: years, sums and dates stay.
    """
    masked, kinds, before = text, set(), ""
    # What is masked may be the beginning of an address: "a@b.se@c.se".
    while masked != before:
        before = masked
        for kind, find in _FINDERS:
            for start, end in find(before):
                if masked[start:end] != MASK * (end - start):
                    masked = f"{masked[:start]}{MASK * (end - start)}{masked[end:]}"
                    kinds.add(kind)
    return Masked(masked, tuple(kind for kind in get_args(Kind) if kind in kinds))


def with_masked(answer: Answer, kinds: tuple[Kind, ...]) -> Answer:
    """The answer with a notice that personal data of these kinds was masked; as it is where none was."""
    if not kinds:
        return answer
    texts = load_texts(answer.language)
    names = texts.listing(tuple(texts(f"personal_data.{kind}") for kind in kinds))
    return with_notice(answer, texts("notice.masked", kinds=names))


def _personal_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Swedish personal and coordination numbers, with or without the century.

    Called so, one is masked with a wrong check digit, too: it may be mistyped, or a try.
    Source: the Swedish Tax Agency, SKV 704 and SKV 707.
    """
    for found in _PERSONAL_NUMBER.finditer(text):
        digits = _digits(found[0])
        named = _NAMED.search(text, max(0, found.start() - _NEAR), found.start())
        if _is_birthday(digits[:-4]) and (named or _luhn(digits[-10:])):
            yield found.span()


def _is_birthday(digits: str) -> bool:
    *_, year, month, day = (digits[:-4], digits[-4:-2], digits[-2:])
    number = int(day)
    number -= _COORDINATION if number > _COORDINATION else 0
    # Without the century 2000 stands for all: a leap year, like every other that ends as it does.
    full = int(year) if len(year) == 4 else 2000 + int(year)
    try:
        dt.date(full, int(month), number)
    except ValueError:
        return False
    return True


def _card_numbers(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _CARD.finditer(text) if _luhn(_digits(found[0])))


def _emails(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _EMAIL.finditer(text))


def _phone_numbers(text: str) -> Iterator[tuple[int, int]]:
    for found in phonenumbers.PhoneNumberMatcher(text, "SE", leniency=phonenumbers.Leniency.VALID):
        written = found.raw_string.lstrip("(")
        # The library takes days, hours, and digits without a leading 0 for numbers, too.
        inside = _WITHIN.search(text, max(0, found.start - 2), found.start)
        other = _DATE.match(written) or _TIME.match(written)
        if written.startswith(("0", "+")) and not (inside or other):
            yield found.start, found.end


def _digits(text: str) -> str:
    return "".join(str(int(character)) for character in text if character.isdecimal())


def _luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others. Source: ISO/IEC 7812-1, annex B."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


# What is found by two is called by the first name.
_FINDERS: tuple[tuple[Kind, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    ("email", _emails),
    ("personal_number", _personal_numbers),
    ("card_number", _card_numbers),
    ("phone", _phone_numbers),
)
