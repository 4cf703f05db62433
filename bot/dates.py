"""Days that a question names: "2021", "2024–2027", "nästa år", "1 mars 2023", "today"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.recognition import Phrases
from bot.texts import LANGUAGES, load_texts

_OFFSETS = {"last_year": -1, "this_year": 0, "next_year": 1}
"""Years after the present one, by the phrases' kind."""
_YEARS = range(1900, 2100)
_MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class AskedTime:
    """Days asked about, first and last, both inclusive."""

    first: dt.date
    last: dt.date


def find_time(words: Sequence[str], phrases: Phrases, today: dt.date) -> tuple[AskedTime | None, list[str]]:
    """The time that folded words name, from the earliest to the latest day, and the words that are left."""
    found: list[AskedTime] = []
    left: list[str] = []
    at = 0
    while at < len(words):
        time, length = _at(words[at:], phrases, today)
        if time:
            found.append(time)
            at += length
        else:
            left.append(words[at])
            at += 1
    if not found:
        return None, left
    return AskedTime(min(time.first for time in found), max(time.last for time in found)), left


def _at(words: Sequence[str], phrases: Phrases, today: dt.date) -> tuple[AskedTime | None, int]:
    """The time that the words begin with, and how many of them it takes."""
    if day := _day(words):
        return AskedTime(day, day), 3
    if words[0].isdecimal() and len(words[0]) == 4 and int(words[0]) in _YEARS:
        return _year(int(words[0])), 1
    for kind, offset in _OFFSETS.items():
        if length := phrases.leading(kind, words):
            return _year(today.year + offset), length
    if length := phrases.leading("today", words):
        return AskedTime(today, today), length
    return None, 0


def _year(year: int) -> AskedTime:
    return AskedTime(dt.date(year, 1, 1), dt.date(year, 12, 31))


def _day(words: Sequence[str]) -> dt.date | None:
    """A day as written in running text: "1 mars 2023"."""
    if len(words) < 3 or not (words[0].isdecimal() and words[2].isdecimal()):
        return None
    months = {
        load_texts(language)(f"months.{month}").casefold(): month
        for language in LANGUAGES
        for month in _MONTHS
    }
    try:
        return dt.date(int(words[2]), months[words[1]], int(words[0]))
    except (KeyError, ValueError):
        return None
